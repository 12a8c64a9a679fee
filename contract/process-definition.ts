/** Published process definitions. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { hold, holdReason } from './operation.ts';
import { admissionProblem } from './problem.ts';
import { integerFilter, keyFilter, searchAnswer, searchBody, textFilter } from './search.ts';
import { dateTime, key, keyParams, people, tenantIdOut } from './values.ts';
import { catchUps } from './start-schedule.ts';
import { taskForm } from './user-task.ts';

export const processDefinition = z
  .object({
    processDefinitionKey: key,
    processDefinitionId: z.string(),
    name: z.string().nullable(),
    version: z.int(),
    versionTag: z.string().nullable(),
    resourceName: z.string(),
    tenantId: tenantIdOut,
    hasStartForm: z.boolean(),
    /** Given with `include: ['statistics']`. */
    statistics: z.object({ deployedAt: dateTime, active: z.int(), withIncident: z.int(), ended: z.int() }).optional(),
    /** Given with `include: ['lifecycle']`. */
    lifecycle: z
      .object({
        /** New instances take this version. */
        isLatestVersion: z.boolean(),
        suspendedAt: dateTime.nullable(),
        suspendedReason: z.string().nullable(),
      })
      .optional(),
  })
  .meta({ id: 'ProcessDefinition' });
export type ProcessDefinition = z.infer<typeof processDefinition>;

export const verdicts = ['executed', 'preserved', 'rejected'] as const;
/** What becomes of one element; preserved: kept and shown, the standard gives it no meaning in execution. */
export const admittedElement = z.object({
  elementId: z.string(),
  elementType: z.string(),
  name: z.string().nullable(),
  verdict: z.enum(verdicts),
});
export type AdmittedElement = z.infer<typeof admittedElement>;

/** What publishing found: errors keep a definition out, warnings are told. `processDefinitionId`: the file's name before it is published. */
export const admissionReport = z
  .object({
    processDefinitionId: z.string(),
    problems: z.array(admissionProblem),
    warnings: z.array(admissionProblem),
    /** Every element of the file, in document order. */
    elements: z.array(admittedElement),
  })
  .meta({ id: 'AdmissionReport' });

const params = keyParams('processDefinitionKey');
const catchUp = z.enum(catchUps);
const noun = 'Process definition';

export const processDefinitionEndpoints = {
  searchProcessDefinitions: endpoint({
    method: 'post',
    path: '/v2/process-definitions/search',
    operationId: 'searchProcessDefinitions',
    noun,
    summary: 'Search process definitions',
    roles: 'any',
    body: searchBody(
      z.object({
        processDefinitionKey: keyFilter.optional(),
        processDefinitionId: textFilter.optional(),
        name: textFilter.optional(),
        version: integerFilter.optional(),
        versionTag: textFilter.optional(),
        resourceName: textFilter.optional(),
        isLatestVersion: z.boolean().optional(),
        hasStartForm: z.boolean().optional(),
        tenantId: z.string().optional(),
      }),
      ['processDefinitionKey', 'processDefinitionId', 'name', 'version', 'versionTag', 'resourceName'],
    ).extend({ include: z.array(z.enum(['statistics', 'lifecycle'])).optional() }),
    status: 200,
    ok: searchAnswer(processDefinition),
    problems: [],
  }),
  getProcessDefinition: endpoint({
    method: 'get',
    path: '/v2/process-definitions/:processDefinitionKey',
    operationId: 'getProcessDefinition',
    noun,
    summary: 'One process definition',
    roles: 'any',
    params,
    status: 200,
    ok: processDefinition,
    problems: ['notFound'],
  }),
  getProcessDefinitionXml: endpoint({
    method: 'get',
    path: '/v2/process-definitions/:processDefinitionKey/xml',
    operationId: 'getProcessDefinitionXml',
    noun,
    summary: 'The BPMN document as it was published',
    roles: 'any',
    params,
    status: 200,
    ok: z.string(),
    okType: 'text/xml',
    problems: ['notFound'],
  }),
  getProcessDefinitionForm: endpoint({
    method: 'get',
    path: '/v2/process-definitions/:processDefinitionKey/form',
    operationId: 'getStartProcessForm',
    noun,
    summary: 'The start form; 204 when it has none',
    roles: 'any',
    params,
    status: 200,
    ok: taskForm,
    problems: ['notFound'],
  }),
  getProcessDefinitionAdmission: endpoint({
    method: 'get',
    path: '/v2/process-definitions/:processDefinitionKey/admission',
    operationId: 'getProcessDefinitionAdmission',
    noun,
    summary: 'The admission report of the published definition (warnings)',
    roles: people,
    params,
    status: 200,
    ok: admissionReport,
    problems: ['notFound'],
  }),
  declareLatestProcessDefinition: endpoint({
    ...hold,
    path: '/v2/process-definitions/:processDefinitionKey/latest',
    operationId: 'declareLatestProcessDefinition',
    noun,
    summary:
      'From now on new instances take this version, its start events included, until another is published or declared; what runs stays as it is',
    params,
    problems: ['notFound', 'wrongState'],
  }),
  suspendProcessDefinition: endpoint({
    ...hold,
    path: '/v2/process-definitions/:processDefinitionKey/suspension',
    operationId: 'suspendProcessDefinition',
    noun,
    summary: 'Start no instance of this version; its running instances go on',
    params,
    problems: ['notFound', 'wrongState'],
  }),
  resumeProcessDefinition: endpoint({
    method: 'post',
    path: '/v2/process-definitions/:processDefinitionKey/resumption',
    operationId: 'resumeProcessDefinition',
    noun,
    summary:
      'Start instances of this version again: messages that waited at once, due times that were left out as wished',
    roles: ['administrator'],
    params,
    body: z.object({ reason: holdReason, catchUp: catchUp.default('none') }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState', 'tooLarge'],
    idempotent: true,
  }),
};
