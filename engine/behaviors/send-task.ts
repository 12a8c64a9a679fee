/** BPMN 2.0.2 §13.3.3: sends a message, by a job or within the engine. */
import type { Behavior } from '../behavior.ts';
import type { SendTask } from '../model.ts';
import { prepareThrow } from '../throwing.ts';
import { leaveByAll, nothingToEnd } from './common.ts';

export const sendTask: Behavior<SendTask> = {
  activate: (run, active) => prepareThrow(run, active, [{ type: 'message', send: active.node.send }]),
  complete: leaveByAll,
  terminate: nothingToEnd,
};
