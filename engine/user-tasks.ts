/**
 * The life of a user task: assignment, dates and priority are settled when it is created. A change for which it has listeners
 * (zeebe:taskListeners) waits until they have answered one after the other; each may deny it, or correct attributes of the task.
 */
import type { Active, Commit, Result } from './behavior.ts';
import { fail, nothingToDo, ok } from './behavior.ts';
import type { CompleteJob, Seq, UserTaskChanges } from './command.ts';
import {
  evaluateAny,
  evaluateGivenNames,
  evaluateInstant,
  evaluateInteger,
  evaluateNames,
  evaluateString,
} from './expression.ts';
import type { Scope } from './expression.ts';
import type { JobPurpose, TaskListenerEvent } from './fact.ts';
import { excludedUsers } from './four-eyes.ts';
import type { UserTaskChangeState } from './instance.ts';
import { prepareJob } from './job.ts';
import { limits } from './limits.ts';
import { taskListenerOf } from './listeners.ts';
import type { Expression, FlowNode, UserTask } from './model.ts';
import { deliver, elementIn, emit, lookupIn, nodeOf, raise, schedule } from './run.ts';
import type { Run } from './run.ts';

type TaskListenerPurpose = Extract<JobPurpose, { readonly kind: 'taskListener' }>;

const defaultPriority = 50;

export const hasListener = (node: FlowNode, event: TaskListenerEvent): boolean =>
  node.type === 'userTask' && node.taskListeners.some((listener) => listener.event === event);

/** The change, once every listener of its event agrees. */
export function requestChange(run: Run, task: Seq, change: UserTaskChangeState): void {
  const node = nodeOf(run, elementIn(run, task).elementId);
  if (!hasListener(node, change.event)) {
    carryOut(run, task, change);
    return;
  }
  emit(run, { type: 'userTaskChangeRequested', task, ...change });
  ask(run, task, { kind: 'taskListener', event: change.event, index: 0 });
}

function ask(run: Run, task: Seq, purpose: TaskListenerPurpose): void {
  const job = prepareQuestion(run, task, purpose);
  if (job.ok) job.value();
  else raise(run, task, 'progress', job.failure);
}

/** The pending change is put to its listeners again, from the first. */
export function prepareAskAgain(run: Run, task: Seq): Result<Commit> {
  const pending = run.draft.state.userTasks[task]?.pending ?? null;
  if (!pending) return nothingToDo;
  return prepareQuestion(run, task, { kind: 'taskListener', event: pending.event, index: 0 });
}

function prepareQuestion(run: Run, task: Seq, purpose: TaskListenerPurpose): Result<Commit> {
  const element = elementIn(run, task);
  const node = nodeOf(run, element.elementId);
  const listener = taskListenerOf(node, purpose.event, purpose.index);
  if (!listener) return nothingToDo;
  return prepareJob(run, { element, lookup: lookupIn(run, task) }, listener, purpose);
}

/** What a listener's job has answered. Its variables are of no use: the change brings its own. */
export function afterTaskListener(run: Run, task: Seq, purpose: TaskListenerPurpose, { result }: CompleteJob): void {
  const { event } = purpose;
  if (result?.denied && event !== 'creating') {
    const reason = result.deniedReason?.slice(0, limits.messageLength) ?? null;
    emit(run, { type: 'userTaskChangeDenied', task, event, reason });
    return;
  }
  if (result && Object.keys(result.corrections).length > 0) {
    emit(run, { type: 'userTaskChangeCorrected', task, changes: result.corrections });
  }
  const following: TaskListenerPurpose = { ...purpose, index: purpose.index + 1 };
  if (taskListenerOf(nodeOf(run, elementIn(run, task).elementId), event, following.index)) {
    ask(run, task, following);
    return;
  }
  const pending = run.draft.state.userTasks[task]?.pending ?? null;
  emit(run, { type: 'userTaskChangeAllowed', task, event });
  if (pending) carryOut(run, task, pending);
}

function carryOut(run: Run, task: Seq, { event, by, variables, changes }: UserTaskChangeState): void {
  const { assignee, ...others } = changes;
  if (event === 'creating') {
    create(run, task, changes);
    return;
  }
  if (assignee !== undefined) emit(run, { type: 'userTaskAssigned', task, assignee });
  if (Object.keys(others).length > 0) emit(run, { type: 'userTaskUpdated', task, changes: others, by });
  if (event !== 'completing') return;
  const node = nodeOf(run, elementIn(run, task).elementId);
  emit(run, { type: 'userTaskCompleted', task, elementId: node.id, by });
  deliver(run, task, node, variables);
  schedule(run, task, 'complete');
}

function create(run: Run, task: Seq, corrections: UserTaskChanges): void {
  const element = elementIn(run, task);
  const node = nodeOf(run, element.elementId);
  if (node.type !== 'userTask') return;
  const created = prepareCreation(run, { node, element, lookup: lookupIn(run, task) }, corrections);
  if (created.ok) created.value();
  else raise(run, task, 'start', created.failure);
}

/** `corrections`: what listeners have changed. */
export function prepareCreation(
  run: Run,
  { node, element, lookup }: Active<UserTask>,
  corrections: UserTaskChanges,
): Result<Commit> {
  const scope = { lookup, nowMs: run.nowMs };
  const attributes = evaluateAttributes(node, scope);
  if (!attributes.ok) return attributes;
  const outsiders = evaluateOutsiders(node, scope);
  if (!outsiders.ok) return outsiders;
  const { assignee, ...others } = { ...attributes.value, ...corrections };
  return ok(() => {
    const asks = assignee !== null && hasListener(node, 'assigning');
    emit(run, {
      type: 'userTaskCreated',
      task: element.seq,
      elementId: node.id,
      name: node.name,
      formId: node.task.formId,
      assignee: asks ? null : assignee,
      ...others,
      headers: node.headers,
      properties: node.properties,
      excludedUsers: [...new Set([...excludedUsers(run.draft.state, node), ...outsiders.value])].toSorted(),
    });
    if (asks) requestChange(run, element.seq, { event: 'assigning', by: null, variables: {}, changes: { assignee } });
  });
}

/** Nothing where names belong is a fault: it would switch the separation of duties off. */
const evaluateOutsiders = ({ task }: UserTask, scope: Scope): Result<readonly string[]> =>
  task.notUsers === undefined ? ok([]) : evaluateGivenNames(task.notUsers, scope);

export function evaluateAttributes({ task }: UserTask, scope: Scope): Result<Required<UserTaskChanges>> {
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
  return ok({
    assignee: assignee.value,
    candidateGroups: candidateGroups.value,
    candidateUsers: candidateUsers.value,
    dueMs: dueMs.value,
    followUpMs: followUpMs.value,
    priority: priority.value,
  });
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
