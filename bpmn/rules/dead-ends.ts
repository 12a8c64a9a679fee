import type { Rule } from '../context.ts';
import { isCompensationBoundary, isEventSubProcess } from '../graph.ts';
import { isLinkThrow } from '../links.ts';
import { instanceOf } from '../moddle.ts';
import { isHandler } from '../scopes.ts';

/** A path that ends without an end event is legal (BPMN 2.0.2 §10.5.3, implicit end) but rarely meant. */
export const deadEnds: Rule = ({ graph, log }) => {
  for (const node of graph.nodes.values()) {
    if (node.outgoing.length > 0 || node.type === 'endEvent') continue;
    const container = node.parent === null ? undefined : graph.nodes.get(node.parent);
    const adHoc = container !== undefined && instanceOf(container.element, 'bpmn:AdHocSubProcess');
    const undoes = isHandler(node) || isCompensationBoundary(node.element);
    if (!adHoc && !undoes && !isEventSubProcess(node.element) && !isLinkThrow(node)) log.add('DEAD_END', node.id);
  }
};
