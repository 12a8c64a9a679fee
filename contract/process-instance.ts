/** Process instances and their elements, in the shape of Camunda 8.9; `include: ['case']` adds what Alur's lists show. */
import { z } from 'zod';
import { waitReason, caseStates } from './case.ts';
import { endpoint } from './endpoint.ts';
import { camundaRepairBody, dryRunAnswer } from './operation.ts';
import {
  dateTimeFilter,
  enumFilter,
  integerFilter,
  keyFilter,
  searchAnswer,
  searchBody,
  textFilter,
} from './search.ts';
import { dateTime, identifier, key, keyParams, tenantId, tenantIdOut, variables } from './values.ts';

export const processInstanceStates = ['ACTIVE', 'COMPLETED', 'TERMINATED'] as const;

export const processInstance = z
  .object({
    processInstanceKey: key,
    processDefinitionId: z.string(),
    processDefinitionKey: key,
    processDefinitionName: z.string().nullable(),
    processDefinitionVersion: z.int(),
    processDefinitionVersionTag: z.string().nullable(),
    startDate: dateTime,
    endDate: dateTime.nullable(),
    /** An instance that handed an error to its caller shows as TERMINATED; `case.state` tells them apart. */
    state: z.enum(processInstanceStates),
    hasIncident: z.boolean(),
    tenantId: tenantIdOut,
    parentProcessInstanceKey: key.nullable(),
    parentElementInstanceKey: key.nullable(),
    rootProcessInstanceKey: key.nullable(),
    tags: z.array(z.string()),
    /** The number people know the case by. */
    businessId: z.string().nullable(),
    case: z
      .object({
        region: z.string(),
        regionName: z.string().nullable(),
        state: z.enum(caseStates),
        incidentCount: z.int(),
        endElements: z.array(z.string()),
        waitReason: waitReason.nullable(),
        /** Since when a person holds it; null: it goes on. */
        suspendedAt: dateTime.nullable(),
      })
      .optional(),
  })
  .meta({ id: 'ProcessInstance' });
export type ProcessInstance = z.infer<typeof processInstance>;

export const processInstanceFilter = z.object({
  processInstanceKey: keyFilter.optional(),
  processDefinitionId: textFilter.optional(),
  processDefinitionName: textFilter.optional(),
  processDefinitionVersion: integerFilter.optional(),
  processDefinitionVersionTag: textFilter.optional(),
  processDefinitionKey: keyFilter.optional(),
  parentProcessInstanceKey: keyFilter.optional(),
  parentElementInstanceKey: keyFilter.optional(),
  rootProcessInstanceKey: keyFilter.optional(),
  startDate: dateTimeFilter.optional(),
  endDate: dateTimeFilter.optional(),
  state: enumFilter(processInstanceStates).optional(),
  hasIncident: z.boolean().optional(),
  businessId: textFilter.optional(),
  tenantId: z.string().optional(),
  /** Element where a token is now. */
  elementId: textFilter.optional(),
  /** Text of an open incident. */
  errorMessage: textFilter.optional(),
  /** Alur: kode wilayah; everything at or below it. */
  region: z.string().max(20).optional(),
  /** Alur: id of an end event that was reached. */
  endElement: identifier.optional(),
  /** Alur: some task or wait is past its due time. */
  overdue: z.boolean().optional(),
  /** Alur: held by a person; nothing of it moves. */
  suspended: z.boolean().optional(),
  /** Alur: group or account the case waits for. */
  waitingFor: z.string().max(255).optional(),
});
export const processInstanceSortFields = [
  'processInstanceKey',
  'processDefinitionId',
  'processDefinitionName',
  'processDefinitionVersion',
  'startDate',
  'endDate',
  'state',
  'businessId',
] as const;

export const elementInstanceStates = ['ACTIVE', 'COMPLETED', 'TERMINATED'] as const;
export const elementInstance = z
  .object({
    elementInstanceKey: key,
    processInstanceKey: key,
    rootProcessInstanceKey: key.nullable(),
    processDefinitionId: z.string(),
    processDefinitionKey: key,
    elementId: z.string(),
    elementName: z.string().nullable(),
    /** Camunda's upper-case names: SERVICE_TASK, EXCLUSIVE_GATEWAY … */
    type: z.string(),
    state: z.enum(elementInstanceStates),
    startDate: dateTime,
    endDate: dateTime.nullable(),
    hasIncident: z.boolean(),
    incidentKey: key.nullable(),
    tenantId: tenantIdOut,
  })
  .meta({ id: 'ElementInstance' });

const params = keyParams('processInstanceKey');
const noun = 'Process instance';

