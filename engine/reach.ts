/**
 * What comes after what within a scope: by flows, and through the boundary events of activities, without going back. A way back is one to
 * an element that every path from the beginning has passed already; found once per model, depth first in the order of the model.
 */
import type { ElementId, FlowId, FlowNode, ProcessModel } from './model.ts';

/** One way on from an element; `flow` null: the boundary event occurs. */
export interface Way {
  readonly flow: FlowId | null;
  readonly to: ElementId;
}
type Ways = ReadonlyMap<ElementId, readonly Way[]>;

const known = new WeakMap<ProcessModel, Ways>();

export function waysFrom(process: ProcessModel, elementId: ElementId): readonly Way[] {
  let ways = known.get(process);
  if (!ways) known.set(process, (ways = findWays(process)));
  return ways.get(elementId) ?? [];
}

/** The elements that a token at one of these can come to, those themselves included. */
export function reachableFrom(process: ProcessModel, starts: Iterable<ElementId>): ReadonlySet<ElementId> {
  const found = new Set<ElementId>();
  const open = [...starts];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    for (const { to } of waysFrom(process, at)) open.push(to);
  }
  return found;
}

function findWays(process: ProcessModel): Ways {
  const ways = new Map<ElementId, Way[]>();
  const isBegin = ({ type, incoming }: FlowNode): boolean => incoming.length === 0 && type !== 'boundaryEvent';
  const nodes = Object.values(process.nodes);
  // then what lies in a circle that has no beginning
  for (const { id } of [...nodes.filter(isBegin), ...nodes]) if (!ways.has(id)) walk(process, id, ways);
  return ways;
}

function walk(process: ProcessModel, start: ElementId, ways: Map<ElementId, Way[]>): void {
  const path = new Set<ElementId>();
  const stack: { readonly id: ElementId; readonly left: Way[] }[] = [];
  const enter = (id: ElementId): void => {
    path.add(id);
    ways.set(id, []);
    stack.push({ id, left: everyWay(process, id).toReversed() });
  };
  enter(start);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const way = top.left.pop();
    if (!way) {
      path.delete(top.id);
      stack.pop();
    } else if (!path.has(way.to)) {
      ways.get(top.id)?.push(way);
      if (!ways.has(way.to)) enter(way.to);
    }
  }
}

function everyWay(process: ProcessModel, elementId: ElementId): Way[] {
  const node = process.nodes[elementId];
  if (!node) return [];
  const flows = node.outgoing.flatMap((flow): Way[] => {
    const to = process.flows[flow]?.target;
    return to === undefined ? [] : [{ flow, to }];
  });
  const events = 'boundary' in node ? node.boundary.map((to): Way => ({ flow: null, to })) : [];
  return [...flows, ...events];
}
