/** Batch operations: what they are done to is settled when they are created, what became of each item is written down. */
import type { ClientBase, Pool } from 'pg';
import type { Json, JsonObject } from '#engine/json.ts';
import { instanceConditions, instanceTables } from './queries/instances.ts';
import type { InstanceFilter } from './queries/instances.ts';
import { jobConditions, jobTables } from './queries/jobs.ts';
import { Conditions, search } from './queries/search.ts';
import type { Columns, Filter, Found, SearchRequest } from './queries/search.ts';
import { iso } from './queries/sql.ts';

type Database = Pick<ClientBase, 'query'>;

export type BatchType =
  | 'CANCEL_PROCESS_INSTANCE'
  | 'MIGRATE_PROCESS_INSTANCE'
  | 'MODIFY_PROCESS_INSTANCE'
  | 'RESOLVE_INCIDENT'
  | 'SUSPEND_PROCESS_INSTANCE'
  | 'RESUME_PROCESS_INSTANCE'
  | 'UPDATE_VARIABLE'
  | 'RETRY_JOB'
  | 'REVERT_MIGRATION';
export type BatchState = 'CREATED' | 'ACTIVE' | 'SUSPENDED' | 'COMPLETED' | 'CANCELED';
export type ItemState = 'ACTIVE' | 'COMPLETED' | 'FAILED' | 'SKIPPED' | 'CANCELED';

/** What a batch is done to: the filter of the search of instances, or of jobs. */
export type BatchTargets =
  | { readonly of: 'instances'; readonly type: Exclude<BatchType, 'RETRY_JOB'>; readonly filter: InstanceFilter }
  | { readonly of: 'jobs'; readonly type: 'RETRY_JOB'; readonly filter: Filter };

/** Items as `item_key, instance_key`, and the values they are chosen by. What the reader's region hides is never among them. */
function itemsOf(targets: BatchTargets): { readonly sql: string; readonly values: readonly unknown[] } {
  if (targets.of === 'jobs') {
    const where = jobConditions(targets.filter).add("j.state in ('RETRY', 'FAILED')");
    return {
      sql: `select j.key as item_key, j.instance_key from ${jobTables} where ${where.sql}`,
      values: where.values,
    };
  }
  const where = instanceConditions(targets.filter).add("i.state = 'ACTIVE'");
  switch (targets.type) {
    case 'RESOLVE_INCIDENT':
      return {
        sql: `select n.key as item_key, n.instance_key from incident n join (select i.key from ${instanceTables} where ${where.sql}) m
          on m.key = n.instance_key where n.state = 'ACTIVE'`,
        values: where.values,
      };
    case 'SUSPEND_PROCESS_INSTANCE':
    case 'RESUME_PROCESS_INSTANCE': {
      // With what they have called, which they are held together with.
      const wanted = targets.type === 'SUSPEND_PROCESS_INSTANCE' ? 'is null' : 'is not null';
      return {
        sql: `with recursive tree as (
            select i.key from ${instanceTables} where ${where.sql}
            union
            select c.key from tree t join instance c on c.parent_key = t.key where c.state = 'ACTIVE')
          select t.key as item_key, t.key as instance_key from tree t join instance s on s.key = t.key where s.suspended_at ${wanted}`,
        values: where.values,
      };
    }
    case 'CANCEL_PROCESS_INSTANCE':
      // What was called is cancelled with its caller.
      where.add('i.parent_key is null');
      break;
    case 'MIGRATE_PROCESS_INSTANCE':
    case 'MODIFY_PROCESS_INSTANCE':
    case 'REVERT_MIGRATION':
    case 'UPDATE_VARIABLE':
  }
  return {
    sql: `select i.key as item_key, i.key as instance_key from ${instanceTables} where ${where.sql}`,
    values: where.values,
  };
}

export async function countTargets(db: Database, targets: BatchTargets): Promise<number> {
  const { sql, values } = itemsOf(targets);
  const { rows } = await db.query<{ total: number }>(`select count(*)::int as total from (${sql}) as chosen`, [
    ...values,
  ]);
  return rows[0]?.total ?? 0;
}

export interface NewBatch {
  readonly key: string;
  readonly targets: BatchTargets;
  /** The engine's command without what it is about. */
  readonly command: JsonObject;
  readonly filter: Json;
  readonly reason: string;
  /** Region of whoever creates it. */
  readonly region: string;
  readonly canary: number | null;
  readonly createdBy: string;
}
/** Writes the batch down with its items; how many there are. Nothing is done yet. */
export async function createBatch(db: Database, batch: NewBatch): Promise<number> {
  const { key, targets, command, filter, reason, region, canary, createdBy } = batch;
  await db.query(
    `insert into batch_operation (key, type, command, filter, reason, region, canary, total, created_by) values ($1, $2, $3, $4, $5, $6, $7, 0, $8)`,
    [key, targets.type, command, JSON.stringify(filter), reason, region, canary, createdBy],
  );
  const { sql, values } = itemsOf(targets);
  const { rowCount } = await db.query(
    `insert into batch_operation_item (batch_key, number, item_key, instance_key)
     select $${values.length + 1}, row_number() over (order by item_key), item_key, instance_key from (${sql}) as chosen`,
    [...values, key],
  );
  const total = rowCount ?? 0;
  await db.query('update batch_operation set total = $2 where key = $1', [key, total]);
  return total;
}

