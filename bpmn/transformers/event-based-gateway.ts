import type { Transformer } from '../context.ts';
import { nodeBase } from '../extensions.ts';

/** BPMN 2.0.2 §13.4.4: the first event that occurs decides. Its targets are checked by rules/event-gateway.ts. */
export const eventBasedGateway: Transformer = (element, context) => ({
  ...nodeBase(element, context),
  type: 'eventBasedGateway',
});
