/** BPMN messages. A caller reaches only cases of his region: every case that would be met is checked. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { identifier, key, tenantId, tenantIdOut, variables } from './values.ts';

const senders = ['integration', 'supervisor', 'administrator'] as const;
export const longestTimeToLiveMs = 30 * 24 * 3_600_000;

const common = {
  name: identifier,
  correlationKey: z.string().max(255).default(''),
  variables: variables.nullish(),
  tenantId: tenantId.optional(),
};

export const messageEndpoints = {
  publishMessage: endpoint({
    method: 'post',
    path: '/v2/messages/publication',
    operationId: 'publishMessage',
    noun: 'Message',
    summary: 'Publish a message; it is kept for its time to live',
    roles: senders,
    body: z.object({
      ...common,
      /** Milliseconds; default 0: only who waits now gets it. */
      timeToLive: z.int().min(0).max(longestTimeToLiveMs).nullish(),
      /** The same id is accepted once within the time to live. */
      messageId: z.string().max(255).nullish(),
    }),
    status: 200,
    ok: z.object({ messageKey: key, tenantId: tenantIdOut }),
    problems: ['notFound', 'alreadyExists', 'tooLarge'],
    idempotent: true,
  }),
  correlateMessage: endpoint({
    method: 'post',
    path: '/v2/messages/correlation',
    operationId: 'correlateMessage',
    noun: 'Message',
    summary: 'Correlate a message now, or answer 404',
    roles: senders,
    body: z.object(common),
    status: 200,
    ok: z.object({ messageKey: key, processInstanceKey: key, tenantId: tenantIdOut }),
    problems: ['notFound', 'tooLarge'],
    idempotent: true,
  }),
};
