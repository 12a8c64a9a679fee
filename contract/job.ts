/** Jobs for outside workers, in the shape of Camunda 8.9. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import {
  dateTimeFilter,
  enumFilter,
  integerFilter,
  keyFilter,
  searchAnswer,
  searchBody,
  textFilter,
} from './search.ts';
import { userTaskChangeset } from './user-task.ts';
import { dateTime, identifier, key, keyParams, people, tenantIdOut, variables } from './values.ts';

export const jobLimits = {
  activated: 100,
  /** Longest long poll and the default one. */
  longestPollMs: 60_000,
  pollMs: 10_000,
  longestTimeoutMs: 24 * 3_600_000,
} as const;

export const jobStates = ['CREATED', 'RETRIES_UPDATED', 'FAILED', 'COMPLETED', 'ERROR_THROWN', 'CANCELED'] as const;
const workers = ['integration', 'administrator'] as const;

/** What a job is for: the element's own work, or a listener, and then of which event. */
export const jobKinds = ['BPMN_ELEMENT', 'EXECUTION_LISTENER', 'TASK_LISTENER'] as const;
export const listenerEventTypes = [
  'UNSPECIFIED',
  'START',
  'END',
  'CREATING',
  'ASSIGNING',
  'UPDATING',
  'COMPLETING',
  'CANCELING',
] as const;
const purpose = { kind: z.enum(jobKinds), listenerEventType: z.enum(listenerEventTypes) };

/** The user task that a task listener is asked about. */
const listenedUserTask = z.object({
  userTaskKey: key,
  action: z.string(),
  assignee: z.string().nullable(),
  candidateGroups: z.array(z.string()),
  candidateUsers: z.array(z.string()),
  changedAttributes: z.array(z.string()),
  dueDate: dateTime.nullable(),
  followUpDate: dateTime.nullable(),
  formKey: key.nullable(),
  priority: z.int(),
});

/** Corrections of a task listener. */
const corrections = userTaskChangeset.extend({ assignee: z.string().max(63).nullish() });
export type TaskCorrections = z.infer<typeof corrections>;
/** What a listener, or the worker of an ad-hoc sub-process, answers beside variables. */
const result = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('userTask'),
    denied: z.boolean().nullish(),
    deniedReason: z.string().max(2_000).nullish(),
    corrections: corrections.nullish(),
  }),
  z.object({
    type: z.literal('adHocSubProcess'),
    /** Elements of the ad-hoc sub-process around the job. */
    activateElements: z
      .array(z.object({ elementId: identifier, variables: variables.nullish() }))
      .max(1_000)
      .nullish(),
    isCancelRemainingInstances: z.boolean().nullish(),
  }),
]);
export type JobResult = z.infer<typeof result>;

export const activatedJob = z
  .object({
    jobKey: key,
    type: z.string(),
    processDefinitionId: z.string(),
    processDefinitionVersion: z.int(),
    processDefinitionKey: key,
    processInstanceKey: key,
    rootProcessInstanceKey: key.nullable(),
    elementId: z.string(),
    elementInstanceKey: key,
    customHeaders: z.record(z.string(), z.json()),
    worker: z.string(),
    retries: z.int(),
    /** Epoch milliseconds. */
    deadline: z.int(),
    variables,
    tenantId: tenantIdOut,
    ...purpose,
    /** Of task listeners only. */
    userTask: listenedUserTask.nullable(),
    tags: z.array(z.string()),
  })
  .meta({ id: 'ActivatedJob' });

export const job = z
  .object({
    jobKey: key,
    type: z.string(),
    worker: z.string(),
    state: z.enum(jobStates),
    ...purpose,
    retries: z.int(),
    isDenied: z.boolean().nullable(),
    deniedReason: z.string().nullable(),
    hasFailedWithRetriesLeft: z.boolean(),
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
    customHeaders: z.record(z.string(), z.string()),
    deadline: dateTime.nullable(),
    creationTime: dateTime.nullable(),
    endTime: dateTime.nullable(),
    lastUpdateTime: dateTime.nullable(),
    processDefinitionId: z.string(),
    processDefinitionKey: key,
    processInstanceKey: key,
    rootProcessInstanceKey: key.nullable(),
    elementId: z.string().nullable(),
    elementInstanceKey: key,
    tenantId: tenantIdOut,
  })
  .meta({ id: 'Job' });

