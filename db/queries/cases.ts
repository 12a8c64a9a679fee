/** What the case page shows: positions, reasons to wait, facts. */
import type { ClientBase } from 'pg';
import type { DecisionExplanation, Fact } from '#engine/fact.ts';
import { iso, standsAt } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;
export type WaitKind =
  | 'incident'
  | 'userTask'
  | 'message'
  | 'signal'
  | 'condition'
  | 'adHoc'
  | 'job'
  | 'child'
  | 'timer';

/** Something an open case waits for. */
export interface Wait {
  readonly instanceKey: string;
  readonly kind: WaitKind;
  readonly key: string;
  /** The element instance that waits. */
  readonly elementKey: string;
  /** Its type; null: no longer known. */
  readonly elementType: string | null;
  /** The catching element: for a boundary event its own id, not its host's. */
  readonly elementId: string;
  readonly name: string | null;
  readonly since: string;
  readonly until: string | null;
  readonly overdue: boolean;
  readonly assignee: string | null;
  readonly groups: string[] | null;
  /** Message or signal name, job type, incident code or called process id. */
  readonly what: string | null;
  readonly message: string | null;
  readonly retries: number | null;
}

/** All waits of the given cases, oldest first. */
export async function findWaits(db: Database, instanceKeys: readonly string[]): Promise<readonly Wait[]> {
  if (instanceKeys.length === 0) return [];
  const { rows } = await db.query<Wait>(
    `with waits as (
       select instance_key, 'incident' as kind, key, coalesce(element_key, instance_key) as element_key, element_id, created_at as since,
              null::timestamptz as until, null::text as assignee, null::text[] as groups, code as what, message, null::int as retries
         from visible_incident where state = 'ACTIVE' and instance_key = any($1::bigint[])
       union all
       select instance_key, 'userTask', key, key, element_id, created_at, due_at, assignee, candidate_groups || candidate_users, null, null, null
         from user_task where state = 'CREATED' and instance_key = any($1::bigint[])
       union all
       select instance_key, 'message', key, element_key, element_id, created_at, null, null, null, message_name, null, null
         from message_subscription where state = 'OPEN' and instance_key = any($1::bigint[])
       union all
       select instance_key, 'signal', key, element_key, element_id, created_at, null, null, null, signal_name, null, null
         from signal_subscription where state = 'OPEN' and instance_key = any($1::bigint[])
       union all
       select instance_key, 'condition', key, element_key, element_id, created_at, null, null, null, null, null, null
         from condition_watch where state = 'OPEN' and instance_key = any($1::bigint[])
       union all
       select a.instance_key, 'adHoc', a.key, a.key, a.element_id, a.started_at, null, null, null, null, null, null
         from element_instance a where a.type = 'adHocSubProcess' and a.state = 'ACTIVE' and a.instance_key = any($1::bigint[])
          and not exists (select from element_instance c where c.instance_key = a.instance_key and c.scope_key = a.key and c.state = 'ACTIVE')
       union all
       select instance_key, 'job', key, element_key, element_id, created_at, retry_at, null, null, type, error_message, retries
         from job where state in ('CREATED', 'RETRY') and instance_key = any($1::bigint[])
       union all
       select parent_key, 'child', key, parent_element_key, process_id, started_at, null, null, null, process_id, null, null
         from instance where state = 'ACTIVE' and parent_key = any($1::bigint[])
       union all
       select t.instance_key, 'timer', t.key, t.element_key, t.element_id, coalesce(e.started_at, t.due_at), t.due_at, null, null, null, null, null
         from timer t left join element_instance e on e.key = t.element_key where t.state = 'ACTIVE' and t.instance_key = any($1::bigint[])
     )
     select w.instance_key::text as "instanceKey", w.kind, w.key::text, w.element_key::text as "elementKey", e.type as "elementType",
            case when w.kind = 'child' then coalesce(e.element_id, w.element_id) else w.element_id end as "elementId", e.name,
            ${iso('w.since')} as since, ${iso('w.until')} as until, coalesce(w.until < now(), false) as overdue,
            w.assignee, w.groups, w.what, w.message, w.retries
       from waits w left join element_instance e on e.key = w.element_key
      order by w.since, w.key`,
    [instanceKeys],
  );
  return rows;
}

