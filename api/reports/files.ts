/** A report as CSV, workbook and paper. */
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import type { Response } from 'express';
import { workbookType } from '#contract/endpoint.ts';
import type { PeriodReport } from '#contract/period-report.ts';
import { wholeCountry } from '#db/region-scope.ts';
import type { PrintOrder } from '#documents/paper.ts';
import { wordingOf } from '#documents/wording.ts';
import { writeCsv } from '#exchange/writer.ts';
import { cellsSheet, writeWorkbook } from '#exchange/workbook-writer.ts';
import type { FileCell } from '#exchange/workbook-writer.ts';
import { zoneOf } from '#registry/calendar.ts';
import type { Locale } from '../texts.ts';
import { reportText } from './words.ts';

const headerOf = ({ dimensions, columns }: PeriodReport): string[] =>
  [...dimensions, ...columns].map(({ label }) => label);

/** Numbers stay numbers; the total comes last. */
async function* cellsOf({ rows, total, dimensions }: PeriodReport, locale: Locale): AsyncGenerator<FileCell[]> {
  const told = (values: readonly (number | null)[]): FileCell[] => values.map((value) => value ?? '');
  for (const { labels, values } of rows) yield [...labels, ...told(values)];
  yield [reportText(locale, 'total'), ...dimensions.slice(1).map(() => ''), ...told(total)];
}
const nameOf = ({ report, region, period }: PeriodReport, ending: string): string =>
  `${report}-${region === wholeCountry ? 'nasional' : region}-${period}.${ending}`;

async function send(response: Response, name: string, type: string, content: Readable | Uint8Array): Promise<void> {
  response.set({
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="${name}"`,
    'Cache-Control': 'no-store',
  });
  if (content instanceof Uint8Array) {
    response.end(content);
    await once(response, 'close');
  } else await pipeline(content, response);
}
export const sendCsv = (response: Response, report: PeriodReport, locale: Locale): Promise<void> => {
  const content = writeCsv(headerOf(report), cellsOf(report, locale), ',');
  return send(response, nameOf(report, 'csv'), 'text/csv; charset=utf-8', content);
};
export const sendWorkbook = (response: Response, report: PeriodReport, locale: Locale): Promise<void> => {
  const sheet = cellsSheet(reportText(locale, 'sheet'), headerOf(report), cellsOf(report, locale));
  return send(response, nameOf(report, 'xlsx'), workbookType, writeWorkbook([sheet]));
};

const zoneNames = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' } as const;

/** What the printer gets. It is a print of figures as they are, not an issued paper: no letterhead, no number, no seal. */
export function paperOf(report: PeriodReport, locale: Locale): PrintOrder {
  const { title, explanation, dimensions, columns, rows, total, isCut, region, regionName, period, readAt } = report;
  const zone = zoneNames[zoneOf(region)];
  const wording = wordingOf(locale, zone);
  const word = (name: string): string => reportText(locale, `paper.${name}`);
  const place = regionName ?? region;
  return {
    paper: {
      kind: 'LAPORAN',
      body: {
        title,
        explanation,
        particulars: [
          [word('region'), place],
          [word('period'), wording.period(period)],
          [word('readAt'), `${wording.date(readAt)}, ${wording.time(readAt)}`],
        ],
        dimensions: dimensions.map(({ label }) => label),
        columns,
        chart: columns.findIndex(({ name }) => name === report.chart),
        rows,
        total,
        isCut,
      },
    },
    office: { lines: [place], address: '', contact: '', place, zone },
    issue: { number: `${place} ${period}`, issuedAt: readAt, verifyUrl: '' },
    language: locale,
  };
}
export const sendPaper = (response: Response, report: PeriodReport, pdf: Uint8Array): Promise<void> =>
  send(response, nameOf(report, 'pdf'), 'application/pdf', pdf);
