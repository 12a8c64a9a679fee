import type { Rule } from '../context.ts';
import { instanceOf } from '../moddle.ts';
import { unreachedByFlow } from '../scopes.ts';

const forbidden = new Set(['startEvent', 'endEvent']);

/** BPMN 2.0.2 §10.3.5: an ad-hoc sub-process has activities but neither start nor end events. */
export const adHocSubProcesses: Rule = ({ graph, log }) => {
  for (const node of graph.nodes.values()) {
    if (node.type !== 'adHocSubProcess') continue;
    for (const inner of node.inside)
      if (forbidden.has(inner.type)) log.add('AD_HOC_EVENT', inner.id, { type: inner.type });
    if (!unreachedByFlow(node.inside).some((inner) => instanceOf(inner.element, 'bpmn:Activity'))) {
      log.add('AD_HOC_EMPTY', node.id);
    }
  }
};
