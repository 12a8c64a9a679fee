/**
 * Loops of automatic elements that have an exit which nothing in them can open: no element within writes a variable that the exits'
 * conditions read, and nothing waits, so whoever goes round once goes round for ever (and is stopped by limits.visitsPerStep).
 */
import type { ElementId, FlowNode } from '#engine/model.ts';
import { isWait } from './activity.ts';
import type { Ways } from './analysis.ts';
import { components } from './components.ts';
import type { FeelNode } from '#engine/feel/ast.ts';
import { freeVariables } from '../free-variables.ts';
import type { Fault } from './finding.ts';
import type { ScopeNet } from './net.ts';
import { writtenBy } from './written-values.ts';

export function automaticCycles(net: ScopeNet, { isVisited, pathTo }: Ways): readonly Fault[] {
  const automatic = net.nodes.filter((node) => !isWait(node, net.summaries) && isVisited(node.id));
  const indexes = new Map(automatic.map(({ id }, index) => [id, index]));
  const successors = (index: number): number[] =>
    (automatic[index]?.outgoing ?? []).flatMap((flow) => indexes.get(net.model.flows[flow]?.target ?? '') ?? []);
  const distance = ({ id }: FlowNode): number => pathTo(id)?.length ?? Infinity;
  const faults: Fault[] = [];
  for (const part of components(automatic.length, successors)) {
    const loop = part.flatMap((index) => automatic[index] ?? []).sort((one, other) => distance(one) - distance(other));
    const [first] = loop;
    const circles = loop.length > 1 || part.some((index) => successors(index).includes(index));
    if (first === undefined || !circles || !isClosed(net, loop)) continue;
    faults.push({
      code: 'LIVELOCK',
      // the condition may never hold when the loop is reached
      severity: 'warning',
      elements: loop.map(({ id }) => id),
      path: pathTo(first.id) ?? [],
    });
  }
  return faults;
}

/** Whether an exit exists, depends on conditions only, and none of them can change within the loop. */
function isClosed({ model, exits }: ScopeNet, loop: readonly FlowNode[]): boolean {
  const inside = new Set(loop.map(({ id }) => id));
  const splits = loop.filter((node) => node.outgoing.some((flow) => !inside.has(model.flows[flow]?.target ?? '')));
  // an exit that is taken besides the way round, such as that of a parallel gateway, is a matter of synchronisation
  if (splits.length === 0 || !splits.every(({ type }) => type === 'exclusiveGateway')) return false;
  const conditions = loop.flatMap(({ outgoing }) =>
    outgoing.flatMap((flow) => model.flows[flow]?.condition?.ast ?? []),
  );
  if (conditions.length === 0 || conditions.some(changesByItself)) return false;
  const read = new Set(conditions.flatMap((condition) => freeVariables(condition)));
  const written = Object.values(model.nodes)
    .filter((node) => inside.has(node.id) || isWithin(model.nodes, node, inside))
    .flatMap(writtenBy);
  const decides = splits.every((node) => exits(node).ways.length > 1);
  return decides && !written.some((path) => read.has(path.split('.', 1)[0] ?? path));
}

function isWithin(
  nodes: Readonly<Record<ElementId, FlowNode>>,
  { parent }: FlowNode,
  inside: ReadonlySet<ElementId>,
): boolean {
  const around = parent === null ? undefined : nodes[parent];
  return around !== undefined && (inside.has(around.id) || isWithin(nodes, around, inside));
}

const clocks = new Set(['now', 'today', 'random number']);

/** Whether an expression may give another value although no variable has changed. */
function changesByItself(node: FeelNode): boolean {
  const calls = JSON.stringify(node).matchAll(/"type":"name","name":"([^"]+)"/g);
  return [...calls].some(([, name]) => clocks.has(name ?? ''));
}
