/** Temporal's remote codec: what its UI and CLI ask to show payloads readably. The shapes are Temporal's (protobuf JSON). */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';

const base64 = z.string().regex(/^[\w+/=-]*$/);
/** Payloads of one question; the UI asks for a page of events at a time. */
const payloadsMost = 1_000;
export const payloads = z
  .object({
    payloads: z
      .array(z.object({ metadata: z.record(z.string(), base64).optional(), data: base64.optional() }))
      .max(payloadsMost),
  })
  .meta({ id: 'Payloads' });

const noun = 'System';
export const codecEndpoints = {
  decodePayloads: endpoint({
    method: 'post',
    path: '/codec/decode',
    operationId: 'decodePayloads',
    noun,
    summary:
      "Payloads of cases in the caller's region, decrypted; the others as they came. Each case is written in the audit",
    roles: ['administrator'],
    changesNothing: true,
    body: payloads,
    status: 200,
    ok: payloads,
    problems: [],
  }),
  encodePayloads: endpoint({
    method: 'post',
    path: '/codec/encode',
    operationId: 'encodePayloads',
    noun,
    summary:
      "Payloads for Temporal's CLI to send, encrypted with the key that no case owns; for the whole country only",
    roles: ['administrator'],
    changesNothing: true,
    body: payloads,
    status: 200,
    ok: payloads,
    problems: [],
  }),
};
