/** Imports of lists: the file, how far it is written down, and the rows that could not be read. */
import type { ClientBase } from 'pg';
import type { JsonObject } from '#engine/json.ts';
import { iso } from '../queries/sql.ts';

type Database = Pick<ClientBase, 'query'>;

export type ImportState = 'READING' | 'MERGING' | 'COMPLETED' | 'FAILED';
export interface ExchangeImport {
  readonly importKey: string;
  readonly profile: string;
  readonly fileName: string;
  readonly region: string;
  readonly correctsKey: string | null;
  readonly state: ImportState;
  readonly position: number;
  readonly rowsFailed: number;
  readonly rowsCorrected: number;
  readonly rowsRepeated: number;
  readonly rowsTaken: number;
  readonly rowsWaiting: number;
  readonly failure: { readonly code: string; readonly values: Readonly<Record<string, string | number>> } | null;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}
const selected = `i.key::text as "importKey", i.profile, i.file_name as "fileName", i.region, i.corrects_key::text as "correctsKey", i.state, i.position,
  i.rows_failed as "rowsFailed", i.rows_repeated as "rowsRepeated", i.failure, i.created_by as "createdBy", ${iso('i.created_at')} as "createdAt",
  ${iso('i.ended_at')} as "endedAt",
  (select count(*)::int from exchange_failed_row f where f.import_key = i.key and f.corrected_by is not null) as "rowsCorrected",
  (select count(*)::int from exchange_row r where r.import_key = i.key and r.outcome is not null) as "rowsTaken",
  (select count(*)::int from exchange_row r where r.import_key = i.key and r.outcome is null) as "rowsWaiting"`;

export interface NewImport {
  readonly key: string;
  readonly profile: string;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly region: string;
  readonly header: readonly string[];
  readonly correctsKey: string | null;
  readonly createdBy: string;
}
/** The import of this file by this profile, made on first use; one that failed is read on. */
export async function openImport(
  db: Database,
  given: NewImport,
): Promise<{ readonly key: string; readonly state: ImportState; readonly position: number }> {
  const { rows } = await db.query<{ key: string; state: ImportState; position: number }>(
    `insert into exchange_import as i (key, profile, file_name, file_sha256, region, header, corrects_key, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (profile, file_sha256, region) do update
       set state = case i.state when 'FAILED' then 'READING' else i.state end, failure = null, ended_at = case i.state when 'FAILED' then null else i.ended_at end
     returning key::text, state, position`,
    [
      given.key,
      given.profile,
      given.fileName,
      given.sha256,
      given.region,
      given.header,
      given.correctsKey,
      given.createdBy,
    ],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('an import was neither made nor found');
  return row;
}

/** Holds the import until the transaction ends. false: another process has come further, or it is read. */
export async function holdImportAt(db: Database, key: string, position: number): Promise<boolean> {
  const { rows } = await db.query<{ isOurs: boolean }>(
    `select state = 'READING' and position = $2 as "isOurs" from exchange_import where key = $1 for update`,
    [key, position],
  );
  return rows[0]?.isOurs === true;
}

export interface ReadCounts {
  readonly read: number;
  readonly failed: number;
  readonly repeated: number;
}
export async function advanceImport(db: Database, key: string, { read, failed, repeated }: ReadCounts): Promise<void> {
  await db.query(
    `update exchange_import set position = position + $2, rows_failed = rows_failed + $3, rows_repeated = rows_repeated + $4 where key = $1`,
    [key, read, failed, repeated],
  );
}
/** Its file is read: a worker takes the rows in. */
export async function beginMerging(db: Database, key: string): Promise<void> {
  await db.query("update exchange_import set state = 'MERGING' where key = $1 and state = 'READING'", [key]);
}
export async function failImport(db: Database, key: string, failure: JsonObject): Promise<void> {
  await db.query(
    "update exchange_import set state = 'FAILED', failure = $2, ended_at = now() where key = $1 and state = 'READING'",
    [key, JSON.stringify(failure)],
  );
}

export interface FailedRow {
  readonly line: number;
  readonly faults: readonly JsonObject[];
  readonly content: Buffer;
}
export async function insertFailedRows(db: Database, key: string, rows: readonly FailedRow[]): Promise<void> {
  await db.query(
    `insert into exchange_failed_row (import_key, line, faults, content)
     select $1, line, faults, content from unnest($2::int[], $3::jsonb[], $4::bytea[]) as given (line, faults, content)`,
    [
      key,
      rows.map(({ line }) => line),
      rows.map(({ faults }) => JSON.stringify(faults)),
      rows.map(({ content }) => content),
    ],
  );
}
/** Their texts are no longer needed. */
export async function markCorrected(
  db: Database,
  correctsKey: string,
  byKey: string,
  lines: readonly number[],
): Promise<void> {
  await db.query(
    `update exchange_failed_row set corrected_by = $2, content = null where import_key = $1 and line = any($3::int[]) and corrected_by is null`,
    [correctsKey, byKey, lines],
  );
}
export interface OpenFailedRow {
  readonly line: number;
  readonly faults: readonly {
    readonly field: string;
    readonly code: string;
    readonly values: Readonly<Record<string, string | number>>;
  }[];
  readonly content: Buffer;
}
/** Failed rows that no file has corrected, after a line. */
export async function findFailedRows(
  db: Database,
  key: string,
  afterLine: number,
  most: number,
): Promise<readonly OpenFailedRow[]> {
  const { rows } = await db.query<OpenFailedRow>(
    `select line, faults, content from exchange_failed_row
      where import_key = $1 and line > $2 and corrected_by is null order by line limit $3`,
    [key, afterLine, most],
  );
  return rows;
}

export async function findImport(db: Database, key: string): Promise<ExchangeImport | null> {
  const { rows } = await db.query<ExchangeImport>(`select ${selected} from exchange_import i where i.key = $1`, [key]);
  return rows[0] ?? null;
}
export async function findHeader(db: Database, key: string): Promise<readonly string[] | null> {
  const { rows } = await db.query<{ header: string[] }>('select header from exchange_import where key = $1', [key]);
  return rows[0]?.header ?? null;
}
export async function findImports(db: Database, most: number): Promise<readonly ExchangeImport[]> {
  const { rows } = await db.query<ExchangeImport>(
    `select ${selected} from exchange_import i order by i.key desc limit $1`,
    [most],
  );
  return rows;
}
