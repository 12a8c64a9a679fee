import type { Rule, RuleContext } from '../context.ts';
import type { GraphNode } from '../graph.ts';
import { child, idOf } from '../moddle.ts';

/** Elements whose outgoing flows may not carry conditions: BPMN 2.0.2 §8.4.13, §10.6.4, §10.6.6. */
const unconditional = new Set(['parallelGateway', 'eventBasedGateway', 'startEvent', 'complexGateway']);

/** BPMN 2.0.2 §10.6.2, §10.6.3: conditions and default flows. */
export const conditions: Rule = (context) => {
  for (const node of context.graph.nodes.values()) checkNode(node, context);
};

function checkNode(node: GraphNode, { log }: RuleContext): void {
  const { outgoing, type } = node;
  const defaultFlow = child(node.element, 'default');
  const defaultId = defaultFlow === null ? null : idOf(defaultFlow);
  if (defaultId !== null && !outgoing.some((flow) => flow.id === defaultId)) {
    log.add('DEFAULT_NOT_OUTGOING', node.id, { flow: defaultId });
  }
  if (unconditional.has(type)) {
    for (const flow of outgoing) if (flow.hasCondition) log.add('CONDITION_NOT_ALLOWED', flow.id, { type });
    return;
  }
  for (const flow of outgoing) if (flow.hasCondition && flow.id === defaultId) log.add('CONDITION_ON_DEFAULT', flow.id);
  const gateway = type === 'exclusiveGateway' || type === 'inclusiveGateway';
  if (!gateway || outgoing.length < 2) return;
  for (const flow of outgoing) if (!flow.hasCondition && flow.id !== defaultId) log.add('CONDITION_MISSING', flow.id);
  if (defaultId === null) log.add('DEFAULT_MISSING', node.id);
}
