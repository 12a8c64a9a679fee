/** Process instances, their elements and variables. */
import type { ClientBase } from 'pg';
import type { Json } from '#engine/json.ts';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, FilterValue, Found, SearchRequest } from './search.ts';
import { iso } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;
export type InstanceState = 'ACTIVE' | 'COMPLETED' | 'TERMINATED' | 'ERRORED';

export interface InstanceRow {
  readonly processInstanceKey: string;
  readonly processDefinitionId: string;
  readonly processDefinitionKey: string;
  readonly processDefinitionName: string | null;
  readonly processDefinitionVersion: number;
  readonly processDefinitionVersionTag: string | null;
  readonly startDate: string;
  readonly endDate: string | null;
  readonly state: InstanceState;
  readonly incidentCount: number;
  readonly parentProcessInstanceKey: string | null;
  readonly parentElementInstanceKey: string | null;
  readonly rootProcessInstanceKey: string;
  readonly businessId: string | null;
  readonly region: string;
  readonly endElements: string[];
  readonly suspendedAt: string | null;
}
export interface InstanceFilter {
  readonly columns: Filter;
  readonly elementId?: FilterValue | undefined;
  readonly errorMessage?: FilterValue | undefined;
  readonly hasIncident?: boolean | undefined;
  readonly region?: string | undefined;
  readonly endElement?: string | undefined;
  readonly overdue?: boolean | undefined;
  readonly suspended?: boolean | undefined;
  readonly waitingFor?: string | undefined;
}
const instanceColumns: Columns = {
  processInstanceKey: { sql: 'i.key', type: 'bigint' },
  processDefinitionId: { sql: 'i.process_id', type: 'text' },
  processDefinitionName: { sql: 'd.name', type: 'text' },
  processDefinitionVersion: { sql: 'i.version', type: 'integer' },
  processDefinitionVersionTag: { sql: 'd.version_tag', type: 'text' },
  processDefinitionKey: { sql: 'i.definition_key', type: 'bigint' },
  parentProcessInstanceKey: { sql: 'i.parent_key', type: 'bigint' },
  parentElementInstanceKey: { sql: 'i.parent_element_key', type: 'bigint' },
  rootProcessInstanceKey: { sql: 'i.root_key', type: 'bigint' },
  startDate: { sql: 'i.started_at', type: 'timestamptz' },
  endDate: { sql: 'i.ended_at', type: 'timestamptz' },
  // Camunda knows no errored instances.
  state: { sql: "(case when i.state = 'ERRORED' then 'TERMINATED' else i.state end)", type: 'text' },
  businessId: { sql: 'i.business_key', type: 'text' },
};
const instanceSelect = `i.key::text as "processInstanceKey", i.process_id as "processDefinitionId", i.definition_key::text as "processDefinitionKey",
  d.name as "processDefinitionName", i.version as "processDefinitionVersion", d.version_tag as "processDefinitionVersionTag",
  ${iso('i.started_at')} as "startDate", ${iso('i.ended_at')} as "endDate", i.state, i.incident_count as "incidentCount",
  i.parent_key::text as "parentProcessInstanceKey", i.parent_element_key::text as "parentElementInstanceKey",
  i.root_key::text as "rootProcessInstanceKey", i.business_key as "businessId", i.region, i.end_elements as "endElements", ${iso('i.suspended_at')} as "suspendedAt"`;
const overdueTask =
  "exists (select from user_task t where t.instance_key = i.key and t.state = 'CREATED' and t.due_at < now())";

function existsWith(where: Conditions, head: string, column: string, filter: FilterValue | undefined): void {
  if (filter === undefined) return;
  // `member` evaluates a filter over an array: here the array of the values found.
  where.member(`(select coalesce(array_agg(${column}), '{}') from ${head})`, filter);
}

/** Which instances a filter means; over `instanceTables`. The same for lists and for batch operations. */
export function instanceConditions(filter: InstanceFilter): Conditions {
  const where = new Conditions().filters(instanceColumns, filter.columns).region('i.region', filter.region);
  existsWith(
    where,
    "element_instance e where e.instance_key = i.key and e.state = 'ACTIVE'",
    'e.element_id',
    filter.elementId,
  );
  existsWith(where, "incident n where n.instance_key = i.key and n.state = 'ACTIVE'", 'n.message', filter.errorMessage);
  if (filter.hasIncident !== undefined) where.add(`(i.incident_count > 0) = ${where.bind(filter.hasIncident)}`);
  if (filter.endElement !== undefined) where.add(`${where.bind(filter.endElement)} = any(i.end_elements)`);
  if (filter.overdue !== undefined) where.add(filter.overdue ? overdueTask : `not ${overdueTask}`);
  if (filter.suspended !== undefined) where.add(`(i.suspended_at is not null) = ${where.bind(filter.suspended)}`);
  if (filter.waitingFor !== undefined) {
    const who = where.bind(filter.waitingFor);
    where.add(`exists (select from user_task t where t.instance_key = i.key and t.state = 'CREATED'
      and (t.assignee = ${who} or ${who} = any(t.candidate_users) or (t.assignee is null and ${who} = any(t.candidate_groups))))`);
  }
  return where;
}
export const instanceTables = 'instance i left join process_definition d on d.key = i.definition_key';

