/** What supervisors and administrators change of a case by hand. */
import type { PoolClient } from 'pg';
import type { repairEndpoints } from '#contract/repair.ts';
import { appendAudit, auditedDetail } from '#db/audit.ts';
import { findByDefinitionKey, nextKey } from '#db/queries/definitions.ts';
import { findInstance } from '#db/queries/instances.ts';
import type { InstanceRow } from '#db/queries/instances.ts';
import { findJobStatus } from '#db/queries/jobs.ts';
import { firstFacts, searchTimers } from '#db/queries/repairs.ts';
import type { Fact } from '#engine/fact.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { instanceOf, isKey, sequenceOf } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import { visibleInstance, wasDone } from '../commands.ts';
import { noContent } from '../handler.ts';
import type { Call, HandlersOf } from '../handler.ts';
import { jsonView } from '../json-view.ts';
import { modificationOf, sendBackOf } from '../modification.ts';
import { notFound, Refusal } from '../refusal.ts';
import { assertStorable, reasonOf, repair, runningInstance } from '../repairs.ts';
import type { Asking, RepairCall } from '../repairs.ts';
import { assertNotOnHold, assertStartable, startWorkflow, untilVisible } from '../starting.ts';
import { overTree } from '../suspension.ts';

/** A change of the whole instance. */
async function change(call: RepairCall, instanceKey: string, command: InstanceCommand, body: Asking) {
  const instance = await call.db((client) => runningInstance(client, call, instanceKey));
  return instance === null ? noContent : repair(call, { instance, command, body });
}

/** A change of one thing in an instance, which is there and open. */
async function changeWithin(
  call: RepairCall,
  key: string,
  body: Asking,
  open: (db: PoolClient) => Promise<InstanceCommand>,
) {
  const found = await call.db(async (client) => {
    const instance = await findInstance(client, instanceOf(key));
    if (instance === null) throw notFound();
    if (await wasDone(client, call, instance.processInstanceKey)) return null;
    return { instance, command: await open(client) };
  });
  return found === null ? noContent : repair(call, { ...found, body });
}
const changeTimer = (call: RepairCall, timerKey: string, body: Asking, command: InstanceCommand) =>
  changeWithin(call, timerKey, body, async (client) => {
    const { rows } = await searchTimers(client, { timerKey }, {});
    if (rows[0] === undefined) throw notFound();
    if (rows[0].state !== 'ACTIVE') throw new Refusal('wrongState', 'timerGone');
    return command;
  });
const changeJob = (call: RepairCall, jobKey: string, body: Asking, command: InstanceCommand) =>
  changeWithin(call, jobKey, body, async (client) => {
    const job = await findJobStatus(client, jobKey);
    if (job === null) throw notFound();
    if (!['CREATED', 'RETRY', 'FAILED'].includes(job.state)) throw new Refusal('wrongState', 'jobGone');
    return command;
  });

async function hold(call: RepairCall, instanceKey: string, type: 'suspendInstance' | 'resumeInstance', body: Asking) {
  reasonOf(body);
  const isDone = await call.db(async (client) => {
    await visibleInstance(client, instanceKey);
    return wasDone(client, call, instanceKey);
  });
  return overTree(call, instanceKey, type, body, isDone);
}

/** What an instance began with. */
function beginningOf(facts: readonly Fact[], model: ProcessModel) {
  const [first] = facts;
  const held = first?.type === 'instanceStarted' ? first.held : undefined;
  if (held !== undefined) return held;
  const started = facts.find((fact) => fact.type === 'elementActivated');
  const node = started === undefined ? undefined : model.nodes[started.elementId];
  const triggered = node?.type === 'startEvent' && node.trigger !== null ? node.id : null;
  const given = facts.find((fact) => fact.type === 'variablesSet' && fact.from === 'delivery');
  return { startElement: triggered, startPart: 0, variables: given?.type === 'variablesSet' ? given.variables : {} };
}

type RestartCall = Call<(typeof repairEndpoints)['restartProcessInstance']>;

const keyIn = (after: Json | undefined): string | null => {
  const key =
    typeof after === 'object' && after !== null && 'processInstanceKey' in after ? after['processInstanceKey'] : null;
  return typeof key === 'string' && isKey(key) ? key : null;
};

async function ended(db: PoolClient, instanceKey: string): Promise<InstanceRow> {
  const instance = await visibleInstance(db, instanceKey);
  if (instance.state === 'ACTIVE') throw new Refusal('wrongState', 'caseRunning');
  if (instance.parentProcessInstanceKey !== null) throw new Refusal('wrongState', 'calledCase');
  return instance;
}

