import type { Transformer } from '../context.ts';
import { resultsOf } from '../events/throwing.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §10.5.3. */
export const endEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const results = resultsOf(element, context);
  return results === null ? null : { ...base, type: 'endEvent', results };
};
