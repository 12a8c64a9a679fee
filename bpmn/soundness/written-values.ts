/** Which values the model itself gives to variables: a split over them needs no default flow when it names them all. */
import type { FeelNode } from '#engine/feel/ast.ts';
import type { Json } from '#engine/json.ts';
import type { ElementId, Expression, FlowNode, ProcessModel } from '#engine/model.ts';
import type { KnownValues } from './truth-table.ts';

/** Names of variables that an element writes into the scopes around it. */
export function writtenBy(node: FlowNode): readonly string[] {
  const written = node.outputs.map(({ target }) => target);
  if (node.type === 'scriptTask' && node.script.kind === 'feel') written.push(node.script.resultVariable);
  if (node.type === 'businessRuleTask' && node.rule.kind === 'decision') written.push(node.rule.resultVariable);
  return written;
}

/**
 * Those of the variables whose every value before an element was written as a literal; null stands for "not decided yet" and does not
 * count. `read`: names of variables, the first part of their paths.
 */
export function valuesBefore(model: ProcessModel, element: ElementId, read: ReadonlySet<string>): KnownValues {
  const values = new Map<string, Json[] | null>();
  const isRead = (path: string): boolean => read.has(path.split('.', 1)[0] ?? path);
  const writers = Object.values(model.nodes).filter((node) => writtenBy(node).some(isRead));
  const sources = writers.length === 0 ? new Set<ElementId>() : sourcesOf(model, element);
  for (const node of writers) {
    if (!around(model, node).some((id) => sources.has(id))) continue;
    for (const [index, path] of writtenBy(node).entries()) {
      const before = values.get(path);
      const literals = literalsOf(node.outputs[index]?.source);
      values.set(path, before === null || literals === null ? null : [...(before ?? []), ...literals]);
    }
  }
  const known = new Map<string, readonly Json[]>();
  for (const [path, literals] of values) if (literals !== null && literals.length > 0) known.set(path, literals);
  return known;
}

function literalsOf(source: Expression | undefined): Json[] | null {
  if (source === undefined) return null;
  return source.kind === 'static' ? [source.value] : literalsIn(source.ast);
}

function literalsIn(node: FeelNode): Json[] | null {
  if (node.type === 'null') return [];
  if (node.type === 'string' || node.type === 'boolean' || node.type === 'number') return [node.value];
  if (node.type !== 'if') return null;
  const [one, other] = [literalsIn(node.whenTrue), literalsIn(node.otherwise)];
  return one === null || other === null ? null : [...one, ...other];
}

/** The element and all from which a token may come to it, by the lines of the diagram. */
function sourcesOf(model: ProcessModel, to: ElementId): ReadonlySet<ElementId> {
  const found = new Set<ElementId>();
  const agenda = [to];
  for (let id = agenda.pop(); id !== undefined; id = agenda.pop()) {
    const node = model.nodes[id];
    if (node === undefined || found.has(id)) continue;
    found.add(id);
    agenda.push(...node.incoming.flatMap((flow) => model.flows[flow]?.source ?? []));
    if (node.type === 'boundaryEvent') agenda.push(node.attachedTo);
    if (node.parent !== null) agenda.push(node.parent);
  }
  return found;
}

/** The element and the sub-processes around it: what it wrote is there when they have ended. */
function around(model: ProcessModel, node: FlowNode): ElementId[] {
  const parent = node.parent === null ? undefined : model.nodes[node.parent];
  return [node.id, ...(parent === undefined ? [] : around(model, parent))];
}
