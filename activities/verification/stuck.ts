/** The cheap half of a verification: which cases stand still just now, by SQL and by what Temporal lists. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import type { StuckCause } from '#contract/stuck-case.ts';
import { tasksForNobody, unwantedJobs } from '#db/stuck-cases.ts';
import type { StuckFinding as StoredFinding } from '#db/stuck-cases.ts';
import { missingCaseKeys } from '#db/verification/beside.ts';
import { findCases, openCasesAfter } from '#db/verification/cases.ts';
import { openMessageSubscriptions, overdue, unparkedJobs, withoutReason } from '#db/verification/waits.ts';
import type { OpenJob, OpenMessageSubscription, Standing } from '#db/verification/waits.ts';
import { messageWorkflowId, workflowIdOf } from '#workflows/messages.ts';
import { describeWorkflow, pendingOf } from './look.ts';
import type { PendingActivity } from './look.ts';
import { instanceKeyOf, isCase, runningWorkflows } from './running.ts';
import { inParallel } from './several.ts';

export type StuckFinding = StoredFinding & { readonly cause: StuckCause };

export interface StuckLook {
  readonly found: readonly StuckFinding[];
  /** Causes that were looked for: what is not found of these is over. */
  readonly looked: readonly StuckCause[];
  /** What could not be looked at; null: everything could. */
  readonly message: string | null;
}
export interface StuckDeps {
  readonly pool: Pool;
  readonly client: Client;
  /** How long something may be on its way. */
  readonly seconds: number;
}

const atOnce = 8;
const rowsPerPage = 2_000;
/** Suspects that are asked about one by one in a sweep; the others wait for the next. */
const suspectsMost = 300;
/** A job that Temporal had to give to a worker so often, or that takes so long, hangs. */
const attemptsMost = 3;
const jobSeconds = 60;
/** Temporal writes down workflows whose tasks fail again and again. */
const reportedProblems = 'TemporalReportedProblems IS NOT NULL';

const standing = (cause: StuckCause, rows: readonly Standing[], detail: StuckFinding['detail'] = {}): StuckFinding[] =>
  rows.map(({ instanceKey, elementKey, elementId, since }) => ({
    instanceKey,
    cause,
    elementKey,
    elementId,
    since,
    detail,
  }));

/** What PostgreSQL alone can say. */
async function bySql({ pool, seconds }: StuckDeps): Promise<readonly StuckFinding[]> {
  const keys = await missingCaseKeys(pool);
  return [
    ...standing('NO_REASON_TO_WAIT', await withoutReason(pool, seconds)),
    ...standing('TIMER_OVERDUE', await overdue(pool, seconds)),
    ...(await unwantedJobs(pool, seconds)).map((finding) => ({ ...finding, cause: 'NO_JOB_WORKER' as const })),
    ...(await tasksForNobody(pool, seconds)).map((finding) => ({ ...finding, cause: 'NOBODY_MAY' as const })),
    ...keys.flatMap(({ instanceKey }): StuckFinding[] =>
      instanceKey === null
        ? []
        : [{ instanceKey, cause: 'UNDECODABLE', elementKey: null, elementId: '', since: new Date(), detail: {} }],
    ),
  ];
}

interface Running {
  /** When the workflow of each case was started. */
  readonly cases: ReadonlyMap<
    string,
    { readonly startedMs: number; readonly workflowId: string; readonly queue: string }
  >;
  readonly others: ReadonlySet<string>;
}
async function listRunning(client: Client): Promise<Running> {
  const cases = new Map<string, { startedMs: number; workflowId: string; queue: string }>();
  const others = new Set<string>();
  for await (const workflow of runningWorkflows(client)) {
    const instanceKey = instanceKeyOf(workflow);
    if (isCase(workflow) && instanceKey !== null) cases.set(instanceKey, workflow);
    else others.add(workflow.workflowId);
  }
  return { cases, others };
}

/** Workflows without a case. */
async function unknown({ pool, seconds }: StuckDeps, { cases }: Running): Promise<readonly StuckFinding[]> {
  const oldMs = Date.now() - seconds * 1_000;
  const old = [...cases].filter(([, { startedMs }]) => startedMs < oldMs);
  const found: StuckFinding[] = [];
  for (let from = 0; from < old.length; from += rowsPerPage) {
    const page = old.slice(from, from + rowsPerPage);
    const rows = await findCases(
      pool,
      page.map(([key]) => key),
    );
    for (const [instanceKey, { workflowId, queue, startedMs }] of page)
      if (!rows.has(instanceKey))
        found.push({
          instanceKey,
          cause: 'CASE_UNKNOWN',
          elementKey: null,
          elementId: '',
          since: new Date(startedMs),
          detail: { queue },
          processId: workflowId.slice(0, workflowId.lastIndexOf('/')),
        });
  }
  return found;
}

