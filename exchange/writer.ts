/** Records as a file of a profile, streamed. What looks like a formula is written as text. */
import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import { writtenCell } from './cells.ts';
import type { ExchangeRecord } from './mapping.ts';
import type { MappingProfile } from './profile.ts';
import { cellsSheet, writeWorkbook } from './workbook-writer.ts';
import type { FileCell } from './workbook-writer.ts';

export type Records = AsyncIterable<ExchangeRecord> | Iterable<ExchangeRecord>;

/** Cells of each record, in the order of the profile's columns. */
async function* cellsOf(profile: MappingProfile, records: Records): AsyncGenerator<string[]> {
  for await (const record of records)
    yield profile.columns.map((column) => writtenCell(record[column.field] ?? null, column));
}

/** With a byte order mark: Excel takes a CSV without one for Windows-1252. */
export function writeCsv(
  header: readonly string[],
  rows: AsyncIterable<readonly FileCell[]>,
  delimiter: string,
): Readable {
  const stringifier = stringify({ header: true, columns: [...header], delimiter, bom: true, escape_formulas: true });
  const source = Readable.from(rows);
  source.once('error', (error) => stringifier.destroy(error));
  return source.pipe(stringifier);
}

export function writeRecords(profile: MappingProfile, records: Records): Readable {
  const header = profile.columns.map(({ name }) => name);
  const rows = cellsOf(profile, records);
  return profile.writes.as === 'csv'
    ? writeCsv(header, rows, profile.writes.delimiter)
    : writeWorkbook([cellsSheet('Data', header, rows)]);
}
