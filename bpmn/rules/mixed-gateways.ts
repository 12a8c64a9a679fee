import type { Rule } from '../context.ts';
import { instanceOf } from '../moddle.ts';

/** A gateway that joins and splits at once is legal (BPMN 2.0.2 §10.6.1) but hard to read. */
export const mixedGateways: Rule = ({ graph, log }) => {
  for (const node of graph.nodes.values()) {
    const mixed = node.incoming.length > 1 && node.outgoing.length > 1;
    // A loop back to an exclusive or event-based gateway joins nothing.
    const joins = node.type === 'parallelGateway' || node.type === 'inclusiveGateway';
    if (mixed && joins && instanceOf(node.element, 'bpmn:Gateway')) log.add('GATEWAY_MIXED', node.id);
  }
};
