import type { Rule } from '../context.ts';
import { triggerName } from '../graph.ts';
import { flag, instanceOf } from '../moddle.ts';

/** A path that ends without an end event is legal (BPMN 2.0.2 §10.5.3, implicit end) but rarely meant. */
export const deadEnds: Rule = ({ graph, log }) => {
  for (const node of graph.nodes.values()) {
    if (node.outgoing.length > 0 || node.type === 'endEvent') continue;
    const handler = flag(node.element, 'triggeredByEvent', false) || flag(node.element, 'isForCompensation', false);
    const container = node.parent === null ? undefined : graph.nodes.get(node.parent);
    const adHoc = container !== undefined && instanceOf(container.element, 'bpmn:AdHocSubProcess');
    // The path goes on at the link's other end, or at the compensation handler.
    const goesOn = ['link', 'compensate'].includes(triggerName(node.element));
    if (!handler && !adHoc && !goesOn) log.add('DEAD_END', node.id);
  }
};
