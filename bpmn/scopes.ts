/** Where the token of a process or sub-process begins. BPMN 2.0.2 §10.5.2, §13.2, §13.3.4. */
import type { EventBasedGateway } from '#engine/model.ts';
import { isEventSubProcess, type GraphNode, type ProcessGraph } from './graph.ts';
import { isLinkCatch } from './links.ts';
import { flag, text } from './moddle.ts';

/** Flow nodes directly in the process or in one of its sub-processes, in document order. */
export const nodesIn = (graph: ProcessGraph, scope: string | null): readonly GraphNode[] =>
  scope === null
    ? [...graph.nodes.values()].filter((node) => node.parent === null)
    : (graph.nodes.get(scope)?.inside ?? []);

export const eventSubProcessesOf = (nodes: readonly GraphNode[]): readonly string[] =>
  nodes.filter((node) => isEventSubProcess(node.element)).map((node) => node.id);

export const isHandler = ({ element }: GraphNode): boolean => flag(element, 'isForCompensation', false);

/** Elements that no flow reaches and that are part of the normal flow. */
export const unreachedByFlow = (nodes: readonly GraphNode[]): readonly GraphNode[] =>
  nodes.filter(
    (node) =>
      node.incoming.length === 0 &&
      node.type !== 'boundaryEvent' &&
      !isHandler(node) &&
      !isEventSubProcess(node.element) &&
      !isLinkCatch(node),
  );

export const startEventsOf = (nodes: readonly GraphNode[]): readonly GraphNode[] =>
  nodes.filter((node) => node.type === 'startEvent');

/** A sub-process begins with its start event; without one, with everything that no flow reaches. */
export function startElementsIn(nodes: readonly GraphNode[]): readonly string[] {
  const starts = startEventsOf(nodes);
  return (starts.length > 0 ? starts : unreachedByFlow(nodes)).map((node) => node.id);
}

/** How an event-based gateway starts an instance, null: it does not. */
export function gatewayInstantiation({ type, element }: GraphNode): EventBasedGateway['instantiates'] {
  if (type !== 'eventBasedGateway' || !flag(element, 'instantiate', false)) return null;
  return text(element, 'eventGatewayType') === 'Parallel' ? 'parallel' : 'exclusive';
}

/**
 * Whether an element of the process itself starts an instance by what it waits for: `exclusive` it alone, or one behind an exclusive
 * gateway; `parallel` behind a parallel one. null: it does not.
 */
export function instantiationOf(node: GraphNode): EventBasedGateway['instantiates'] {
  if (node.parent !== null) return null;
  if (node.type === 'receiveTask' && node.incoming.length === 0 && flag(node.element, 'instantiate', false)) {
    return 'exclusive';
  }
  const gateways = node.incoming.map((flow) => gatewayInstantiation(flow.source));
  const [first] = gateways;
  return first !== undefined && gateways.every((gateway) => gateway === first) ? first : null;
}

/** Everything that can start an instance; empty: nothing says how the process begins. */
export const instanceStarts = (graph: ProcessGraph): readonly GraphNode[] =>
  nodesIn(graph, null).filter((node) => node.type === 'startEvent' || instantiationOf(node) !== null);

/** Property by which a process without start events asks to begin with everything that no flow reaches. */
export const implicitStartProperty = 'alur.implicitStart';

export function startElementsOfProcess(graph: ProcessGraph, implicit: boolean): readonly string[] {
  const starts = instanceStarts(graph);
  const nodes = starts.length === 0 && implicit ? unreachedByFlow(nodesIn(graph, null)) : starts;
  return nodes.map((node) => node.id);
}
