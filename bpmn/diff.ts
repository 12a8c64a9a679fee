/**
 * What has changed between two versions of a process, as it runs: elements, flows, decisions and settings of the process. Layout and ids of
 * what only the diagram has do not count. One list of plain rows, for a table, a diagram or a terminal.
 */
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Json } from '#engine/json.ts';
import type { FlowNode, ProcessModel } from '#engine/model.ts';
import { canonicalJson } from './canonical-json.ts';

export interface PropertyChange {
  /** Path within the element: `task.candidateGroups`. */
  readonly property: string;
  /** Expressions as their source, what is no value of its own as JSON text; null: not there. */
  readonly before: string | null;
  readonly after: string | null;
}
export interface ModelChange {
  readonly kind: 'element' | 'flow' | 'decision' | 'process';
  readonly change: 'added' | 'removed' | 'changed' | 'renamed';
  /** In the new version; of what was removed, in the old one. */
  readonly id: string;
  /** Of what was renamed: its id in the old version. */
  readonly from: string | null;
  readonly name: string | null;
  /** Type of the element, null for anything else. */
  readonly type: string | null;
  readonly properties: readonly PropertyChange[];
}

/** What follows from other rows of the list, or is only for readers of the diagram. */
const derived: ReadonlySet<string> = new Set([
  'id',
  'incoming',
  'outgoing',
  'boundary',
  'startElements',
  'eventSubProcesses',
]);
/** Characters of one value that are shown. */
const shownLength = 500;

/** `renamed`: ids of elements of the old version with those they have in the new one. */
export function diffModels(
  before: ProcessModel,
  after: ProcessModel,
  renamed: ReadonlyMap<string, string> = new Map(),
): readonly ModelChange[] {
  return [
    ...processChanges(before, after),
    ...elementChanges(before, after, renamed),
    ...flowChanges(before, after, renamed),
    ...decisionChanges(before.decisions, after.decisions),
  ];
}

function processChanges(before: ProcessModel, after: ProcessModel): ModelChange[] {
  const own = ({ name, documentation, versionTag, properties, businessKey, region, listeners }: ProcessModel) =>
    ({ name, documentation, versionTag, properties, businessKey, region, listeners }) as unknown as Json;
  const properties = differences(own(before), own(after));
  if (properties.length === 0) return [];
  const { processId: id, name } = after;
  return [{ kind: 'process', change: 'changed', id, from: null, name, type: null, properties }];
}

function elementChanges(
  before: ProcessModel,
  after: ProcessModel,
  renamed: ReadonlyMap<string, string>,
): ModelChange[] {
  const sources = new Map([...renamed].map(([from, to]) => [to, from]));
  const rows: ModelChange[] = [];
  for (const node of Object.values(after.nodes)) {
    const from = sources.get(node.id) ?? null;
    const old = before.nodes[from ?? node.id];
    if (!old) rows.push(rowOf('added', node));
    else {
      const properties = differences(contentOf(old, renamed), contentOf(node));
      if (from !== null && from !== node.id) rows.push({ ...rowOf('renamed', node), from, properties });
      else if (properties.length > 0) rows.push({ ...rowOf('changed', node), properties });
    }
  }
  const kept = (id: string): boolean => Object.hasOwn(after.nodes, renamed.get(id) ?? id);
  return [...rows, ...Object.values(before.nodes).flatMap((node) => (kept(node.id) ? [] : [rowOf('removed', node)]))];
}

const rowOf = (change: ModelChange['change'], { id, name, type }: FlowNode): ModelChange => ({
  kind: 'element',
  change,
  id,
  from: null,
  name,
  type,
  properties: [],
});

/** What the element is and does; names of elements as they are in the new version. */
function contentOf(node: FlowNode, renamed: ReadonlyMap<string, string> = new Map()): Json {
  const entries = Object.entries(node as unknown as Readonly<Record<string, Json>>);
  const kept = entries.filter(([name]) => !derived.has(name));
  const content: Record<string, Json> = Object.fromEntries(kept);
  for (const name of ['parent', 'attachedTo', 'handler', 'startEvent']) {
    const id = content[name];
    if (typeof id === 'string') content[name] = renamed.get(id) ?? id;
  }
  return content;
}

