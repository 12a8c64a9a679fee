/** Rows of lists that could be read: written down by the API, taken in by a worker, looked at by people. */
import type { ClientBase } from 'pg';
import type { JsonObject } from '#engine/json.ts';

type Database = Pick<ClientBase, 'query'>;

export interface NewRow {
  readonly line: number;
  readonly identity: Buffer;
  readonly region: string;
  readonly content: Buffer;
}
/** Lines written down; a row that its list has brought before is not. */
export async function insertRows(
  db: Database,
  importKey: string,
  profile: string,
  rows: readonly NewRow[],
): Promise<ReadonlySet<number>> {
  const { rows: written } = await db.query<{ line: number }>(
    `insert into exchange_row (import_key, line, profile, identity, region, content)
     select $1, line, $2, identity, region, content from unnest($3::int[], $4::bytea[], $5::text[], $6::bytea[]) as given (line, identity, region, content)
     on conflict (profile, identity) do nothing returning line`,
    [
      importKey,
      profile,
      rows.map(({ line }) => line),
      rows.map(({ identity }) => identity),
      rows.map(({ region }) => region),
      rows.map(({ content }) => content),
    ],
  );
  return new Set(written.map(({ line }) => line));
}
/** Of these identities, those that this import has brought, in hex. */
export async function identitiesOfImport(
  db: Database,
  importKey: string,
  profile: string,
  identities: readonly Buffer[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ identity: string }>(
    `select encode(identity, 'hex') as identity from exchange_row where profile = $2 and identity = any($3::bytea[]) and import_key = $1`,
    [importKey, profile, identities],
  );
  return new Set(rows.map(({ identity }) => identity));
}

export type Outcome = 'CREATED' | 'MATCHED' | 'CONFLICT' | 'LEFT';
export interface WaitingRow {
  readonly line: number;
  readonly region: string;
  readonly content: Buffer;
  readonly decision: 'SAME' | 'NEW' | null;
  /** Whom a person said it to be, with decision SAME. */
  readonly personKey: string | null;
}
/** The oldest import with rows to take in, held until the transaction ends; null: there is none, or another worker has it. */
export async function holdMergingImport(
  db: Database,
): Promise<{ readonly key: string; readonly profile: string; readonly createdBy: string } | null> {
  const { rows } = await db.query<{ key: string; profile: string; createdBy: string }>(
    `select key::text, profile, created_by as "createdBy" from exchange_import where state = 'MERGING' order by key limit 1 for update skip locked`,
  );
  return rows[0] ?? null;
}
export async function findWaitingRows(db: Database, importKey: string, most: number): Promise<readonly WaitingRow[]> {
  const { rows } = await db.query<WaitingRow>(
    `select line, region, content, decision, person_key::text as "personKey" from exchange_row
      where import_key = $1 and outcome is null order by line limit $2`,
    [importKey, most],
  );
  return rows;
}
export async function completeImport(db: Database, importKey: string): Promise<void> {
  await db.query("update exchange_import set state = 'COMPLETED', ended_at = now() where key = $1", [importKey]);
}

export type Presence = 'HIDUP' | 'MENINGGAL';
export interface TakenRow {
  readonly line: number;
  readonly outcome: Outcome;
  readonly personKey: string | null;
  readonly presence: Presence | null;
  readonly score: number | null;
}
/** A row that people need not look at again loses its text. */
export async function markTaken(db: Database, importKey: string, rows: readonly TakenRow[]): Promise<void> {
  await db.query(
    `update exchange_row r set outcome = given.outcome, person_key = given.person_key, presence = given.presence, score = given.score,
        content = case when given.outcome in ('CONFLICT', 'LEFT') then r.content end
       from unnest($2::int[], $3::text[], $4::bigint[], $5::text[], $6::numeric[]) as given (line, outcome, person_key, presence, score)
      where r.import_key = $1 and r.line = given.line`,
    [
      importKey,
      rows.map(({ line }) => line),
      rows.map(({ outcome }) => outcome),
      rows.map(({ personKey }) => personKey),
      rows.map(({ presence }) => presence),
      rows.map(({ score }) => score),
    ],
  );
}

