import type { Transformer } from '../context.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §13.4.1: fork and join. */
export const parallelGateway: Transformer = (element, context) => ({
  ...nodeBase(element, context),
  type: 'parallelGateway',
});
