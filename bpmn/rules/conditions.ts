import type { Rule, RuleContext } from '../context.ts';
import type { GraphNode } from '../graph.ts';
import { child, idOf } from '../moddle.ts';

/** Elements whose outgoing flows may not carry conditions: BPMN 2.0.2 §10.5.2, §10.6.4, §10.6.6. */
const unconditional = new Set(['parallelGateway', 'eventBasedGateway', 'startEvent']);
/** Gateways whose outgoing flows must: an unconditional one would always be taken, which is what the default flow is for. */
const deciding = new Set(['exclusiveGateway', 'inclusiveGateway']);

/** BPMN 2.0.2 §10.6.2, §10.6.3: conditions and default flows. Whether a default is needed is looked at by soundness/exits.ts. */
export const conditions: Rule = (context) => {
  for (const node of context.graph.nodes.values()) {
    const defaultId = checkDefault(node, context);
    if (unconditional.has(node.type)) refuseConditions(node, context);
    else checkConditions(node, defaultId, context);
  }
};

/** Id of the default flow, null: none. */
function checkDefault({ id, element, outgoing }: GraphNode, { log }: RuleContext): string | null {
  const flow = child(element, 'default');
  const defaultId = flow === null ? null : idOf(flow);
  if (defaultId !== null && !outgoing.some((candidate) => candidate.id === defaultId)) {
    log.add('DEFAULT_NOT_OUTGOING', id, { flow: defaultId });
  }
  return defaultId;
}

function refuseConditions({ type, outgoing }: GraphNode, { log }: RuleContext): void {
  for (const flow of outgoing) if (flow.hasCondition) log.add('CONDITION_NOT_ALLOWED', flow.id, { type });
}

function checkConditions({ type, outgoing }: GraphNode, defaultId: string | null, { log }: RuleContext): void {
  for (const flow of outgoing) if (flow.hasCondition && flow.id === defaultId) log.add('CONDITION_ON_DEFAULT', flow.id);
  const decides = deciding.has(type) && outgoing.length > 1;
  if (!decides) return;
  const open = outgoing.filter((flow) => !flow.hasCondition && flow.id !== defaultId);
  for (const flow of open) log.add('CONDITION_MISSING', flow.id);
}
