import { formOf } from '../forms.ts';
import type { Transformer } from '../context.ts';
import { nodeBase } from '../extensions.ts';
import { catchTriggerOf, supportedTrigger } from '../triggers.ts';

/** BPMN 2.0.2 §10.5.2: none, message and timer start events. A sub-process may only have a none start event. */
export const startEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const form = formOf(element, context);
  const supported = context.node.parent === null ? (['none', 'message', 'timer'] as const) : (['none'] as const);
  const kind = supportedTrigger(element, supported, context);
  if (kind === null) return null;
  const trigger = kind === 'none' ? null : catchTriggerOf(element, kind, ['date', 'cycle'], context);
  if (kind !== 'none' && trigger === null) return null;
  return {
    ...base,
    type: 'startEvent',
    properties: { ...base.properties, ...form.properties },
    trigger,
    formId: form.formId,
  };
};
