/** BPMN 2.0.2 §13.3.4: runs another process as an instance of its own and waits for its end. */
import type { Behavior } from '../behavior.ts';
import { prepareCall } from '../calling.ts';
import type { CallActivity } from '../model.ts';
import { emit } from '../run.ts';
import { leaveByAll } from './common.ts';

export const callActivity: Behavior<CallActivity> = {
  activate: prepareCall,
  complete: leaveByAll,
  terminate: (run, { element }) => {
    if (run.draft.state.children[element.seq]) emit(run, { type: 'childCanceled', element: element.seq });
  },
};
