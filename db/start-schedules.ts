/** Timers that start instances, as rows: what people see of them, and whether they are paused. Their workflows do the waiting. */
import type { ClientBase, Pool } from 'pg';
import { nextKey } from './queries/definitions.ts';
import { Conditions, search } from './queries/search.ts';
import type { Columns, Filter, Found, SearchRequest } from './queries/search.ts';
import { iso } from './queries/sql.ts';

type Database = Pick<ClientBase, 'query'>;

/** A timer of a version; see `TimerStartId` of workflows/messages.ts. */
export interface ScheduleId {
  readonly definitionKey: string;
  readonly startElement: string;
  readonly startPart: number;
}
/** When a timer is due next, and what follows. */
export interface ScheduleState {
  readonly dueMs: number;
  /** Repetitions left after that; null: unlimited. */
  readonly repetitions: number | null;
  /** ISO 8601 duration or cron; null: no repetition. */
  readonly interval: string | null;
}

/**
 * A version takes over: its timers are due as planned from now on. A pause of the version before holds for the same start event of the new
 * one, until somebody ends it. Repeating it for a version whose timers run changes them.
 */
export async function openSchedules(
  db: Database,
  {
    processId,
    definitionKey,
    before,
  }: { readonly processId: string; readonly definitionKey: string; readonly before: string | null },
  plans: readonly (Omit<ScheduleId, 'definitionKey'> & ScheduleState)[],
): Promise<void> {
  for (const { startElement, startPart, dueMs, repetitions, interval } of plans) {
    await db.query(
      `insert into start_schedule as s (key, definition_key, process_id, element_id, part, interval, repetitions, first_due_at, next_due_at, paused_at, paused_by, paused_reason)
       select $1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($8::float8 / 1000), b.paused_at, b.paused_by, b.paused_reason
         from (values (1)) as one left join start_schedule b on b.definition_key = $9 and b.element_id = $4 and b.part = $5
       on conflict (definition_key, element_id, part) do update set interval = excluded.interval, repetitions = excluded.repetitions,
         first_due_at = coalesce(s.first_due_at, excluded.first_due_at), next_due_at = excluded.next_due_at,
         paused_at = coalesce(s.paused_at, excluded.paused_at), paused_by = coalesce(s.paused_by, excluded.paused_by),
         paused_reason = coalesce(s.paused_reason, excluded.paused_reason)`,
      [await nextKey(db), definitionKey, processId, startElement, startPart, interval, repetitions, dueMs, before],
    );
  }
}

export interface RunningSchedule extends ScheduleId, ScheduleState {
  readonly processId: string;
}
const stateColumns = `definition_key::text as "definitionKey", process_id as "processId", element_id as "startElement", part as "startPart",
  interval, repetitions, (extract(epoch from next_due_at) * 1000)::float8 as "dueMs"`;
/** Timers of the versions that new instances take, of one version when it is named. */
export async function runningSchedules(
  db: Database,
  definitionKey: string | null,
): Promise<readonly RunningSchedule[]> {
  const { rows } = await db.query<RunningSchedule>(
    `select ${stateColumns} from start_schedule
      where next_due_at is not null and definition_key in (select key from newest_process_definition) and ($1::bigint is null or definition_key = $1)`,
    [definitionKey],
  );
  return rows;
}

