/** BPMN 2.0.2 §13.5.1: the trigger has happened already; the token leaves at once. */
import type { Behavior } from '../behavior.ts';
import type { StartEvent } from '../model.ts';
import { leaveByAll, nothingToEnd, passThrough } from './common.ts';

export const startEvent: Behavior<StartEvent> = {
  activate: passThrough,
  complete: leaveByAll,
  terminate: nothingToEnd,
};
