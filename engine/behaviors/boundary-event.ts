/** BPMN 2.0.2 §13.5.3: activated when its trigger has happened; the token leaves at once. */
import type { Behavior } from '../behavior.ts';
import type { BoundaryEvent } from '../model.ts';
import { leaveByAll, nothingToEnd, passThrough } from './common.ts';

export const boundaryEvent: Behavior<BoundaryEvent> = {
  activate: passThrough,
  complete: leaveByAll,
  terminate: nothingToEnd,
};
