import type { Transformer } from '../context.ts';
import { triggerOf } from '../events/catching.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §10.5.4. */
export const intermediateCatchEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const trigger = triggerOf(element, context);
  return trigger === null || trigger === 'none' ? null : { ...base, type: 'intermediateCatchEvent', trigger };
};
