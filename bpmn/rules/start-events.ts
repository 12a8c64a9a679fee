import type { Rule } from '../context.ts';
import { isEventSubProcess, triggersOf, type GraphNode } from '../graph.ts';

/** BPMN 2.0.2 §10.5.2: where a process and a sub-process begin. */
export const startEvents: Rule = ({ graph, log }) => {
  const starts = new Map<string | null, GraphNode[]>([[null, []]]);
  for (const node of graph.nodes.values()) {
    if (node.type === 'subProcess' && !isEventSubProcess(node.element) && !starts.has(node.id)) starts.set(node.id, []);
    if (node.type !== 'startEvent') continue;
    starts.set(node.parent, [...(starts.get(node.parent) ?? []), node]);
    if (node.incoming.length > 0) log.add('START_INCOMING', node.id);
  }
  for (const [scope, found] of starts) {
    const plain = found.filter((node) => triggersOf(node.element).length === 0);
    if (scope === null) {
      if (found.length === 0) log.add('START_MISSING', graph.processId);
      if (plain.length > 1) log.add('START_NONE_MULTIPLE', graph.processId);
    } else {
      const container = graph.nodes.get(scope);
      const embedded = container?.type === 'subProcess' && !isEventSubProcess(container.element);
      if (embedded && (found.length !== 1 || plain.length !== 1)) log.add('START_SUBPROCESS', scope);
    }
  }
};
