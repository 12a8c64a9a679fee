/**
 * Asks workflows that have no task under way. A query that meets a task with Updates makes the SDK answer that task before its local
 * activities are done, and when Temporal then loses what follows, nobody can replay that history any more (docs/adr/0019).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';

const lookEveryMs = 250;

/** A task of the workflow was under way all the time. */
export class NotAtRestError extends Error {
  override readonly name = 'NotAtRestError';
}

/** @param patienceMs how long it may take until the workflow rests @throws NotAtRestError, and what Temporal throws */
export async function queryAtRest<T>(
  handle: WorkflowHandle,
  ask: () => Promise<T>,
  patienceMs: number = 2_000,
): Promise<T> {
  for (const untilMs = Date.now() + patienceMs; ;) {
    const { raw } = await handle.describe();
    if ((raw.pendingWorkflowTask ?? null) === null) return ask();
    if (Date.now() > untilMs) throw new NotAtRestError('a workflow task is under way');
    await sleep(lookEveryMs);
  }
}
