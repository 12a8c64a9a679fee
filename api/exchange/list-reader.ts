/**
 * Writes the rows of a list down, some hundred in one transaction with how far it is: a process killed in between has lost nothing, and
 * the same file sent again goes on there. Taking the rows into the register is a worker's.
 */
import type { PoolClient } from 'pg';
import { exchangeLimits } from '#contract/exchange.ts';
import {
  advanceImport,
  beginMerging,
  failImport,
  holdImportAt,
  insertFailedRows,
  markCorrected,
} from '#db/exchange/imports.ts';
import type { FailedRow } from '#db/exchange/imports.ts';
import { identitiesOfImport, insertRows } from '#db/exchange/rows.ts';
import type { NewRow } from '#db/exchange/rows.ts';
import { rowPlace } from '#db/exchange/row-seal.ts';
import type { RowSeal } from '#db/exchange/row-seal.ts';
import { regionCovers } from '#db/region-scope.ts';
import { isRegion } from '#db/regions.ts';
import { FileFault } from '#exchange/fault.ts';
import type { CellFault } from '#exchange/fault.ts';
import type { ExchangeRecord, RowMapper } from '#exchange/mapping.ts';
import { plainHeader } from '#exchange/profile.ts';
import type { MappingProfile } from '#exchange/profile.ts';
import type { Table } from '#exchange/reader.ts';
import type { Row } from '#exchange/row.ts';

/** Column of our CSV of failed rows: the line in the file that failed. */
export const lineColumn = 'BARIS';
/** Rows of one transaction. */
const chunkRows = 500;

export interface ListContext {
  readonly importKey: string;
  readonly correctsKey: string | null;
  /** Of who sent it. */
  readonly region: string;
  readonly profile: MappingProfile;
  readonly map: RowMapper;
  readonly rowSeal: RowSeal;
  readonly db: <T>(work: (db: PoolClient) => Promise<T>) => Promise<T>;
}

/** A row with its meaning, before it is written down. */
interface Read {
  readonly row: Row;
  readonly record: ExchangeRecord | null;
  readonly faults: readonly CellFault[];
}
interface Known extends Read {
  readonly record: ExchangeRecord;
  readonly identity: Buffer;
}
const isKnown = (read: Read | Known): read is Known => 'identity' in read;

class ListReader {
  readonly #context: ListContext;
  readonly #lineColumn: number;
  readonly #villageHeader: string;
  #failed = 0;

  constructor(context: ListContext, header: readonly string[]) {
    this.#context = context;
    this.#lineColumn = header.map(plainHeader).indexOf(lineColumn);
    this.#villageHeader = context.profile.columns.find(({ type }) => type === 'village')?.name ?? '*';
  }