/** Definitions whose instances are items of a batch. */
export async function definitionsOfBatch(db: Database, key: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ key: string }>(
    `select distinct i.definition_key::text as key from batch_operation_item t join instance i on i.key = t.instance_key where t.batch_key = $1`,
    [key],
  );
  return rows.map((row) => row.key);
}
export interface ItemRefusal {
  readonly instanceKey: string;
  readonly code: string;
  readonly message: string;
}
/** Items that are not to be tried, with why; how many there are. Those of other batches among them do not count. */
export async function refuseItems(db: Database, key: string, refusals: readonly ItemRefusal[]): Promise<number> {
  const { rowCount } = await db.query(
    `update batch_operation_item t set state = 'FAILED', code = r.code, message = r.message, processed_at = now()
       from jsonb_to_recordset($2::jsonb) as r("instanceKey" bigint, code text, message text)
      where t.batch_key = $1 and t.instance_key = r."instanceKey" and t.state = 'ACTIVE'`,
    [key, JSON.stringify(refusals)],
  );
  const refused = rowCount ?? 0;
  await db.query('update batch_operation set failed = failed + $2 where key = $1', [key, refused]);
  return refused;
}

export interface BatchRow {
  readonly batchOperationKey: string;
  readonly batchOperationType: BatchType;
  readonly state: BatchState;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly createdDate: string;
  readonly actorId: string;
  readonly reason: string;
  readonly region: string;
  readonly filter: Json;
  readonly canary: number | null;
  readonly operationsTotalCount: number;
  readonly operationsCompletedCount: number;
  readonly operationsFailedCount: number;
  readonly operationsSkippedCount: number;
}
const batchColumns: Columns = {
  batchOperationKey: { sql: 'b.key', type: 'bigint' },
  operationType: { sql: 'b.type', type: 'text' },
  state: { sql: 'b.state', type: 'text' },
  actorId: { sql: 'b.created_by', type: 'text' },
  startDate: { sql: 'b.started_at', type: 'timestamptz' },
  endDate: { sql: 'b.ended_at', type: 'timestamptz' },
  createdDate: { sql: 'b.created_at', type: 'timestamptz' },
};
export const searchBatches = (db: Database, filter: Filter, request: SearchRequest): Promise<Found<BatchRow>> =>
  search<BatchRow>(
    db,
    {
      select: `b.key::text as "batchOperationKey", b.type as "batchOperationType", b.state, ${iso('b.started_at')} as "startDate",
        ${iso('b.ended_at')} as "endDate", ${iso('b.created_at')} as "createdDate", b.created_by as "actorId", b.reason, b.region, b.filter, b.canary,
        b.total as "operationsTotalCount", b.completed as "operationsCompletedCount", b.failed as "operationsFailedCount",
        b.skipped as "operationsSkippedCount"`,
      from: 'batch_operation b',
      where: new Conditions().filters(batchColumns, filter),
      key: { sql: 'b.key', type: 'bigint' },
      sortable: batchColumns,
      defaultSort: [{ field: 'createdDate', order: 'DESC' }],
    },
    request,
  );

export interface ItemRow {
  readonly batchOperationKey: string;
  readonly operationType: BatchType;
  readonly itemKey: string;
  readonly processInstanceKey: string;
  readonly rootProcessInstanceKey: string | null;
  readonly state: ItemState;
  readonly processedDate: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly businessKey: string | null;
}
const itemColumns: Columns = {
  batchOperationKey: { sql: 't.batch_key', type: 'bigint' },
  number: { sql: 't.number', type: 'integer' },
  itemKey: { sql: 't.item_key', type: 'bigint' },
  processInstanceKey: { sql: 't.instance_key', type: 'bigint' },
  state: { sql: 't.state', type: 'text' },
  operationType: { sql: 'b.type', type: 'text' },
  processedDate: { sql: 't.processed_at', type: 'timestamptz' },
};
export const searchItems = (db: Database, filter: Filter, request: SearchRequest): Promise<Found<ItemRow>> =>
  search<ItemRow>(
    db,
    {
      select: `t.batch_key::text as "batchOperationKey", b.type as "operationType", t.item_key::text as "itemKey",
        t.instance_key::text as "processInstanceKey", i.root_key::text as "rootProcessInstanceKey", t.state,
        ${iso('t.processed_at')} as "processedDate", t.code as "errorCode", t.message as "errorMessage", i.business_key as "businessKey"`,
      from: 'batch_operation_item t join batch_operation b on b.key = t.batch_key left join instance i on i.key = t.instance_key',
      where: new Conditions().filters(itemColumns, filter),
      key: { sql: '(t.batch_key::numeric * 1000000000 + t.number)', type: 'numeric' },
      sortable: itemColumns,
      defaultSort: [{ field: 'number', order: 'ASC' }],
    },
    request,
  );