/** Open cases without a workflow. Those that are not in the list are asked for one by one: a list may lag behind. */
async function lost({ pool, client, seconds }: StuckDeps, { cases }: Running): Promise<readonly StuckFinding[]> {
  const suspects: { readonly instanceKey: string; readonly processId: string }[] = [];
  for (let after = '0'; suspects.length < suspectsMost;) {
    const rows = await openCasesAfter(pool, after, rowsPerPage, seconds);
    suspects.push(...rows.filter(({ instanceKey }) => !cases.has(instanceKey)));
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.instanceKey;
  }
  const looked = await inParallel(suspects.slice(0, suspectsMost), atOnce, async ({ instanceKey, processId }) => {
    const description = await describeWorkflow(client, workflowIdOf(processId, instanceKey));
    return { instanceKey, status: description?.status.name ?? 'MISSING', closed: description?.closeTime };
  });
  const gone = looked.filter(({ status }) => status !== 'RUNNING');
  const rows = await findCases(
    pool,
    gone.map(({ instanceKey }) => instanceKey),
  );
  return gone
    .filter(({ instanceKey }) => rows.get(instanceKey)?.state === 'ACTIVE')
    .map(({ instanceKey, status, closed }) => ({
      instanceKey,
      cause: 'WORKFLOW_LOST',
      elementKey: null,
      elementId: '',
      since: closed ?? new Date(),
      detail: { status },
    }));
}

/** Open subscriptions to messages whose entity is gone. */
async function unsubscribed(
  { pool, client, seconds }: StuckDeps,
  { others }: Running,
): Promise<readonly StuckFinding[]> {
  const suspects: OpenMessageSubscription[] = [];
  for (let after = '0'; suspects.length < suspectsMost;) {
    const rows = await openMessageSubscriptions(pool, after, rowsPerPage, seconds);
    suspects.push(...rows.filter((row) => !others.has(messageWorkflowId(row.messageName, row.correlationKey))));
    const last = rows.at(-1);
    if (last === undefined) break;
    after = last.subscriptionKey;
  }
  const looked = await inParallel(suspects.slice(0, suspectsMost), atOnce, async (row) => {
    const description = await describeWorkflow(client, messageWorkflowId(row.messageName, row.correlationKey));
    return description?.status.name === 'RUNNING'
      ? []
      : standing('SUBSCRIPTION_LOST', [row], { message: row.messageName });
  });
  return looked.flat();
}

function jobTrouble(job: OpenJob, pending: readonly PendingActivity[]): StuckFinding | null {
  const own = pending.filter(({ type }) => type === job.type);
  const [finding] = standing('JOB_LOST', [job], { type: job.type });
  if (finding === undefined) return null;
  if (own.length === 0) return pending.length > 0 ? null : finding;
  const slow = own.find(
    ({ attempt, startedMs }) =>
      attempt >= attemptsMost || (startedMs !== null && startedMs < Date.now() - jobSeconds * 1_000),
  );
  if (slow === undefined) return null;
  return { ...finding, cause: 'JOB_HANGS', detail: { type: job.type, attempt: slow.attempt } };
}
/** Jobs of ours that no worker gets done. */
async function hanging({ pool, client, seconds }: StuckDeps): Promise<readonly StuckFinding[]> {
  const jobs = (await unparkedJobs(pool, seconds)).slice(0, suspectsMost);
  const looked = await inParallel(jobs, atOnce, async (job) => {
    const description = await describeWorkflow(client, workflowIdOf(job.processId, job.instanceKey));
    return description === null ? null : jobTrouble(job, pendingOf(description));
  });
  const byCase = new Map<string, StuckFinding>();
  for (const finding of looked) if (finding !== null) byCase.set(`${finding.instanceKey} ${finding.cause}`, finding);
  return [...byCase.values()];
}

/** Workflows whose tasks fail: a build that does not fit, a history that cannot be read, a fault of ours. */
async function failing({ client }: StuckDeps): Promise<readonly StuckFinding[]> {
  const found: StuckFinding[] = [];
  for await (const workflow of runningWorkflows(client, reportedProblems)) {
    const instanceKey = instanceKeyOf(workflow);
    if (!isCase(workflow) || instanceKey === null) continue;
    found.push({
      instanceKey,
      cause: 'WORKFLOW_TASK_FAILS',
      elementKey: null,
      elementId: '',
      since: new Date(),
      detail: {},
      processId: workflow.workflowId.slice(0, workflow.workflowId.lastIndexOf('/')),
    });
  }
  return found;
}

export async function lookForStuck(deps: StuckDeps): Promise<StuckLook> {
  const found: StuckFinding[] = [];
  const looked: StuckCause[] = [];
  const faults: string[] = [];
  const part = async (causes: readonly StuckCause[], work: () => Promise<readonly StuckFinding[]>): Promise<void> => {
    try {
      found.push(...(await work()));
      looked.push(...causes);
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  };
  await part(['NO_REASON_TO_WAIT', 'TIMER_OVERDUE', 'NO_JOB_WORKER', 'NOBODY_MAY', 'UNDECODABLE'], () => bySql(deps));
  await part(['JOB_HANGS', 'JOB_LOST'], () => hanging(deps));
  await part(['WORKFLOW_TASK_FAILS'], () => failing(deps));
  const running = await listRunning(deps.client).catch((error: unknown) => {
    faults.push(error instanceof Error ? error.message : String(error));
    return null;
  });
  if (running !== null) {
    await part(['CASE_UNKNOWN'], () => unknown(deps, running));
    await part(['WORKFLOW_LOST'], () => lost(deps, running));
    await part(['SUBSCRIPTION_LOST'], () => unsubscribed(deps, running));
  }
  return { found, looked, message: faults.length === 0 ? null : faults.join('; ').slice(0, 500) };
}
