/** BPMN 2.0.2 §13.5.4: does what its results say (throwing.ts), then the token goes on. */
import type { Behavior } from '../behavior.ts';
import type { IntermediateThrowEvent } from '../model.ts';
import { prepareThrow } from '../throwing.ts';
import { leaveByAll, nothingToEnd } from './common.ts';

export const intermediateThrowEvent: Behavior<IntermediateThrowEvent> = {
  activate: (run, active) => prepareThrow(run, active, active.node.results),
  complete: leaveByAll,
  terminate: nothingToEnd,
};
