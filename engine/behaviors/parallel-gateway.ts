/** BPMN 2.0.2 §13.4.1: a token on each incoming flow (flow.ts) gives one on each outgoing flow; conditions do not count. */
import type { Behavior } from '../behavior.ts';
import type { Gateway } from '../model.ts';
import { leaveByEach, nothingToEnd, passThrough } from './common.ts';

export const parallelGateway: Behavior<Gateway> = {
  activate: passThrough,
  complete: leaveByEach,
  terminate: nothingToEnd,
};
