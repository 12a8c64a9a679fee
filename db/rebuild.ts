/**
 * The read model made again from facts alone: beside the live rows, to compare the two, or in their place while the case goes on. Both use
 * the projections' own statements on temporary tables that hide the real ones for one transaction.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase, Pool } from 'pg';
import type { Json, JsonObject } from '#engine/json.ts';
import { transaction } from './pool.ts';
import { changesOf, projectedTables } from './projections/all.ts';
import { rowsOf } from './projections/projection.ts';
import type { Change, FactOfCommand, InstanceHeader } from './projections/projection.ts';
import { storableJson } from './storable-json.ts';
import { factsOf } from './stored-facts.ts';

type Database = Pick<ClientBase, 'query'>;

/** `parked_job` is no projection, but one of them deletes from it: the shadow must not reach the real one. */
const shadowed = ['instance', ...projectedTables, 'parked_job'] as const;
export type ProjectedTable = 'instance' | (typeof projectedTables)[number];
const compared: readonly ProjectedTable[] = ['instance', ...projectedTables];
const ownerColumn = (table: ProjectedTable): string => (table === 'instance' ? 'key' : 'instance_key');

/** How often a rebuild is tried that meets a step of the case in the middle. */
const attempts = 20;
/** It gives way: shorter than PostgreSQL takes to find the deadlock, of which the step could be the victim. */
const patienceMs = 250;
const pauseMs = 40;
const givenWay = new Set(['40P01', '55P03']);

async function createShadows(db: Database): Promise<void> {
  for (const table of shadowed)
    await db.query(
      `create temp table ${table} (like public.${table} including defaults including indexes) on commit drop`,
    );
}

/** What all facts of an instance come to, in order. From a migration on its rows carry another definition. */
export function replayedChanges(facts: readonly FactOfCommand[]): readonly Change[] {
  const start = facts[0]?.fact;
  if (start?.type !== 'instanceStarted') return [];
  const { instanceKey, processId, businessKey, region } = start;
  let header: InstanceHeader = {
    instanceKey,
    processId,
    definitionKey: start.definitionKey,
    businessKey,
    region: region ?? '',
  };
  const changes: Change[] = [];
  let from = 0;
  for (const [index, { fact }] of facts.entries()) {
    if (fact.type !== 'instanceMigrated') continue;
    changes.push(...changesOf(header, facts.slice(from, index)));
    header = { ...header, definitionKey: fact.definitionKey };
    from = index;
  }
  return [...changes, ...changesOf(header, facts.slice(from))];
}

async function fillShadows(db: Database, facts: readonly FactOfCommand[]): Promise<void> {
  for (const { sql, columns, rows } of replayedChanges(facts))
    await db.query(sql(rowsOf(1, columns)), [storableJson(rows)]);
}

