/** What several elements have in common. */
import type { Active, Commit, Result } from '../behavior.ts';
import { ok } from '../behavior.ts';
import { chooseAll } from '../choose.ts';
import { jobOf, prepareJob } from '../job.ts';
import type { FlowId, FlowNode } from '../model.ts';
import { schedule } from '../run.ts';
import type { Run } from '../run.ts';

/** Nothing to do: on to completion. */
export function passThrough(run: Run, { element }: Active<FlowNode>): Result<Commit> {
  return ok(() => schedule(run, element.seq, 'complete'));
}

/** The token leaves by every outgoing flow whose condition holds. */
export const leaveByAll = chooseAll;

/** The element began nothing outside the engine but jobs, which end with it. */
export const nothingToEnd = (): void => undefined;

/** The token leaves by every outgoing flow, whatever its condition. */
export const leaveByEach = (_run: Run, { node }: Active<FlowNode>): Result<readonly FlowId[]> => ok(node.outgoing);

/** Asks for a job and waits for it. */
export function startJob(run: Run, active: Active<FlowNode>): Result<Commit> {
  const job = jobOf(active.node);
  if (!job) throw new Error(`Element ${active.node.id} has no job.`);
  return prepareJob(run, active, job);
}
