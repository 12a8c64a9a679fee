/** A user task that goes on under another version: its attributes whose expressions have changed are asked for anew. */
import type { Seq, UserTaskChanges } from '../command.ts';
import type { FlowNode, UserTaskDefinition } from '../model.ts';
import { emit, lookupIn } from '../run.ts';
import type { Run } from '../run.ts';
import { evaluateAttributes } from '../user-tasks.ts';

const attributes = [
  ['candidateGroups', 'candidateGroups'],
  ['candidateUsers', 'candidateUsers'],
  ['dueDate', 'dueMs'],
  ['followUpDate', 'followUpMs'],
  ['priority', 'priority'],
] as const satisfies readonly (readonly [keyof UserTaskDefinition, keyof UserTaskChanges])[];

/** Whoever holds the task keeps it. What cannot be evaluated stays as it is. */
export function changeTask(run: Run, before: FlowNode | undefined, task: Seq, node: FlowNode): void {
  const state = run.draft.state.userTasks[task];
  if (!state || state.pending?.event === 'creating' || before?.type !== 'userTask' || node.type !== 'userTask') return;
  const differing = attributes.filter(
    ([name]) => JSON.stringify(before.task[name]) !== JSON.stringify(node.task[name]),
  );
  if (differing.length === 0) return;
  const wanted = evaluateAttributes(node, { lookup: lookupIn(run, task), nowMs: run.nowMs });
  if (!wanted.ok) return;
  const changes = Object.fromEntries(differing.map(([, name]) => [name, wanted.value[name]]));
  emit(run, { type: 'userTaskUpdated', task, changes, by: null });
}