interface TableShape {
  readonly columns: readonly string[];
  readonly primaryKey: readonly string[];
}
async function shapeOf(db: Database, table: ProjectedTable): Promise<TableShape> {
  const { rows } = await db.query<{ name: string; is_key: boolean }>(
    `select a.attname as name, coalesce(a.attnum = any(i.indkey), false) as is_key
       from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
      where a.attrelid = ('public.' || $1)::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [table],
  );
  return {
    columns: rows.map(({ name }) => name),
    primaryKey: rows.filter(({ is_key }) => is_key).map(({ name }) => name),
  };
}
const sameKey = ({ primaryKey }: TableShape): string =>
  primaryKey.map((column) => `l.${column} = s.${column}`).join(' and ');

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : JSON.stringify(value));

export interface RowDifference {
  readonly instanceKey: string;
  readonly table: ProjectedTable;
  /** Its primary key. */
  readonly row: Readonly<Record<string, string>>;
  /** `missing`: facts have made it, it is not there; `extra`: no fact has. */
  readonly kind: 'missing' | 'extra' | 'differs';
  /** Names of the columns that differ. */
  readonly columns: readonly string[];
}

/** Rows of the instances that are not what their facts come to. One snapshot: cases may go on. */
export const compareRows = (pool: Pool, instanceKeys: readonly string[]): Promise<readonly RowDifference[]> =>
  transaction(pool, async (client) => {
    await client.query('set transaction isolation level repeatable read');
    const facts = await factsOf(client, instanceKeys);
    await createShadows(client);
    for (const each of facts.values()) await fillShadows(client, each);
    const found: RowDifference[] = [];
    for (const table of compared) found.push(...(await differencesIn(client, table, instanceKeys)));
    return found;
  });

interface DifferingRow {
  readonly instance_key: string;
  readonly live: JsonObject | null;
  readonly shadow: JsonObject | null;
}
async function differencesIn(
  db: Database,
  table: ProjectedTable,
  instanceKeys: readonly string[],
): Promise<readonly RowDifference[]> {
  const shape = await shapeOf(db, table);
  const owner = ownerColumn(table);
  const { rows } = await db.query<DifferingRow>(
    `select coalesce(l.${owner}, s.${owner})::text as instance_key, to_jsonb(l) as live, to_jsonb(s) as shadow
       from (select * from public.${table} where ${owner} = any($1::bigint[])) l full join pg_temp.${table} s on ${sameKey(shape)}
      where l is distinct from s order by 1 limit 1000`,
    [instanceKeys],
  );
  return rows.map(({ instance_key: instanceKey, live, shadow }) => {
    const any = live ?? shadow ?? {};
    return {
      instanceKey,
      table,
      row: Object.fromEntries(shape.primaryKey.map((column) => [column, textOf(any[column])])),
      kind: live === null ? 'missing' : shadow === null ? 'extra' : 'differs',
      columns:
        live === null || shadow === null
          ? []
          : shape.columns.filter((column) => JSON.stringify(live[column]) !== JSON.stringify(shadow[column])),
    };
  });
}

/**
 * Puts an instance's rows right in the caller's transaction, touching only those that are wrong. Every step of a case changes its row in
 * `instance`: with that row locked no step comes in between, and one that waits for it goes on from what it finds then.
 */
export async function projectAnew(db: Database, instanceKey: string): Promise<void> {
  await db.query('select from public.instance where key = $1 for update', [instanceKey]);
  await db.query(`set local lock_timeout = ${patienceMs}`);
  const facts = (await factsOf(db, [instanceKey])).get(instanceKey) ?? [];
  await createShadows(db);
  await fillShadows(db, facts);
  for (const table of compared) {
    const shape = await shapeOf(db, table);
    const columns = shape.columns.join(', ');
    await db.query(
      `delete from public.${table} l where l.${ownerColumn(table)} = $1 and not exists (select from pg_temp.${table} s where ${sameKey(shape)})`,
      [instanceKey],
    );
    await db.query(
      `insert into public.${table} as l (${columns}) select ${columns} from pg_temp.${table}
       on conflict (${shape.primaryKey.join(', ')}) do update set (${columns}) = row(${shape.columns.map((column) => `excluded.${column}`).join(', ')})
        where l is distinct from excluded`,
    );
  }
  await db.query(
    `delete from public.parked_job where instance_key = $1 and job_key not in (select key from public.job where instance_key = $1 and state = 'CREATED')`,
    [instanceKey],
  );
  for (const table of shadowed) await db.query(`drop table pg_temp.${table}`);
}

/** Replaces an instance's rows by what its facts come to, while the case goes on. */
export async function rebuild(pool: Pool, instanceKey: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await transaction(pool, async (client) => {
        await client.query('select pg_advisory_xact_lock($1)', [instanceKey]);
        await projectAnew(client, instanceKey);
      });
      return;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (typeof code !== 'string' || !givenWay.has(code) || attempt === attempts) throw error;
      await sleep(pauseMs);
    }
  }
}