export interface Positions {
  readonly active: readonly string[];
  readonly visited: readonly string[];
  readonly incidents: readonly string[];
}
export async function findPositions(db: Database, instanceKey: string): Promise<Positions> {
  const { rows } = await db.query<{ active: string[]; visited: string[]; incidents: string[] }>(
    `select coalesce(array_agg(distinct e.element_id) filter (where e.state = 'ACTIVE' and ${standsAt('e')}), '{}') as active,
            coalesce(array_agg(distinct e.element_id) filter (where e.state = 'COMPLETED' and e.type not in ('process', 'compensation')), '{}') as visited,
            (select coalesce(array_agg(distinct n.element_id), '{}') from incident n where n.instance_key = $1 and n.state = 'ACTIVE') as incidents
       from element_instance e where e.instance_key = $1`,
    [instanceKey],
  );
  return rows[0] ?? { active: [], visited: [], incidents: [] };
}
export interface OpenAdHoc {
  readonly key: string;
  readonly elementId: string;
  readonly name: string | null;
}
/** Ad-hoc sub-processes in which something may be started, oldest first. */
export async function findOpenAdHocs(db: Database, instanceKey: string): Promise<readonly OpenAdHoc[]> {
  const { rows } = await db.query<OpenAdHoc>(
    `select key::text, element_id as "elementId", name from element_instance
      where instance_key = $1 and type = 'adHocSubProcess' and state = 'ACTIVE' order by key limit 100`,
    [instanceKey],
  );
  return rows;
}
/** Element ids in order of activation, latest first. */
export async function latestElements(db: Database, instanceKey: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ element_id: string }>(
    'select element_id from element_instance where instance_key = $1 order by key desc limit 1000',
    [instanceKey],
  );
  return rows.map(({ element_id }) => element_id);
}

export interface FactRow {
  readonly number: number;
  readonly at: string;
  readonly actor: string;
  readonly fact: Fact;
}
/** Facts after a number, in order; `types` null: of every type. */
export async function findFacts(
  db: Database,
  instanceKey: string,
  types: readonly string[] | null,
  after: number,
  most: number,
): Promise<readonly FactRow[]> {
  const { rows } = await db.query<{
    number: number;
    at: string;
    actor: string;
    type: string;
    body: Record<string, unknown>;
  }>(
    `select number, ${iso('at')} as at, actor, type, body from fact
      where instance_key = $1 and number > $2 and ($3::text[] is null or type = any($3)) order by number limit $4`,
    [instanceKey, after, types, most],
  );
  return rows.map(({ number, at, actor, type, body }) => ({
    number,
    at,
    actor,
    fact: { ...body, type } as unknown as Fact,
  }));
}
export interface NamedElement {
  readonly elementId: string;
  readonly name: string | null;
  readonly what: string | null;
  /** The job of a listener, not of the element's own work. */
  readonly isListener: boolean;
}
/** Elements behind the sequence numbers that later facts refer to: jobs, timers, subscriptions, tasks, incidents, element instances, by key. */
export async function findReferred(db: Database, instanceKey: string): Promise<ReadonlyMap<string, NamedElement>> {
  const { rows } = await db.query<NamedElement & { key: string }>(
    `select r.key::text, r.element_id as "elementId", e.name, r.what, r.listener as "isListener" from (
       select key, element_id, element_key, type as what, kind <> 'BPMN_ELEMENT' as listener from job where instance_key = $1
       union all select key, element_id, element_key, null, false from timer where instance_key = $1
       union all select key, element_id, element_key, message_name, false from message_subscription where instance_key = $1
       union all select key, element_id, element_key, signal_name, false from signal_subscription where instance_key = $1
       union all select key, element_id, element_key, null, false from condition_watch where instance_key = $1
       union all select key, element_id, element_key, code, false from incident where instance_key = $1
       union all select key, element_id, key, null, false from element_instance where instance_key = $1) r
       left join element_instance e on e.instance_key = $1 and e.element_id = r.element_id
      order by e.key`,
    [instanceKey],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

export interface DecisionRow {
  readonly caseKey: string;
  readonly processDefinitionId: string;
  readonly elementId: string;
  readonly elementName: string | null;
  readonly decisionId: string;
  readonly at: string;
  readonly explanation: DecisionExplanation;
}
/** Of a case and of those it called, as they were taken. */
export async function findDecisions(db: Database, instanceKey: string): Promise<readonly DecisionRow[]> {
  const { rows } = await db.query<DecisionRow>(
    `with recursive family (key, process_id) as (
       select key, process_id from instance where key = $1
       union all select i.key, i.process_id from family f join instance i on i.parent_key = f.key)
     select f.key::text as "caseKey", f.process_id as "processDefinitionId", d.element_id as "elementId", e.name as "elementName",
            d.decision_id as "decisionId", ${iso('d.at')} as at, d.explanation
       from family f join decision_evaluation d on d.instance_key = f.key
       left join element_instance e on e.key = d.element_key
      order by d.at, f.key, d.fact_number limit 1000`,
    [instanceKey],
  );
  return rows;
}
/** Process variables by name, those of the names that are set. */
export async function processVariables(
  db: Database,
  instanceKey: string,
  names: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await db.query<{ name: string; value: unknown }>(
    'select name, value from variable where instance_key = $1 and scope_key = $1 and name = any($2)',
    [instanceKey, names],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
}
/** Value of a process variable; undefined: not set. */
export async function processVariable(db: Database, instanceKey: string, name: string): Promise<unknown> {
  const { rows } = await db.query<{ value: unknown }>(
    'select value from variable where instance_key = $1 and scope_key = $1 and name = $2',
    [instanceKey, name],
  );
  return rows[0]?.value;
}
