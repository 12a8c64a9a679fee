/** Reports by region and period: figures, and the cases behind each of them. Counts only; nothing here names a person. */
import { z } from 'zod';
import { period } from './document.ts';
import { endpoint, workbookType } from './endpoint.ts';
import { dateTime, key, regionCode } from './values.ts';

export const reportNames = [
  'funnel',
  'delays',
  'returns',
  'overlap',
  'estimate',
  'scorecard',
  'programmes',
  'payments',
] as const;
export type ReportName = (typeof reportNames)[number];

export const periodReportLimits = {
  /** Rows on screen and on paper; a cut report says so. */
  shownRows: 500,
  /** Rows of a CSV or XLSX. */
  fileRows: 20_000,
  /** Cases of one answer. */
  cases: 200,
} as const;

/** Who answers for a region's work, and systems that gather reports. Amounts: api/amounts.ts. */
const readers = ['supervisor', 'administrator', 'integration'] as const;
const noun = 'Report';

const reportLine = z.object({
  report: z.enum(reportNames),
  title: z.string(),
  /** What it counts, and what not. */
  explanation: z.string(),
});
const named = z.object({ name: z.string(), label: z.string() });
export const periodReport = reportLine
  .extend({
    region: z.string(),
    /** null: the whole country, or a code that has no name. */
    regionName: z.string().nullable(),
    period: z.string(),
    /** What makes a row; the area first when it is asked for. */
    dimensions: z.array(named),
    /** `percent` 0 to 100; `amount` whole rupiah, only for those who may see amounts. */
    columns: z.array(named.extend({ unit: z.enum(['count', 'days', 'percent', 'amount']) })),
    /** Column to draw. */
    chart: z.string(),
    rows: z.array(
      z.object({
        /** Names the row when its cases are asked for. */
        key: z.string(),
        labels: z.array(z.string()),
        /** In the order of the columns; null: nothing to tell. */
        values: z.array(z.number().nullable()),
      }),
    ),
    /** Rows are left out; a smaller region, or the file, has them. */
    isCut: z.boolean(),
    total: z.array(z.number().nullable()),
    readAt: dateTime,
  })
  .meta({ id: 'PeriodReport' });
export type PeriodReport = z.output<typeof periodReport>;

const params = z.object({ report: z.enum(reportNames) });
const scope = z.object({
  /** Default: the caller's. */
  region: regionCode.optional(),
  /** A month or a quarter. */
  period,
  /** `area`: one row per area of the next level, too. */
  by: z.enum(['all', 'area']).default('all'),
});
export type PeriodReportScope = z.output<typeof scope>;

export const periodReportEndpoints = {
  listReports: endpoint({
    method: 'get',
    path: '/v2/reports',
    operationId: 'listReports',
    noun,
    summary: 'The reports there are',
    roles: readers,
    status: 200,
    ok: z.object({ items: z.array(reportLine) }),
    problems: [],
  }),
  getReport: endpoint({
    method: 'get',
    path: '/v2/reports/:report',
    operationId: 'getReport',
    noun,
    summary: 'A report of a region and a period',
    roles: readers,
    params,
    query: scope,
    status: 200,
    ok: periodReport,
    problems: [],
  }),
  listReportCases: endpoint({
    method: 'get',
    path: '/v2/reports/:report/cases',
    operationId: 'listReportCases',
    noun,
    summary: 'What lies behind a figure of a report: as many as it counts',
    roles: readers,
    params,
    query: scope.extend({
      /** `key` of the row; absent: the total. */
      row: z.string().max(500).optional(),
      column: z.string().max(100),
      /** `next` of the answer before. */
      after: z.string().max(200).default(''),
    }),
    status: 200,
    ok: z.object({
      title: z.string(),
      columnLabel: z.string(),
      rowLabels: z.array(z.string()),
      items: z.array(
        z.object({
          /** null: help that came with a list; there is no case of it. */
          caseKey: key.nullable(),
          /** Number people know it by. */
          number: z.string().nullable(),
          personKey: key.nullable(),
          region: z.string(),
          regionName: z.string().nullable(),
        }),
      ),
      next: z.string().nullable(),
    }),
    problems: [],
  }),
  getReportCsv: endpoint({
    method: 'get',
    path: '/v2/reports/:report/csv',
    operationId: 'getReportCsv',
    noun,
    summary: 'A report as CSV',
    roles: readers,
    params,
    query: scope,
    status: 200,
    ok: z.string(),
    okType: 'text/csv',
    problems: [],
  }),
  getReportXlsx: endpoint({
    method: 'get',
    path: '/v2/reports/:report/xlsx',
    operationId: 'getReportXlsx',
    noun,
    summary: 'A report as a workbook',
    roles: readers,
    params,
    query: scope,
    status: 200,
    ok: z.string(),
    okType: workbookType,
    problems: [],
  }),
  getReportPdf: endpoint({
    method: 'get',
    path: '/v2/reports/:report/pdf',
    operationId: 'getReportPdf',
    noun,
    summary: 'A report on paper, with its chart',
    roles: readers,
    params,
    query: scope,
    status: 200,
    ok: z.string(),
    okType: 'application/pdf',
    problems: [],
  }),
};
