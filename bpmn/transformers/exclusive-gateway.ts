import type { Transformer } from '../context.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §13.4.2: the first outgoing flow in document order whose condition holds, else the default. */
export const exclusiveGateway: Transformer = (element, context) => ({
  ...nodeBase(element, context),
  type: 'exclusiveGateway',
});
