/**
 * One deployment: processes, decisions and forms that are published together, all or none. Decisions are compiled first and bound into
 * the process models, so that a running case never has to look for one.
 */
import { boundDecisionId } from '#engine/decisions.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { JsonObject } from '#engine/json.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import {
  problemOf,
  reportOf,
  withProblems,
  type AdmissionProblem,
  type AdmissionReport,
  type InventoryItem,
} from './admission.ts';
import { canonicalJson } from './canonical-json.ts';
import { compile, type CompileOptions } from './compile.ts';
import { parseDecisions } from './dmn.ts';
import { literal } from './expression.ts';
import { pinnedFormId, readForm, taggedFormId } from './forms.ts';
import { limits } from './limits.ts';
import { sha256 } from './sha256.ts';
import { soundnessProblems } from './soundness/problems.ts';

export interface DeploymentFile {
  /** File name; its ending tells the kind: `.bpmn`, `.dmn`, `.form`. */
  readonly name: string;
  /** UTF-8 text. */
  readonly content: string;
}
/** What has been published before and may be referred to. */
export interface ExistingResources {
  readonly decisions: Readonly<Record<string, DecisionModel>>;
  /** Every version of a decision that may decide, in order of publication; absent: only those of `decisions`. */
  readonly decisionVersions?: Readonly<Record<string, readonly DecisionModel[]>>;
  /** Ids of published forms; absent: form references are not checked. */
  readonly formIds?: readonly string[];
}

interface Resource {
  readonly resourceName: string;
  /** Hex SHA-256 of the file's text. */
  readonly sourceSha256: string;
}
export interface DeployedProcess extends Resource {
  readonly model: ProcessModel;
  readonly xml: string;
  /** Hex SHA-256 of the canonical JSON of `model`. */
  readonly sha256: string;
  /** Form of the none start event, null: none. */
  readonly startFormId: string | null;
  readonly report: AdmissionReport;
}
export interface DeployedDecision extends Resource {
  readonly model: DecisionModel;
  readonly xml: string;
}
export interface DeployedForm extends Resource {
  readonly formId: string;
  readonly schema: JsonObject;
}
export interface DeploymentReport {
  readonly ok: boolean;
  /** One per file, in the order given; problems of the deployment as a whole come with the name null. */
  readonly resources: readonly AdmissionReport[];
}
export type Deployment =
  | {
      readonly ok: true;
      readonly processes: readonly DeployedProcess[];
      readonly decisions: readonly DeployedDecision[];
      readonly forms: readonly DeployedForm[];
      readonly report: DeploymentReport;
    }
  | { readonly ok: false; readonly report: DeploymentReport };

/** What one file gave. */
interface FileResult {
  readonly file: DeploymentFile;
  report: AdmissionReport;
  readonly models: readonly ProcessModel[];
  readonly decisions: readonly DecisionModel[];
  readonly forms: readonly { readonly formId: string; readonly schema: JsonObject }[];
}

const nothing = { models: [], decisions: [], forms: [] };

export async function compileDeployment(
  files: readonly DeploymentFile[],
  existing: ExistingResources,
): Promise<Deployment> {
  const general = generalProblems(files);
  if (general.length > 0) return { ok: false, report: { ok: false, resources: [reportOf(null, [], general)] } };
  const early = new Map<DeploymentFile, FileResult>();
  const decisionFiles = files.filter((file) => kindOf(file) === 'dmn');
  for (const file of files) {
    if (kindOf(file) === 'dmn') early.set(file, await decisionFile(file, decisionFiles));
    else if (kindOf(file) === 'form') early.set(file, formFile(file));
    else if (kindOf(file) === null) early.set(file, unknownFile(file));
  }
  const fresh = [...early.values()].flatMap((result) => result.decisions);
  const { decisions, decisionVersions: all } = withDecisions(existing, fresh);
  const decisionVersions = Object.fromEntries(Object.entries(all).filter(([, versions]) => isDated(versions)));
  const boundDecisionIds = fresh.flatMap((model) => namesOf(model).map(([name]) => name));
  const results: FileResult[] = [];
  const options = { decisions, decisionVersions, boundDecisionIds, boundForms: pinnedForms([...early.values()]) };
  for (const file of files) results.push(early.get(file) ?? (await processFile(file, options)));
  checkAcrossFiles(results, existing);
  checkFlow(results);
  const report = { ok: results.every((result) => result.report.ok), resources: results.map((result) => result.report) };
  return report.ok ? { ok: true, ...published(results), report } : { ok: false, report };
}

