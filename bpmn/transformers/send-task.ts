import type { Transformer } from '../context.ts';
import { activityBase } from '../node.ts';
import { sendOf } from '../events/message.ts';

/** BPMN 2.0.2 §10.3.3: a job, or a message published by the engine. */
export const sendTask: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const send = sendOf(element, element, context);
  return send === null ? null : { ...base, type: 'sendTask', send };
};
