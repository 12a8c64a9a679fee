import type { Rule } from '../context.ts';
import { isEventSubProcess, triggersOf, type GraphNode } from '../graph.ts';

const isPlain = (start: GraphNode): boolean => triggersOf(start.element).length === 0;

/** BPMN 2.0.2 §10.5.2: where a process and a sub-process begin. */
export const startEvents: Rule = ({ graph, log }) => {
  const nodes = [...graph.nodes.values()];
  const starts = nodes.filter((node) => node.type === 'startEvent');
  for (const start of starts) if (start.incoming.length > 0) log.add('START_INCOMING', start.id);
  const outermost = starts.filter((start) => start.parent === null);
  if (outermost.length === 0) log.add('START_MISSING', graph.processId);
  if (outermost.filter(isPlain).length > 1) log.add('START_NONE_MULTIPLE', graph.processId);
  for (const node of nodes) {
    if (node.type !== 'subProcess' || isEventSubProcess(node.element)) continue;
    const inner = node.inside.filter((inside) => inside.type === 'startEvent');
    if (inner.length !== 1 || !inner.every(isPlain)) log.add('START_SUBPROCESS', node.id);
  }
};
