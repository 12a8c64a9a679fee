/** What Temporal says of one instance: how its workflow stands, what it knows and which facts it has made. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { InstanceState } from '#engine/instance.ts';
import { queryAtRest } from '../ask-workflow.ts';
import { factsQuery, stateQuery, workflowIdOf } from '#workflows/messages.ts';
import type { InstanceFact, InstanceOutcome } from '#workflows/messages.ts';

/** An Activity that is to be done or is being done. */
export interface PendingActivity {
  readonly type: string;
  readonly attempt: number;
  /** null: waits for a worker. */
  readonly startedMs: number | null;
  readonly lastFailure: string | null;
}
export interface WorkflowLook {
  /** Temporal's name of the status; `MISSING`: no such workflow. */
  readonly status: string;
  readonly pending: readonly PendingActivity[];
  /** Why it could not be asked; null: it answered. */
  readonly silent: string | null;
  readonly state: InstanceState | null;
  /** How it ended; null: it has not, or nobody looked. */
  readonly outcome: InstanceOutcome['type'] | null;
  /** In order; those of earlier runs are there as far as Temporal still has them. */
  readonly facts: readonly InstanceFact[];
}

const callMs = 10_000;
/** Runs of one instance that are asked, the latest first. */
const runsMost = 50;

const msOf = (time: { readonly seconds?: unknown } | null | undefined): number | null =>
  time?.seconds === undefined || time.seconds === null ? null : Number(time.seconds) * 1_000;

export const pendingOf = ({ raw }: WorkflowExecutionDescription): readonly PendingActivity[] =>
  (raw.pendingActivities ?? []).map((activity) => ({
    type: activity.activityType?.name ?? '',
    attempt: activity.attempt ?? 1,
    startedMs: activity.lastStartedTime === undefined ? null : msOf(activity.lastStartedTime),
    lastFailure: activity.lastFailure?.message ?? null,
  }));

export async function describeWorkflow(
  client: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | null> {
  try {
    return await client.withDeadline(Date.now() + callMs, () => client.workflow.getHandle(workflowId).describe());
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return null;
    throw error;
  }
}

/** Facts of one run up to a number. */
async function factsOfRun(
  client: Client,
  workflowId: string,
  runId: string | undefined,
  upTo: number,
): Promise<InstanceFact[]> {
  const handle = client.workflow.getHandle(workflowId, runId);
  const facts: InstanceFact[] = [];
  for (let last = 0; last < upTo;) {
    const from = last;
    const some = await client.withDeadline(Date.now() + callMs, () => handle.query(factsQuery, from));
    if (some.length === 0) break;
    facts.push(...some);
    last = some.at(-1)?.number ?? upTo;
  }
  return facts;
}

async function earlierRuns(client: Client, workflowId: string): Promise<readonly string[]> {
  const runs: { readonly runId: string; readonly startMs: number }[] = [];
  for await (const { runId, startTime } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    runs.push({ runId, startMs: startTime.getTime() });
    if (runs.length >= runsMost) break;
  }
  return runs.toSorted((a, b) => b.startMs - a.startMs).map(({ runId }) => runId);
}

/** All facts that the runs of a workflow still have, the later run's word before the earlier's. */
async function factsOfWorkflow(client: Client, workflowId: string, last: number): Promise<readonly InstanceFact[]> {
  let facts = await factsOfRun(client, workflowId, undefined, last);
  if (facts[0]?.number === 1 || last === 0) return facts;
  const [, ...earlier] = await earlierRuns(client, workflowId);
  for (const runId of earlier) {
    const before = facts[0]?.number ?? last + 1;
    const older = await factsOfRun(client, workflowId, runId, before - 1).catch(() => []);
    facts = [...older.filter(({ number }) => number < before), ...facts];
    if (facts[0]?.number === 1) break;
  }
  return facts;
}

const nothing = { pending: [], silent: null, state: null, outcome: null, facts: [] } as const;
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 300);

async function outcomeOf(client: Client, workflowId: string): Promise<InstanceOutcome['type'] | null> {
  try {
    const outcome = await client.withDeadline(
      Date.now() + callMs,
      () => client.workflow.getHandle(workflowId).result() as Promise<InstanceOutcome>,
    );
    return outcome.type;
  } catch {
    return null;
  }
}

/** @param deep facts too, of ended workflows as well: Temporal replays those that are not in a worker's memory. */
export async function lookAt(
  client: Client,
  processId: string,
  instanceKey: string,
  deep: boolean,
): Promise<WorkflowLook> {
  const workflowId = workflowIdOf(processId, instanceKey);
  const description = await describeWorkflow(client, workflowId);
  if (description === null) return { ...nothing, status: 'MISSING' };
  const status = description.status.name;
  const pending = pendingOf(description);
  if (!deep)
    return {
      ...nothing,
      status,
      pending,
      outcome: status === 'COMPLETED' ? await outcomeOf(client, workflowId) : null,
    };
  try {
    const handle = client.workflow.getHandle(workflowId);
    const state = await client.withDeadline(Date.now() + callMs, () =>
      queryAtRest(handle, () => handle.query(stateQuery)),
    );
    return { ...nothing, status, pending, state, facts: await factsOfWorkflow(client, workflowId, state.factNumber) };
  } catch (error) {
    return { ...nothing, status, pending, silent: messageOf(error) };
  }
}