export const searchInstances = (
  db: Database,
  filter: InstanceFilter,
  request: SearchRequest,
): Promise<Found<InstanceRow>> =>
  search<InstanceRow>(
    db,
    {
      select: instanceSelect,
      from: instanceTables,
      where: instanceConditions(filter),
      key: { sql: 'i.key', type: 'bigint' },
      sortable: instanceColumns,
      defaultSort: [{ field: 'startDate', order: 'DESC' }],
    },
    request,
  );
/** Those that are in the reader's region. */
export async function findInstances(
  db: Database,
  processInstanceKeys: readonly string[],
): Promise<readonly InstanceRow[]> {
  const { rows } = await db.query<InstanceRow>(
    `select ${instanceSelect} from instance i left join process_definition d on d.key = i.definition_key where i.key = any($1::bigint[])`,
    [processInstanceKeys],
  );
  return rows;
}
/** null: no such instance in the reader's region. */
export const findInstance = async (db: Database, processInstanceKey: string): Promise<InstanceRow | null> =>
  (await findInstances(db, [processInstanceKey]))[0] ?? null;
export async function findChildren(
  db: Database,
  processInstanceKey: string,
): Promise<readonly (InstanceRow & { elementId: string | null })[]> {
  const { rows } = await db.query<InstanceRow & { elementId: string | null }>(
    `select ${instanceSelect}, e.element_id as "elementId" from instance i left join process_definition d on d.key = i.definition_key
       left join element_instance e on e.key = i.parent_element_key
      where i.parent_key = $1 order by i.key limit 200`,
    [processInstanceKey],
  );
  return rows;
}
/** Number of the last fact in the read model; null: nothing of this instance yet. */
export async function lastFactOf(db: Database, processInstanceKey: string): Promise<number | null> {
  const { rows } = await db.query<{ last_fact: number }>('select last_fact from instance where key = $1', [
    processInstanceKey,
  ]);
  return rows[0]?.last_fact ?? null;
}
/** Number of the last fact of the command with this key, and the process of its instance; null: there is none. */
export async function commandFact(
  db: Database,
  processInstanceKey: string,
  commandKey: string,
): Promise<{ readonly processId: string; readonly factNumber: number } | null> {
  const { rows } = await db.query<{ processId: string; factNumber: number }>(
    `select i.process_id as "processId", max(f.number) as "factNumber" from fact f join instance i on i.key = f.instance_key
      where f.instance_key = $1 and f.command_key = $2 group by i.process_id`,
    [processInstanceKey, commandKey],
  );
  return rows[0] ?? null;
}

export interface ElementRow {
  readonly elementInstanceKey: string;
  readonly processInstanceKey: string;
  readonly rootProcessInstanceKey: string;
  readonly processDefinitionId: string;
  readonly processDefinitionKey: string;
  readonly elementId: string;
  readonly elementName: string | null;
  /** Our name of the type, such as `userTask`. */
  readonly type: string;
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
  readonly startDate: string;
  readonly endDate: string | null;
  readonly incidentKey: string | null;
}
const elementIncident =
  "(select n.key from incident n where n.instance_key = e.instance_key and n.element_key = e.key and n.state = 'ACTIVE' limit 1)";
