/** Writes a deployment: one transaction, what is unchanged keeps its key and version. */
import type { ClientBase } from 'pg';
import { boundDecisionId } from '#engine/decisions.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { JsonObject } from '#engine/json.ts';
import { nextKey } from './queries/definitions.ts';

type Database = Pick<ClientBase, 'query'>;

/** Something that starts instances; `part`: its place among the triggers of a multiple start event, 0 for the only one. */
export type StartTrigger = { readonly elementId: string; readonly part: number } & (
  | { readonly type: 'message' | 'signal'; readonly name: string }
  | { readonly type: 'timer' | 'conditional' }
);
export interface ProcessToPublish {
  readonly processId: string;
  readonly name: string | null;
  readonly versionTag: string | null;
  readonly resourceName: string;
  readonly xml: string;
  /** Hex SHA-256 of the file and of the compiled model. */
  readonly sourceSha256: string;
  readonly modelSha256: string;
  /** The compiled model as canonical JSON, named by `modelSha256`. */
  readonly model: string;
  readonly startFormId: string | null;
  readonly startTriggers: readonly StartTrigger[];
  /** At most one active instance per business key. */
  readonly uniqueBusinessKey: boolean;
  readonly admission: object;
}
export interface DecisionToPublish {
  readonly decisionId: string;
  readonly name: string | null;
  readonly resourceName: string;
  readonly xml: string;
  readonly sourceSha256: string;
  readonly model: DecisionModel;
}
export interface FormToPublish {
  readonly formId: string;
  readonly resourceName: string;
  readonly schema: JsonObject;
  readonly sourceSha256: string;
}
export interface Published {
  readonly key: string;
  readonly version: number;
  /** false: nothing changed. */
  readonly isNew: boolean;
  readonly createdAtMs: number;
}

/** One deployment at a time; the lock ends with the transaction. */
export async function openDeployment(db: Database, actor: string): Promise<string> {
  await db.query("select pg_advisory_xact_lock(hashtextextended('deployment', 0))");
  const key = await nextKey(db);
  await db.query('insert into deployment (key, created_by) values ($1, $2)', [key, actor]);
  return key;
}

interface Latest {
  readonly key: string;
  readonly version: number;
  /** null: deleted. */
  readonly source: string | null;
  readonly model: string | null;
  readonly createdAtMs: number;
}
const createdAt = '(extract(epoch from created_at) * 1000)::float8 as "createdAtMs"';
async function latest(db: Database, sql: string, id: string): Promise<Latest | null> {
  return (await db.query<Latest>(sql, [id])).rows[0] ?? null;
}

