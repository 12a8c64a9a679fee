/** Timers that start instances: one workflow each while a version is the newest, ended when it is not. */
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy, WorkflowNotFoundError } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import { dueTime } from '#engine/catching.ts';
import type { ProcessModel } from '#engine/model.ts';
import { startTriggersOf } from '#engine/start.ts';
import { taskQueue, timerStartWorkflowId, timerStartWorkflowType } from '#workflows/messages.ts';
import type { TimerStart } from '#workflows/messages.ts';

type Plan = Pick<TimerStart, 'startElement' | 'startPart' | 'dueMs' | 'repetitions' | 'interval'>;
type Planned =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly elementId: string; readonly message: string };

/** When each timer of a process is due first, by the engine's own reading; a timer that says nothing has a message instead. */
export function timerPlans(model: ProcessModel, nowMs: number): readonly Planned[] {
  return startTriggersOf(model).flatMap(({ elementId, part, trigger }): Planned[] => {
    if (trigger.type !== 'timer') return [];
    const due = dueTime(trigger.timer, { lookup: () => undefined, nowMs });
    return due.ok
      ? [{ ok: true, plan: { startElement: elementId, startPart: part, ...due.value } }]
      : [{ ok: false, elementId, message: due.failure.message }];
  });
}

export interface TimerVersion {
  readonly processId: string;
  readonly definitionKey: string;
  readonly model: ProcessModel;
}
/** @param sinceMs when the version took over. Repeating it changes nothing. */
export async function startTimers(
  client: Client,
  { processId, definitionKey, model }: TimerVersion,
  { sinceMs, clockOffsetMs }: { readonly sinceMs: number; readonly clockOffsetMs: number },
): Promise<void> {
  const moved = clockOffsetMs === 0 ? {} : { clockOffsetMs };
  for (const planned of timerPlans(model, sinceMs)) {
    if (!planned.ok) continue;
    const timer: TimerStart = { processId, definitionKey, ...planned.plan, ...moved };
    await client.workflow.start(timerStartWorkflowType, {
      workflowId: timerStartWorkflowId(timer),
      taskQueue,
      args: [timer],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    });
  }
}

/** Workflow ids of the timers of a version. */
export const timerWorkflowsOf = (definitionKey: string, model: ProcessModel): readonly string[] =>
  startTriggersOf(model).flatMap(({ elementId: startElement, part: startPart, trigger }) =>
    trigger.type === 'timer' ? [timerStartWorkflowId({ definitionKey, startElement, startPart })] : [],
  );
/** A timer that a crash leaves running finds out by itself that a newer version has taken over. */
export async function endTimers(client: Client, definitionKey: string, model: ProcessModel): Promise<void> {
  for (const workflowId of timerWorkflowsOf(definitionKey, model)) {
    try {
      await client.workflow.getHandle(workflowId).terminate('a newer version has taken over');
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