/** camelCase → CAMEL_CASE, as Camunda writes element types. */
const camundaType = String.raw`upper(regexp_replace(e.type, '([a-z])([A-Z])', '\1_\2', 'g'))`;
const elementColumns: Columns = {
  elementInstanceKey: { sql: 'e.key', type: 'bigint' },
  processInstanceKey: { sql: 'e.instance_key', type: 'bigint' },
  processDefinitionKey: { sql: 'i.definition_key', type: 'bigint' },
  processDefinitionId: { sql: 'i.process_id', type: 'text' },
  elementId: { sql: 'e.element_id', type: 'text' },
  elementName: { sql: 'e.name', type: 'text' },
  type: { sql: camundaType, type: 'text' },
  state: { sql: 'e.state', type: 'text' },
  startDate: { sql: 'e.started_at', type: 'timestamptz' },
  endDate: { sql: 'e.ended_at', type: 'timestamptz' },
};
export function searchElements(
  db: Database,
  filter: Filter,
  hasIncident: boolean | undefined,
  request: SearchRequest,
): Promise<Found<ElementRow>> {
  const where = new Conditions().filters(elementColumns, filter);
  if (hasIncident !== undefined) where.add(`(${elementIncident} is not null) = ${where.bind(hasIncident)}`);
  return search<ElementRow>(
    db,
    {
      select: `e.key::text as "elementInstanceKey", e.instance_key::text as "processInstanceKey", i.root_key::text as "rootProcessInstanceKey",
        i.process_id as "processDefinitionId", i.definition_key::text as "processDefinitionKey", e.element_id as "elementId", e.name as "elementName",
        ${camundaType} as type, e.state, ${iso('e.started_at')} as "startDate", ${iso('e.ended_at')} as "endDate", ${elementIncident}::text as "incidentKey"`,
      from: 'element_instance e join instance i on i.key = e.instance_key',
      where,
      key: { sql: 'e.key', type: 'bigint' },
      sortable: elementColumns,
      defaultSort: [{ field: 'elementInstanceKey', order: 'ASC' }],
    },
    request,
  );
}

export interface VariableRow {
  readonly name: string;
  readonly value: string;
  readonly scopeKey: string;
  readonly processInstanceKey: string;
  readonly rootProcessInstanceKey: string;
}
/** Key of a variable: its scope and the hash of its name within it, a positive 63-bit integer. */
export const variableKeySql = "(hashtextextended(v.scope_key::text || '/' || v.name, 0) & 9223372036854775807)";
const variableColumns: Columns = {
  variableKey: { sql: variableKeySql, type: 'bigint' },
  name: { sql: 'v.name', type: 'text' },
  value: { sql: 'v.value::text', type: 'text' },
  scopeKey: { sql: 'v.scope_key', type: 'bigint' },
  processInstanceKey: { sql: 'v.instance_key', type: 'bigint' },
};
export type FoundVariable = VariableRow & { readonly variableKey: string };

/** @param scopes only variables of these scopes; null: of all. */
export function searchVariables(
  db: Database,
  filter: Filter,
  scopes: readonly string[] | null,
  request: SearchRequest,
): Promise<Found<FoundVariable>> {
  const where = new Conditions().filters(variableColumns, filter);
  if (scopes !== null) where.add(`v.scope_key = any(${where.bind(scopes)}::bigint[])`);
  return search<FoundVariable>(
    db,
    {
      select: `${variableKeySql}::text as "variableKey", v.name, v.value::text as value, v.scope_key::text as "scopeKey",
        v.instance_key::text as "processInstanceKey", i.root_key::text as "rootProcessInstanceKey"`,
      from: 'variable v join instance i on i.key = v.instance_key',
      where,
      key: { sql: variableKeySql, type: 'bigint' },
      sortable: variableColumns,
      defaultSort: [{ field: 'name', order: 'ASC' }],
    },
    request,
  );
}
/** Element instance keys from an element up to the process, innermost first. */
export async function scopeChain(
  db: Database,
  processInstanceKey: string,
  elementInstanceKey: string,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ key: string }>(
    `with recursive chain (key, depth) as (
       select e.key, 0 from element_instance e where e.key = $2 and e.instance_key = $1
       union all select e.scope_key, chain.depth + 1 from chain join element_instance e on e.key = chain.key
        where e.scope_key <> e.key and chain.depth < 100)
     select key::text from chain order by depth`,
    [processInstanceKey, elementInstanceKey],
  );
  const keys = rows.map(({ key }) => key);
  return keys.includes(processInstanceKey) ? keys : [...keys, processInstanceKey];
}
/** Variables visible at an element: inner scopes hide outer ones. */
export async function visibleVariables(
  db: Database,
  processInstanceKey: string,
  elementInstanceKey: string,
): Promise<Record<string, Json>> {
  const scopes = await scopeChain(db, processInstanceKey, elementInstanceKey);
  const { rows } = await db.query<{ scope_key: string; name: string; value: Json }>(
    'select scope_key::text, name, value from variable where instance_key = $1 and scope_key = any($2::bigint[])',
    [processInstanceKey, scopes],
  );
  const outerFirst = rows.toSorted((a, b) => scopes.indexOf(b.scope_key) - scopes.indexOf(a.scope_key));
  return Object.fromEntries(outerFirst.map(({ name, value }) => [name, value]));
}
