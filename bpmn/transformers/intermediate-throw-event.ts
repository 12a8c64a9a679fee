import type { Transformer } from '../context.ts';
import { isEnding, resultsOf } from '../events/throwing.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §10.5.4. */
export const intermediateThrowEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const results = resultsOf(element, context)?.filter((result) => !isEnding(result));
  return results === undefined ? null : { ...base, type: 'intermediateThrowEvent', results };
};
