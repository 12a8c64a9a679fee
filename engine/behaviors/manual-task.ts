/** BPMN 2.0.2 §13.3.3: work the engine knows nothing of; passed straight through, as in Zeebe. */
import type { Behavior } from '../behavior.ts';
import type { ManualTask } from '../model.ts';
import { leaveByAll, nothingToEnd, passThrough } from './common.ts';

export const manualTask: Behavior<ManualTask> = {
  activate: passThrough,
  complete: leaveByAll,
  terminate: nothingToEnd,
};
