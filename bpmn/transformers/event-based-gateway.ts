import type { Transformer } from '../context.ts';
import { nodeBase } from '../node.ts';
import { gatewayInstantiation } from '../scopes.ts';

/** BPMN 2.0.2 §10.6.6, §13.4.4: the first event that occurs decides. Its targets are checked by rules/event-gateways.ts. */
export const eventBasedGateway: Transformer = (element, context) => ({
  ...nodeBase(element, context),
  type: 'eventBasedGateway',
  instantiates: gatewayInstantiation(context.node),
});
