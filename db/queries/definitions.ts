/** Published definitions: processes, decisions, forms. */
import type { ClientBase } from 'pg';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import { keyOfNumber } from '#engine/keys.ts';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, Found, SearchRequest } from './search.ts';
import { iso } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;

export interface DefinitionRow {
  readonly processDefinitionKey: string;
  readonly processDefinitionId: string;
  readonly name: string | null;
  readonly version: number;
  readonly versionTag: string | null;
  readonly resourceName: string;
  readonly startFormId: string | null;
  readonly deployedAt: string;
  readonly active: number;
  readonly withIncident: number;
  readonly ended: number;
  readonly isLatestVersion: boolean;
  readonly suspendedAt: string | null;
  readonly suspendedReason: string | null;
}
const columns: Columns = {
  processDefinitionKey: { sql: 'd.key', type: 'bigint' },
  processDefinitionId: { sql: 'd.process_id', type: 'text' },
  name: { sql: 'd.name', type: 'text' },
  version: { sql: 'd.version', type: 'integer' },
  versionTag: { sql: 'd.version_tag', type: 'text' },
  resourceName: { sql: 'd.resource_name', type: 'text' },
};
const latest = 'd.key in (select n.key from newest_process_definition n)';

export interface DefinitionFilter {
  readonly columns: Filter;
  readonly isLatestVersion?: boolean | undefined;
  readonly hasStartForm?: boolean | undefined;
}
export function searchDefinitions(
  db: Database,
  filter: DefinitionFilter,
  request: SearchRequest,
): Promise<Found<DefinitionRow>> {
  const where = new Conditions().filters(columns, filter.columns).add('d.deleted_at is null');
  if (filter.isLatestVersion !== undefined) where.add(filter.isLatestVersion ? latest : `not (${latest})`);
  if (filter.hasStartForm !== undefined)
    where.add(`(d.start_form_id is not null) = ${where.bind(filter.hasStartForm)}`);
  const count = (condition: string): string =>
    `(select count(*)::int from instance i where i.definition_key = d.key and ${condition})`;
  return search<DefinitionRow>(
    db,
    {
      select: `d.key::text as "processDefinitionKey", d.process_id as "processDefinitionId", d.name, d.version, d.version_tag as "versionTag",
        d.resource_name as "resourceName", d.start_form_id as "startFormId", ${iso('d.created_at')} as "deployedAt",
        ${count("i.state = 'ACTIVE'")} as active, ${count("i.state = 'ACTIVE' and i.incident_count > 0")} as "withIncident",
        ${count("i.state <> 'ACTIVE'")} as ended, ${latest} as "isLatestVersion", ${iso('d.suspended_at')} as "suspendedAt", d.suspended_reason as "suspendedReason"`,
      from: 'process_definition d',
      where,
      key: { sql: 'd.key', type: 'bigint' },
      sortable: columns,
      defaultSort: [
        { field: 'processDefinitionId', order: 'ASC' },
        { field: 'version', order: 'DESC' },
      ],
    },
    request,
  );
}

export interface PublishedProcess {
  readonly key: string;
  readonly processId: string;
  readonly version: number;
  readonly name: string | null;
  readonly modelSha256: string;
  readonly startFormId: string | null;
  /** At most one active instance per business key. */
  readonly uniqueBusinessKey: boolean;
  /** Why the version starts nothing; null: it does. */
  readonly suspendedReason: string | null;
}
const published = `key::text, process_id as "processId", version, name, encode(model_sha256, 'hex') as "modelSha256", start_form_id as "startFormId",
  unique_business_key as "uniqueBusinessKey", suspended_reason as "suspendedReason"`;