/** What the timer's workflow has done: `dueMs` is dealt with, `next` comes after it. */
export interface ScheduleProgress extends ScheduleId {
  readonly dueMs: number;
  readonly next: ScheduleState | null;
  /** null: none was started. */
  readonly instanceKey: string | null;
}
export async function recordSchedule(pool: Pool, progress: ScheduleProgress): Promise<void> {
  const { definitionKey, startElement, startPart, dueMs, next, instanceKey } = progress;
  await pool.query(
    `update start_schedule set next_due_at = to_timestamp($4::float8 / 1000), interval = coalesce($5, interval), repetitions = $6,
       last_due_at = case when $8::bigint is null then last_due_at else to_timestamp($7::float8 / 1000) end,
       last_instance_key = coalesce($8, last_instance_key)
      where definition_key = $1 and element_id = $2 and part = $3`,
    [
      definitionKey,
      startElement,
      startPart,
      next?.dueMs ?? null,
      next?.interval ?? null,
      next?.repetitions ?? null,
      dueMs,
      instanceKey,
    ],
  );
}
/** Whether a timer start is left out for now. */
export async function isPaused(pool: Pool, { definitionKey, startElement, startPart }: ScheduleId): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from start_schedule where definition_key = $1 and element_id = $2 and part = $3 and paused_at is not null`,
    [definitionKey, startElement, startPart],
  );
  return rowCount === 1;
}
/** Whether an instance that the timer started is still active. */
export async function hasActiveStart(pool: Pool, sourcePrefix: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from started_instance s join instance i on i.key = s.instance_key
      where starts_with(s.source, $1) and i.state = 'ACTIVE' limit 1`,
    [sourcePrefix],
  );
  return rowCount === 1;
}

export interface ScheduleRow extends ScheduleId {
  readonly startScheduleKey: string;
  readonly processDefinitionId: string;
  readonly processDefinitionVersion: number;
  readonly isLatestVersion: boolean;
  readonly isPaused: boolean;
  readonly interval: string | null;
  readonly repetitions: number | null;
  readonly nextTime: string | null;
  readonly firstTime: string | null;
  readonly lastTime: string | null;
  readonly lastInstanceKey: string | null;
  readonly pausedAt: string | null;
  readonly pausedBy: string | null;
  readonly pausedReason: string | null;
  /** Why its version starts nothing; null: it does. */
  readonly suspendedReason: string | null;
}
const isLatest = 's.definition_key in (select n.key from newest_process_definition n)';
const columns: Columns = {
  startScheduleKey: { sql: 's.key', type: 'bigint' },
  processDefinitionKey: { sql: 's.definition_key', type: 'bigint' },
  processDefinitionId: { sql: 's.process_id', type: 'text' },
  elementId: { sql: 's.element_id', type: 'text' },
  isLatestVersion: { sql: `(${isLatest})`, type: 'boolean' },
  isPaused: { sql: '(s.paused_at is not null)', type: 'boolean' },
  nextTime: { sql: 's.next_due_at', type: 'timestamptz' },
};
export function searchSchedules(db: Database, filter: Filter, request: SearchRequest): Promise<Found<ScheduleRow>> {
  return search<ScheduleRow>(
    db,
    {
      select: `s.key::text as "startScheduleKey", s.definition_key::text as "definitionKey", s.element_id as "startElement", s.part as "startPart",
        s.process_id as "processDefinitionId", d.version as "processDefinitionVersion", ${isLatest} as "isLatestVersion", s.paused_at is not null as "isPaused", s.interval, s.repetitions,
        ${iso('s.next_due_at')} as "nextTime", ${iso('s.first_due_at')} as "firstTime", ${iso('s.last_due_at')} as "lastTime",
        s.last_instance_key::text as "lastInstanceKey", ${iso('s.paused_at')} as "pausedAt", s.paused_by as "pausedBy", s.paused_reason as "pausedReason",
        d.suspended_reason as "suspendedReason"`,
      from: 'start_schedule s join process_definition d on d.key = s.definition_key',
      where: new Conditions().filters(columns, filter).add('d.deleted_at is null'),
      key: { sql: 's.key', type: 'bigint' },
      sortable: columns,
      defaultSort: [
        { field: 'processDefinitionId', order: 'ASC' },
        { field: 'elementId', order: 'ASC' },
      ],
    },
    request,
  );
}
export async function findSchedule(db: Database, key: string): Promise<ScheduleRow | null> {
  return (await searchSchedules(db, { startScheduleKey: key }, {})).rows[0] ?? null;
}
/** @param pause null: it goes on. Returns whether anything changed. */
export async function setPause(
  db: Database,
  key: string,
  pause: { readonly by: string; readonly reason: string } | null,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update start_schedule set paused_at = case when $2::text is null then null else now() end, paused_by = $2, paused_reason = $3
      where key = $1 and (paused_at is null) = ($2::text is not null)`,
    [key, pause?.by ?? null, pause?.reason ?? null],
  );
  return rowCount === 1;
}
