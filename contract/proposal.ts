/** Proposals: the start of a case with citizen data, one by one or from a file. Citizen data goes to the vault. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { searchAnswer, searchBody, keyFilter, textFilter } from './search.ts';
import { dateTime, key, keyParams, month, people, villageCode } from './values.ts';

export const programs = ['PKH', 'SEMBAKO', 'PBI_JK', 'BANPROV', 'BLT_DD', 'BANKAB', 'REGISTER_SAJA'] as const;
export const channels = ['MUSDES', 'RT_RW', 'MANDIRI', 'IMPOR'] as const;
export const occupations = [
  'PETANI',
  'BURUH',
  'NELAYAN',
  'PEDAGANG',
  'TIDAK_BEKERJA',
  'IRT',
  'PNS',
  'TNI',
  'POLRI',
  'BUMN',
  'LAIN',
] as const;
/** `singkat`, `peragaan`: for demonstrations, where nobody waits days for a case that is given up or for another day. */
export const deadlineProfiles = ['baku', 'singkat', 'peragaan'] as const;

/** Columns of the import file, in order; the first line is this header. */
export const proposalColumns = [
  'id_sumber',
  'nik',
  'no_kk',
  'nama',
  'tempat_lahir',
  'tanggal_lahir',
  'jenis_kelamin',
  'ibu_kandung',
  'hp',
  'alamat',
  'rt',
  'rw',
  'penanda',
  'lat',
  'lon',
  'kode_desa',
  'jumlah_anggota',
  'pekerjaan',
  'program_diterima',
  'program_usulan',
  'kanal',
  'profil_tenggat',
] as const;
export type ProposalColumn = (typeof proposalColumns)[number];

const text = (most: number) => z.string().trim().max(most);
const optional = (most: number) =>
  text(most)
    .nullish()
    .transform((value) => value || null);

/** A number that is not NIK-shaped is let in: repairing it is what the process is for. Only what no clerk can mean is refused. */
const citizenNumber = z
  .string()
  .trim()
  .max(32)
  .regex(/^[0-9 .-]*$/, 'digitsOnly');

export const proposalRequest = z.strictObject({
  /** The caller's own id of the proposal; sending it again changes nothing. */
  sourceId: z.string().trim().min(1).max(100),
  nik: citizenNumber,
  noKk: citizenNumber,
  nama: text(120).min(1),
  tempatLahir: optional(80),
  tanggalLahir: z.iso.date(),
  jenisKelamin: z.enum(['L', 'P']),
  ibuKandung: optional(120),
  hp: z
    .string()
    .trim()
    .regex(/^[0-9+ -]{0,20}$/, 'digitsOnly')
    .nullish()
    .transform((value) => value || null),
  alamat: optional(200),
  rt: optional(5),
  rw: optional(5),
  penanda: optional(200),
  lat: z
    .number()
    .min(-90)
    .max(90)
    .nullish()
    .transform((value) => value ?? null),
  lon: z
    .number()
    .min(-180)
    .max(180)
    .nullish()
    .transform((value) => value ?? null),
  kodeDesa: villageCode,
  jumlahAnggota: z.int().min(1).max(50),
  pekerjaan: z.enum(occupations),
  /** Of DTSEN, 1 to 10; null: not known. */
  desil: z
    .int()
    .min(1)
    .max(10)
    .nullish()
    .transform((value) => value ?? null),
  programDiterima: z.array(z.string().trim().min(1).max(40)).max(20).default([]),
  programUsulan: z.enum(programs),
  kanal: z.enum(channels),
  profilTenggat: z.enum(deadlineProfiles).default('baku'),
});
export type ProposalRequest = z.output<typeof proposalRequest>;

export const proposalCreated = z
  .object({
    proposalNumber: z.string(),
    processInstanceKey: key,
    subjectKey: key,
    /** true: this source id was known; nothing was started. */
    repeated: z.boolean(),
  })
  .meta({ id: 'ProposalCreated' });