  /** false: another process has come further. */
  async write(rows: readonly Row[], position: number): Promise<boolean> {
    const reads: (Read | Known)[] = [];
    for (const row of rows) reads.push(await this.#read(row));
    return this.#context.db(async (db) => {
      if (!(await holdImportAt(db, this.#context.importKey, position))) return false;
      const { failed, taken, repeated } = await this.#writeKnown(db, reads);
      await this.#writeFailed(db, failed);
      await this.#correct(db, taken);
      await advanceImport(db, this.#context.importKey, { read: rows.length, failed: failed.length, repeated });
      this.#failed += failed.length;
      if (this.#failed > exchangeLimits.failedRows)
        throw new FileFault('tooManyFailed', { most: exchangeLimits.failedRows });
      return true;
    });
  }

  async #read(row: Row): Promise<Read | Known> {
    const { map, profile, rowSeal } = this.#context;
    const { record, faults } = map(row);
    if (record === null) return { row, record, faults };
    const fault = await this.#regionFault(String(record['kodeDesa']));
    if (fault !== null) return { row, record: null, faults: [fault] };
    const name = profile.identity === null ? JSON.stringify(record) : String(record[profile.identity]);
    return { row, record, faults: [], identity: rowSeal.identity(profile.id, name) };
  }
  async #regionFault(village: string): Promise<CellFault | null> {
    const code = !regionCovers(this.#context.region, village)
      ? 'outsideRegion'
      : (await isRegion(village))
        ? null
        : 'villageUnknown';
    return code === null ? null : { field: this.#villageHeader, code, values: { village } };
  }

  async #writeKnown(
    db: PoolClient,
    reads: readonly (Read | Known)[],
  ): Promise<{ readonly failed: readonly Read[]; readonly taken: readonly Row[]; readonly repeated: number }> {
    const { importKey, profile, rowSeal } = this.#context;
    const known = reads.filter(isKnown);
    const rows = known.map(({ row, record, identity }): NewRow => {
      const content = rowSeal.seal(rowPlace(importKey, row.line), record);
      return { line: row.line, identity, region: String(record['kodeDesa']), content };
    });
    const written = await insertRows(db, importKey, profile.id, rows);
    const left = known.filter(({ row }) => !written.has(row.line));
    const ours = await identitiesOfImport(
      db,
      importKey,
      profile.id,
      left.map(({ identity }) => identity),
    );
    const twice = left.filter(({ identity }) => ours.has(identity.toString('hex')));
    const fault: CellFault = { field: this.#identityHeader(), code: 'twiceInFile', values: {} };
    return {
      failed: [
        ...reads.filter((read) => !isKnown(read)),
        ...twice.map(({ row }) => ({ row, record: null, faults: [fault] })),
      ],
      taken: known.filter((read) => !twice.includes(read)).map(({ row }) => row),
      repeated: left.length - twice.length,
    };
  }
  #identityHeader(): string {
    const { columns, identity } = this.#context.profile;
    return columns.find(({ field }) => field === identity)?.name ?? '*';
  }

  async #writeFailed(db: PoolClient, failed: readonly Read[]): Promise<void> {
    const { importKey, rowSeal } = this.#context;
    const rows = failed.map(({ row: { line, cells }, faults }): FailedRow => ({
      line,
      faults: faults.map(({ field, code, values }) => ({ field, code, values })),
      content: rowSeal.seal(
        rowPlace(importKey, line),
        cells.map(({ text }) => text),
      ),
    }));
    if (rows.length > 0) await insertFailedRows(db, importKey, rows);
  }
  /** The rows of the earlier import that these put right. */
  async #correct(db: PoolClient, taken: readonly Row[]): Promise<void> {
    const { correctsKey, importKey } = this.#context;
    if (correctsKey === null || this.#lineColumn < 0) return;
    const lines = taken.map(({ cells }) => Number(cells[this.#lineColumn]?.text)).filter(Number.isSafeInteger);
    await markCorrected(db, correctsKey, importKey, lines);
  }
}

/** Chunks of the rows that are not written down yet. */
async function* chunksAfter(rows: AsyncGenerator<Row>, position: number): AsyncGenerator<readonly Row[]> {
  let skipped = 0;
  let chunk: Row[] = [];
  for await (const row of rows) {
    if (skipped < position) {
      skipped += 1;
      continue;
    }
    chunk.push(row);
    if (chunk.length < chunkRows) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Reads the table to its end. 'elsewhere': another process is reading the same file. A fault of the file is kept with the import, which then is FAILED. */
export async function readList(table: Table, position: number, context: ListContext): Promise<'read' | 'elsewhere'> {
  const reader = new ListReader(context, table.header);
  let at = position;
  try {
    for await (const rows of chunksAfter(table.rows, position)) {
      if (!(await reader.write(rows, at))) return 'elsewhere';
      at += rows.length;
    }
    await context.db((db) => beginMerging(db, context.importKey));
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    const { code, values } = error;
    await context.db((db) => failImport(db, context.importKey, { code, values }));
  }
  return 'read';
}
