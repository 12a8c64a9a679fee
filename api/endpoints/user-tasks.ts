/** User tasks: the inbox, claiming, forms, completion. */
import { literal } from '#bpmn/expression.ts';
import { singleTriggers } from '#bpmn/single-triggers.ts';
import type { PoolClient } from 'pg';
import type { UserTask, userTaskEndpoints } from '#contract/user-task.ts';
import { findAccount } from '#db/accounts.ts';
import type { Account } from '#db/accounts.ts';
import { findForm } from '#db/queries/definitions.ts';
import { scopeChain, searchVariables, visibleVariables } from '#db/queries/instances.ts';
import { findUserTask, searchUserTasks } from '#db/queries/user-tasks.ts';
import type { UserTaskRow } from '#db/queries/user-tasks.ts';
import { regionCovers } from '#db/region-scope.ts';
import { regionNames } from '#db/regions.ts';
import type { RegionNames } from '#db/regions.ts';
import { sequenceOf } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import { overseesTasks, viewerOf } from '../accounts-view.ts';
import { sendAboutOpen, wasDone } from '../commands.ts';
import type { CallWithDatabase } from '../commands.ts';
import { formReferenceProperty } from '../forms/outside-form.ts';
import { openForm, submitForm } from '../forms/task-form.ts';
import { jsonView } from '../json-view.ts';
import { keepLateOutcome, lateMessageOf } from '../late-outcome.ts';
import { noContent } from '../handler.ts';
import type { HandlersOf } from '../handler.ts';
import { assertNoCitizenNumber } from '../privacy.ts';
import { assertFit } from '../sizes.ts';
import { notFound, Refusal } from '../refusal.ts';
import { taskChanges } from '../task-changes.ts';
import { variableView } from './variables.ts';

/** Assigned to the caller, or free for him to take. */
const completable = (row: UserTaskRow, account: Account): boolean =>
  row.state === 'CREATED' && row.suspendedAt === null && (row.assignee === account.name || row.claimable);

function viewOf(row: UserTaskRow, account: Account, names: RegionNames | null): UserTask {
  const {
    excludedUsers,
    formId: _,
    businessKey,
    region,
    overdue,
    claimable,
    completedBy,
    changing,
    suspendedAt,
    ...task
  } = row;
  const view = {
    ...task,
    tenantId: '<default>' as const,
    externalFormReference: row.customHeaders[formReferenceProperty] ?? null,
    tags: [],
  };
  if (names === null) return view;
  const regionName = names(region);
  return {
    ...view,
    case: {
      businessKey,
      region,
      regionName,
      overdue,
      claimable: claimable && suspendedAt === null,
      completable: completable(row, account),
      excludedUsers,
      completedBy,
      changing,
      suspendedAt,
    },
  };
}

/** What a person can report from the task: escalations that one of its boundary events catches by a code written in the model. */
function escalationsOf({ nodes }: ProcessModel, elementId: string): { code: string; name: string | null }[] {
  return Object.values(nodes).flatMap((node) => {
    if (node.type !== 'boundaryEvent' || node.attachedTo !== elementId) return [];
    const codes = singleTriggers(node).flatMap((trigger) =>
      trigger.type === 'escalation' ? (literal(trigger.escalation.code) ?? []) : [],
    );
    return codes.map((code) => ({ code, name: node.name }));
  });
}

async function visibleTask(db: PoolClient, account: Account, userTaskKey: string): Promise<UserTaskRow> {
  const task = await findUserTask(db, viewerOf(account), userTaskKey);
  if (task === null) throw notFound();
  return task;
}
/** @throws Refusal */
function sendAbout(call: CallWithDatabase, task: UserTaskRow, command: InstanceCommand): Promise<void> {
  const target = { processId: task.processDefinitionId, instanceKey: task.processInstanceKey };
  const isOpen = () =>
    call.db(
      async (db) => (await findUserTask(db, viewerOf(call.caller.account), task.userTaskKey))?.state === 'CREATED',
    );
  return sendAboutOpen(call, target, command, isOpen);
}
function assertOpen(task: UserTaskRow): void {
  if (task.state !== 'CREATED') throw new Refusal('wrongState', 'taskEnded');
  if (task.suspendedAt !== null) throw new Refusal('wrongState', 'suspended');
}
const hasCandidates = (task: UserTaskRow): boolean => task.candidateGroups.length + task.candidateUsers.length > 0;
const isCandidate = (task: UserTaskRow, account: Account): boolean =>
  !hasCandidates(task) ||
  task.candidateUsers.includes(account.name) ||
  task.candidateGroups.some((group) => account.groups.includes(group));

