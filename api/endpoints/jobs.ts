/** Jobs for outside workers: long poll, then an answer that goes to the instance as a command. */
import { setTimeout as delay } from 'node:timers/promises';
import { jobLimits } from '#contract/job.ts';
import type { jobEndpoints, JobResult, TaskCorrections } from '#contract/job.ts';
import { activateJobs, adHocAround, findJobStatus, searchJobs } from '#db/queries/jobs.ts';
import type { ActivatedJobRow, JobStatus } from '#db/queries/jobs.ts';
import { noteJobPoll } from '#db/stuck-cases.ts';
import type { TaskListenerResult, UserTaskChanges } from '#engine/command.ts';
import type { JsonObject } from '#engine/json.ts';
import { sequenceOf } from '#engine/keys.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import { sendAboutOpen, wasDone } from '../commands.ts';
import type { CallWithDatabase } from '../commands.ts';
import type { HandlersOf } from '../handler.ts';
import { jsonView } from '../json-view.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { notFound, Refusal } from '../refusal.ts';
import { assertFit } from '../sizes.ts';
import { taskChanges } from '../task-changes.ts';

/** Between two looks at the table during a long poll. */
const pollMs = 250;
/** How often it is written down that somebody waits for jobs of a type. */
const pollNotedMs = 20_000;

function onlyVariables(variables: JsonObject, names: readonly string[] | null | undefined): JsonObject {
  if (names === null || names === undefined || names.length === 0) return variables;
  return Object.fromEntries(Object.entries(variables).filter(([name]) => names.includes(name)));
}

/** null: this very answer was given before. @throws Refusal when the job is not open (any more), or not in the caller's region. */
const openJob = (call: CallWithDatabase, jobKey: string): Promise<JobStatus | null> =>
  call.db(async (db) => {
    const found = await findJobStatus(db, jobKey);
    if (found === null) throw notFound();
    if (await wasDone(db, call, found.instanceKey)) return null;
    if (found.state !== 'CREATED') throw new Refusal('wrongState', 'jobGone');
    return found;
  });
/** @throws Refusal */
function sendAbout(call: CallWithDatabase, job: JobStatus, jobKey: string, command: InstanceCommand): Promise<void> {
  const target = { processId: job.processId, instanceKey: job.instanceKey };
  const isOpen = () => call.db(async (db) => (await findJobStatus(db, jobKey))?.state === 'CREATED');
  return sendAboutOpen(call, target, command, isOpen);
}
/** Sends the answer of an outside worker. @throws Refusal */
async function answer(call: CallWithDatabase, jobKey: string, command: InstanceCommand): Promise<void> {
  const job = await openJob(call, jobKey);
  if (job !== null) await sendAbout(call, job, jobKey, command);
}

function changesOf({ assignee, ...corrections }: TaskCorrections): UserTaskChanges {
  const others = taskChanges(corrections);
  return typeof assignee === 'string' ? { ...others, assignee: assignee === '' ? null : assignee } : others;
}
const listenerResult = (result: Extract<JobResult, { type: 'userTask' }>): TaskListenerResult => ({
  denied: result.denied ?? false,
  deniedReason: result.deniedReason ?? null,
  corrections: changesOf(result.corrections ?? {}),
});

/** The worker of an ad-hoc sub-process says what comes next in it; first that, then its own job is done. @throws Refusal */
async function activateElements(
  call: CallWithDatabase,
  { processId, instanceKey, elementKey }: JobStatus,
  result: Extract<JobResult, { type: 'adHocSubProcess' }>,
): Promise<void> {
  const elements = (result.activateElements ?? []).map(({ elementId, variables }) => ({
    elementId,
    variables: variables ?? {},
  }));
  if (elements.length === 0) return;
  for (const { variables } of elements) {
    assertNoCitizenNumber(variables);
    assertFit(variables);
  }
  const adHoc = await call.db((db) => adHocAround(db, elementKey));
  if (adHoc === null) throw new Refusal('invalidRequest', 'notAdHoc');
  await call.deps.temporal.command({
    processId,
    instanceKey,
    key: `${call.commandKey}/elements`,
    actor: call.caller.account.name,
    command: {
      type: 'activateAdHocElements',
      element: sequenceOf(adHoc),
      elements,
      cancelRemainingInstances: result.isCancelRemainingInstances ?? false,
    },
  });
}