export const processInstanceEndpoints = {
  createProcessInstance: endpoint({
    method: 'post',
    path: '/v2/process-instances',
    operationId: 'createProcessInstance',
    noun,
    summary: 'Start an instance by process id (newest or given version) or by definition key',
    roles: 'any',
    body: z.object({
      processDefinitionId: identifier.optional(),
      /** -1 or absent: the newest. */
      processDefinitionVersion: z.int().min(-1).nullish(),
      processDefinitionKey: key.optional(),
      variables: variables.nullish(),
      tenantId: tenantId.optional(),
      businessId: z.string().min(1).max(255).nullish(),
      tags: z.array(z.string()).max(10).nullish(),
      operationReference: z.int().nullish(),
      startInstructions: z
        .array(z.object({ elementId: identifier }))
        .max(0, 'notSupported')
        .nullish(),
      runtimeInstructions: z.array(z.json()).max(0, 'notSupported').nullish(),
      awaitCompletion: z.literal(false, 'notSupported').nullish(),
      fetchVariables: z.array(z.string()).nullish(),
      requestTimeout: z.int().nullish(),
    }),
    status: 200,
    ok: z.object({
      processDefinitionId: z.string(),
      processDefinitionVersion: z.int(),
      processDefinitionKey: key,
      processInstanceKey: key,
      tenantId: tenantIdOut,
      variables,
      tags: z.array(z.string()),
      businessId: z.string().nullable(),
    }),
    problems: [
      'notFound',
      'noStartEvent',
      'invalidForm',
      'invalidVariables',
      'tooLarge',
      'wrongState',
      'alreadyExists',
    ],
    idempotent: true,
  }),
  getProcessInstance: endpoint({
    method: 'get',
    path: '/v2/process-instances/:processInstanceKey',
    operationId: 'getProcessInstance',
    noun,
    summary: 'One process instance',
    roles: 'any',
    params,
    status: 200,
    ok: processInstance,
    problems: ['notFound'],
  }),
  searchProcessInstances: endpoint({
    method: 'post',
    path: '/v2/process-instances/search',
    operationId: 'searchProcessInstances',
    noun,
    summary: 'Search process instances',
    roles: 'any',
    body: searchBody(processInstanceFilter, processInstanceSortFields).extend({
      include: z.array(z.enum(['case'])).optional(),
    }),
    status: 200,
    ok: searchAnswer(processInstance),
    problems: [],
  }),
  cancelProcessInstance: endpoint({
    method: 'post',
    path: '/v2/process-instances/:processInstanceKey/cancellation',
    operationId: 'cancelProcessInstance',
    noun,
    summary: 'Cancel a running instance',
    roles: ['supervisor', 'administrator'],
    params,
    body: z.object({
      ...camundaRepairBody,
      /** Alur: what was completed is undone first, as when a transaction is cancelled. */ compensate: z
        .boolean()
        .nullish(),
    }),
    status: 200,
    ok: dryRunAnswer,
    mayBeEmpty: true,
    problems: ['notFound', 'wrongState'],
    idempotent: true,
  }),
  activateAdHocElements: endpoint({
    method: 'post',
    path: '/v2/element-instances/ad-hoc-activities/:adHocSubProcessInstanceKey/activation',
    operationId: 'activateAdHocSubProcessActivities',
    noun: 'Element instance',
    summary: 'Activate elements of an ad-hoc sub-process',
    roles: ['integration', 'supervisor', 'administrator'],
    params: keyParams('adHocSubProcessInstanceKey'),
    body: z.object({
      elements: z
        .array(z.object({ elementId: identifier, variables: variables.nullish() }))
        .min(1)
        .max(1_000),
      /** What is active in it is terminated first. */
      cancelRemainingInstances: z.boolean().nullish(),
    }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'tooLarge'],
    idempotent: true,
  }),
  searchElementInstances: endpoint({
    method: 'post',
    path: '/v2/element-instances/search',
    operationId: 'searchElementInstances',
    noun: 'Element instance',
    summary: 'Search element instances',
    roles: 'any',
    body: searchBody(
      z.object({
        elementInstanceKey: keyFilter.optional(),
        processInstanceKey: keyFilter.optional(),
        processDefinitionKey: keyFilter.optional(),
        processDefinitionId: textFilter.optional(),
        elementId: textFilter.optional(),
        elementName: textFilter.optional(),
        type: textFilter.optional(),
        state: enumFilter(elementInstanceStates).optional(),
        hasIncident: z.boolean().optional(),
        startDate: dateTimeFilter.optional(),
        endDate: dateTimeFilter.optional(),
        tenantId: z.string().optional(),
      }),
      ['elementInstanceKey', 'processInstanceKey', 'elementId', 'elementName', 'type', 'state', 'startDate', 'endDate'],
    ),
    status: 200,
    ok: searchAnswer(elementInstance),
    problems: [],
  }),
};