/** A decision under its id, and under that with its tag. */
const namesOf = (model: DecisionModel): readonly (readonly [string, DecisionModel])[] =>
  [undefined, ...(model.versionTag === undefined ? [] : [model.versionTag])].map(
    (tag) => [boundDecisionId(model.id, tag), model] as const,
  );

/** What there is once these decisions are published too. A version without a day replaces all before it. */
export function withDecisions(
  existing: ExistingResources,
  fresh: readonly DecisionModel[],
): Required<Pick<ExistingResources, 'decisions' | 'decisionVersions'>> {
  const versions = new Map(Object.entries(existing.decisionVersions ?? {}));
  for (const model of fresh)
    versions.set(model.id, model.validFromMs === undefined ? [model] : [...(versions.get(model.id) ?? []), model]);
  const decisions = { ...existing.decisions, ...Object.fromEntries(fresh.flatMap(namesOf)) };
  return { decisions, decisionVersions: Object.fromEntries(versions) };
}
const isDated = (versions: readonly DecisionModel[]): boolean =>
  versions.some(({ validFromMs }) => validFromMs !== undefined);

function generalProblems(files: readonly DeploymentFile[]): readonly AdmissionProblem[] {
  if (files.length === 0) return [problemOf('DEPLOYMENT_EMPTY', null)];
  if (files.length > limits.deploymentFiles) {
    return [problemOf('DEPLOYMENT_TOO_LARGE', null, { limit: limits.deploymentFiles })];
  }
  const names = files.map((file) => file.name);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return [...new Set(repeated)].map((name) => problemOf('FILE_DUPLICATE', null, { name }));
}

const kinds = ['bpmn', 'dmn', 'form'] as const;
const kindOf = ({ name }: DeploymentFile): (typeof kinds)[number] | null =>
  kinds.find((kind) => name.toLowerCase().endsWith(`.${kind}`)) ?? null;

function unknownFile(file: DeploymentFile): FileResult {
  const problem = problemOf('FILE_UNKNOWN', null, { name: file.name });
  return { file, report: reportOf(file.name, [], [problem]), ...nothing };
}

async function processFile(file: DeploymentFile, options: CompileOptions): Promise<FileResult> {
  const compilation = await compile(file.content, { ...options, resourceName: file.name });
  if (!compilation.ok) return { file, report: compilation.report, ...nothing };
  return { file, report: compilation.report, ...nothing, models: compilation.processes, forms: compilation.forms };
}

/** Decision files of one deployment may import one another. */
async function decisionFile(file: DeploymentFile, all: readonly DeploymentFile[]): Promise<FileResult> {
  const others = all.filter((other) => other !== file).map((other) => other.content);
  const parsed = await parseDecisions(file.content, others);
  const decisions = parsed.ok ? parsed.decisions : [];
  const items = decisions.map(({ id, name }): InventoryItem => {
    return { elementId: id, elementType: 'decision', name, fate: 'executed' };
  });
  const listed = new Set(decisions.map(({ id }) => id));
  for (const { elementId } of parsed.problems) {
    if (elementId === null || listed.has(elementId)) continue;
    items.push({ elementId, elementType: 'decision', name: null, fate: 'executed' });
    listed.add(elementId);
  }
  return { file, report: reportOf(file.name, items, parsed.problems), ...nothing, decisions };
}

function formFile(file: DeploymentFile): FileResult {
  const { schema, id, problems } = readForm(file.content);
  const found = problems.map(({ code, values }) => problemOf(code, id, values));
  if (schema !== null && id === null) found.push(problemOf('FORM_INVALID', null, { detail: 'id' }));
  const items: InventoryItem[] =
    id === null ? [] : [{ elementId: id, elementType: 'form', name: file.name, fate: 'executed' }];
  const forms = schema === null || id === null ? [] : formIdsOf(id, schema).map((formId) => ({ formId, schema }));
  return { file, report: reportOf(file.name, items, found), ...nothing, forms };
}

/** Its own id, and that under its version tag where it has one. */
function formIdsOf(formId: string, schema: JsonObject): readonly string[] {
  const tag = schema['versionTag'];
  return typeof tag === 'string' && tag.trim() !== '' ? [formId, taggedFormId(formId, tag.trim())] : [formId];
}

