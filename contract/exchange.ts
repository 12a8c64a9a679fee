/** Lists in and out by mapping profiles: templates, imports that a killed server goes on with, what the lists say against each other. */
import { z } from 'zod';
import { endpoint, workbookType } from './endpoint.ts';
import { dateTime, key, keyParams } from './values.ts';

/** Whose lists these are: those who answer for a region's data. */
const keepers = ['supervisor', 'administrator'] as const;
const noun = 'Exchange';

export const exchangeProfile = z
  .object({
    profileId: z.string(),
    title: z.string(),
    /** Whether `importList` takes it. */
    isImported: z.boolean(),
    carriesNik: z.boolean(),
    columns: z.array(z.object({ name: z.string(), type: z.string(), required: z.boolean() })),
  })
  .meta({ id: 'ExchangeProfile' });

export const exchangeFault = z.object({
  /** 1-based line of the file; the header is line 1. */ line: z.int(),
  /** Column as the file calls it, or `*`: the whole row. */ field: z.string(),
  code: z.string(),
  message: z.string(),
  remedy: z.string(),
});

export const exchangeImport = z
  .object({
    importKey: key,
    profile: z.string(),
    fileName: z.string(),
    region: z.string(),
    correctsKey: key.nullable(),
    /** READING: send the same file again when it stays so. MERGING: rows are being taken in. */
    state: z.enum(['READING', 'MERGING', 'COMPLETED', 'FAILED']),
    /** Rows of the file that are written down. */
    position: z.int(),
    rowsFailed: z.int(),
    rowsCorrected: z.int(),
    rowsRepeated: z.int(),
    rowsTaken: z.int(),
    rowsWaiting: z.int(),
    /** Why the file could not be read to its end. */
    failure: z.object({ code: z.string(), message: z.string(), remedy: z.string() }).nullable(),
    createdBy: z.string(),
    createdAt: dateTime,
    endedAt: dateTime.nullable(),
  })
  .meta({ id: 'ExchangeImport' });
export type ExchangeImport = z.output<typeof exchangeImport>;

/** What a list says against the register, or against itself. */
export const conflictKinds = [
  'NAME_DIFFERS',
  'BIRTH_DATE_DIFFERS',
  'SECOND_NIK',
  'FAMILY_CARD_DIFFERS',
  'DECEASED',
  'FORBIDDEN_OVERLAP',
  'AMOUNT_DIFFERS',
  'HELP_TWICE',
] as const;
export type ConflictKind = (typeof conflictKinds)[number];

const conflict = z.object({
  kind: z.enum(conflictKinds),
  personKey: key.nullable(),
  /** Of help: programme and period of both, and the rule that forbids it. */
  detail: z.record(z.string(), z.json()),
});
export const exchangeReport = z
  .object({
    importKey: key,
    outcomes: z.object({ CREATED: z.int(), MATCHED: z.int(), CONFLICT: z.int(), LEFT: z.int() }),
    conflicts: z.partialRecord(z.enum(conflictKinds), z.int()),
  })
  .meta({ id: 'ExchangeReport' });
export const exchangeRow = z
  .object({
    line: z.int(),
    /** CONFLICT and LEFT wait for a person's decision. */
    outcome: z.enum(['CREATED', 'MATCHED', 'CONFLICT', 'LEFT']),
    /** Who it is, or may be. */
    personKey: key.nullable(),
    score: z.number().nullable(),
    decision: z.enum(['SAME', 'NEW']).nullable(),
    conflicts: z.array(conflict),
  })
  .meta({ id: 'ExchangeRow' });

export const exchangeLimits = {
  /** Faults and rows of one answer; the CSV has all. */
  shown: 1_000,
  /** Rows that cannot be read are kept until they are corrected; past so many the file is refused as a whole. */
  failedRows: 50_000,
} as const;

const importParams = keyParams('importKey');
const afterLine = z.object({
  /** Only lines after this one. */
  afterLine: z.coerce.number().int().min(0).default(0),
});

