/** Two people side by side, in a case that decides whether they are one; and taking a merge back. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime, key, keyParams, people } from './values.ts';

export const comparedFields = [
  'nik',
  'noKk',
  'nama',
  'tempatLahir',
  'tanggalLahir',
  'jenisKelamin',
  'ibuKandung',
  'hp',
  'alamat',
] as const;
const side = z.enum(['PERTAMA', 'KEDUA']);

const comparedPerson = z.object({
  subjectKey: key,
  proposalNumber: z.string(),
  regionName: z.string().nullable(),
  /** Whether the reader may ask for the full numbers: the person is of his region. */
  revealable: z.boolean(),
  /** By field; numbers masked, the mother's name never shown. null: not known. */
  values: z.record(z.enum(comparedFields), z.string().nullable()),
});
export type ComparedPerson = z.infer<typeof comparedPerson>;

export const comparison = z
  .object({
    caseKey: key,
    first: comparedPerson,
    second: comparedPerson,
    /** Fields in which they differ, seen unmasked. */
    different: z.array(z.enum(comparedFields)),
    /** Of decision skor_duplikat; null: not yet evaluated. */
    score: z.number().nullable(),
    /** What was chosen: who stays, and whose value is right. null: not yet. */
    choice: z.object({ survivor: side.nullable(), fields: z.partialRecord(z.enum(comparedFields), side) }).nullable(),
    /** Until when the merge can be taken back; null: there is none, or it stands. */
    undoUntil: dateTime.nullable(),
  })
  .meta({ id: 'Comparison' });
export type Comparison = z.infer<typeof comparison>;

const params = keyParams('caseKey');
export const comparisonEndpoints = {
  getComparison: endpoint({
    method: 'get',
    path: '/v2/cases/:caseKey/comparison',
    operationId: 'getComparison',
    noun: 'Case',
    summary: 'The two people of a duplicate case side by side, numbers masked',
    roles: people,
    params,
    status: 200,
    ok: comparison,
    problems: ['notFound'],
  }),
  requestMergeUndoing: endpoint({
    method: 'post',
    path: '/v2/cases/:caseKey/merge-undoing',
    operationId: 'requestMergeUndoing',
    noun: 'Case',
    summary: 'Ask for a merge to be taken back; the head of the social office decides',
    roles: people,
    params,
    body: z.strictObject({ reason: z.string().trim().min(5).max(500) }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState'],
    idempotent: true,
  }),
};
