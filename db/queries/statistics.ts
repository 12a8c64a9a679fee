/** Counts over the reader's region. */
import type { ClientBase } from 'pg';
import { Conditions } from './search.ts';
import { iso, standsAt } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;

export interface Totals {
  readonly openCases: number;
  readonly endedCases: number;
  readonly openUserTasks: number;
  readonly overdueUserTasks: number;
  readonly openIncidents: number;
}
interface Scope {
  readonly where: string;
  readonly values: readonly unknown[];
}
function scopeOf(region: string | undefined): Scope {
  const conditions = new Conditions().region('region', region);
  return { where: conditions.sql, values: conditions.values };
}
async function all<Row extends object>(db: Database, sql: string, values: readonly unknown[]): Promise<Row[]> {
  return (await db.query<Row>(sql, [...values])).rows;
}

export async function countTotals(db: Database, region: string | undefined): Promise<Totals> {
  const { where, values } = scopeOf(region);
  const [totals] = await all<Totals>(
    db,
    `select (select count(*)::int from instance where state = 'ACTIVE' and parent_key is null and ${where}) as "openCases",
            (select count(*)::int from instance where state <> 'ACTIVE' and parent_key is null and ${where}) as "endedCases",
            (select count(*)::int from user_task where state = 'CREATED' and ${where}) as "openUserTasks",
            (select count(*)::int from user_task where state = 'CREATED' and due_at < now() and ${where}) as "overdueUserTasks",
            (select count(*)::int from visible_incident where state = 'ACTIVE' and ${where}) as "openIncidents"`,
    values,
  );
  return totals ?? { openCases: 0, endedCases: 0, openUserTasks: 0, overdueUserTasks: 0, openIncidents: 0 };
}
export interface ProcessCount {
  readonly processDefinitionId: string;
  readonly name: string | null;
  readonly open: number;
  readonly withIncident: number;
  readonly completed: number;
  readonly terminated: number;
}
export function countByProcess(db: Database, region: string | undefined): Promise<ProcessCount[]> {
  const { where, values } = scopeOf(region);
  return all<ProcessCount>(
    db,
    `select process_id as "processDefinitionId",
            (select d.name from process_definition d where d.process_id = instance.process_id order by d.version desc limit 1) as name,
            (count(*) filter (where state = 'ACTIVE'))::int as open,
            (count(*) filter (where state = 'ACTIVE' and incident_count > 0))::int as "withIncident",
            (count(*) filter (where state = 'COMPLETED'))::int as completed,
            (count(*) filter (where state in ('TERMINATED', 'ERRORED')))::int as terminated
       from instance where ${where} group by process_id order by open desc, process_id`,
    values,
  );
}
export interface ElementCount {
  readonly processDefinitionId: string;
  readonly elementId: string;
  readonly name: string | null;
  readonly type: string;
  readonly open: number;
  readonly overdue: number;
  readonly oldestSince: string;
}
export function countByElement(db: Database, region: string | undefined): Promise<ElementCount[]> {
  const { where, values } = scopeOf(region);
  return all<ElementCount>(
    db,
    `select i.process_id as "processDefinitionId", e.element_id as "elementId", max(e.name) as name, min(e.type) as type, count(*)::int as open,
            (count(*) filter (where t.due_at < now()))::int as overdue, ${iso('min(e.started_at)')} as "oldestSince"
       from (select * from instance where state = 'ACTIVE' and ${where}) i
       join element_instance e on e.instance_key = i.key and e.state = 'ACTIVE' and ${standsAt('e')}
       left join user_task t on t.key = e.key
      group by i.process_id, e.element_id order by open desc, e.element_id limit 500`,
    values,
  );
}
export function countIncidents(
  db: Database,
  region: string | undefined,
): Promise<{ readonly code: string; readonly open: number }[]> {
  const { where, values } = scopeOf(region);
  return all(
    db,
    `select code, count(*)::int as open from visible_incident where state = 'ACTIVE' and ${where} group by code order by open desc, code`,
    values,
  );
}
export interface EndingCount {
  readonly processDefinitionId: string;
  readonly elementId: string;
  readonly cases: number;
}
export function countEndings(db: Database, region: string | undefined): Promise<EndingCount[]> {
  const { where, values } = scopeOf(region);
  return all(
    db,
    `select process_id as "processDefinitionId", ending as "elementId", count(*)::int as cases
       from instance, unnest(end_elements) as ending where ${where} group by process_id, ending order by process_id, cases desc, ending`,
    values,
  );
}
export interface MyCounts {
  readonly assigned: number;
  readonly claimable: number;
  readonly overdue: number;
}
export async function countMine(db: Database, name: string, groups: readonly string[]): Promise<MyCounts> {
  const claimable = `(assignee is null and not $1 = any(excluded_users) and (candidate_groups && $2::text[] or $1 = any(candidate_users)
    or (cardinality(candidate_groups) = 0 and cardinality(candidate_users) = 0)))`;
  const [counts] = await all<MyCounts>(
    db,
    `select (count(*) filter (where assignee = $1))::int as assigned, (count(*) filter (where ${claimable}))::int as claimable,
            (count(*) filter (where due_at < now() and (assignee = $1 or ${claimable})))::int as overdue
       from user_task where state = 'CREATED'`,
    [name, groups],
  );
  return counts ?? { assigned: 0, claimable: 0, overdue: 0 };
}
