/** Data rows of a file under its header, whatever kind of file it is. */
import { open } from 'node:fs/promises';
import { readCsv } from './csv-reader.ts';
import { FileFault } from './fault.ts';
import { fileLimits } from './limits.ts';
import { isBlank } from './row.ts';
import type { Row } from './row.ts';
import { readWorkbook } from './workbook-reader.ts';

/** A zip archive begins with PK 03 04. */
async function isWorkbook(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.readUInt32BE() === 0x504b0304;
  } finally {
    await handle.close();
  }
}

export interface Table {
  readonly header: readonly string[];
  /** In order, without blank ones. */
  readonly rows: AsyncGenerator<Row>;
}

async function* dataRows(rows: AsyncGenerator<Row>): AsyncGenerator<Row> {
  let count = 0;
  for await (const row of rows) {
    if (isBlank(row)) continue;
    count += 1;
    if (count > fileLimits.rows) throw new FileFault('tooManyRows', { most: fileLimits.rows });
    yield row;
  }
}

/** Throws FileFault, here or while the rows are read. The caller ends `rows`. */
export async function readTable(file: string): Promise<Table> {
  const rows = (await isWorkbook(file)) ? readWorkbook(file) : readCsv(file);
  const first = await rows.next();
  if (first.done === true || isBlank(first.value)) throw new FileFault('empty');
  const header = first.value.cells.map(({ text }) => text.trim());
  if (header.length > fileLimits.columns)
    throw new FileFault('tooManyColumns', { line: first.value.line, most: fileLimits.columns });
  return { header, rows: dataRows(rows) };
}
