import type { Transformer } from '../context.ts';
import { messageOf } from '../events/message.ts';
import { activityBase } from '../node.ts';
import { instantiationOf } from '../scopes.ts';

/** BPMN 2.0.2 §10.3.3: waits for a message; one that instantiates is started by it. */
export const receiveTask: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const instantiation = instantiationOf(context.node);
  const use = { starts: instantiation !== null, correlates: instantiation !== 'exclusive' };
  const message = messageOf(element, context, use);
  return message === null ? null : { ...base, type: 'receiveTask', message, instantiate: instantiation !== null };
};
