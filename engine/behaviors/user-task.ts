/** BPMN 2.0.2 §13.3.3: work of a person; assignment, dates and priority are settled when the task is created. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { fail, ok } from '../behavior.ts';
import { evaluateAny, evaluateInstant, evaluateInteger, evaluateNames, evaluateString } from '../expression.ts';
import type { Scope } from '../expression.ts';
import type { InstanceState } from '../instance.ts';
import type { Expression, UserTask } from '../model.ts';
import { emit } from '../run.ts';
import type { Run } from '../run.ts';
import { leaveByAll } from './common.ts';

const defaultPriority = 50;

function activate(run: Run, { node, element, lookup }: Active<UserTask>): Result<Commit> {
  const { task } = node;
  const scope = { lookup, nowMs: run.nowMs };
  const assignee = evaluateAssignee(task.assignee, scope);
  if (!assignee.ok) return assignee;
  const candidateGroups = evaluateNames(task.candidateGroups, scope);
  if (!candidateGroups.ok) return candidateGroups;
  const candidateUsers = evaluateNames(task.candidateUsers, scope);
  if (!candidateUsers.ok) return candidateUsers;
  const dueMs = evaluateInstant(task.dueDate, scope);
  if (!dueMs.ok) return dueMs;
  const followUpMs = evaluateInstant(task.followUpDate, scope);
  if (!followUpMs.ok) return followUpMs;
  const priority = evaluatePriority(task.priority, scope);
  if (!priority.ok) return priority;
  return ok(() =>
    emit(run, {
      type: 'userTaskCreated',
      task: element.seq,
      elementId: node.id,
      name: node.name,
      formId: task.formId,
      assignee: assignee.value,
      candidateGroups: candidateGroups.value,
      candidateUsers: candidateUsers.value,
      dueMs: dueMs.value,
      followUpMs: followUpMs.value,
      priority: priority.value,
      headers: node.headers,
      properties: node.properties,
      excludedUsers: excludedUsers(run.draft.state, node),
    }),
  );
}

function evaluateAssignee(expression: Expression | null, scope: Scope): Result<string | null> {
  if (expression === null) return ok(null);
  const value = evaluateAny(expression, scope);
  if (!value.ok) return value;
  return value.value === null || value.value === '' ? ok(null) : evaluateString(expression, scope);
}

function evaluatePriority(expression: Expression | null, scope: Scope): Result<number> {
  if (expression === null) return ok(defaultPriority);
  const value = evaluateAny(expression, scope);
  if (value.ok && value.value === null) return ok(defaultPriority);
  const priority = evaluateInteger(expression, scope);
  if (!priority.ok || (priority.value >= 0 && priority.value <= 100)) return priority;
  return fail('EXTRACT_VALUE_ERROR', `The priority of a user task is from 0 to 100, not ${priority.value}.`);
}

/** Four eyes: who completed an element that this task must not share a person with. In code point order. */
export function excludedUsers(state: Pick<InstanceState, 'completedBy'>, { task }: UserTask): string[] {
  const users = new Set<string>();
  for (const element of task.notSameAs) {
    if (!Object.hasOwn(state.completedBy, element)) continue;
    for (const user of state.completedBy[element] ?? []) users.add(user);
  }
  return [...users].toSorted();
}

export const userTask: Behavior<UserTask> = {
  activate,
  complete: leaveByAll,
  terminate: (run, { element }) => {
    if (run.draft.state.userTasks[element.seq]) emit(run, { type: 'userTaskCanceled', task: element.seq });
  },
};