/** Moves a batch from one of some states to another; false: it is in none of them. Going on, it does not stop after its first items again. */
export async function moveBatch(
  db: Database,
  key: string,
  from: readonly BatchState[],
  to: BatchState,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update batch_operation set state = $3, canary = case when $3 = 'ACTIVE' then null else canary end where key = $1 and state = any($2)`,
    [key, from, to],
  );
  return rowCount === 1;
}
/** Batches that should be worked on. */
export async function openBatches(db: Database, most: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ key: string }>(
    "select key::text from batch_operation where ended_at is null and state <> 'SUSPENDED' order by key limit $1",
    [most],
  );
  return rows.map(({ key }) => key);
}

/** A batch as its worker sees it. */
export interface BatchWork {
  readonly key: string;
  readonly type: BatchType;
  readonly command: JsonObject;
  readonly reason: string;
  readonly region: string;
  readonly state: BatchState;
  readonly canary: number | null;
  readonly processed: number;
  readonly createdBy: string;
  /** Region in which whoever created it may still do such things; null: he may not any more. */
  readonly allowedRegion: string | null;
}
export async function batchWork(pool: Pool, key: string): Promise<BatchWork | null> {
  const { rows } = await pool.query<BatchWork>(
    `select b.key::text, b.type, b.command, b.reason, b.region, b.state, b.canary, b.completed + b.failed + b.skipped as processed,
            b.created_by as "createdBy",
            (select a.region from account a where a.name = b.created_by and not a.disabled and a.roles && array['supervisor', 'administrator']) as "allowedRegion"
       from batch_operation b where b.key = $1`,
    [key],
  );
  return rows[0] ?? null;
}
export interface OpenItem {
  readonly number: number;
  readonly itemKey: string;
  readonly instanceKey: string;
  readonly processId: string | null;
  readonly region: string | null;
}
export async function openItems(pool: Pool, batchKey: string, most: number): Promise<readonly OpenItem[]> {
  const { rows } = await pool.query<OpenItem>(
    `select t.number, t.item_key::text as "itemKey", t.instance_key::text as "instanceKey", i.process_id as "processId", i.region
       from batch_operation_item t left join instance i on i.key = t.instance_key
      where t.batch_key = $1 and t.state = 'ACTIVE' order by t.number limit $2`,
    [batchKey, most],
  );
  return rows;
}
export interface ItemResult {
  readonly number: number;
  readonly state: 'COMPLETED' | 'FAILED' | 'SKIPPED';
  readonly code: string | null;
  readonly message: string | null;
}
/** Writes results down and counts them; repeating it changes nothing. */
export async function recordResults(pool: Pool, batchKey: string, results: readonly ItemResult[]): Promise<void> {
  if (results.length === 0) return;
  await pool.query(
    `with done as (
       update batch_operation_item t set state = r.state, code = r.code, message = r.message, processed_at = now()
         from jsonb_to_recordset($2::jsonb) as r(number integer, state text, code text, message text)
        where t.batch_key = $1 and t.number = r.number and t.state = 'ACTIVE' returning t.state)
     update batch_operation b set completed = b.completed + (select count(*) from done where state = 'COMPLETED'),
            failed = b.failed + (select count(*) from done where state = 'FAILED'), skipped = b.skipped + (select count(*) from done where state = 'SKIPPED')
      where b.key = $1`,
    [batchKey, JSON.stringify(results)],
  );
}
export async function beginBatch(pool: Pool, key: string): Promise<void> {
  await pool.query(
    `update batch_operation set state = 'ACTIVE', started_at = coalesce(started_at, now())
      where key = $1 and (state = 'CREATED' or state = 'ACTIVE' and started_at is null)`,
    [key],
  );
}
/** After the first items it waits for a person. */
export async function holdBatch(pool: Pool, key: string): Promise<void> {
  await pool.query("update batch_operation set state = 'SUSPENDED' where key = $1 and state = 'ACTIVE'", [key]);
}
/** Nothing is left to do: all items are done, or it was canceled, and then they are too. */
export async function endBatch(pool: Pool, key: string): Promise<void> {
  await pool.query(
    `with given_up as (
       update batch_operation_item t set state = 'CANCELED', processed_at = now() from batch_operation b
        where b.key = $1 and b.state = 'CANCELED' and t.batch_key = b.key and t.state = 'ACTIVE')
     update batch_operation set state = case when state = 'CANCELED' then state else 'COMPLETED' end, ended_at = coalesce(ended_at, now())
      where key = $1 and state in ('ACTIVE', 'CANCELED')`,
    [key],
  );
}