/** @param version null: the one that new instances take. */
export async function findByProcessId(
  db: Database,
  processId: string,
  version: number | null,
): Promise<PublishedProcess | null> {
  const { rows } = await db.query<PublishedProcess>(
    version === null
      ? `select ${published} from newest_process_definition where process_id = $1`
      : `select ${published} from process_definition where process_id = $1 and deleted_at is null and version = $2`,
    version === null ? [processId] : [processId, version],
  );
  return rows[0] ?? null;
}
/** null: there is none, or it was deleted. */
export async function findByDefinitionKey(db: Database, key: string): Promise<PublishedProcess | null> {
  const { rows } = await db.query<PublishedProcess>(
    `select ${published} from process_definition where key = $1 and deleted_at is null`,
    [key],
  );
  return rows[0] ?? null;
}
export async function findXml(db: Database, key: string): Promise<string | null> {
  const { rows } = await db.query<{ xml: string }>('select xml from process_definition where key = $1', [key]);
  return rows[0]?.xml ?? null;
}
export async function findAdmission(
  db: Database,
  key: string,
): Promise<{ readonly processId: string; readonly admission: Json } | null> {
  const { rows } = await db.query<{ processId: string; admission: Json }>(
    'select process_id as "processId", admission from process_definition where key = $1',
    [key],
  );
  return rows[0] ?? null;
}
export interface DependentProcess {
  readonly processDefinitionId: string;
  readonly name: string | null;
  readonly version: number;
  readonly resourceName: string;
  readonly xml: string;
}
/** The versions that new instances take and that have another version of one of these decisions bound to them; by their names in a model. */
export async function newestWithOtherDecisions(
  db: Database,
  decisions: Readonly<Record<string, DecisionModel>>,
): Promise<readonly DependentProcess[]> {
  const { rows } = await db.query<DependentProcess>(
    `select d.process_id as "processDefinitionId", d.name, d.version, d.resource_name as "resourceName", d.xml
       from newest_process_definition d join payload p on p.sha256 = d.model_sha256
      where exists (select from jsonb_each(convert_from(p.body, 'UTF8')::jsonb -> 'decisions') bound, jsonb_each($1) fresh
                     where bound.key = fresh.key and bound.value <> fresh.value) order by d.process_id`,
    [JSON.stringify(decisions)],
  );
  return rows;
}
/** The newest version of a decision; null: it was never published. */
export async function findDecision(
  db: Database,
  decisionId: string,
): Promise<{ readonly xml: string; readonly model: DecisionModel } | null> {
  const { rows } = await db.query<{ xml: string; model: DecisionModel }>(
    'select xml, model from decision_definition where decision_id = $1 order by version desc limit 1',
    [decisionId],
  );
  return rows[0] ?? null;
}
/** The compiled model of a definition; null: no such definition. */
export async function findModel(db: Database, definitionKey: string): Promise<ProcessModel | null> {
  const { rows } = await db.query<{ body: Buffer }>(
    'select p.body from process_definition d join payload p on p.sha256 = d.model_sha256 where d.key = $1',
    [definitionKey],
  );
  return rows[0] === undefined ? null : (JSON.parse(rows[0].body.toString()) as ProcessModel);
}

/** Newest versions that conditions start, of one process or version when that is asked for. */
export async function conditionalStarts(
  db: Database,
  { processId, definitionKey }: { readonly processId: string | null; readonly definitionKey: string | null },
): Promise<readonly { readonly definitionKey: string; readonly processId: string }[]> {
  const { rows } = await db.query<{ definitionKey: string; processId: string }>(
    `select key::text as "definitionKey", process_id as "processId" from newest_process_definition
      where suspended_at is null and start_triggers @> '[{"type": "conditional"}]' and ($1::text is null or process_id = $1) and ($2::bigint is null or key = $2)
      order by key`,
    [processId, definitionKey],
  );
  return rows;
}
/** Names of the messages that start a version, if it is the one that new instances take. */
export async function messageStartNamesOf(db: Database, definitionKey: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select distinct t.name from newest_process_definition d, jsonb_to_recordset(d.start_triggers) as t(type text, name text)
      where d.key = $1 and t.type = 'message'`,
    [definitionKey],
  );
  return rows.map(({ name }) => name);
}
/** Keys of the newest versions that timers start. */
export async function newestWithTimers(db: Database): Promise<readonly string[]> {
  const { rows } = await db.query<{ key: string }>(
    `select key::text from newest_process_definition where start_triggers @> '[{"type": "timer"}]'`,
  );
  return rows.map(({ key }) => key);
}

export interface FormRow {
  readonly formKey: string;
  readonly formId: string;
  readonly version: number;
  readonly schema: JsonObject;
}
/** The newest version of a form. */
export async function findForm(db: Database, formId: string): Promise<FormRow | null> {
  const { rows } = await db.query<FormRow>(
    'select key::text as "formKey", form_id as "formId", version, schema from form where form_id = $1 order by version desc limit 1',
    [formId],
  );
  return rows[0] ?? null;
}

/** Next key of the common number space. */
export async function nextKey(db: Database): Promise<string> {
  const { rows } = await db.query<{ number: string }>("select nextval('instance_number')::text as number");
  return keyOfNumber(BigInt(rows[0]?.number ?? ''));
}
