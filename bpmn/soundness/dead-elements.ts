/** Elements that no token ever reaches. */
import type { ElementId, FlowNode } from '#engine/model.ts';
import type { Ways } from './analysis.ts';
import type { Fault } from './finding.ts';
import type { ScopeNet } from './net.ts';

/** One fault for each part of the diagram that is not reached: its first element, then the others. Dead end events are named as such. `excused`:
 * what keeps tokens back, has been reported, and so what comes after it is no fault of its own. */
export function deadElements(
  net: ScopeNet,
  { isVisited, pathTo }: Ways,
  excused: ReadonlySet<ElementId>,
): readonly Fault[] {
  const dead = new Map(net.nodes.filter(({ id }) => !isVisited(id)).map((node) => [node.id, node]));
  for (const id of downstream(net, [...excused])) dead.delete(id);
  const faults: Fault[] = [];
  const heads = [...dead.values()].filter((node) => !before(net, node).some((id) => dead.has(id)));
  for (const head of [...heads, ...dead.values()]) {
    if (!dead.has(head.id)) continue;
    const part = downstream(net, [head.id]).filter((id) => dead.has(id));
    for (const id of part) dead.delete(id);
    const code = head.type === 'endEvent' ? 'END_NEVER_REACHED' : 'DEAD_ELEMENT';
    const path = before(net, head).reduce<readonly string[] | null>((found, id) => found ?? pathTo(id), null) ?? [];
    faults.push({ code, elements: part, path, ...(isKeptInReserve(net, head) ? { severity: 'info' } : {}) });
  }
  return faults;
}

/** Nothing occurs that a boundary event or the way on from a sub-process is there for: harmless, and often meant for later. */
const isKeptInReserve = (net: ScopeNet, head: FlowNode): boolean =>
  head.type === 'boundaryEvent' || before(net, head).some((id) => net.summaries.get(id)?.completes === false);

const before = ({ model }: ScopeNet, node: FlowNode): ElementId[] =>
  node.type === 'boundaryEvent' ? [node.attachedTo] : node.incoming.flatMap((flow) => model.flows[flow]?.source ?? []);

/** The elements and all to which lines lead from them, in the order found. */
function downstream({ model }: ScopeNet, from: readonly ElementId[]): readonly ElementId[] {
  const found = new Set<ElementId>(from);
  for (const id of found) {
    const node = model.nodes[id];
    for (const flow of node?.outgoing ?? []) found.add(model.flows[flow]?.target ?? id);
    if (node !== undefined && 'boundary' in node) for (const event of node.boundary) found.add(event);
  }
  return [...found];
}
