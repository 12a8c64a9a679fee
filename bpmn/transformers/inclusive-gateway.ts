import type { Transformer } from '../context.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §13.4.3: every outgoing flow whose condition holds, else the default; joins what can still arrive. */
export const inclusiveGateway: Transformer = (element, context) => ({
  ...nodeBase(element, context),
  type: 'inclusiveGateway',
});