export async function publishProcess(
  db: Database,
  deploymentKey: string,
  process: ProcessToPublish,
): Promise<Published> {
  const before = await latest(
    db,
    `select key::text, version, case when deleted_at is null then encode(source_sha256, 'hex') end as source, encode(model_sha256, 'hex') as model, ${createdAt}
       from process_definition where process_id = $1 order by version desc limit 1`,
    process.processId,
  );
  if (before?.source === process.sourceSha256 && before.model === process.modelSha256)
    return { ...before, isNew: false };
  await db.query('insert into payload (sha256, body) values ($1, $2) on conflict do nothing', [
    Buffer.from(process.modelSha256, 'hex'),
    Buffer.from(process.model),
  ]);
  const key = await nextKey(db);
  const version = (before?.version ?? 0) + 1;
  await db.query(
    `insert into process_definition (key, deployment_key, process_id, version, version_tag, name, resource_name, xml, source_sha256, model_sha256,
       start_form_id, start_triggers, admission, unique_business_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8, decode($9, 'hex'), decode($10, 'hex'), $11, $12, $13, $14)`,
    [
      key,
      deploymentKey,
      process.processId,
      version,
      process.versionTag,
      process.name,
      process.resourceName,
      process.xml,
      process.sourceSha256,
      process.modelSha256,
      process.startFormId,
      JSON.stringify(process.startTriggers),
      JSON.stringify(process.admission),
      process.uniqueBusinessKey,
    ],
  );
  // What is published new is what starts from now on, whatever was declared before.
  await db.query('delete from declared_version where process_id = $1', [process.processId]);
  return { key, version, isNew: true, createdAtMs: Date.now() };
}
export async function publishDecision(
  db: Database,
  deploymentKey: string,
  decision: DecisionToPublish,
): Promise<Published> {
  const before = await latest(
    db,
    `select key::text, version, encode(source_sha256, 'hex') as source, null as model, ${createdAt} from decision_definition where decision_id = $1 order by version desc limit 1`,
    decision.decisionId,
  );
  if (before?.source === decision.sourceSha256) return { ...before, isNew: false };
  const key = await nextKey(db);
  const version = (before?.version ?? 0) + 1;
  await db.query(
    `insert into decision_definition (key, deployment_key, decision_id, version, name, resource_name, xml, source_sha256, model, valid_from, version_tag)
     values ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'), $9, to_timestamp($10::float8 / 1000), $11)`,
    [
      key,
      deploymentKey,
      decision.decisionId,
      version,
      decision.name,
      decision.resourceName,
      decision.xml,
      decision.sourceSha256,
      JSON.stringify(decision.model),
      decision.model.validFromMs ?? null,
      decision.model.versionTag ?? null,
    ],
  );
  return { key, version, isNew: true, createdAtMs: Date.now() };
}
export async function publishForm(db: Database, deploymentKey: string, form: FormToPublish): Promise<Published> {
  const before = await latest(
    db,
    `select key::text, version, encode(source_sha256, 'hex') as source, null as model, ${createdAt} from form where form_id = $1 order by version desc limit 1`,
    form.formId,
  );
  if (before?.source === form.sourceSha256) return { ...before, isNew: false };
  const key = await nextKey(db);
  const version = (before?.version ?? 0) + 1;
  await db.query(
    `insert into form (key, deployment_key, form_id, version, resource_name, schema, source_sha256)
     values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'))`,
    [key, deploymentKey, form.formId, version, form.resourceName, JSON.stringify(form.schema), form.sourceSha256],
  );
  return { key, version, isNew: true, createdAtMs: Date.now() };
}

export interface PublishedDecisions {
  /** The newest version by id, and by `id#tag` the newest with that tag. */
  readonly decisions: Readonly<Record<string, DecisionModel>>;
  /** By id: the newest version that is not bound to a day, and those after it, in order of publication. */
  readonly decisionVersions: Readonly<Record<string, readonly DecisionModel[]>>;
}
export async function publishedDecisions(db: Database): Promise<PublishedDecisions> {
  const { rows } = await db.query<{ id: string; tag: string | null; isCurrent: boolean; model: DecisionModel }>(
    `with base as (select decision_id, max(version) as version from decision_definition where valid_from is null group by decision_id)
     select d.decision_id as id, d.version_tag as tag, d.model, d.version >= coalesce(b.version, 0) as "isCurrent"
       from decision_definition d left join base b on b.decision_id = d.decision_id
      where d.version >= coalesce(b.version, 0) or d.version_tag is not null order by d.decision_id, d.version`,
  );
  const decisions: Record<string, DecisionModel> = {};
  const decisionVersions: Record<string, DecisionModel[]> = {};
  for (const { id, tag, isCurrent, model } of rows) {
    if (tag !== null) decisions[boundDecisionId(id, tag)] = model;
    if (!isCurrent) continue;
    decisions[id] = model;
    (decisionVersions[id] ??= []).push(model);
  }
  return { decisions, decisionVersions };
}
export async function publishedFormIds(db: Database): Promise<readonly string[]> {
  const { rows } = await db.query<{ form_id: string }>('select distinct form_id from form order by form_id');
  return rows.map(({ form_id }) => form_id);
}
