/** BPMN 2.0.2 §13.5.7: does what its results say (throwing.ts); a token ends here. */
import type { Behavior } from '../behavior.ts';
import type { EndEvent } from '../model.ts';
import { prepareThrow } from '../throwing.ts';
import { leaveByAll, nothingToEnd } from './common.ts';

export const endEvent: Behavior<EndEvent> = {
  activate: (run, active) => prepareThrow(run, active, active.node.results),
  complete: leaveByAll,
  terminate: nothingToEnd,
};
