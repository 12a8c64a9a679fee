/** Variables, in the shape of Camunda 8.9: values are JSON text. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { camundaRepairBody, dryRunAnswer } from './operation.ts';
import { keyFilter, searchAnswer, searchBody, textFilter } from './search.ts';
import { key, keyParams, tenantIdOut, variables } from './values.ts';

export const variable = z
  .object({
    variableKey: key,
    name: z.string(),
    /** JSON text. */
    value: z.string(),
    isTruncated: z.boolean(),
    scopeKey: key,
    processInstanceKey: key,
    rootProcessInstanceKey: key.nullable(),
    tenantId: tenantIdOut,
  })
  .meta({ id: 'Variable' });

export const variableEndpoints = {
  searchVariables: endpoint({
    method: 'post',
    path: '/v2/variables/search',
    operationId: 'searchVariables',
    noun: 'Variable',
    summary: 'Search variables',
    roles: 'any',
    query: z.object({ truncateValues: z.stringbool().optional() }),
    body: searchBody(
      z.object({
        variableKey: keyFilter.optional(),
        name: textFilter.optional(),
        /** Compared as JSON text. */
        value: textFilter.optional(),
        scopeKey: keyFilter.optional(),
        processInstanceKey: keyFilter.optional(),
        tenantId: z.string().optional(),
        isTruncated: z.boolean().optional(),
      }),
      ['name', 'value', 'variableKey', 'scopeKey', 'processInstanceKey', 'tenantId'],
    ),
    status: 200,
    ok: searchAnswer(variable),
    problems: [],
  }),
  setElementInstanceVariables: endpoint({
    method: 'put',
    path: '/v2/element-instances/:elementInstanceKey/variables',
    operationId: 'createElementInstanceVariables',
    noun: 'Variable',
    summary: 'Set variables of a running element, or of the instance by its own key',
    roles: ['supervisor', 'administrator'],
    params: keyParams('elementInstanceKey'),
    body: z.object({ ...camundaRepairBody, variables, local: z.boolean().nullish() }),
    status: 200,
    ok: dryRunAnswer,
    mayBeEmpty: true,
    problems: ['notFound', 'wrongState', 'invalidVariables', 'tooLarge'],
    idempotent: true,
  }),
};
