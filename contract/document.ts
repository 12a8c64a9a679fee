/** Official papers, drawn up from cases and batches, printed as PDF and kept. Everybody can check one by the QR code it carries. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime, key, keyParams, people, regionCode, villageCode } from './values.ts';

export const documentKinds = [
  'BERITA_ACARA',
  'SPTJM',
  'SURAT_PENGESAHAN',
  'DAFTAR_NOMINATIF',
  'UNDANGAN',
  'KUITANSI',
  'PAPAN_PENGUMUMAN',
  'BERKAS_KASUS',
  'LAPORAN_MONEV',
] as const;
export const documentLimits = {
  /** Lines of one paper. A district with more issues one per kecamatan. */
  lines: 2_000,
  /** Events of a dossier. */
  events: 5_000,
  listed: 200,
} as const;

const line = (most: number) => z.string().trim().min(1).max(most);
/** Month `2026-11` or quarter `2026-T1`. */
export const period = z.string().regex(/^\d{4}-(0[1-9]|1[0-2]|T[1-4])$/, 'notAPeriod');
const person = z.strictObject({ name: line(120), role: line(120) });
/** Number of the letter, as the office counts. */
const number = line(80);
const signers = z.array(person).min(1).max(8);

export const documentOrder = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('BERITA_ACARA'),
    number,
    /** The case of the meeting. */
    caseKey: key,
    heldAt: dateTime,
    place: line(200),
    leader: person,
    minuteTaker: person,
    attendees: z.array(person).max(300),
    objections: z.array(line(500)).max(50).default([]),
    signers,
  }),
  z.strictObject({ kind: z.literal('SPTJM'), number, caseKey: key, reason: line(500), declarant: person }),
  z.strictObject({
    kind: z.literal('SURAT_PENGESAHAN'),
    number,
    /** The case of the district's sign-off. */
    caseKey: key,
    /** Kecamatan or village, where the whole district is too long for one paper. */
    part: regionCode.nullable().default(null),
    addressee: line(200),
    addresseePlace: line(100),
    signer: person,
    copies: z.array(line(200)).max(20).default([]),
  }),
  z.strictObject({
    kind: z.literal('DAFTAR_NOMINATIF'),
    number,
    region: regionCode,
    period,
    program: line(40),
    postOffice: line(120),
    signers,
  }),
  z.strictObject({
    kind: z.literal('UNDANGAN'),
    number,
    region: regionCode,
    lastDay: z.iso.date(),
    invitations: z
      .array(
        z.strictObject({
          proposalNumber: line(60),
          from: dateTime,
          until: dateTime,
          place: line(200),
          counter: line(60).nullable().default(null),
        }),
      )
      .min(1)
      .max(documentLimits.lines),
  }),
  z.strictObject({
    kind: z.literal('KUITANSI'),
    number,
    /** The case of the proposal that was paid. */
    caseKey: key,
    payer: line(200),
    cashier: line(120),
    /** When not the recipient. */
    collectedBy: line(120).nullable().default(null),
    paidAt: dateTime,
    place: line(100),
  }),
  z.strictObject({
    kind: z.literal('PAPAN_PENGUMUMAN'),
    number,
    village: villageCode,
    period,
    objectUntil: z.iso.date(),
    signer: person,
  }),
  z.strictObject({ kind: z.literal('BERKAS_KASUS'), number, caseKey: key, reason: line(500) }),
  /** `caseKey`: the case of the quarter's monitoring. */
  z.strictObject({ kind: z.literal('LAPORAN_MONEV'), number, caseKey: key, signer: person }),
]);
export type DocumentOrder = z.output<typeof documentOrder>;
export type OrderOf<K extends DocumentOrder['kind']> = Extract<DocumentOrder, { readonly kind: K }>;

export const issuedDocument = z
  .object({
    documentKey: key,
    kind: z.enum(documentKinds),
    number: z.string(),
    region: z.string(),
    caseKey: key.nullable(),
    period: z.string().nullable(),
    /** SHA-256 of the PDF, lowercase hex. */
    hash: z.string(),
    issuedBy: z.string(),
    issuedAt: dateTime,
  })
  .meta({ id: 'IssuedDocument' });

/** All that a notice board may say of a person. */
const publicLine = z.object({ initials: z.string(), rt: z.string(), program: z.string() });
/** What a QR code shows to whoever scans it: nothing of a person. */
export const checkedToken = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('document'),
      documentKind: z.enum(documentKinds),
      number: z.string(),
      regionName: z.string().nullable(),
      hash: z.string(),
      issuedAt: dateTime,
    }),
    z.object({
      kind: z.literal('proposal'),
      proposalNumber: z.string(),
      regionName: z.string().nullable(),
      /** Public status step (property `alur.status`). */
      status: z.string().nullable(),
    }),
  ])
  .meta({ id: 'CheckedToken' });
export type CheckedToken = z.infer<typeof checkedToken>;

const noun = 'Document';
export const documentEndpoints = {
  issueDocument: endpoint({
    method: 'post',
    path: '/v2/documents',
    operationId: 'issueDocument',
    noun,
    summary: 'Issue a paper from the data of a case, a batch or a period; audited. A dossier needs a supervisor',
    roles: people,
    body: documentOrder,
    status: 201,
    ok: issuedDocument,
    problems: ['notFound', 'alreadyExists', 'wrongState', 'tooLarge', 'invalidVariables'],
    idempotent: true,
  }),
  listDocuments: endpoint({
    method: 'get',
    path: '/v2/documents',
    operationId: 'listDocuments',
    noun,
    summary: 'Issued papers, newest first: of a case and those that it called, or of a region and below',
    roles: people,
    query: z.object({ caseKey: key.optional(), region: regionCode.optional() }),
    status: 200,
    ok: z.object({ items: z.array(issuedDocument) }),
    problems: [],
  }),
  getNoticeBoard: endpoint({
    method: 'get',
    path: '/v2/documents/notice-board',
    operationId: 'getNoticeBoard',
    noun,
    summary: 'What the notice board of a village shows for a period: initials, RT and programme of accepted proposals',
    roles: people,
    query: z.object({ village: villageCode, period }),
    status: 200,
    ok: z.object({ items: z.array(publicLine) }),
    problems: [],
  }),
  getDocument: endpoint({
    method: 'get',
    path: '/v2/documents/:documentKey',
    operationId: 'getDocument',
    noun,
    summary: 'An issued paper as PDF; audited',
    roles: people,
    params: keyParams('documentKey'),
    status: 200,
    ok: z.string().meta({ format: 'binary' }),
    okType: 'application/pdf',
    problems: ['notFound'],
  }),
  checkToken: endpoint({
    method: 'get',
    path: '/v2/public/tokens/:token',
    operationId: 'checkToken',
    noun,
    summary:
      'What a QR code stands for: whether a paper is genuine, or how far a proposal is. Shows nothing of a person',
    roles: 'public',
    params: z.object({ token: z.string().max(200) }),
    status: 200,
    ok: checkedToken,
    problems: ['notFound'],
  }),
};
