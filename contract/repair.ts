/** What supervisors and administrators change of a running case by hand. Camunda's paths and shapes where it has them. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dryRunAnswer, camundaRepairBody, repairBody } from './operation.ts';
import { dateTimeFilter, enumFilter, keyFilter, searchAnswer, searchBody, textFilter } from './search.ts';
import { dateTime, identifier, key, keyParams, people, tenantIdOut, variables } from './values.ts';

export const repairLimits = {
  /** Instructions of one modification. */ instructions: 1_000,
  /** Attempts an operator may give a job. */ retries: 1_000,
} as const;

export const timerStates = ['ACTIVE', 'FIRED', 'CANCELED'] as const;
export const timer = z
  .object({
    timerKey: key,
    processInstanceKey: key,
    processDefinitionId: z.string(),
    processDefinitionKey: key,
    /** The event that catches it; for a boundary event not its host. */
    elementId: z.string(),
    /** The element instance that waits. */
    elementInstanceKey: key,
    dueDate: dateTime,
    state: z.enum(timerStates),
    tenantId: tenantIdOut,
  })
  .meta({ id: 'Timer' });

const variableInstructions = z
  .array(
    z.object({
      variables,
      /** Element whose instance gets them; absent or empty: the activated element itself. */
      scopeId: z.string().max(255).nullish(),
    }),
  )
  .max(repairLimits.instructions)
  .nullish();
/** Camunda: `-1` and an empty text mean the only one there is. */
const ancestorElementInstanceKey = z.union([key, z.literal(''), z.literal('-1')]).nullish();
const activateInstruction = z.object({ elementId: identifier, ancestorElementInstanceKey, variableInstructions });
const terminateInstruction = z.union([z.object({ elementInstanceKey: key }), z.object({ elementId: identifier })]);
const sourceElementInstruction = z.discriminatedUnion('sourceType', [
  z.object({ sourceType: z.literal('byId'), sourceElementId: identifier }),
  z.object({ sourceType: z.literal('byKey'), sourceElementInstanceKey: key }),
]);
const ancestorScopeInstruction = z
  .union([
    z.object({ ancestorScopeType: z.literal('direct'), ancestorElementInstanceKey: key }),
    z.object({ ancestorScopeType: z.enum(['inferred', 'sourceParent']) }),
  ])
  .nullish();
export const moveInstruction = z.object({
  /** Camunda 8.8: the source's id; later versions say it with `sourceElementInstruction`. */
  sourceElementId: identifier.optional(),
  sourceElementInstruction: sourceElementInstruction.optional(),
  targetElementId: identifier,
  ancestorScopeInstruction,
  variableInstructions,
});
export type MoveInstruction = z.infer<typeof moveInstruction>;
const instructions = <T extends z.ZodType>(item: T) => z.array(item).max(repairLimits.instructions).nullish();
export const modification = {
  activateInstructions: instructions(activateInstruction),
  moveInstructions: instructions(moveInstruction),
  terminateInstructions: instructions(terminateInstruction),
};
export type Modification = z.infer<z.ZodObject<typeof modification>>;

export const sendBackBody = {
  /** Element the case goes back to: what lies after it is withdrawn, variables stay. */ to: identifier,
  /** Element instance that is sent back; absent: whatever lies after `to`. */ from: key.optional(),
};

const roles = ['supervisor', 'administrator'] as const;
const instance = keyParams('processInstanceKey');
const noun = 'Process instance';
/** 200 for a dry run, else 204. */
const repaired = { status: 200, ok: dryRunAnswer, idempotent: true, mayBeEmpty: true } as const;

