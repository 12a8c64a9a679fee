/** User tasks, in the shape of Camunda 8.9; `include: ['case']` adds what Alur's own inbox shows. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import {
  enumFilter,
  dateTimeFilter,
  integerFilter,
  keyFilter,
  searchAnswer,
  searchBody,
  textFilter,
  page,
} from './search.ts';
import { accountName, dateTime, identifier, key, keyParams, people, tenantIdOut, variables } from './values.ts';

/** CREATING: listeners are asked before anybody may work on it. */
export const userTaskStates = ['CREATING', 'CREATED', 'COMPLETED', 'CANCELED'] as const;

/** Attributes of a user task to change; absent or null: as it is. An empty text or list clears. */
export const userTaskChangeset = z.object({
  candidateGroups: z.array(identifier).max(200).nullish(),
  candidateUsers: z.array(identifier).max(200).nullish(),
  dueDate: z.union([dateTime, z.literal('')]).nullish(),
  followUpDate: z.union([dateTime, z.literal('')]).nullish(),
  priority: z.int().min(0).max(100).nullish(),
});
export type UserTaskChangeset = z.infer<typeof userTaskChangeset>;

/** Alur's additions to a task, given on request. */
export const userTaskCase = z.object({
  businessKey: z.string().nullable(),
  region: z.string(),
  regionName: z.string().nullable(),
  /** Due and not done. */
  overdue: z.boolean(),
  /** The caller may take it: it is unassigned, the caller is a candidate and not excluded by separation of duties. */
  claimable: z.boolean(),
  /** The caller may complete it as it is: assigned to the caller, or claimable. */
  completable: z.boolean(),
  /** Accounts kept away by separation of duties. */
  excludedUsers: z.array(z.string()),
  completedBy: z.string().nullable(),
  /** Since when its case is suspended: the task is paused, nothing of it can be changed; null: it is not. */
  suspendedAt: dateTime.nullable(),
  /** A change of the task waits for its listeners; until they have answered it cannot be changed. */
  changing: z.boolean(),
  /** Troubles that can be reported from the task (`escalateUserTask`): codes that an escalation boundary event of it names. One task only. */
  escalations: z.array(z.object({ code: z.string(), name: z.string().nullable() })).optional(),
});

export const userTask = z
  .object({
    userTaskKey: key,
    name: z.string().nullable(),
    state: z.enum(userTaskStates),
    assignee: z.string().nullable(),
    elementId: z.string(),
    elementInstanceKey: key,
    candidateGroups: z.array(z.string()),
    candidateUsers: z.array(z.string()),
    processDefinitionId: z.string(),
    processDefinitionKey: key,
    processDefinitionVersion: z.int(),
    processName: z.string().nullable(),
    processInstanceKey: key,
    rootProcessInstanceKey: key.nullable(),
    creationDate: dateTime,
    completionDate: dateTime.nullable(),
    followUpDate: dateTime.nullable(),
    dueDate: dateTime.nullable(),
    tenantId: tenantIdOut,
    externalFormReference: z.string().nullable(),
    customHeaders: z.record(z.string(), z.string()),
    priority: z.int(),
    formKey: key.nullable(),
    tags: z.array(z.string()),
    case: userTaskCase.optional(),
  })
  .meta({ id: 'UserTask' });
export type UserTask = z.infer<typeof userTask>;

export const userTaskFilter = z.object({
  state: enumFilter(userTaskStates).optional(),
  assignee: textFilter.optional(),
  candidateGroup: textFilter.optional(),
  candidateUser: textFilter.optional(),
  elementId: textFilter.optional(),
  name: textFilter.optional(),
  userTaskKey: keyFilter.optional(),
  elementInstanceKey: keyFilter.optional(),
  processDefinitionId: textFilter.optional(),
  processDefinitionKey: keyFilter.optional(),
  processInstanceKey: keyFilter.optional(),
  priority: integerFilter.optional(),
  creationDate: dateTimeFilter.optional(),
  completionDate: dateTimeFilter.optional(),
  dueDate: dateTimeFilter.optional(),
  followUpDate: dateTimeFilter.optional(),
  tenantId: z.string().optional(),
  /** Alur: number people know the case by. */
  businessKey: textFilter.optional(),
  /** Alur: kode wilayah; everything at or below it. */
  region: z.string().max(20).optional(),
  /** Alur: past its due date and still open. */
  overdue: z.boolean().optional(),
  /** Alur: only tasks the caller may work on now: assigned to the caller, or claimable. */
  mine: z.boolean().optional(),
});
export const userTaskSortFields = [
  'creationDate',
  'completionDate',
  'followUpDate',
  'dueDate',
  'priority',
  'name',
  'businessKey',
] as const;