export const jobFilter = z.object({
  jobKey: keyFilter.optional(),
  type: textFilter.optional(),
  worker: textFilter.optional(),
  state: enumFilter(jobStates).optional(),
  kind: enumFilter(jobKinds).optional(),
  listenerEventType: enumFilter(listenerEventTypes).optional(),
  retries: integerFilter.optional(),
  errorMessage: textFilter.optional(),
  deadline: dateTimeFilter.optional(),
  endTime: dateTimeFilter.optional(),
  processDefinitionId: textFilter.optional(),
  processDefinitionKey: keyFilter.optional(),
  processInstanceKey: keyFilter.optional(),
  elementId: textFilter.optional(),
  elementInstanceKey: keyFilter.optional(),
  tenantId: z.string().optional(),
});

const params = keyParams('jobKey');
const noun = 'Job';

export const jobEndpoints = {
  activateJobs: endpoint({
    method: 'post',
    path: '/v2/jobs/activation',
    operationId: 'activateJobs',
    noun,
    summary: 'Take jobs of one type; waits for one (long poll) unless `requestTimeout` is negative',
    roles: workers,
    body: z.object({
      type: identifier,
      /** Milliseconds until the job is offered to others. */
      timeout: z.int().min(1).max(jobLimits.longestTimeoutMs),
      maxJobsToActivate: z.int().min(1).max(10_000),
      worker: z.string().max(255).nullish(),
      fetchVariable: z.array(z.string()).max(200).nullish(),
      /** Milliseconds; 0 or absent: 10 s; negative: no waiting. */
      requestTimeout: z.int().nullish(),
      tenantIds: z.array(z.string()).nullish(),
      tenantFilter: z.string().nullish(),
    }),
    status: 200,
    ok: z.object({ jobs: z.array(activatedJob) }),
    problems: [],
  }),
  completeJob: endpoint({
    method: 'post',
    path: '/v2/jobs/:jobKey/completion',
    operationId: 'completeJob',
    noun,
    summary: 'The job is done',
    roles: workers,
    params,
    body: z.object({ variables: variables.nullish(), result: result.nullish() }).optional(),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'tooLarge'],
    idempotent: true,
  }),
  failJob: endpoint({
    method: 'post',
    path: '/v2/jobs/:jobKey/failure',
    operationId: 'failJob',
    noun,
    summary: 'The job failed; with no attempts left an incident is raised',
    roles: workers,
    params,
    body: z
      .object({
        retries: z.int().min(0).max(100).nullish(),
        errorMessage: z.string().max(2_000).nullish(),
        /** Milliseconds. */
        retryBackOff: z.int().min(0).nullish(),
        variables: variables.nullish(),
      })
      .optional(),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'tooLarge'],
    idempotent: true,
  }),
  throwJobError: endpoint({
    method: 'post',
    path: '/v2/jobs/:jobKey/error',
    operationId: 'throwJobError',
    noun,
    summary: 'The job ends in a BPMN error',
    roles: workers,
    params,
    body: z.object({
      errorCode: z.string().min(1).max(255),
      errorMessage: z.string().max(2_000).nullish(),
      variables: variables.nullish(),
    }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'tooLarge'],
    idempotent: true,
  }),
  searchJobs: endpoint({
    method: 'post',
    path: '/v2/jobs/search',
    operationId: 'searchJobs',
    noun,
    summary: 'Search jobs',
    roles: [...people, 'integration'],
    body: searchBody(jobFilter, ['jobKey', 'type', 'state', 'retries', 'endTime', 'elementId', 'processInstanceKey']),
    status: 200,
    ok: searchAnswer(job),
    problems: [],
  }),
};
