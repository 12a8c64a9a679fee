import type { EndEvent } from '#engine/model.ts';
import type { TransformContext, Transformer } from '../context.ts';
import { nodeBase } from '../extensions.ts';
import { triggersOf } from '../graph.ts';
import type { ModdleElement } from '../moddle.ts';
import { sendOf, supportedTrigger, thrownErrorOf } from '../triggers.ts';

/** BPMN 2.0.2 §10.5.3: none, terminate, error and message end events. */
export const endEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const result = resultOf(element, context);
  return result === null ? null : { ...base, type: 'endEvent', result };
};

function resultOf(element: ModdleElement, context: TransformContext): EndEvent['result'] | null {
  const kind = supportedTrigger(element, ['none', 'terminate', 'error', 'message'] as const, context);
  if (kind === null) return null;
  const definition = triggersOf(element)[0];
  if (definition === undefined) return { type: 'none' };
  switch (kind) {
    case 'none':
    case 'terminate':
      return { type: kind };
    case 'error': {
      const error = thrownErrorOf(definition, context);
      return error === null ? null : { type: 'error', error };
    }
    case 'message': {
      const send = sendOf(element, definition, context);
      return send === null ? null : { type: 'message', send };
    }
  }
}
