/** Running cases by the deadlines they carry: variables of a case, by name. */
import type { ClientBase } from 'pg';
import { iso } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;

/** A deadline that cases carry. */
export interface CarriedDeadline {
  /** Variable that holds all of them. */
  readonly variable: string;
  readonly name: string;
  /** As it was when the case started. */
  readonly value: string;
}
/** $1 to $3: variable, name, value. */
const carries = `i.state = 'ACTIVE' and exists (select from variable v
  where v.instance_key = i.key and v.scope_key = i.key and v.name = $1 and v.value ->> $2 = $3)`;

/** Cases that nobody called. */
export async function countCarrying(db: Database, { variable, name, value }: CarriedDeadline): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from instance i where i.parent_key is null and ${carries}`,
    [variable, name, value],
  );
  return rows[0]?.count ?? 0;
}

/** Versions that cases run on. */
export async function runningDefinitions(
  db: Database,
): Promise<readonly { readonly key: string; readonly version: number }[]> {
  const { rows } = await db.query<{ key: string; version: number }>(
    `select distinct definition_key::text as key, version from instance where state = 'ACTIVE' order by key`,
  );
  return rows;
}

export interface RunningWait {
  readonly kind: 'timer' | 'userTask';
  readonly elementId: string;
  readonly count: number;
  readonly firstDueDate: string;
  readonly lastDueDate: string;
  /** Keys of the instances, those due first. */
  readonly examples: readonly string[];
}
export interface WaitsQuestion extends CarriedDeadline {
  readonly definitionKey: string;
  /** Elements whose timer or due date comes of the deadline. */
  readonly elements: readonly string[];
  readonly examples: number;
}
/** Timers that run and open tasks with a due date, at these elements of one version. */
export async function runningWaits(
  db: Database,
  { variable, name, value, definitionKey, elements, examples }: WaitsQuestion,
): Promise<readonly RunningWait[]> {
  const { rows } = await db.query<RunningWait>(
    `with wait as (
       select 'timer' as kind, instance_key, element_id, due_at from timer where state = 'ACTIVE'
       union all select 'userTask', instance_key, element_id, due_at from user_task where state = 'CREATED' and due_at is not null)
     select w.kind, w.element_id as "elementId", count(*)::int as count, ${iso('min(w.due_at)')} as "firstDueDate", ${iso('max(w.due_at)')} as "lastDueDate",
            (array_agg(i.key::text order by w.due_at, i.key))[1:$6] as examples
       from instance i join wait w on w.instance_key = i.key
      where i.definition_key = $4 and w.element_id = any($5) and ${carries}
      group by w.kind, w.element_id order by w.element_id, w.kind`,
    [variable, name, value, definitionKey, elements, examples],
  );
  return rows;
}
