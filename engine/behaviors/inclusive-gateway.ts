/** BPMN 2.0.2 §13.4.3: joins the tokens that can still come (joins.ts), leaves by every flow whose condition holds. */
import type { Behavior } from '../behavior.ts';
import type { Gateway } from '../model.ts';
import { leaveByAll, nothingToEnd, passThrough } from './common.ts';

export const inclusiveGateway: Behavior<Gateway> = {
  activate: passThrough,
  complete: leaveByAll,
  terminate: nothingToEnd,
};
