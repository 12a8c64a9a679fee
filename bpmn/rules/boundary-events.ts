import type { Rule } from '../context.ts';

/** BPMN 2.0.2 §10.5.4: boundary events have no incoming flow. That they are attached is checked when they are compiled. */
export const boundaryEvents: Rule = ({ graph, log }) => {
  for (const node of graph.nodes.values()) {
    if (node.type === 'boundaryEvent' && node.incoming.length > 0) log.add('BOUNDARY_INCOMING', node.id);
  }
};
