/**
 * For citizens without an account: who holds the number of a proposal and its code sees how far it is and can object, claim his rights over
 * his data, or tell of a death or a move. A wrong number and a wrong code are answered alike.
 */
import { z } from 'zod';
import { waitReason } from './case.ts';
import { endpoint } from './endpoint.ts';
import { report } from './report.ts';
import { dateTime, people } from './values.ts';

export const citizenLimits = {
  windowMinutes: 15,
  /** Wrong numbers and codes from one address in a window. */
  wrongMost: 20,
  /** What is told of one proposal in a day. */
  reportsPerDay: 5,
} as const;

/** The nine steps of a proposal as everybody sees them, in order (values of `alur.status`); others stand beside them. */
export const publicSteps = [
  'diterima',
  'cek-nik',
  'survei',
  'musyawarah',
  'berkas',
  'pengesahan',
  'proses',
  'ditetapkan',
  'penyaluran',
] as const;

const claim = {
  proposalNumber: z.string().trim().min(1).max(60),
  /** As printed; blanks, dashes and case do not matter. */
  code: z.string().trim().min(1).max(20),
};

export const objectionTargets = ['PENCANTUMAN', 'PENOLAKAN', 'PENYALURAN'] as const;
export const objectionGrounds = [
  'MAMPU',
  'ASN_TNI_POLRI',
  'MENINGGAL',
  'PINDAH',
  'GANDA',
  'TIDAK_DITEMUKAN',
  'POTONGAN',
  'SALAH_TOLAK',
  'LAIN',
] as const;
/** As form `sanggah` asks. */
const objection = z.strictObject({
  kind: z.literal('OBJECTION'),
  against: z.enum(objectionTargets),
  ground: z.enum(objectionGrounds),
  statement: z.string().trim().min(30).max(2_000),
});
const [, death, move, dataRequest] = report.options;
/** No names and no numbers in the words: they become part of a case. */
export const citizenReport = z.discriminatedUnion('kind', [objection, dataRequest, death, move]);
export type CitizenReport = z.output<typeof citizenReport>;
export const citizenReportKinds = citizenReport.options.map(({ shape }) => shape.kind.value);

export const citizenStatus = z
  .object({
    proposalNumber: z.string(),
    /** First letter of each word and stars. */
    nameMasked: z.string().nullable(),
    regionName: z.string().nullable(),
    submittedAt: dateTime,
    /** Value of `alur.status`: one of the steps, or what stands beside them; null: it has just begun. */
    status: z.string().nullable(),
    /** Number of the step it has come to, from 0. */
    step: z
      .int()
      .min(0)
      .max(publicSteps.length - 1),
    /** End events reached; none: it goes on. */
    endElements: z.array(z.string()),
    /** What it waits for now; null: it is being worked on, or over. */
    next: waitReason
      .pick({ kind: true, until: true })
      .extend({ groups: z.array(z.string()) })
      .nullable(),
  })
  .meta({ id: 'CitizenStatus' });
export type CitizenStatus = z.infer<typeof citizenStatus>;

const noun = 'Citizen';
export const citizenEndpoints = {
  issueCitizenCode: endpoint({
    method: 'post',
    path: '/v2/proposals/:proposalNumber/citizen-code',
    operationId: 'issueCitizenCode',
    noun,
    summary: 'The code with which the citizen follows the proposal, to be handed to him; always the same; audited',
    roles: people,
    params: z.object({ proposalNumber: z.string().regex(/^[0-9-]{1,60}$/, 'pattern') }),
    status: 200,
    ok: z.object({
      code: z.string(),
      /** Where it is entered. */
      url: z.url(),
    }),
    problems: ['notFound'],
  }),
  showStatusToCitizen: endpoint({
    method: 'post',
    path: '/v2/public/proposals/status',
    operationId: 'showStatusToCitizen',
    noun,
    summary: 'How far a proposal is, for who has its number and code',
    roles: 'public',
    body: z.strictObject(claim),
    status: 200,
    ok: citizenStatus,
    problems: ['wrongCode'],
  }),
  reportByCitizen: endpoint({
    method: 'post',
    path: '/v2/public/proposals/reports',
    operationId: 'reportByCitizen',
    noun,
    summary: 'An objection, a data request, a death or a move, told by who has the number and the code',
    roles: 'public',
    body: z.strictObject({ ...claim, report: citizenReport }),
    status: 202,
    ok: z.object({
      /** Under which it is kept: say it when you ask. */
      reference: z.string(),
    }),
    problems: ['wrongCode', 'wrongState', 'noStartEvent', 'invalidVariables'],
    idempotent: true,
  }),
};
