import type { Transformer } from '../context.ts';
import { nodeBase } from '../extensions.ts';
import { catchTriggerOf, supportedTrigger } from '../triggers.ts';

/** BPMN 2.0.2 §10.5.4: message and timer intermediate catch events. */
export const intermediateCatchEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const kind = supportedTrigger(element, ['message', 'timer'] as const, context);
  const trigger = kind === null ? null : catchTriggerOf(element, kind, ['date', 'duration'], context);
  return trigger === null ? null : { ...base, type: 'intermediateCatchEvent', trigger };
};
