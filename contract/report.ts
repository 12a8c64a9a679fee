/** What becomes known of a proposal while its case runs, or after: told by staff for the citizen, sent to the process that deals with it. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { key, people } from './values.ts';

export const dataRights = ['AKSES', 'PERBAIKAN', 'PEMBATASAN', 'PENCABUTAN', 'KEBERATAN'] as const;
const words = z.string().trim().min(5).max(500);

/** No names and no numbers in the words: they become part of the case. */
export const report = z.discriminatedUnion('kind', [
  /** The citizen withdraws the proposal. */
  z.strictObject({ kind: z.literal('WITHDRAWAL'), reason: words }),
  /** Somebody says that the citizen has died; people make sure. */
  z.strictObject({ kind: z.literal('DEATH'), date: z.iso.date(), reason: words }),
  z.strictObject({ kind: z.literal('MOVE'), date: z.iso.date(), reason: words }),
  /** The citizen's rights over his data (UU PDP 27/2022): a case of its own, 72 hours. */
  z.strictObject({ kind: z.literal('DATA_REQUEST'), right: z.enum(dataRights), reason: words }),
]);
export type Report = z.output<typeof report>;
export const reportKinds = report.options.map(({ shape }) => shape.kind.value);

export const reportEndpoints = {
  reportOnProposal: endpoint({
    method: 'post',
    path: '/v2/proposals/:proposalNumber/reports',
    operationId: 'reportOnProposal',
    noun: 'Proposal',
    summary: 'Tell of a withdrawal, death, move or data request; answers with the case that deals with it',
    roles: people,
    params: z.object({ proposalNumber: z.string().regex(/^[0-9-]{1,60}$/, 'pattern') }),
    body: report,
    status: 201,
    ok: z.object({ processInstanceKey: key }),
    problems: ['notFound', 'wrongState', 'noStartEvent'],
    idempotent: true,
  }),
};
