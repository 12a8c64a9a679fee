/** BPMN 2.0.2 §13.3.3: work of a person (user-tasks.ts); with listeners for its creation, once they have answered. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { ok } from '../behavior.ts';
import type { UserTask } from '../model.ts';
import { emit } from '../run.ts';
import type { Run } from '../run.ts';
import { hasListener, prepareCreation, requestChange } from '../user-tasks.ts';
import { leaveByAll } from './common.ts';

function activate(run: Run, active: Active<UserTask>): Result<Commit> {
  const created = prepareCreation(run, active, {});
  if (!created.ok || !hasListener(active.node, 'creating')) return created;
  return ok(() => requestChange(run, active.element.seq, { event: 'creating', by: null, variables: {}, changes: {} }));
}

export const userTask: Behavior<UserTask> = {
  activate,
  complete: leaveByAll,
  terminate: (run, { element }) => {
    if (run.draft.state.userTasks[element.seq]) emit(run, { type: 'userTaskCanceled', task: element.seq });
  },
};
