import type { Rule } from '../context.ts';
import { triggerName } from '../graph.ts';

/** BPMN 2.0.2 §10.6.6: what an event-based gateway may lead to. */
export const eventGateways: Rule = ({ graph, log }) => {
  for (const node of graph.nodes.values()) {
    if (node.type !== 'eventBasedGateway') continue;
    if (node.outgoing.length < 2) log.add('EVENT_GATEWAY_FEW', node.id);
    for (const { target } of node.outgoing) {
      const trigger = triggerName(target.element);
      if (target.type !== 'intermediateCatchEvent' || !['message', 'timer'].includes(trigger)) {
        const type = target.type === 'intermediateCatchEvent' ? `${trigger} ${target.type}` : target.type;
        log.add('EVENT_GATEWAY_TARGET', node.id, { target: target.id, type });
      } else if (target.incoming.length > 1) log.add('EVENT_GATEWAY_TARGET_INCOMING', node.id, { target: target.id });
    }
  }
};
