/**
 * One change of many cases, in the shape of Camunda 8: a filter chooses them, `dryRun` says how many there are; creating settles which. Then
 * each gets its own result, and the whole can be put on hold, go on or be canceled.
 */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { jobFilter } from './job.ts';
import { camundaRepairBody, reason } from './operation.ts';
import { processInstanceFilter } from './process-instance.ts';
import { moveInstruction, repairLimits } from './repair.ts';
import { dateTimeFilter, enumFilter, keyFilter, searchAnswer, searchBody, textFilter } from './search.ts';
import { dateTime, identifier, key, keyParams, variables } from './values.ts';

export const batchLimits = {
  /** Items of one batch. */ items: 100_000,
} as const;

export const batchTypes = [
  'CANCEL_PROCESS_INSTANCE',
  'MIGRATE_PROCESS_INSTANCE',
  'MODIFY_PROCESS_INSTANCE',
  'RESOLVE_INCIDENT',
  'SUSPEND_PROCESS_INSTANCE',
  'RESUME_PROCESS_INSTANCE',
  'UPDATE_VARIABLE',
  'RETRY_JOB',
  /** Alur. */ 'REVERT_MIGRATION',
] as const;
export const batchStates = ['CREATED', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'CANCELED'] as const;
export const batchItemStates = ['ACTIVE', 'COMPLETED', 'FAILED', 'SKIPPED', 'CANCELED'] as const;

export const batchOperation = z
  .object({
    batchOperationKey: key,
    batchOperationType: z.enum(batchTypes),
    state: z.enum(batchStates),
    startDate: dateTime.nullable(),
    endDate: dateTime.nullable(),
    actorType: z.literal('USER'),
    actorId: z.string(),
    operationsTotalCount: z.int(),
    operationsCompletedCount: z.int(),
    operationsFailedCount: z.int(),
    errors: z.array(z.json()),
    /** Alur. */
    createdDate: dateTime,
    reason: z.string(),
    region: z.string(),
    filter: z.json(),
    /** Alur: after so many items it waits to be resumed; null: it does not (any more). */
    canary: z.int().nullable(),
    /** Alur: nothing was to be done to these any more. */
    operationsSkippedCount: z.int(),
  })
  .meta({ id: 'BatchOperation' });
export type BatchOperation = z.infer<typeof batchOperation>;

export const batchItem = z
  .object({
    operationType: z.enum(batchTypes),
    batchOperationKey: key,
    /** Key of the instance, the incident or the job. */
    itemKey: key,
    processInstanceKey: key,
    rootProcessInstanceKey: key.nullable(),
    state: z.enum(batchItemStates),
    processedDate: dateTime.nullable(),
    errorMessage: z.string().nullable(),
    /** Alur: code of the refusal. */
    errorCode: z.string().nullable(),
    businessKey: z.string().nullable(),
  })
  .meta({ id: 'BatchOperationItem' });
export type BatchItem = z.infer<typeof batchItem>;

const settings = {
  ...camundaRepairBody,
  /** Alur: so many first, then it waits to be resumed. */
  canary: z.int().min(1).max(batchLimits.items).nullish(),
  /** Alur: refused when the filter means another number by now. */
  expectedCount: z.int().min(0).nullish(),
};
const ofInstances = { filter: processInstanceFilter, ...settings };
const roles = ['supervisor', 'administrator'] as const;
const noun = 'Batch operation';
const created = {
  method: 'post',
  noun,
  roles,
  status: 200,
  ok: z.object({
    /** Absent: a dry run, nothing was created. */
    batchOperationKey: key.optional(),
    batchOperationType: z.enum(batchTypes),
    /** Alur: how many it is done to. */
    operationsTotalCount: z.int(),
    /** Alur: of a migration: how many of them could not end under the new version; they are not touched. */
    operationsRefusedCount: z.int().optional(),
  }),
  problems: ['notFound', 'wrongState', 'tooLarge', 'invalidVariables'],
  idempotent: true,
} as const;
const params = keyParams('batchOperationKey');
const moved = {
  method: 'post',
  noun,
  roles,
  params,
  status: 204,
  ok: null,
  problems: ['notFound', 'wrongState'],
} as const;
const movedBody = z.object({ reason });

