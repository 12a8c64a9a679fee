/** Pairs of link events: a sequence flow without its line. BPMN 2.0.2 §10.5.5. */
import type { GraphFlow, GraphNode } from './graph.ts';
import { child, children, nameOf, triggersOf, type ModdleElement } from './moddle.ts';

/** The link definition of an event; null: it is no link event. */
export const linkOf = ({ element }: GraphNode): ModdleElement | null =>
  triggersOf(element).find((definition) => definition.$type === 'bpmn:LinkEventDefinition') ?? null;

export const isLinkThrow = (node: GraphNode): boolean =>
  node.type === 'intermediateThrowEvent' && linkOf(node) !== null;
export const isLinkCatch = (node: GraphNode): boolean =>
  node.type === 'intermediateCatchEvent' && linkOf(node) !== null;

/** Whether a throw event leads to a catch event of the same scope: by reference where one is given, else by name. */
export function areLinked(thrown: GraphNode, caught: GraphNode): boolean {
  const [from, to] = [linkOf(thrown), linkOf(caught)];
  if (from === null || to === null || thrown.parent !== caught.parent) return false;
  const target = child(from, 'target');
  if (target !== null) return target === to;
  const sources = children(to, 'source');
  if (sources.length > 0) return sources.includes(from);
  return nameOf(from) !== null && nameOf(from) === nameOf(to);
}

/** One flow for each throw event that has a counterpart; what has none is reported by rules/link-events.ts. */
export function linkFlowsOf(nodes: readonly GraphNode[]): readonly GraphFlow[] {
  const catches = nodes.filter(isLinkCatch);
  return nodes.filter(isLinkThrow).flatMap((source): readonly GraphFlow[] => {
    const target = catches.find((candidate) => areLinked(source, candidate));
    if (target === undefined) return [];
    const id = `${source.id}→${target.id}`;
    return [{ id, element: source.element, source, target, hasCondition: false, link: true }];
  });
}