/** form-js schema with what it is shown with. */
export const taskForm = z
  .object({
    formKey: key,
    formId: z.string(),
    version: z.int(),
    tenantId: tenantIdOut,
    /** form-js schema as JSON text, as Camunda sends it. */
    schema: z.string(),
    /** Alur: data to fill in, by form field key: variables, and citizen data from the vault with NIK masked. Given with `?data=true`. */
    data: variables.optional(),
  })
  .meta({ id: 'Form' });

const params = keyParams('userTaskKey');
const noun = 'User task';

export const userTaskEndpoints = {
  searchUserTasks: endpoint({
    method: 'post',
    path: '/v2/user-tasks/search',
    operationId: 'searchUserTasks',
    noun,
    summary: 'Search user tasks',
    roles: people,
    body: searchBody(userTaskFilter, userTaskSortFields).extend({ include: z.array(z.enum(['case'])).optional() }),
    status: 200,
    ok: searchAnswer(userTask),
    problems: [],
  }),
  getUserTask: endpoint({
    method: 'get',
    path: '/v2/user-tasks/:userTaskKey',
    operationId: 'getUserTask',
    noun,
    summary: 'One user task',
    roles: people,
    params,
    query: z.object({ include: z.enum(['case']).optional() }),
    status: 200,
    ok: userTask,
    problems: ['notFound'],
  }),
  assignUserTask: endpoint({
    method: 'post',
    path: '/v2/user-tasks/:userTaskKey/assignment',
    operationId: 'assignUserTask',
    noun,
    summary: 'Assign a user task: an operator to himself, a supervisor to any candidate',
    roles: people,
    params,
    body: z.object({
      /** Default: the caller. */
      assignee: accountName.optional(),
      allowOverride: z.boolean().nullish(),
      action: z.string().max(255).nullish(),
    }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'alreadyAssigned', 'fourEyes'],
    idempotent: true,
  }),
  unassignUserTask: endpoint({
    method: 'delete',
    path: '/v2/user-tasks/:userTaskKey/assignee',
    operationId: 'unassignUserTask',
    noun,
    summary: 'Give a user task back to its candidates',
    roles: people,
    params,
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'notAssignedToYou'],
    idempotent: true,
  }),
  completeUserTask: endpoint({
    method: 'post',
    path: '/v2/user-tasks/:userTaskKey/completion',
    operationId: 'completeUserTask',
    noun,
    summary: 'Complete a user task; its form is checked again; a candidate takes an unassigned task by completing it',
    roles: people,
    params,
    body: z.object({ variables: variables.nullish(), action: z.string().max(255).nullish() }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'outcomeKept', 'notAssignedToYou', 'fourEyes', 'invalidForm', 'tooLarge'],
    idempotent: true,
  }),
  updateUserTask: endpoint({
    method: 'patch',
    path: '/v2/user-tasks/:userTaskKey',
    operationId: 'updateUserTask',
    noun,
    summary: 'Change attributes of a user task',
    roles: ['supervisor', 'administrator'],
    params,
    body: z.object({ changeset: userTaskChangeset, action: z.string().max(255).nullish() }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState'],
    idempotent: true,
  }),
  escalateUserTask: endpoint({
    method: 'post',
    path: '/v2/user-tasks/:userTaskKey/escalation',
    operationId: 'escalateUserTask',
    noun,
    summary: 'Escalate from a user task; it stays open unless an interrupting event catches the escalation',
    roles: people,
    params,
    body: z.object({ escalationCode: z.string().min(1).max(255), variables: variables.nullish() }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'notAssignedToYou', 'fourEyes', 'tooLarge'],
    idempotent: true,
  }),
  getUserTaskForm: endpoint({
    method: 'get',
    path: '/v2/user-tasks/:userTaskKey/form',
    operationId: 'getUserTaskForm',
    noun,
    summary: 'The form of a user task; 204 when it has none',
    roles: people,
    params,
    query: z.object({ data: z.stringbool().optional() }),
    status: 200,
    ok: taskForm,
    problems: ['notFound'],
  }),
  searchUserTaskVariables: endpoint({
    method: 'post',
    path: '/v2/user-tasks/:userTaskKey/variables/search',
    operationId: 'searchUserTaskVariables',
    noun,
    summary: 'Variables visible to a user task',
    roles: people,
    params,
    query: z.object({ truncateValues: z.stringbool().optional() }),
    body: z.object({
      filter: z.object({ name: textFilter.optional() }).optional(),
      sort: z
        .array(
          z.object({
            field: z.enum(['name', 'value', 'variableKey', 'tenantId', 'scopeKey', 'processInstanceKey']),
            order: z.string().optional(),
          }),
        )
        .optional(),
      page: page.optional(),
    }),
    status: 200,
    ok: searchAnswer(
      z.object({
        name: z.string(),
        /** JSON text. */
        value: z.string(),
        isTruncated: z.boolean(),
        tenantId: tenantIdOut,
        variableKey: key,
        scopeKey: key,
        processInstanceKey: key,
        rootProcessInstanceKey: key.nullable(),
      }),
    ),
    problems: ['notFound'],
  }),
};
