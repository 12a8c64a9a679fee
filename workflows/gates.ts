/**
 * How a change of the engine reaches running cases.
 *
 * A run replays from its first event after every restart of a worker, so it must go on as it has begun: the same commands to Temporal, and
 * the same facts. A change that alters either for a run which has begun gets a gate here, and the code asks `isOpen(gate, …)`. What alters
 * neither (a new command, fact or query, a refusal of what was never accepted) needs none. `npm test` replays the histories of every
 * release and says when a gate is missing (test/process/golden-histories.test.ts, docs/upgrades.md).
 *
 * The number of semantics is part of a worker's build id, and Temporal keeps with each workflow task the build that did it: a run follows
 * the semantics of the build that did its first task. An instance therefore takes up new semantics when it continues as new, and costs no
 * event to say so. Builds of before, and workers without a build id, have semantics 1.
 *
 * A gate is shipped closed (`semantics` stays) and opened a release later (`semantics` is raised), so that one can go back a release: the
 * build of before knows the gate as well. A gate goes when no run can be older than it.
 */
import { workflowInfo } from '@temporalio/workflow';

/** What runs that begin on this build follow. */
export const semantics = 4;

const gates = {
  /**
   * Local activities are awaited one after the other. Those under way together are replayed in the order in which they began, whichever
   * ended first, and what follows them then comes in another order. (0.2.0; opened at once, as nothing was released before.)
   */
  localActivitiesInTurn: 2,
  /**
   * New jobs wait for the next run as soon as the history is long, and not only once nothing is under way: a case whose jobs follow each
   * other at once would never continue as new. (0.2.0; opened at once.)
   */
  holdsOnceLong: 2,
  /** An element may be reached 1,000 times without a rest, and not 20,000 times. (0.3.0; opened at once.) */
  visits1000: 3,
  /** The same, 500 times: a circle of ten elements is told within seconds. (0.4.0; opened at once.) */
  visits500: 4,
} as const;

export type Gate = keyof typeof gates;

/** `hash`: names the code. */
export const buildIdOf = (hash: string): string => `alur-s${semantics}-${hash.slice(0, 16)}`;

/** Semantics of the run, asked during its first workflow task. */
export function semanticsOfRun(): number {
  const { buildId = '' } = workflowInfo().currentDeploymentVersion ?? {};
  return Number(/^alur-s(\d+)-/.exec(buildId)?.[1] ?? 1);
}

export const isOpen = (gate: Gate, semanticsOfRun: number): boolean => semanticsOfRun >= gates[gate];