/** Each form of the deployment with the id of exactly its content. */
const pinnedForms = (results: readonly FileResult[]): ReadonlyMap<string, string> =>
  new Map(
    results.flatMap(({ forms }) =>
      forms.map(({ formId, schema }) => [formId, pinnedFormId(formId, sha256(canonicalJson(schema)))] as const),
    ),
  );

/** What can only be seen with all files side by side. */
function checkAcrossFiles(results: readonly FileResult[], existing: ExistingResources): void {
  const processIds = new Set<string>();
  const decisionIds = new Set<string>();
  const formIds = new Set<string>();
  const allProcesses = new Set(results.flatMap((result) => result.models.map((model) => model.processId)));
  const allForms = new Set([
    ...(existing.formIds ?? []),
    ...results.flatMap((result) => result.forms.map((form) => form.formId)),
    ...pinnedForms(results).values(),
  ]);
  for (const result of results) {
    const problems: AdmissionProblem[] = [];
    const once = (seen: Set<string>, id: string, problem: AdmissionProblem): void => {
      if (seen.has(id)) problems.push(problem);
      seen.add(id);
    };
    for (const { processId: id } of result.models) once(processIds, id, problemOf('PROCESS_ID_DUPLICATE', id, { id }));
    for (const { id } of result.decisions) once(decisionIds, id, problemOf('DECISION_DUPLICATE', id, { decision: id }));
    for (const { formId } of result.forms) once(formIds, formId, problemOf('FORM_DUPLICATE', formId, { form: formId }));
    for (const node of result.models.flatMap((model) => Object.values(model.nodes))) {
      const form = existing.formIds === undefined ? null : formIdOf(node);
      if (form !== null && !allForms.has(form)) problems.push(problemOf('FORM_NOT_FOUND', node.id, { form }));
      const process = node.type === 'callActivity' && node.binding === 'deployment' ? literal(node.processId) : null;
      if (process !== null && !allProcesses.has(process)) {
        problems.push(problemOf('CALLED_PROCESS_NOT_IN_DEPLOYMENT', node.id, { process }));
      }
    }
    result.report = withProblems(result.report, problems);
  }
}

/** Whether tokens can get stuck. What was found unreachable already is not said twice. */
function checkFlow(results: readonly FileResult[]): void {
  const published = results.flatMap(({ models }) => models);
  for (const result of results) {
    const unreachable = new Set(
      result.report.entries.flatMap(({ problems }) =>
        problems.filter(({ code }) => code === 'NODE_UNREACHABLE').map(({ elementId }) => elementId),
      ),
    );
    const found = soundnessProblems(result.models, published);
    result.report = withProblems(
      result.report,
      found.filter(({ elementId }) => !unreachable.has(elementId)),
    );
  }
}

const formIdOf = (node: FlowNode): string | null => {
  if (node.type === 'userTask') return node.task.formId;
  return node.type === 'startEvent' ? node.formId : null;
};

function published(results: readonly FileResult[]): {
  readonly processes: readonly DeployedProcess[];
  readonly decisions: readonly DeployedDecision[];
  readonly forms: readonly DeployedForm[];
} {
  const processes: DeployedProcess[] = [];
  const decisions: DeployedDecision[] = [];
  const forms: DeployedForm[] = [];
  const used = new Set(
    results.flatMap(({ models }) => models.flatMap((model) => Object.values(model.nodes).map(formIdOf))),
  );
  for (const { file, report, models, decisions: decisionModels, forms: schemas } of results) {
    const resource = { resourceName: file.name, sourceSha256: sha256(file.content) };
    for (const model of models)
      processes.push({
        ...resource,
        startFormId: startFormOf(model),
        model,
        xml: file.content,
        sha256: sha256(canonicalJson(model)),
        report,
      });
    for (const model of decisionModels) decisions.push({ ...resource, model, xml: file.content });
    for (const form of schemas) {
      forms.push({ ...resource, ...form });
      const pinned = pinnedFormId(form.formId, sha256(canonicalJson(form.schema)));
      if (used.has(pinned)) forms.push({ ...resource, schema: form.schema, formId: pinned });
    }
  }
  return { processes, decisions, forms };
}

/** Form of the none start event; null: none. */
function startFormOf(model: ProcessModel): string | null {
  const starts = model.startElements.flatMap((id) => model.nodes[id] ?? []);
  const plain = starts.find((node) => node.type === 'startEvent' && node.trigger === null);
  return plain?.type === 'startEvent' ? plain.formId : null;
}
