/**
 * Asks workflows that have no task under way. A query that meets a task with Updates makes the SDK answer that task before its local
 * activities are done, and when Temporal then loses what follows, nobody can replay that history any more (docs/adr/0019).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { isSettledQuery, workflowIdOf } from '#workflows/messages.ts';

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

export interface CommandOfInstance {
  readonly instanceKey: string;
  readonly processId: string;
  /** Idempotency key. */
  readonly key: string;
}
/**
 * Whether a command whose facts are in PostgreSQL has been carried out for good: its workflow must say so (ADR 0008). Throws when nobody
 * answers.
 */
export async function isSettled(
  client: Client,
  { instanceKey, processId, key }: CommandOfInstance,
  factNumber: number,
): Promise<boolean> {
  try {
    const handle = client.workflow.getHandle(workflowIdOf(processId, instanceKey));
    return await queryAtRest(handle, () => handle.query(isSettledQuery, { key, factNumber }));
  } catch (error) {
    // over long since: nothing of it can change any more
    if (error instanceof WorkflowNotFoundError) return true;
    throw error;
  }
}