/**
 * The audit row of a restart is written with the new instance's key, before it starts: the same request, repeated, finds it there and starts
 * that instance.
 */
async function restart(call: RestartCall) {
  const { params, body, caller, db, deps, commandKey } = call;
  const reason = reasonOf(body);
  const startAt = body.startInstructions?.map(({ elementId }) => elementId) ?? [];
  const plan = await db(async (client) => {
    const instance = await ended(client, params.processInstanceKey);
    const process = await findByDefinitionKey(client, instance.processDefinitionKey);
    const model = process === null ? null : await deps.models.get(client, process.key);
    if (process === null || model === null) throw notFound();
    assertNotOnHold(process);
    const unknown = startAt.find((id) => model.nodes[id] === undefined);
    if (unknown !== undefined) throw new Refusal('noStartEvent', 'noSuchElement', { values: { element: unknown } });
    const beginning = beginningOf(await firstFacts(client, params.processInstanceKey), model);
    if (startAt.length === 0 && beginning.startElement === null) assertStartable(model, beginning.variables);
    return { instance, process, beginning };
  });
  const { instance, process, beginning } = plan;
  const variables: JsonObject = { ...beginning.variables };
  const answer = {
    processDefinitionId: process.processId,
    processDefinitionVersion: process.version,
    processDefinitionKey: process.key,
    businessId: instance.businessId,
    variables: jsonView(variables),
  };
  if (body.dryRun === true) return answer;
  const instanceKey = await db(async (client) => {
    const { processInstanceKey: target, region } = instance;
    const earlier = keyIn((await auditedDetail(client, target, commandKey))?.['after']);
    if (earlier !== null) return earlier;
    const allotted = await nextKey(client);
    const after = { processInstanceKey: allotted, startAt };
    const detail = { command: 'restartInstance', reason, before: {}, after, commandKey };
    await appendAudit(client, { actor: caller.account.name, action: 'case.restart', target, region, detail });
    return allotted;
  });
  await startWorkflow(deps, {
    process,
    instanceKey,
    variables,
    businessKey: instance.businessId,
    region: instance.region,
    actor: caller.account.name,
    startElement: beginning.startElement,
    ...(startAt.length === 0 ? { startPart: beginning.startPart } : { startElement: null, startAt }),
  });
  await untilVisible(deps, process.processId, instanceKey);
  return { processInstanceKey: instanceKey, ...answer };
}

export const repairHandlers: HandlersOf<typeof repairEndpoints> = {
  suspendProcessInstance: (call) => hold(call, call.params.processInstanceKey, 'suspendInstance', call.body),
  resumeProcessInstance: (call) => hold(call, call.params.processInstanceKey, 'resumeInstance', call.body),
  modifyProcessInstance: (call) => {
    const { processInstanceKey } = call.params;
    return change(call, processInstanceKey, modificationOf(call.body, processInstanceKey), call.body);
  },
  sendBackProcessInstance: (call) => {
    const { processInstanceKey } = call.params;
    const { to, from } = call.body;
    return change(call, processInstanceKey, sendBackOf(to, from, processInstanceKey), call.body);
  },
  restartProcessInstance: restart,
  searchTimers: async ({ body, db }) => {
    const { tenantId: _, ...columns } = body.filter ?? {};
    const found = await db((client) => searchTimers(client, columns, body));
    return { items: found.rows.map((row) => ({ ...row, tenantId: '<default>' as const })), page: found.page };
  },
  updateTimer: (call) => {
    const { params, body } = call;
    const command = {
      type: 'updateTimer',
      timer: sequenceOf(params.timerKey),
      dueMs: Date.parse(body.dueDate),
    } as const;
    return changeTimer(call, params.timerKey, body, command);
  },
  triggerTimer: (call) => {
    const { timerKey } = call.params;
    return changeTimer(call, timerKey, call.body, { type: 'fireTimer', timer: sequenceOf(timerKey) });
  },
  updateJob: (call) => {
    const { params, body } = call;
    const { retries } = body.changeset;
    return changeJob(call, params.jobKey, body, { type: 'updateJob', job: sequenceOf(params.jobKey), retries });
  },
  retryJob: (call) => {
    const { params, body } = call;
    const { retries } = body;
    return changeJob(call, params.jobKey, body, { type: 'retryJob', job: sequenceOf(params.jobKey), retries });
  },
  skipJob: (call) => {
    const { params, body } = call;
    const variables = body.variables ?? {};
    assertStorable(variables);
    return changeJob(call, params.jobKey, body, { type: 'completeJob', job: sequenceOf(params.jobKey), variables });
  },
};