export const jobHandlers: HandlersOf<typeof jobEndpoints> = {
  activateJobs: async ({ body, db, request }) => {
    const wanted = body.requestTimeout ?? 0;
    const waitMs = wanted < 0 ? 0 : Math.min(wanted === 0 ? jobLimits.pollMs : wanted, jobLimits.longestPollMs);
    const take = {
      type: body.type,
      most: Math.min(body.maxJobsToActivate, jobLimits.activated),
      worker: body.worker ?? '',
      timeoutMs: body.timeout,
    };
    const deadline = Date.now() + waitMs;
    let notedMs = 0;
    let rows: readonly ActivatedJobRow[] = [];
    for (;;) {
      // A caller who has hung up must not be given jobs: nobody would do them until their deadline.
      if (request.socket.destroyed) break;
      if (Date.now() - notedMs > pollNotedMs) {
        await db((client) => noteJobPoll(client, take.type, take.worker));
        notedMs = Date.now();
      }
      rows = await db((client) => activateJobs(client, take));
      const leftMs = deadline - Date.now();
      if (rows.length > 0 || leftMs <= 0) break;
      await delay(Math.min(pollMs, leftMs));
    }
    const jobs = rows.map((row) => ({
      ...row,
      variables: jsonView(onlyVariables(row.variables, body.fetchVariable)),
      tenantId: '<default>' as const,
      userTask:
        row.userTask === null
          ? null
          : { ...row.userTask, action: row.listenerEventType.toLowerCase(), changedAttributes: [] },
      tags: [],
    }));
    return { jobs };
  },
  completeJob: async (call) => {
    const { params, body } = call;
    const variables = body?.variables ?? {};
    assertNoCitizenNumber(variables);
    assertFit(variables);
    const job = await openJob(call, params.jobKey);
    if (job === null) return undefined;
    const result = body?.result ?? null;
    if (result?.type === 'adHocSubProcess') await activateElements(call, job, result);
    await sendAbout(call, job, params.jobKey, {
      type: 'completeJob',
      job: sequenceOf(params.jobKey),
      variables,
      ...(result?.type === 'userTask' ? { result: listenerResult(result) } : {}),
    });
    return undefined;
  },
  failJob: async (call) => {
    const { params, body } = call;
    assertFit(body?.variables);
    await answer(call, params.jobKey, {
      type: 'failJob',
      job: sequenceOf(params.jobKey),
      // Camunda: what a worker does not say is no attempt left.
      retries: body?.retries ?? 0,
      message: body?.errorMessage ?? '',
      retryAfterMs: body?.retryBackOff ?? 0,
    });
    return undefined;
  },
  throwJobError: async (call) => {
    const { params, body } = call;
    const variables = body.variables ?? {};
    assertNoCitizenNumber(variables);
    assertFit(variables);
    const message = body.errorMessage ?? '';
    await answer(call, params.jobKey, {
      type: 'throwJobError',
      job: sequenceOf(params.jobKey),
      code: body.errorCode,
      message,
      variables,
    });
    return undefined;
  },
  searchJobs: async ({ body, db }) => {
    const { tenantId: _, ...columns } = body.filter ?? {};
    const found = await db((client) => searchJobs(client, columns, body));
    const items = found.rows.map((row) => ({
      ...row,
      tenantId: '<default>' as const,
      isDenied: null,
      deniedReason: null,
      errorCode: null,
      lastUpdateTime: row.endTime ?? row.creationTime,
    }));
    return { items, page: found.page };
  },
};
