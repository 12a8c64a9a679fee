/** What runs in Temporal, by its visibility: cases, and the entities that messages wait in. */
import type { Client } from '@temporalio/client';
import { messageWorkflowType, subscriptionsQuery } from '#workflows/messages.ts';
import type { OpenSubscription } from '#workflows/messages.ts';

export interface RunningWorkflow {
  readonly workflowId: string;
  readonly type: string;
  readonly queue: string;
  readonly startedMs: number;
}
/** Listing is cheap, but not without end. */
const runningMost = 200_000;

/** Every running workflow. @param query narrows it, in Temporal's list filter. */
export async function* runningWorkflows(client: Client, query = ''): AsyncGenerator<RunningWorkflow> {
  let count = 0;
  const filter = `ExecutionStatus = 'Running'${query === '' ? '' : ` and ${query}`}`;
  for await (const { workflowId, type, taskQueue, startTime } of client.workflow.list({
    query: filter,
    pageSize: 1_000,
  })) {
    yield { workflowId, type, queue: taskQueue, startedMs: startTime.getTime() };
    if ((count += 1) >= runningMost) return;
  }
}

export const isCase = ({ type }: RunningWorkflow): boolean => !type.startsWith('alur.');
/** Key of the instance that a workflow id names; null: it names none. */
export const instanceKeyOf = ({ workflowId }: RunningWorkflow): string | null =>
  /\/([1-9][0-9]{0,18})$/.exec(workflowId)?.[1] ?? null;

/** Workflow ids of the entities that run. */
export async function runningEntities(client: Client): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const { workflowId } of runningWorkflows(client, `WorkflowType = '${messageWorkflowType}'`))
    ids.add(workflowId);
  return ids;
}

const callMs = 10_000;
/** Who waits in an entity that runs. */
export const subscriptionsOf = (client: Client, workflowId: string): Promise<readonly OpenSubscription[]> =>
  client.withDeadline(Date.now() + callMs, () => client.workflow.getHandle(workflowId).query(subscriptionsQuery));
