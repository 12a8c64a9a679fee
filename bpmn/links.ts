/** Pairs of link events: a sequence flow without its line. BPMN 2.0.2 §10.5.5. */
import type { GraphFlow, GraphNode } from './graph.ts';
import { child, children, nameOf, triggersOf, type ModdleElement } from './moddle.ts';

/** The link definition of an event; null: it is no link event. */
const linkOf = ({ element }: GraphNode): ModdleElement | null =>
  triggersOf(element).find((definition) => definition.$type === 'bpmn:LinkEventDefinition') ?? null;

export const isLinkThrow = (node: GraphNode): boolean =>
  node.type === 'intermediateThrowEvent' && linkOf(node) !== null;
export const isLinkCatch = (node: GraphNode): boolean =>
  node.type === 'intermediateCatchEvent' && linkOf(node) !== null;

export function linkNameOf(node: GraphNode): string | null {
  const link = linkOf(node);
  return link === null ? null : nameOf(link);
}
/** Equal for events of one scope that carry one name. */
export const linkPlaceOf = (node: GraphNode): string => JSON.stringify([node.parent, linkNameOf(node)]);

/** One flow for each throw event that has a counterpart; what has none is reported by rules/link-events.ts. */
export function linkFlowsOf(nodes: readonly GraphNode[]): readonly GraphFlow[] {
  const targetOf = linkTargets(nodes.filter(isLinkCatch));
  return nodes.filter(isLinkThrow).flatMap((source): readonly GraphFlow[] => {
    const target = targetOf(source);
    if (target === undefined || target.parent !== source.parent) return [];
    const id = `${source.id}→${target.id}`;
    return [{ id, element: source.element, source, target, hasCondition: false, link: true }];
  });
}

/** Finds the catch event that a throw event leads to: by reference where either end gives one, else by name. */
function linkTargets(catches: readonly GraphNode[]): (source: GraphNode) => GraphNode | undefined {
  const byDefinition = new Map<ModdleElement, GraphNode>();
  const bySource = new Map<ModdleElement, GraphNode>();
  const byPlace = new Map<string, GraphNode>();
  for (const node of catches) {
    const link = linkOf(node);
    if (link === null) continue;
    byDefinition.set(link, node);
    for (const source of children(link, 'source')) bySource.set(source, node);
    if (linkNameOf(node) !== null && !byPlace.has(linkPlaceOf(node))) byPlace.set(linkPlaceOf(node), node);
  }
  return (source) => {
    const link = linkOf(source);
    const target = link === null ? null : child(link, 'target');
    if (link === null) return undefined;
    return target === null ? (bySource.get(link) ?? byPlace.get(linkPlaceOf(source))) : byDefinition.get(target);
  };
}