/** @throws Refusal when the account may not have the task. */
function assertEligible(task: UserTaskRow, account: Account): void {
  if (!isCandidate(task, account) || !regionCovers(account.region, task.region)) {
    throw new Refusal('notAllowed', 'notCandidate', { values: { account: account.name } });
  }
  if (task.excludedUsers.includes(account.name)) throw new Refusal('fourEyes', 'fourEyes');
}
/** @throws Refusal unless the caller holds the task, or it is free and he is a candidate. */
function assertMayComplete(task: UserTaskRow, account: Account): void {
  assertOpen(task);
  if (task.assignee !== null && task.assignee !== account.name) {
    throw new Refusal('notAssignedToYou', 'taskTaken', { values: { assignee: task.assignee } });
  }
  if (task.excludedUsers.includes(account.name)) throw new Refusal('fourEyes', 'fourEyes');
  if (task.assignee === null) assertEligible(task, account);
}

/** Who shall get the task: operators take it themselves, overseers may give it to any eligible account. @throws Refusal */
async function assigneeOf(
  db: PoolClient,
  task: UserTaskRow,
  caller: Account,
  wanted: string | undefined,
): Promise<Account> {
  if (wanted === undefined || wanted === caller.name) return caller;
  if (!overseesTasks(caller)) throw new Refusal('notAllowed', 'role');
  const account = await findAccount(db, wanted);
  if (account === null || account.disabled || !regionCovers(account.region, task.region)) {
    throw new Refusal('invalidRequest', 'noSuchAccount', { values: { account: wanted } });
  }
  return account;
}

