/** What an experiment is: a steady load, a fault, figures, and a steady load again. */
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultLog } from '../faults.ts';
import type { Caller } from '../load/caller.ts';
import type { CaseKind } from '../load/case-kinds.ts';
import type { Ledger } from '../load/ledger.ts';
import type { Drive, Load } from '../load/load.ts';
import type { OutsideWorker } from '../load/outside-worker.ts';
import type { Owed } from '../load/owed.ts';
import type { Sink } from '../load/sink.ts';
import type { Watcher } from '../load/watcher.ts';
import { between } from '../random.ts';
import type { Random } from '../random.ts';
import type { Installation } from '../stack/installation.ts';

/** Everything an experiment works with. */
export interface Lab {
  readonly installation: Installation;
  readonly load: Load;
  readonly caller: Caller;
  readonly watcher: Watcher;
  readonly outside: OutsideWorker;
  readonly ledger: Ledger;
  readonly sink: Sink;
  readonly owed: Owed;
  readonly faults: FaultLog;
  readonly profile: 'ci' | 'cluster' | 'night';
  readonly say: (line: string) => void;
  /** Seeded for one purpose. */
  readonly random: (purpose: string) => Random;
}

export type Counts = Readonly<Record<string, number>>;
export interface Outcome {
  /** What was done, under the names of the experiment's full counts. */
  readonly counts: Counts;
  /** What was measured, for people. */
  readonly figures: Readonly<Record<string, number | string>>;
  /** Bars that were not reached, in words. */
  readonly misses: readonly string[];
}
export interface Experiment {
  /** As in the table of the bars: R1 … */
  readonly id: string;
  readonly title: string;
  /** Counts of a night; a quarter of them is what a series of `ci` runs adds up to. */
  readonly full: Counts;
  /** Recovery: 99 of 100 within so many milliseconds; null: no bar. */
  readonly recoveryP99Ms: number | null;
  /** Only where a server of our own is built. */
  readonly needsCluster?: boolean;
  /** `counts`: how much of each is due in this run. */
  readonly run: (lab: Lab, counts: Counts) => Promise<Outcome>;
}

export const countOf = (counts: Counts, name: string): number => counts[name] ?? 0;

export interface FaultyDrive {
  readonly id: string;
  readonly kinds: readonly CaseKind[];
  readonly atOnce: number;
  /** Whether there have been cases enough, or what else is counted. */
  readonly isEnough: (begun: number) => boolean;
  /** Faults due. */
  readonly faults: number;
  readonly pauseMs: readonly [number, number];
  /** Does the next fault; false: it could not be done now, so it does not count. */
  readonly inject: () => boolean | Promise<boolean>;
}

/** Drives cases while faults happen: until both are as many as they should be. */
export async function driveUnderFaults(
  lab: Lab,
  { id, kinds, atOnce, isEnough, faults, pauseMs, inject }: FaultyDrive,
): Promise<{ drive: Drive; faults: number }> {
  const random = lab.random(`${id} faults`);
  let done = 0;
  const driving = lab.load.drive({
    experiment: id,
    kinds,
    atOnce,
    goesOn: (begun) => !isEnough(begun) || done < faults,
  });
  while (done < faults) {
    await delay(between(random, ...pauseMs));
    if (await inject()) done += 1;
  }
  return { drive: await driving, faults: done };
}

/** Cases whose driver gave up, told as a miss; whether something is lost is for the checks to say. */
export const missesOf = ({ failures }: Drive): string[] =>
  failures.slice(0, 3).map(({ ref, reason }) => `${ref}: ${reason}`);
