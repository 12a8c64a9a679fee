/** Rows that people put right or decide about, as cells of a CSV. */
import { z } from 'zod';
import type { OpenFailedRow } from '#db/exchange/imports.ts';
import type { ReportedRow } from '#db/exchange/rows.ts';
import { rowPlace } from '#db/exchange/row-seal.ts';
import type { RowSeal } from '#db/exchange/row-seal.ts';
import { cellFaultText, textsOf } from '../texts.ts';
import type { Locale } from '../texts.ts';
import { lineColumn } from './list-reader.ts';

/** Why the row failed, for who puts it right; not read when it comes back. */
const reasonColumn = 'ALASAN_GAGAL';
const ours = (name: string): boolean => name === lineColumn || name === reasonColumn;

/** The file's own columns between the line, which says what is put right, and the reason. */
export const failedRowHeader = (header: readonly string[]): string[] => [
  lineColumn,
  ...header.filter((name) => !ours(name)),
  reasonColumn,
];
const cellTexts = z.array(z.string());

export async function* failedRowCells(
  rows: AsyncIterable<OpenFailedRow>,
  file: {
    readonly header: readonly string[];
    readonly importKey: string;
    readonly rowSeal: RowSeal;
    readonly locale: Locale;
  },
): AsyncGenerator<string[]> {
  const { header, importKey, rowSeal, locale } = file;
  const places = header.flatMap((name, index) => (ours(name) ? [] : [index]));
  for await (const { line, faults, content } of rows) {
    const cells = cellTexts.parse(rowSeal.open(rowPlace(importKey, line), content));
    const reasons = faults.map(({ field, code, values }) => {
      const { message, remedy } = cellFaultText(locale, code, values);
      return `${field}: ${message} ${remedy}`;
    });
    yield [String(line), ...places.map((index) => cells[index] ?? ''), reasons.join(' | ')];
  }
}

export const reportedRowHeader = (locale: Locale): string[] => Object.values(textsOf(locale).exchange.report);
export async function* reportedRowCells(rows: AsyncIterable<ReportedRow>, locale: Locale): AsyncGenerator<string[]> {
  const { outcomes, conflicts: kinds } = textsOf(locale).exchange;
  for await (const { line, outcome, personKey, score, conflicts } of rows) {
    const told = conflicts.map(({ kind, detail }) => {
      const words = (kinds as Readonly<Record<string, string>>)[kind] ?? kind;
      const details = Object.values(detail).map(String).join(', ');
      return details === '' ? words : `${words} (${details})`;
    });
    yield [String(line), outcomes[outcome], personKey ?? '', score === null ? '' : String(score), told.join(' | ')];
  }
}
