/** Which version of a process starts, and under which key. */
import type { Pool } from 'pg';
import { keyOfNumber } from '#engine/keys.ts';
import type { CallBinding } from '#engine/model.ts';

export interface StartDefinition {
  readonly definitionKey: string;
  readonly version: number;
  /** Name of the compiled model, hexadecimal. */
  readonly modelSha256: string;
  /** At most one active instance per business key. */
  readonly uniqueBusinessKey: boolean;
  /** Why the version starts nothing; null: it does. */
  readonly suspendedReason: string | null;
}
interface DefinitionRow {
  readonly key: string;
  readonly version: number;
  readonly model_sha256: Buffer;
  readonly unique_business_key: boolean;
  readonly suspended_reason: string | null;
}
const columns = 'd.key, d.version, d.model_sha256, d.unique_business_key, d.suspended_reason';
const definitionOf = (row: DefinitionRow): StartDefinition => ({
  definitionKey: row.key,
  version: row.version,
  modelSha256: row.model_sha256.toString('hex'),
  uniqueBusinessKey: row.unique_business_key,
  suspendedReason: row.suspended_reason,
});

export async function latestDefinition(pool: Pool, processId: string): Promise<StartDefinition | null> {
  const { rows } = await pool.query<DefinitionRow>(
    `select ${columns} from newest_process_definition d where process_id = $1`,
    [processId],
  );
  return rows[0] === undefined ? null : definitionOf(rows[0]);
}

/** The version, while it is the newest of its process; null: a newer one has taken over, or it was deleted. */
export async function newestDefinition(pool: Pool, definitionKey: string): Promise<StartDefinition | null> {
  const { rows } = await pool.query<DefinitionRow>(
    `select ${columns} from newest_process_definition d where key = $1`,
    [definitionKey],
  );
  return rows[0] === undefined ? null : definitionOf(rows[0]);
}

export interface CalledProcess {
  readonly processId: string;
  readonly binding: CallBinding;
  readonly versionTag: string | null;
  /** Number, with binding `version`. */
  readonly version: number | null;
  readonly callerDefinitionKey: string;
}
/**
 * The version a call activity means: the newest, the one that came with the caller's deployment (what a deployment leaves unchanged keeps
 * its earlier row), one by its number, or the newest with a tag.
 */
export async function calledDefinition(
  pool: Pool,
  { processId, binding, versionTag, version, callerDefinitionKey }: CalledProcess,
): Promise<StartDefinition | null> {
  if (binding === 'latest') return latestDefinition(pool, processId);
  const { rows } = await pool.query<DefinitionRow>(
    `select ${columns} from process_definition d
     where process_id = $1 and deleted_at is null and case $2
       when 'versionTag' then version_tag = $3
       when 'version' then version = $5
       else deployment_key <= (select deployment_key from process_definition where key = $4) end
     order by version desc limit 1`,
    [processId, binding, versionTag, callerDefinitionKey, version],
  );
  return rows[0] === undefined ? null : definitionOf(rows[0]);
}

export async function newInstanceKey(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ number: string }>("select nextval('instance_number') as number");
  return keyOfNumber(BigInt(rows[0]?.number ?? 0));
}
/** So many new public keys. */
export async function newKeys(pool: Pool, count: number): Promise<readonly string[]> {
  const { rows } = await pool.query<{ number: string }>(
    "select nextval('instance_number') as number from generate_series(1, $1)",
    [count],
  );
  return rows.map(({ number }) => keyOfNumber(BigInt(number)));
}

/** How many instances called each other down to this one; at most `limit` are counted. */
export async function callDepth(pool: Pool, instanceKey: string, limit: number): Promise<number> {
  const { rows } = await pool.query<{ depth: number }>(
    `with recursive caller as (
       select parent_key, 1 as depth from instance where key = $1
       union all
       select i.parent_key, caller.depth + 1 from caller join instance i on i.key = caller.parent_key where caller.depth < $2)
     select max(depth) as depth from caller`,
    [instanceKey, limit],
  );
  return rows[0]?.depth ?? 0;
}

export interface MessageStart extends StartDefinition {
  readonly processId: string;
  readonly startElement: string;
  readonly startPart: number;
}
/** Start events of newest versions that wait for this message. */
export async function messageStarts(pool: Pool, messageName: string): Promise<readonly MessageStart[]> {
  const { rows } = await pool.query<DefinitionRow & { process_id: string; element_id: string; part: number }>(
    `select distinct on (d.process_id) ${columns}, d.process_id, t."elementId" as element_id, t.part
     from newest_process_definition d, jsonb_to_recordset(d.start_triggers) as t(type text, name text, "elementId" text, part integer)
     where t.type = 'message' and t.name = $1`,
    [messageName],
  );
  return rows.map((row) => ({
    ...definitionOf(row),
    processId: row.process_id,
    startElement: row.element_id,
    startPart: row.part,
  }));
}

/** Names of the messages that start the newest version of a process. */
export async function messageStartNames(pool: Pool, processId: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select distinct t.name from newest_process_definition d, jsonb_to_recordset(d.start_triggers) as t(type text, name text)
      where d.process_id = $1 and t.type = 'message'`,
    [processId],
  );
  return rows.map(({ name }) => name);
}

/** Whether the instance is in the read model: it was started before. */
export async function hasStarted(pool: Pool, instanceKey: string): Promise<boolean> {
  const { rowCount } = await pool.query('select from instance where key = $1', [instanceKey]);
  return rowCount === 1;
}

/** The key of the instance that a message, a signal or a due time starts of a process: made once, then always the same. */
export async function startedInstanceKey(pool: Pool, source: string, processId: string): Promise<string> {
  const find = async (): Promise<string | undefined> => {
    const { rows } = await pool.query<{ instance_key: string }>(
      'select instance_key from started_instance where source = $1 and process_id = $2',
      [source, processId],
    );
    return rows[0]?.instance_key;
  };
  const known = await find();
  if (known !== undefined) return known;
  const key = await newInstanceKey(pool);
  const { rowCount } = await pool.query(
    'insert into started_instance (source, process_id, instance_key) values ($1, $2, $3) on conflict do nothing',
    [source, processId, key],
  );
  return rowCount === 1 ? key : ((await find()) ?? key);
}
