/** BPMN 2.0.2 §13.5.4: a scope that begins with its start event (engine/event-sub-process.ts) and has no flow to leave by. */
import type { Behavior } from '../behavior.ts';
import { nothingToDo, ok } from '../behavior.ts';
import type { EventSubProcess } from '../model.ts';
import { nothingToEnd } from './common.ts';

export const eventSubProcess: Behavior<EventSubProcess> = {
  activate: () => nothingToDo,
  complete: () => ok([]),
  terminate: nothingToEnd,
};
