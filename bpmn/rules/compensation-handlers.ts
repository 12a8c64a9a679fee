import type { Rule } from '../context.ts';
import { isCompensationBoundary } from '../graph.ts';
import { isHandler } from '../scopes.ts';

/** BPMN 2.0.2 §10.7.1: a compensation boundary event is associated with the one activity that undoes, which is outside the normal flow. */
export const compensationHandlers: Rule = ({ graph, log }) => {
  const used = new Set<string>();
  for (const node of graph.nodes.values()) {
    if (!isCompensationBoundary(node.element)) continue;
    const [handler, ...more] = node.handlers;
    if (handler === undefined) log.add('COMPENSATION_HANDLER_MISSING', node.id);
    if (more.length > 0) log.add('COMPENSATION_HANDLER_AMBIGUOUS', node.id);
    if (node.outgoing.length > 0) log.add('COMPENSATION_BOUNDARY_FLOW', node.id);
    for (const activity of node.handlers) {
      used.add(activity.id);
      const { id } = activity;
      if (!isHandler(activity) || activity.parent !== node.parent) {
        log.add('COMPENSATION_HANDLER_INVALID', node.id, { activity: id });
      }
    }
  }
  for (const node of graph.nodes.values()) {
    if (!isHandler(node)) continue;
    const connected = node.incoming.length + node.outgoing.length + node.boundary.length > 0;
    if (connected) log.add('COMPENSATION_HANDLER_FLOWS', node.id);
    else if (!used.has(node.id)) log.add('COMPENSATION_HANDLER_UNUSED', node.id);
  }
};
