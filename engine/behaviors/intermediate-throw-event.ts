/** BPMN 2.0.2 §13.5.4: none (a pass-through) and message throw events. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import type { IntermediateThrowEvent } from '../model.ts';
import type { Run } from '../run.ts';
import { endJobs, leaveByAll, passThrough, startSending } from './common.ts';

function activate(run: Run, active: Active<IntermediateThrowEvent>): Result<Commit> {
  const { send } = active.node;
  return send === null ? passThrough(run, active) : startSending(run, active, send);
}

export const intermediateThrowEvent: Behavior<IntermediateThrowEvent> = {
  activate,
  complete: leaveByAll,
  terminate: endJobs,
};
