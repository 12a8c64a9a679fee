import type { Transformer } from '../context.ts';
import { nodeBase } from '../extensions.ts';
import { triggersOf } from '../graph.ts';
import { sendOf, supportedTrigger } from '../triggers.ts';

/** BPMN 2.0.2 §10.5.4: none and message intermediate throw events. */
export const intermediateThrowEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const kind = supportedTrigger(element, ['none', 'message'] as const, context);
  if (kind === null) return null;
  const definition = triggersOf(element)[0];
  if (definition === undefined) return { ...base, type: 'intermediateThrowEvent', send: null };
  const send = sendOf(element, definition, context);
  return send === null ? null : { ...base, type: 'intermediateThrowEvent', send };
};
