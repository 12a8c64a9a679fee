/**
 * The rows of the hand-written workflows: the same tables as Alur's, so that a work list, a timeline and an audit trail can be read from
 * either. One statement a step, as somebody who has measured would write it.
 */
import type { Pool } from 'pg';

type Row = Readonly<Record<string, unknown>>;

/** What one step adds and changes; empty parts are left out of the statement. */
export interface Step {
  readonly caseKey: string;
  /** Present at the start. */
  readonly opened?: Row;
  readonly activitiesBegun?: readonly Row[];
  readonly activitiesEnded?: readonly Row[];
  readonly variables?: readonly Row[];
  readonly jobsBegun?: readonly Row[];
  readonly jobsEnded?: readonly Row[];
  readonly tasksOpened?: readonly Row[];
  readonly tasksCompleted?: readonly Row[];
  readonly timersSet?: readonly Row[];
  readonly timersCanceled?: readonly Row[];
  /** The audit trail, numbered without gaps. */
  readonly audit: readonly Row[];
  readonly ended?: Row;
}
export type RecordStep = (step: Step) => Promise<void>;

interface Table {
  readonly columns: string;
  readonly sql: (source: string) => string;
}
const insertInto = (table: string, columns: string): Table => {
  const names = columns
    .split(', ')
    .map((column) => column.split(' ', 1)[0])
    .join(', ');
  return {
    columns,
    sql: (source) => `insert into ${table} (${names}) select ${names} from ${source} on conflict do nothing`,
  };
};
const ended = 'key bigint, at timestamptz';

const tables: { readonly [T in Exclude<keyof Step, 'caseKey'>]: Table } = {
  opened: insertInto(
    'instance',
    'key bigint, process_id text, definition_key bigint, version integer, region text, root_key bigint, state text, started_at timestamptz, end_elements text[], incident_count integer, last_fact integer',
  ),
  activitiesBegun: insertInto(
    'element_instance',
    'key bigint, instance_key bigint, element_id text, type text, scope_key bigint, loop_counter integer, state text, started_at timestamptz, ended_at timestamptz',
  ),
  activitiesEnded: {
    columns: ended,
    sql: (source) =>
      `update element_instance t set state = 'COMPLETED', ended_at = r.at from ${source} where t.key = r.key`,
  },
  variables: {
    columns: 'instance_key bigint, scope_key bigint, name text, value jsonb',
    sql: (
      source,
    ) => `insert into variable (instance_key, scope_key, name, value) select instance_key, scope_key, name, value from ${source}
      on conflict (instance_key, scope_key, name) do update set value = excluded.value`,
  },
  jobsBegun: insertInto(
    'job',
    'key bigint, instance_key bigint, region text, element_key bigint, element_id text, type text, kind text, listener_event text, headers jsonb, state text, retries integer, created_at timestamptz',
  ),
  jobsEnded: {
    columns: ended,
    sql: (source) => `update job t set state = 'COMPLETED', ended_at = r.at from ${source} where t.key = r.key`,
  },
  tasksOpened: insertInto(
    'user_task',
    'key bigint, instance_key bigint, process_id text, definition_key bigint, region text, element_id text, candidate_groups text[], candidate_users text[], excluded_users text[], state text, priority integer, headers jsonb, properties jsonb, created_at timestamptz',
  ),
  tasksCompleted: {
    columns: 'key bigint, at timestamptz, by text',
    sql: (source) =>
      `update user_task t set state = 'COMPLETED', ended_at = r.at, completed_by = r.by from ${source} where t.key = r.key`,
  },
  timersSet: insertInto(
    'timer',
    'key bigint, instance_key bigint, region text, element_key bigint, element_id text, due_at timestamptz, state text',
  ),
  timersCanceled: {
    columns: 'key bigint',
    sql: (source) => `update timer t set state = 'CANCELED' from ${source} where t.key = r.key`,
  },
  audit: insertInto(
    'fact',
    'instance_key bigint, number integer, at timestamptz, actor text, command_key text, type text, body jsonb',
  ),
  ended: {
    columns: 'key bigint, at timestamptz, end_elements text[], last_fact integer',
    sql: (
      source,
    ) => `update instance t set state = coalesce(case when r.end_elements is not null then 'COMPLETED' end, t.state),
      ended_at = r.at, end_elements = coalesce(r.end_elements, t.end_elements), last_fact = r.last_fact from ${source} where t.key = r.key`,
  },
};

/** Repeating a step changes nothing. */
export const createRecordStep =
  (pool: Pool): RecordStep =>
  async (step) => {
    const parts = Object.entries(tables).flatMap(([part, table]) => {
      const value = step[part as keyof typeof tables];
      const rows = value === undefined || Array.isArray(value) ? value : [value];
      return rows === undefined || rows.length === 0 ? [] : [{ table, rows }];
    });
    const steps = parts.map(
      ({ table }, index) =>
        `part_${index} as (${table.sql(`jsonb_to_recordset($${index + 1}::jsonb) as r(${table.columns})`)})`,
    );
    await pool.query(
      `with ${steps.join(',\n')} select`,
      parts.map(({ rows }) => JSON.stringify(rows)),
    );
  };