export const userTaskHandlers: HandlersOf<typeof userTaskEndpoints> = {
  searchUserTasks: async ({ caller, body, db }) => {
    const { candidateGroup, candidateUser, region, overdue, mine, tenantId: _, ...columns } = body.filter ?? {};
    const filter = { columns, candidateGroup, candidateUser, region, overdue, mine };
    const found = await db((client) => searchUserTasks(client, viewerOf(caller.account), filter, body));
    const names = body.include?.includes('case') === true ? await regionNames() : null;
    return { items: found.rows.map((row) => viewOf(row, caller.account, names)), page: found.page };
  },
  getUserTask: async ({ caller, params, query, db, deps }) => {
    const withCase = query.include === 'case';
    const { task, model } = await db(async (client) => {
      const task = await visibleTask(client, caller.account, params.userTaskKey);
      return { task, model: withCase ? await deps.models.get(client, task.processDefinitionKey) : null };
    });
    const view = viewOf(task, caller.account, withCase ? await regionNames() : null);
    if (view.case === undefined || model === null) return view;
    return { ...view, case: { ...view.case, escalations: escalationsOf(model, task.elementId) } };
  },
  assignUserTask: async (call) => {
    const { caller, params, body, db } = call;
    const order = await db(async (client) => {
      const task = await visibleTask(client, caller.account, params.userTaskKey);
      if (await wasDone(client, call, task.processInstanceKey)) return null;
      assertOpen(task);
      const assignee = await assigneeOf(client, task, caller.account, body.assignee);
      assertEligible(task, assignee);
      const allowOverride = overseesTasks(caller.account) && body.allowOverride !== false;
      if (task.assignee !== null && task.assignee !== assignee.name && !allowOverride) {
        throw new Refusal('alreadyAssigned', 'taskTaken', { values: { assignee: task.assignee } });
      }
      return { task, assignee: assignee.name, allowOverride };
    });
    if (order === null) return undefined;
    const { task, assignee, allowOverride } = order;
    await sendAbout(call, task, {
      type: 'assignUserTask',
      task: sequenceOf(task.userTaskKey),
      assignee,
      allowOverride,
    });
    return undefined;
  },
  unassignUserTask: async (call) => {
    const { caller, params, db } = call;
    const task = await db(async (client) => {
      const found = await visibleTask(client, caller.account, params.userTaskKey);
      if (await wasDone(client, call, found.processInstanceKey)) return null;
      assertOpen(found);
      if (found.assignee !== null && found.assignee !== caller.account.name && !overseesTasks(caller.account)) {
        throw new Refusal('notAssignedToYou', 'taskTaken', { values: { assignee: found.assignee } });
      }
      return found.assignee === null ? null : found;
    });
    if (task === null) return undefined;
    await sendAbout(call, task, {
      type: 'assignUserTask',
      task: sequenceOf(task.userTaskKey),
      assignee: null,
      allowOverride: true,
    });
    return undefined;
  },
  completeUserTask: async (call) => {
    const { caller, params, body, db } = call;
    const task = await db(async (client) => {
      const found = await visibleTask(client, caller.account, params.userTaskKey);
      if (await wasDone(client, call, found.processInstanceKey)) return null;
      if (found.state === 'CREATED') assertMayComplete(found, caller.account);
      return found;
    });
    if (task === null) return undefined;
    const variables = body.variables ?? {};
    assertFit(variables);
    try {
      assertOpen(task);
      await submitForm(call, task, variables, (accepted) =>
        sendAbout(call, task, { type: 'completeUserTask', task: sequenceOf(task.userTaskKey), variables: accepted }),
      );
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== 'taskEnded') throw error;
      const message = await lateMessageOf(call, task);
      if (message === null) throw error;
      assertEligible(task, caller.account);
      await keepLateOutcome(call, task, message, variables);
      throw new Refusal('outcomeKept', 'outcomeKept');
    }
    return undefined;
  },
  updateUserTask: async (call) => {
    const { caller, params, body, db } = call;
    const task = await db(async (client) => {
      const found = await visibleTask(client, caller.account, params.userTaskKey);
      if (await wasDone(client, call, found.processInstanceKey)) return null;
      assertOpen(found);
      return found;
    });
    if (task === null) return undefined;
    const changes = taskChanges(body.changeset);
    await sendAbout(call, task, { type: 'updateUserTask', task: sequenceOf(task.userTaskKey), changes });
    return undefined;
  },
  escalateUserTask: async (call) => {
    const { caller, params, body, db } = call;
    const variables = body.variables ?? {};
    assertNoCitizenNumber(variables);
    assertFit(variables);
    const task = await db(async (client) => {
      const found = await visibleTask(client, caller.account, params.userTaskKey);
      if (await wasDone(client, call, found.processInstanceKey)) return null;
      assertMayComplete(found, caller.account);
      return found;
    });
    if (task === null) return undefined;
    const element = sequenceOf(task.userTaskKey);
    await sendAbout(call, task, { type: 'throwEscalation', element, code: body.escalationCode, variables });
    return undefined;
  },
  getUserTaskForm: async ({ caller, params, query, db, deps }) =>
    db(async (client) => {
      const task = await visibleTask(client, caller.account, params.userTaskKey);
      const form = task.formId === null ? null : await findForm(client, task.formId);
      if (form === null) return noContent;
      const view = {
        formKey: form.formKey,
        formId: form.formId,
        version: form.version,
        tenantId: '<default>' as const,
        schema: JSON.stringify(form.schema),
      };
      if (query.data !== true) return view;
      const variables = await visibleVariables(client, task.processInstanceKey, task.userTaskKey);
      return { ...view, data: jsonView((await openForm(client, { caller, deps }, form.schema, variables)).data) };
    }),
  searchUserTaskVariables: async ({ caller, params, query, body, db }) =>
    db(async (client) => {
      const task = await visibleTask(client, caller.account, params.userTaskKey);
      const scopes = await scopeChain(client, task.processInstanceKey, task.userTaskKey);
      const sort = body.sort?.map(({ field, order }) => ({
        field,
        order: order?.toUpperCase() === 'DESC' ? ('DESC' as const) : ('ASC' as const),
      }));
      const found = await searchVariables(client, body.filter ?? {}, scopes, { sort, page: body.page });
      return { items: found.rows.map((row) => variableView(row, query.truncateValues ?? true)), page: found.page };
    }),
};