export const batchOperationEndpoints = {
  cancelProcessInstances: endpoint({
    ...created,
    path: '/v2/process-instances/cancellation',
    operationId: 'cancelProcessInstancesBatchOperation',
    summary: 'Cancel all running instances that nobody called and a filter means',
    body: z.object({ ...ofInstances, compensate: z.boolean().nullish() }),
  }),
  migrateProcessInstances: endpoint({
    ...created,
    path: '/v2/process-instances/migration',
    operationId: 'migrateProcessInstancesBatchOperation',
    summary: 'Migrate all running instances that a filter means to another version',
    body: z.object({
      ...ofInstances,
      migrationPlan: z.object({
        targetProcessDefinitionKey: key,
        mappingInstructions: z
          .array(z.object({ sourceElementId: identifier, targetElementId: identifier }))
          .max(repairLimits.instructions),
        /** Alur: what becomes of timers, by id of the target's catching element; absent: they keep their due time. */
        timers: z
          .record(identifier, z.union([z.enum(['keep', 'restart']), z.object({ dueDate: dateTime })]))
          .optional(),
      }),
    }),
  }),
  revertMigrations: endpoint({
    ...created,
    path: '/v2/process-instances/migration-revert',
    operationId: 'revertMigrationsBatchOperation',
    summary: 'Take back the last migration of all running instances that a filter means and that have not moved since',
    body: z.object(ofInstances),
  }),
  modifyProcessInstances: endpoint({
    ...created,
    path: '/v2/process-instances/modification',
    operationId: 'modifyProcessInstancesBatchOperation',
    summary: 'Move tokens of all running instances that a filter means',
    body: z.object({
      ...ofInstances,
      moveInstructions: z.array(moveInstruction).min(1).max(repairLimits.instructions),
    }),
  }),
  resolveIncidents: endpoint({
    ...created,
    path: '/v2/process-instances/incident-resolution',
    operationId: 'resolveIncidentsBatchOperation',
    summary: 'Resolve all incidents of the running instances that a filter means',
    body: z.object({ ...ofInstances, retries: z.int().min(1).max(repairLimits.retries).nullish() }),
  }),
  suspendProcessInstances: endpoint({
    ...created,
    path: '/v2/process-instances/suspension',
    operationId: 'suspendProcessInstancesBatchOperation',
    summary: 'Hold all running instances that a filter means, with what they have called',
    body: z.object(ofInstances),
  }),
  resumeProcessInstances: endpoint({
    ...created,
    path: '/v2/process-instances/resumption',
    operationId: 'resumeProcessInstancesBatchOperation',
    summary: 'Let all suspended instances that a filter means go on, with what they have called',
    body: z.object(ofInstances),
  }),
  setProcessInstancesVariables: endpoint({
    ...created,
    path: '/v2/process-instances/variables',
    operationId: 'setVariablesBatchOperation',
    summary: 'Set variables of all running instances that a filter means',
    body: z.object({ ...ofInstances, variables }),
  }),
  retryJobs: endpoint({
    ...created,
    path: '/v2/jobs/retry',
    operationId: 'retryJobsBatchOperation',
    summary: 'Try all failed jobs that a filter means again at once',
    body: z.object({ filter: jobFilter, ...settings, retries: z.int().min(1).max(repairLimits.retries).default(1) }),
  }),
  searchBatchOperations: endpoint({
    method: 'post',
    path: '/v2/batch-operations/search',
    operationId: 'searchBatchOperations',
    noun,
    summary: 'Search batch operations',
    roles,
    body: searchBody(
      z.object({
        batchOperationKey: keyFilter.optional(),
        operationType: enumFilter(batchTypes).optional(),
        state: enumFilter(batchStates).optional(),
        actorId: textFilter.optional(),
      }),
      ['batchOperationKey', 'operationType', 'state', 'startDate', 'endDate', 'actorId', 'createdDate'],
    ),
    status: 200,
    ok: searchAnswer(batchOperation),
    problems: [],
  }),
  getBatchOperation: endpoint({
    method: 'get',
    path: '/v2/batch-operations/:batchOperationKey',
    operationId: 'getBatchOperation',
    noun,
    summary: 'One batch operation',
    roles,
    params,
    status: 200,
    ok: batchOperation,
    problems: ['notFound'],
  }),
  searchBatchOperationItems: endpoint({
    method: 'post',
    path: '/v2/batch-operation-items/search',
    operationId: 'searchBatchOperationItems',
    noun,
    summary: 'What became of each item of batch operations',
    roles,
    body: searchBody(
      z.object({
        batchOperationKey: keyFilter.optional(),
        itemKey: keyFilter.optional(),
        processInstanceKey: keyFilter.optional(),
        state: enumFilter(batchItemStates).optional(),
        operationType: enumFilter(batchTypes).optional(),
        processedDate: dateTimeFilter.optional(),
      }),
      ['batchOperationKey', 'itemKey', 'processInstanceKey', 'processedDate', 'state'],
    ),
    status: 200,
    ok: searchAnswer(batchItem),
    problems: [],
  }),
  suspendBatchOperation: endpoint({
    ...moved,
    path: '/v2/batch-operations/:batchOperationKey/suspension',
    operationId: 'suspendBatchOperation',
    summary: 'Put a batch operation on hold; what is under way is finished',
    body: movedBody,
    idempotent: true,
  }),
  resumeBatchOperation: endpoint({
    ...moved,
    path: '/v2/batch-operations/:batchOperationKey/resumption',
    operationId: 'resumeBatchOperation',
    summary: 'Let a batch operation go on, also after its first items (canary)',
    body: movedBody,
    idempotent: true,
  }),
  cancelBatchOperation: endpoint({
    ...moved,
    path: '/v2/batch-operations/:batchOperationKey/cancellation',
    operationId: 'cancelBatchOperation',
    summary: 'End a batch operation; what it has done stays',
    body: movedBody,
    idempotent: true,
  }),
};