export const proposal = z
  .object({
    proposalNumber: z.string(),
    sourceId: z.string(),
    processInstanceKey: key,
    subjectKey: key,
    region: z.string(),
    /** false: an interrupted start; send the same source again. */
    started: z.boolean(),
    createdBy: z.string(),
    createdAt: dateTime,
    /** State and reached end events of its case, null until the case is in the read model. */
    state: z.enum(['ACTIVE', 'COMPLETED', 'TERMINATED', 'ERRORED']).nullable(),
    endElements: z.array(z.string()),
  })
  .meta({ id: 'Proposal' });

export const importStates = ['RUNNING', 'COMPLETED', 'FAILED'] as const;
export const importRun = z
  .object({
    importKey: key,
    fileName: z.string(),
    state: z.enum(importStates),
    rowsRead: z.int(),
    rowsImported: z.int(),
    rowsRepeated: z.int(),
    rowsRejected: z.int(),
    createdBy: z.string(),
    createdAt: dateTime,
    endedAt: dateTime.nullable(),
  })
  .meta({ id: 'ImportRun' });
export type ImportRun = z.infer<typeof importRun>;
export const importProblem = z.object({
  /** 1-based line of the file; the header is line 1. */ line: z.int(),
  /** Column, or `*`: the whole row. */ field: z.string(),
  message: z.string(),
});

export const importLimits = {
  fileBytes: 200 * 1024 * 1024,
  rows: 200_000,
  problemsKept: 5_000,
  problemsShown: 1_000,
} as const;
const noun = 'Proposal';

export const proposalEndpoints = {
  createProposal: endpoint({
    method: 'post',
    path: '/v2/proposals',
    operationId: 'createProposal',
    noun,
    summary: 'Submit one proposal',
    roles: [...people, 'integration'],
    body: proposalRequest,
    status: 201,
    ok: proposalCreated,
    problems: ['invalidProposal', 'noStartEvent'],
    idempotent: true,
  }),
  searchProposals: endpoint({
    method: 'post',
    path: '/v2/proposals/search',
    operationId: 'searchProposals',
    noun,
    summary: 'Search proposals: their source ids, numbers and cases',
    roles: [...people, 'integration'],
    body: searchBody(
      z.object({
        proposalNumber: textFilter.optional(),
        sourceId: textFilter.optional(),
        processInstanceKey: keyFilter.optional(),
        subjectKey: keyFilter.optional(),
        region: z.string().max(20).optional(),
      }),
      ['proposalNumber', 'sourceId', 'createdAt'],
    ),
    status: 200,
    ok: searchAnswer(proposal),
    problems: [],
  }),
  importProposals: endpoint({
    method: 'post',
    path: '/v2/proposals/imports',
    operationId: 'importProposals',
    noun,
    summary:
      'Import a CSV file (the body itself, text/csv): bad rows are listed, the rest is imported; sending it again doubles nothing',
    roles: people,
    query: z.object({
      fileName: z.string().trim().min(1).max(200).default('proposals.csv'),
      /** Month that the proposals count for: this one, or one of the twelve before that offices catch up on. Without it: this one. */
      period: month.optional(),
    }),
    bodyType: 'csv',
    status: 202,
    ok: importRun,
    problems: ['unsupportedMediaType', 'invalidProposal', 'tooLarge'],
  }),
  listImports: endpoint({
    method: 'get',
    path: '/v2/proposals/imports',
    operationId: 'listImports',
    noun,
    summary: 'The latest imports of the own region',
    roles: people,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    status: 200,
    ok: z.object({ items: z.array(importRun) }),
    problems: [],
  }),
  getImport: endpoint({
    method: 'get',
    path: '/v2/proposals/imports/:importKey',
    operationId: 'getImport',
    noun,
    summary: 'Progress of an import, with its problems by line and field',
    roles: people,
    params: keyParams('importKey'),
    status: 200,
    ok: importRun.extend({ problems: z.array(importProblem) }),
    problems: ['notFound'],
  }),
};
