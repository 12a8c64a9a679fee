/** What becomes of published versions: which one new instances take, suspension, deletion. All need a reader of the whole country. */
import type { ClientBase } from 'pg';

type Database = Pick<ClientBase, 'query'>;

export interface VersionName {
  readonly processId: string;
  readonly version: number;
}

/** One change of definitions at a time, deployments included; the lock ends with the transaction. */
const oneAtATime = (db: Database): Promise<unknown> =>
  db.query("select pg_advisory_xact_lock(hashtextextended('deployment', 0))");

async function newestOf(db: Database, processId: string): Promise<string | null> {
  const { rows } = await db.query<{ key: string }>(
    'select key::text from newest_process_definition where process_id = $1',
    [processId],
  );
  return rows[0]?.key ?? null;
}
async function versionOf(db: Database, key: string): Promise<VersionName | null> {
  const { rows } = await db.query<VersionName>(
    'select process_id as "processId", version from process_definition where key = $1 and deleted_at is null',
    [key],
  );
  return rows[0] ?? null;
}

export interface Declared extends VersionName {
  /** The version that was the latest until now. */
  readonly before: string | null;
}
/** New instances take this version until another is published or declared; null: there is no such version. */
export async function declareLatest(db: Database, key: string): Promise<Declared | null> {
  await oneAtATime(db);
  const found = await versionOf(db, key);
  if (found === null) return null;
  const before = await newestOf(db, found.processId);
  await db.query(
    `insert into declared_version (process_id, definition_key) values ($1, $2)
     on conflict (process_id) do update set definition_key = excluded.definition_key`,
    [found.processId, key],
  );
  return { ...found, before };
}

export interface Suspension extends VersionName {
  /** false: it was like this before. */
  readonly isChanged: boolean;
  /** When it was suspended, epoch milliseconds; null: it was not. */
  readonly sinceMs: number | null;
}
/** @param reason null: the version starts instances again. Returns null when there is no such version. */
export async function suspendVersion(db: Database, key: string, reason: string | null): Promise<Suspension | null> {
  await oneAtATime(db);
  const found = await versionOf(db, key);
  if (found === null) return null;
  const { rows } = await db.query<{ sinceMs: number | null }>(
    `with before as (select (extract(epoch from suspended_at) * 1000)::float8 as "sinceMs" from process_definition where key = $1),
       changed as (update process_definition set suspended_at = case when $2::text is null then null else coalesce(suspended_at, now()) end,
         suspended_reason = $2 where key = $1)
     select "sinceMs" from before`,
    [key, reason],
  );
  const sinceMs = rows[0]?.sinceMs ?? null;
  return { ...found, sinceMs, isChanged: (sinceMs === null) !== (reason === null) };
}

/** Instances that run on a version. */
export interface DefinitionUses {
  readonly active: number;
  readonly withIncident: number;
}
export interface Deletion extends VersionName {
  /** More than none: nothing was deleted. */
  readonly uses: DefinitionUses;
  /** The version that new instances take from now on, if it was this one before; null: there is none such. */
  readonly heir: string | null;
}
/** Deletes a version of a process on which nothing runs; null: there is no such version. */
export async function deleteDefinition(db: Database, key: string): Promise<Deletion | null> {
  await oneAtATime(db);
  const found = await versionOf(db, key);
  if (found === null) return null;
  const { rows } = await db.query<DefinitionUses>(
    `select count(*)::int as active, count(*) filter (where incident_count > 0)::int as "withIncident"
       from instance where definition_key = $1 and state = 'ACTIVE'`,
    [key],
  );
  const uses = rows[0] ?? { active: 0, withIncident: 0 };
  if (uses.active > 0) return { ...found, uses, heir: null };
  const before = await newestOf(db, found.processId);
  await db.query('delete from declared_version where definition_key = $1', [key]);
  await db.query('update process_definition set deleted_at = now() where key = $1', [key]);
  return { ...found, uses, heir: before === key ? await newestOf(db, found.processId) : null };
}