export const repairEndpoints = {
  suspendProcessInstance: endpoint({
    method: 'post',
    path: '/v2/process-instances/:processInstanceKey/suspension',
    operationId: 'suspendProcessInstance',
    noun,
    summary:
      'Hold an instance and everything it has called: nothing moves until it is resumed, timers keep the time they have left',
    roles,
    params: instance,
    body: z.object(camundaRepairBody),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
  resumeProcessInstance: endpoint({
    method: 'post',
    path: '/v2/process-instances/:processInstanceKey/resumption',
    operationId: 'resumeProcessInstance',
    noun,
    summary: 'Let a suspended instance and everything it has called go on',
    roles,
    params: instance,
    body: z.object(camundaRepairBody),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
  modifyProcessInstance: endpoint({
    method: 'post',
    path: '/v2/process-instances/:processInstanceKey/modification',
    operationId: 'modifyProcessInstance',
    noun,
    summary: 'Activate, move and terminate elements of an instance: all instructions or none',
    roles,
    params: instance,
    body: z.object({ ...modification, ...camundaRepairBody }),
    ...repaired,
    problems: ['notFound', 'wrongState', 'invalidVariables', 'tooLarge'],
  }),
  sendBackProcessInstance: endpoint({
    method: 'post',
    path: '/v2/process-instances/:processInstanceKey/send-back',
    operationId: 'sendBackProcessInstance',
    noun,
    summary: 'Send an instance back to an earlier step; what it knows stays',
    roles,
    params: instance,
    body: z.object({ ...sendBackBody, ...repairBody }),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
  restartProcessInstance: endpoint({
    method: 'post',
    path: '/v2/process-instances/:processInstanceKey/restart',
    operationId: 'restartProcessInstance',
    noun,
    summary: 'Start an ended instance anew: same definition version, same variables at the start',
    roles,
    params: instance,
    body: z.object({
      ...repairBody,
      /** Elements to begin at instead of the start event. */
      startInstructions: z
        .array(z.object({ elementId: identifier }))
        .max(repairLimits.instructions)
        .nullish(),
    }),
    status: 200,
    ok: z.object({
      /** Absent: a dry run, nothing was started. */
      processInstanceKey: key.optional(),
      processDefinitionId: z.string(),
      processDefinitionVersion: z.int(),
      processDefinitionKey: key,
      businessId: z.string().nullable(),
      /** What it starts with. */
      variables,
    }),
    problems: ['notFound', 'wrongState', 'noStartEvent', 'alreadyExists', 'invalidVariables'],
    idempotent: true,
  }),
  searchTimers: endpoint({
    method: 'post',
    path: '/v2/timers/search',
    operationId: 'searchTimers',
    noun: 'Timer',
    summary: 'Search timers',
    roles: people,
    body: searchBody(
      z.object({
        timerKey: keyFilter.optional(),
        processInstanceKey: keyFilter.optional(),
        processDefinitionId: textFilter.optional(),
        processDefinitionKey: keyFilter.optional(),
        elementId: textFilter.optional(),
        elementInstanceKey: keyFilter.optional(),
        dueDate: dateTimeFilter.optional(),
        state: enumFilter(timerStates).optional(),
        tenantId: z.string().optional(),
      }),
      ['timerKey', 'dueDate', 'elementId', 'processInstanceKey', 'state'],
    ),
    status: 200,
    ok: searchAnswer(timer),
    problems: [],
  }),
  updateTimer: endpoint({
    method: 'patch',
    path: '/v2/timers/:timerKey',
    operationId: 'updateTimer',
    noun: 'Timer',
    summary: 'Change when a running timer is due',
    roles,
    params: keyParams('timerKey'),
    body: z.object({ ...repairBody, dueDate: dateTime }),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
  triggerTimer: endpoint({
    method: 'post',
    path: '/v2/timers/:timerKey/trigger',
    operationId: 'triggerTimer',
    noun: 'Timer',
    summary: 'Fire a timer now instead of when it is due',
    roles,
    params: keyParams('timerKey'),
    body: z.object(repairBody),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
  updateJob: endpoint({
    method: 'patch',
    path: '/v2/jobs/:jobKey',
    operationId: 'updateJob',
    noun: 'Job',
    summary: 'Change how many attempts a job has left',
    roles,
    params: keyParams('jobKey'),
    body: z.object({
      ...camundaRepairBody,
      changeset: z.object({ retries: z.int().min(1).max(repairLimits.retries) }),
    }),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
  retryJob: endpoint({
    method: 'post',
    path: '/v2/jobs/:jobKey/retry',
    operationId: 'retryJob',
    noun: 'Job',
    summary: 'Try a job again at once, also one that has no attempts left: its incident is resolved',
    roles,
    params: keyParams('jobKey'),
    body: z.object({ ...repairBody, retries: z.int().min(1).max(repairLimits.retries).default(1) }),
    ...repaired,
    problems: ['notFound', 'wrongState'],
  }),
  skipJob: endpoint({
    method: 'post',
    path: '/v2/jobs/:jobKey/skip',
    operationId: 'skipJob',
    noun: 'Job',
    summary: 'Take a job as done, with what it would have brought',
    roles,
    params: keyParams('jobKey'),
    body: z.object({ ...repairBody, variables: variables.nullish() }),
    ...repaired,
    problems: ['notFound', 'wrongState', 'invalidVariables', 'tooLarge'],
  }),
};