/** What rows and the register say of whether these people live, by person. */
export async function presencesOf(
  db: Database,
  personKeys: readonly string[],
): Promise<ReadonlyMap<string, readonly Presence[]>> {
  const { rows } = await db.query<{ personKey: string; said: Presence[] }>(
    `select person_key::text as "personKey", array_agg(distinct presence) as said
       from (select person_key, presence from exchange_row
              where person_key = any($1::bigint[]) and presence is not null and outcome in ('CREATED', 'MATCHED')
             union select key, 'MENINGGAL' from person where key = any($1::bigint[]) and deceased_on is not null) known
      group by person_key`,
    [personKeys],
  );
  return new Map(rows.map(({ personKey, said }) => [personKey, said]));
}

export interface NewConflict {
  readonly line: number;
  readonly kind: string;
  readonly region: string;
  readonly personKey: string | null;
  readonly detail: JsonObject;
}
export async function insertConflicts(
  db: Database,
  importKey: string,
  conflicts: readonly NewConflict[],
): Promise<void> {
  await db.query(
    `insert into exchange_conflict (import_key, line, kind, region, person_key, detail)
     select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::bigint[], $6::jsonb[]) on conflict do nothing`,
    [
      importKey,
      conflicts.map(({ line }) => line),
      conflicts.map(({ kind }) => kind),
      conflicts.map(({ region }) => region),
      conflicts.map(({ personKey }) => personKey),
      conflicts.map(({ detail }) => JSON.stringify(detail)),
    ],
  );
}

export interface Report {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** By kind. */
  readonly conflicts: Readonly<Record<string, number>>;
}
export async function reportOf(db: Database, importKey: string): Promise<Report> {
  const { rows } = await db.query<{ report: Report }>(
    `select json_build_object(
       'outcomes', (select json_build_object('CREATED', count(*) filter (where outcome = 'CREATED'), 'MATCHED', count(*) filter (where outcome = 'MATCHED'),
                      'CONFLICT', count(*) filter (where outcome = 'CONFLICT'), 'LEFT', count(*) filter (where outcome = 'LEFT'))
                      from exchange_row where import_key = $1),
       'conflicts', (select coalesce(json_object_agg(kind, count), '{}') from (select kind, count(*) from exchange_conflict where import_key = $1 group by kind order by kind) by_kind)
     ) as report`,
    [importKey],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a report without a row');
  return row.report;
}

export interface ReportedRow {
  readonly line: number;
  readonly outcome: Outcome;
  readonly personKey: string | null;
  readonly score: number | null;
  readonly decision: 'SAME' | 'NEW' | null;
  readonly conflicts: readonly {
    readonly kind: string;
    readonly personKey: string | null;
    readonly detail: JsonObject;
  }[];
}
/** Rows in conflict or left for people, after a line. */
export async function findReportedRows(
  db: Database,
  importKey: string,
  afterLine: number,
  most: number,
): Promise<readonly ReportedRow[]> {
  const { rows } = await db.query<ReportedRow>(
    `select r.line, r.outcome, r.person_key::text as "personKey", r.score::float8 as score, r.decision, coalesce(c.conflicts, '[]') as conflicts
       from exchange_row r
       left join (select line, json_agg(json_build_object('kind', kind, 'personKey', person_key::text, 'detail', detail) order by kind) as conflicts
                    from exchange_conflict where import_key = $1 and line > $2 group by line) c on c.line = r.line
      where r.import_key = $1 and r.line > $2 and (r.outcome = 'LEFT' or c.line is not null)
      order by r.line limit $3`,
    [importKey, afterLine, most],
  );
  return rows;
}

/** Puts a row that is in conflict or left for people before the worker again, with what a person said. null: there is no such row. */
export async function decideRow(
  db: Database,
  decision: { readonly importKey: string; readonly line: number; readonly as: 'SAME' | 'NEW'; readonly by: string },
): Promise<string | null> {
  const { rows } = await db.query<{ region: string }>(
    `update exchange_row set outcome = null, decision = $3, decided_by = $4, decided_at = now()
      where import_key = $1 and line = $2 and outcome in ('CONFLICT', 'LEFT') and decision is null returning region`,
    [decision.importKey, decision.line, decision.as, decision.by],
  );
  const [row] = rows;
  if (row === undefined) return null;
  await db.query("update exchange_import set state = 'MERGING' where key = $1", [decision.importKey]);
  return row.region;
}
