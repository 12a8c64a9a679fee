/** Incidents: a case is stuck until a person acts. Shape of Camunda 8.9. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { camundaRepairBody, dryRunAnswer } from './operation.ts';
import { dateTimeFilter, enumFilter, keyFilter, searchAnswer, searchBody, textFilter } from './search.ts';
import { dateTime, key, keyParams, people, tenantIdOut, variables } from './values.ts';

export const incidentStates = ['ACTIVE', 'RESOLVED'] as const;

export const incident = z
  .object({
    incidentKey: key,
    processDefinitionId: z.string(),
    processDefinitionKey: key,
    processInstanceKey: key,
    rootProcessInstanceKey: key.nullable(),
    elementId: z.string(),
    elementInstanceKey: key,
    jobKey: key.nullable(),
    errorType: z.string(),
    errorMessage: z.string(),
    creationTime: dateTime,
    state: z.enum(incidentStates),
    tenantId: tenantIdOut,
    /** Given with `include: ['case']`. */
    case: z
      .object({
        businessKey: z.string().nullable(),
        region: z.string(),
        regionName: z.string().nullable(),
        resolvedAt: dateTime.nullable(),
      })
      .optional(),
  })
  .meta({ id: 'Incident' });

const params = keyParams('incidentKey');

export const incidentEndpoints = {
  searchIncidents: endpoint({
    method: 'post',
    path: '/v2/incidents/search',
    operationId: 'searchIncidents',
    noun: 'Incident',
    summary: 'Search incidents',
    roles: 'any',
    body: searchBody(
      z.object({
        incidentKey: keyFilter.optional(),
        processDefinitionId: textFilter.optional(),
        processDefinitionKey: keyFilter.optional(),
        processInstanceKey: keyFilter.optional(),
        elementId: textFilter.optional(),
        elementInstanceKey: keyFilter.optional(),
        jobKey: keyFilter.optional(),
        errorType: textFilter.optional(),
        errorMessage: textFilter.optional(),
        state: enumFilter(incidentStates).optional(),
        creationTime: dateTimeFilter.optional(),
        tenantId: z.string().optional(),
        businessKey: textFilter.optional(),
        region: z.string().max(20).optional(),
      }),
      ['incidentKey', 'processDefinitionId', 'elementId', 'errorType', 'errorMessage', 'creationTime', 'state'],
    ).extend({ include: z.array(z.enum(['case'])).optional() }),
    status: 200,
    ok: searchAnswer(incident),
    problems: [],
  }),
  getIncident: endpoint({
    method: 'get',
    path: '/v2/incidents/:incidentKey',
    operationId: 'getIncident',
    noun: 'Incident',
    summary: 'One incident',
    roles: people,
    params,
    status: 200,
    ok: incident,
    problems: ['notFound'],
  }),
  resolveIncident: endpoint({
    method: 'post',
    path: '/v2/incidents/:incidentKey/resolution',
    operationId: 'resolveIncident',
    noun: 'Incident',
    summary: 'Try again; a job gets new attempts',
    roles: ['supervisor', 'administrator'],
    params,
    body: z.object({
      ...camundaRepairBody,
      /** Alur: new attempts of the job, default 1. */ retries: z.int().min(1).max(20).optional(),
      /** Alur: set before what failed is tried again, each where its name is found from the element upwards. */
      variables: variables.optional(),
    }),
    status: 200,
    ok: dryRunAnswer,
    mayBeEmpty: true,
    problems: ['notFound', 'wrongState', 'invalidVariables', 'tooLarge'],
    idempotent: true,
  }),
};