/** A flow is known by its id, or by the elements it connects. */
function flowChanges(before: ProcessModel, after: ProcessModel, renamed: ReadonlyMap<string, string>): ModelChange[] {
  const own = ({ flows, nodes }: ProcessModel, names: ReadonlyMap<string, string>) =>
    Object.values(flows).map((flow) => {
      const { id, name, condition } = flow;
      const [source, target] = [names.get(flow.source) ?? flow.source, names.get(flow.target) ?? flow.target];
      const isDefault = nodes[flow.source]?.defaultFlow === id;
      return { id, name, source, target, condition: condition as unknown as Json, isDefault };
    });
  const olds = own(before, renamed);
  const rows: ModelChange[] = [];
  const met = new Set<string>();
  for (const flow of own(after, new Map())) {
    const connects = olds.find(({ source, target }) => source === flow.source && target === flow.target);
    const old = olds.find(({ id }) => id === flow.id) ?? connects;
    const row = { kind: 'flow', id: flow.id, from: null, name: flow.name, type: null } as const;
    if (old === undefined || met.has(old.id)) {
      rows.push({ ...row, change: 'added', properties: ends(null, flow) });
      continue;
    }
    met.add(old.id);
    const properties = differences({ ...old, id: null }, { ...flow, id: null });
    if (properties.length > 0) rows.push({ ...row, change: 'changed', properties });
  }
  const gone = olds.filter(({ id }) => !met.has(id));
  const removed = gone.map((flow): ModelChange => {
    const { id, name } = flow;
    return { kind: 'flow', change: 'removed', id, from: null, name, type: null, properties: ends(flow, null) };
  });
  return [...rows, ...removed];
}

interface Ends {
  readonly source: string;
  readonly target: string;
}
const ends = (before: Ends | null, after: Ends | null): PropertyChange[] =>
  (['source', 'target'] as const).map((property) => ({
    property,
    before: before?.[property] ?? null,
    after: after?.[property] ?? null,
  }));

type Decisions = Readonly<Record<string, DecisionModel>>;
function decisionChanges(before: Decisions, after: Decisions): ModelChange[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return ids.flatMap((id): ModelChange[] => {
    const [old, wanted] = [before[id], after[id]];
    const row = { kind: 'decision', id, from: null, name: (wanted ?? old)?.name ?? null, type: null } as const;
    if (!old || !wanted) return [{ ...row, change: old ? 'removed' : 'added', properties: [] }];
    const properties = differences(old as unknown as Json, wanted as unknown as Json);
    return properties.length === 0 ? [] : [{ ...row, change: 'changed', properties }];
  });
}

type Entries = Readonly<Record<string, Json>>;
const isEntries = (value: Json | undefined): value is Entries =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** An expression is shown as a person has written it. */
const isExpression = (value: Entries): boolean => value['kind'] === 'feel' || value['kind'] === 'static';

/** As deep as objects go; a list is one value. Recursion is bounded by the depth of the model's types. */
function differences(before: Json | undefined, after: Json | undefined, path = ''): PropertyChange[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  const [old, wanted] = [isEntries(before) ? before : null, isEntries(after) ? after : null];
  const goesDeeper = old !== null && wanted !== null && !isExpression(old) && !isExpression(wanted) && !isTree(old);
  if (!goesDeeper) return [{ property: path, before: shown(before), after: shown(after) }];
  const names = [...new Set([...Object.keys(old), ...Object.keys(wanted)])];
  return names.flatMap((name) => differences(old[name], wanted[name], path === '' ? name : `${path}.${name}`));
}

/** A syntax tree: its parts say nothing to anybody. */
const isTree = (value: Entries): boolean => 'type' in value && ('left' in value || 'rules' in value || 'args' in value);

function shown(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (isEntries(value) && value['kind'] === 'feel') return `= ${shown(value['source']) ?? ''}`;
  if (isEntries(value) && value['kind'] === 'static') return shown(value['value']);
  return canonicalJson(value).slice(0, shownLength);
}
