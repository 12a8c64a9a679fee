/** Listeners (zeebe:executionListeners, zeebe:taskListeners): jobs that an element, the process or a change of a user task waits for. */
import type { Active, Commit, Result } from './behavior.ts';
import type { TaskListenerEvent } from './fact.ts';
import type { ElementInstance, JobState } from './instance.ts';
import { jobOf, prepareJob } from './job.ts';
import type { JobOf } from './job.ts';
import type { ExecutionListener, FlowNode, TaskListener } from './model.ts';
import { elementIn, nodeOf } from './run.ts';
import type { Run } from './run.ts';

/** Listeners of the element, of the process for sequence number 0. */
const executionListenersOf = (run: Run, { seq, elementId }: ElementInstance): readonly ExecutionListener[] =>
  seq === 0 ? run.process.listeners : nodeOf(run, elementId).listeners;

/** The listener at a 0-based place among those of the event; null: there is none, the element goes on. */
export function prepareExecutionListener(
  run: Run,
  active: Pick<Active<FlowNode>, 'element' | 'lookup'>,
  event: ExecutionListener['event'],
  index = 0,
): Result<Commit> | null {
  const listeners = executionListenersOf(run, active.element);
  const listener = listeners.length === 0 ? null : nth(listeners, event, index);
  return listener && prepareJob(run, active, listener, { kind: 'executionListener', event, index });
}

export function taskListenerOf(node: FlowNode, event: TaskListenerEvent, index: number): TaskListener | null {
  return node.type === 'userTask' ? nth(node.taskListeners, event, index) : null;
}

function nth<L extends { readonly event: string }>(listeners: readonly L[], event: string, index: number): L | null {
  return listeners.filter((listener) => listener.event === event)[index] ?? null;
}

/** What the job is done for. */
export function definitionOf(run: Run, { element, purpose }: Pick<JobState, 'element' | 'purpose'>): JobOf | null {
  const instance = elementIn(run, element);
  if (purpose.kind === 'executionListener')
    return nth(executionListenersOf(run, instance), purpose.event, purpose.index);
  const node = nodeOf(run, instance.elementId);
  return purpose.kind === 'element' ? jobOf(node) : taskListenerOf(node, purpose.event, purpose.index);
}
