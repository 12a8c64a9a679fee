/** What repairs by hand look up: timers, jobs, the instances that one has called, what it began with. */
import type { ClientBase } from 'pg';
import type { Fact } from '#engine/fact.ts';
import type { Json } from '#engine/json.ts';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, Found, SearchRequest } from './search.ts';
import { iso } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;

export interface TimerRow {
  readonly timerKey: string;
  readonly processInstanceKey: string;
  readonly processDefinitionId: string;
  readonly processDefinitionKey: string;
  readonly elementId: string;
  readonly elementInstanceKey: string;
  readonly dueDate: string;
  readonly state: 'ACTIVE' | 'FIRED' | 'CANCELED';
}
const timerColumns: Columns = {
  timerKey: { sql: 't.key', type: 'bigint' },
  processInstanceKey: { sql: 't.instance_key', type: 'bigint' },
  processDefinitionId: { sql: 'i.process_id', type: 'text' },
  processDefinitionKey: { sql: 'i.definition_key', type: 'bigint' },
  elementId: { sql: 't.element_id', type: 'text' },
  elementInstanceKey: { sql: 't.element_key', type: 'bigint' },
  dueDate: { sql: 't.due_at', type: 'timestamptz' },
  state: { sql: 't.state', type: 'text' },
};
export const searchTimers = (db: Database, filter: Filter, request: SearchRequest): Promise<Found<TimerRow>> =>
  search<TimerRow>(
    db,
    {
      select: `t.key::text as "timerKey", t.instance_key::text as "processInstanceKey", i.process_id as "processDefinitionId",
        i.definition_key::text as "processDefinitionKey", t.element_id as "elementId", t.element_key::text as "elementInstanceKey",
        ${iso('t.due_at')} as "dueDate", t.state`,
      from: 'timer t join instance i on i.key = t.instance_key',
      where: new Conditions().filters(timerColumns, filter),
      key: { sql: 't.key', type: 'bigint' },
      sortable: timerColumns,
      defaultSort: [{ field: 'dueDate', order: 'ASC' }],
    },
    request,
  );

export interface TreeInstance {
  readonly instanceKey: string;
  readonly processId: string;
  readonly isSuspended: boolean;
  /** Calls between it and the root of the tree. */
  readonly depth: number;
}
/** An active instance and the active ones that it has called, and they in turn; callers first. */
export async function activeTree(db: Database, instanceKey: string): Promise<readonly TreeInstance[]> {
  const { rows } = await db.query<TreeInstance>(
    `with recursive tree as (
       select key, process_id, suspended_at, 0 as depth from instance where key = $1 and state = 'ACTIVE'
       union all
       select i.key, i.process_id, i.suspended_at, t.depth + 1 from tree t join instance i on i.parent_key = t.key
        where i.state = 'ACTIVE' and t.depth < 100)
     select key::text as "instanceKey", process_id as "processId", suspended_at is not null as "isSuspended", depth from tree order by depth, key`,
    [instanceKey],
  );
  return rows;
}
/** Whether an instance has called another that is not in the read model yet. */
export async function callsUnderWay(db: Database, instanceKeys: readonly string[]): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `select exists (select from element_instance e where e.instance_key = any($1::bigint[]) and e.type = 'callActivity' and e.state = 'ACTIVE'
       and not exists (select from instance c where c.parent_element_key = e.key and c.state = 'ACTIVE')
       and not exists (select from incident n where n.element_key = e.key and n.state = 'ACTIVE')
       and not exists (select from job j where j.element_key = e.key and j.state in ('CREATED', 'RETRY', 'FAILED'))) as found`,
    [instanceKeys],
  );
  return rows[0]?.found ?? false;
}

/** What an instance began with: its first facts, until its first element. Empty: it is not known here. */
export async function firstFacts(db: Database, instanceKey: string): Promise<readonly Fact[]> {
  const { rows } = await db.query<{ type: string; body: Record<string, unknown> }>(
    'select type, body from fact where instance_key = $1 order by number limit 200',
    [instanceKey],
  );
  return rows.map(({ type, body }) => ({ ...body, type }) as unknown as Fact);
}

/** Values of variables by `scope key/name`, of the given scopes. */
export async function valuesOf(
  db: Database,
  instanceKey: string,
  scopeKeys: readonly string[],
): Promise<ReadonlyMap<string, Json>> {
  const { rows } = await db.query<{ place: string; value: Json }>(
    `select scope_key || '/' || name as place, value from variable where instance_key = $1 and scope_key = any($2::bigint[])`,
    [instanceKey, scopeKeys],
  );
  return new Map(rows.map(({ place, value }) => [place, value]));
}