export const exchangeEndpoints = {
  listExchangeProfiles: endpoint({
    method: 'get',
    path: '/v2/exchange/profiles',
    operationId: 'listExchangeProfiles',
    noun,
    summary: 'The mapping profiles of this installation',
    roles: keepers,
    status: 200,
    ok: z.object({ items: z.array(exchangeProfile) }),
    problems: [],
  }),
  getExchangeTemplate: endpoint({
    method: 'get',
    path: '/v2/exchange/templates/:fileName',
    operationId: 'getExchangeTemplate',
    noun,
    summary: 'An empty .xlsx of a profile (`pkh.xlsx`) with guarded cells and instructions',
    roles: keepers,
    params: z.object({ fileName: z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}\.xlsx$/) }),
    status: 200,
    ok: z.string(),
    okType: workbookType,
    problems: ['notFound'],
  }),
  importList: endpoint({
    method: 'post',
    path: '/v2/exchange/imports',
    operationId: 'importList',
    noun,
    summary:
      'Import a list (the body itself, CSV or XLSX): answers when it is written down; the same file again goes on where it was',
    roles: keepers,
    query: z.object({
      profile: z.string().max(50),
      fileName: z.string().trim().min(1).max(200).default('list.csv'),
      /** Import whose failed rows this file corrects: its CSV of failed rows, put right. */
      corrects: key.optional(),
    }),
    bodyType: 'table',
    status: 202,
    ok: exchangeImport,
    problems: ['notFound', 'unsupportedMediaType', 'tooLarge', 'invalidFile', 'requestInFlight'],
  }),
  listExchangeImports: endpoint({
    method: 'get',
    path: '/v2/exchange/imports',
    operationId: 'listExchangeImports',
    noun,
    summary: 'The latest imports of lists in the own region',
    roles: keepers,
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    status: 200,
    ok: z.object({ items: z.array(exchangeImport) }),
    problems: [],
  }),
  getExchangeImport: endpoint({
    method: 'get',
    path: '/v2/exchange/imports/:importKey',
    operationId: 'getExchangeImport',
    noun,
    summary: 'Progress of an import, with the first faults by line and field',
    roles: keepers,
    params: importParams,
    query: afterLine,
    status: 200,
    ok: exchangeImport.extend({ faults: z.array(exchangeFault) }),
    problems: ['notFound'],
  }),
  getExchangeFailedRows: endpoint({
    method: 'get',
    path: '/v2/exchange/imports/:importKey/failed-rows.csv',
    operationId: 'getExchangeFailedRows',
    noun,
    summary: 'The rows that could not be read, as they stood, each with its reason: to be put right and sent again',
    roles: keepers,
    params: importParams,
    status: 200,
    ok: z.string(),
    okType: 'text/csv',
    problems: ['notFound'],
  }),
  getExchangeReport: endpoint({
    method: 'get',
    path: '/v2/exchange/imports/:importKey/report',
    operationId: 'getExchangeReport',
    noun,
    summary: 'How many rows matched, made a person, are in conflict or left for people; conflicts by kind',
    roles: keepers,
    params: importParams,
    status: 200,
    ok: exchangeReport,
    problems: ['notFound'],
  }),
  listExchangeRows: endpoint({
    method: 'get',
    path: '/v2/exchange/imports/:importKey/rows',
    operationId: 'listExchangeRows',
    noun,
    summary: 'Rows with conflicts or left for people, by line',
    roles: keepers,
    params: importParams,
    query: afterLine,
    status: 200,
    ok: z.object({ items: z.array(exchangeRow) }),
    problems: ['notFound'],
  }),
  getExchangeRows: endpoint({
    method: 'get',
    path: '/v2/exchange/imports/:importKey/rows.csv',
    operationId: 'getExchangeRows',
    noun,
    summary: 'All rows with conflicts or left for people, as CSV',
    roles: keepers,
    params: importParams,
    status: 200,
    ok: z.string(),
    okType: 'text/csv',
    problems: ['notFound'],
  }),
  decideExchangeRow: endpoint({
    method: 'post',
    path: '/v2/exchange/imports/:importKey/rows/:line/decision',
    operationId: 'decideExchangeRow',
    noun,
    summary: 'Say of a row in conflict or left for people whether it is the person it may be, or a new one',
    roles: keepers,
    params: importParams.extend({ line: z.coerce.number().int().min(2) }),
    body: z.strictObject({ decision: z.enum(['SAME', 'NEW']), reason: z.string().trim().min(5).max(500) }),
    status: 204,
    ok: null,
    problems: ['notFound', 'wrongState'],
  }),
};
