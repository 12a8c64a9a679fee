/** BPMN signals and conditional start events: what concerns everybody who waits, in the shape of Camunda 8.9. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { identifier, key, tenantId, tenantIdOut, variables } from './values.ts';

const senders = ['integration', 'supervisor', 'administrator'] as const;

export const signalEndpoints = {
  broadcastSignal: endpoint({
    method: 'post',
    path: '/v2/signals/broadcast',
    operationId: 'broadcastSignal',
    noun: 'Signal',
    summary:
      'Broadcast a signal to every case that waits for it within the region of the account; an account of the whole country reaches start events as well',
    roles: senders,
    body: z.object({
      signalName: identifier,
      variables: variables.nullish(),
      tenantId: tenantId.optional(),
    }),
    status: 200,
    ok: z.object({ signalKey: key, tenantId: tenantIdOut }),
    problems: ['tooLarge'],
    idempotent: true,
  }),
  evaluateConditionals: endpoint({
    method: 'post',
    path: '/v2/conditionals/evaluation',
    operationId: 'evaluateConditionals',
    noun: 'Conditional',
    summary: 'Start an instance at every conditional start event whose condition holds for the variables',
    roles: senders,
    body: z.object({
      variables,
      /** Only this process; absent: every one. */
      processDefinitionId: identifier.nullish(),
      processDefinitionKey: key.nullish(),
      businessId: z.string().min(1).max(255).nullish(),
      tenantId: tenantId.optional(),
    }),
    status: 200,
    ok: z.object({
      conditionalEvaluationKey: key,
      tenantId: tenantIdOut,
      processInstances: z.array(z.object({ processDefinitionKey: key, processInstanceKey: key })),
    }),
    problems: ['invalidVariables', 'tooLarge'],
    idempotent: true,
  }),
};
