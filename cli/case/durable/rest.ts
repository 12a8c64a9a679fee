/** When the instances of a case have come to rest: nothing in them moves by itself, and nothing has for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { earliestDueMs } from '#engine/step.ts';
import type { InstanceState, JobState } from '#engine/instance.ts';
import { keyWithin } from '#engine/keys.ts';
import { text } from '../../texts.ts';
import { durableLimits } from './limits.ts';

export interface Look {
  /** Changes with whatever happens. */
  readonly fingerprint: string;
  /** What is still on its way, null: nothing that shows. */
  readonly moving: string | null;
}

/**
 * From the states of all instances. On its way is: a step that had to pause, a timer or another attempt of a job that is due, a job that
 * is not yet offered to workers, a called instance that has not begun or whose end its caller does not know yet.
 */
export function restOf(
  states: readonly InstanceState[],
  { nowMs, offered }: { readonly nowMs: number; readonly offered: ReadonlySet<string> },
): Look {
  const called = new Set(
    states.flatMap(({ status, parent }) =>
      status === 'active' && parent ? [keyWithin(parent.instanceKey, parent.element)] : [],
    ),
  );
  const moving = states
    .filter(({ status }) => status === 'active')
    .flatMap((state) => movingIn(state, nowMs, offered, called));
  const fingerprint = states.map(({ instanceKey, factNumber }) => `${instanceKey}:${String(factNumber)}`).join(' ');
  return { fingerprint, moving: moving[0] ?? null };
}

const isForWorkers = ({ retries, retryAtMs }: JobState): boolean => retries > 0 && retryAtMs === null;
/** Whether it has jobs that workers are, or will be, offered. */
export const awaitsWorkers = ({ status, jobs }: InstanceState): boolean =>
  status === 'active' && Object.values(jobs).some(isForWorkers);

function movingIn(
  state: InstanceState,
  nowMs: number,
  offered: ReadonlySet<string>,
  called: ReadonlySet<string>,
): string[] {
  const { instanceKey, paused, jobs, children } = state;
  const key = (seq: string): string => keyWithin(instanceKey, Number(seq));
  const dueMs = earliestDueMs(state);
  return [
    ...(paused === null ? [] : [`${instanceKey}: paused`]),
    ...(dueMs !== null && dueMs <= nowMs ? [`${instanceKey}: due`] : []),
    ...Object.entries(jobs)
      .filter(([seq, job]) => isForWorkers(job) && !offered.has(key(seq)))
      .map(([seq, { jobType }]) => `${key(seq)}: ${jobType}`),
    ...Object.keys(children)
      .filter((seq) => !called.has(key(seq)))
      .map((seq) => `${key(seq)}: call`),
  ];
}

/** Throws when that takes longer than `durableLimits.settleMs`. */
export async function untilAtRest(look: () => Promise<Look>): Promise<void> {
  const deadline = Date.now() + durableLimits.settleMs;
  let last = '';
  let since = Date.now();
  for (;;) {
    const { fingerprint, moving } = await look();
    if (fingerprint !== last) since = Date.now();
    last = fingerprint;
    if (moving === null && Date.now() - since >= durableLimits.stableMs) return;
    if (Date.now() > deadline) throw new Error(text('notAtRest', { moving: moving ?? fingerprint }));
    await sleep(durableLimits.pollMs);
  }
}
