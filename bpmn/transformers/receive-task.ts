import type { Transformer } from '../context.ts';
import { activityBase } from '../multi-instance.ts';
import { messageOf } from '../triggers.ts';

/** BPMN 2.0.2 §10.3.3: waits for a message with its correlation key. */
export const receiveTask: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const message = messageOf(element, context);
  return message === null ? null : { ...base, type: 'receiveTask', message };
};
