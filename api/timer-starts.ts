/** Timer start events as Temporal Schedules: one per event of the newest version, none for what is no longer in the diagram. */
import { ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, ScheduleOptions, ScheduleSpec } from '@temporalio/client';
import { evaluateString } from '#engine/expression.ts';
import type { ProcessModel, TimerDefinition } from '#engine/model.ts';
import { addDuration, parseCycle, parseDateTime, parseDuration } from '#engine/time.ts';
import { taskQueue, timerScheduleId, timerStartWorkflowType } from '#workflows/messages.ts';
import type { TimerStart } from '#workflows/messages.ts';

export interface Plan {
  readonly spec: ScheduleSpec;
  /** Starts in all; null: no end. */
  readonly times: number | null;
}
/** A cycle that Temporal's schedules cannot express, such as a month, or a timer that says nothing. */
export class NotSchedulable extends Error {}

/** Spring's six cron fields (seconds first) as Temporal's seven (year last). */
function cronPlan(text: string): Plan {
  const fields = text.trim().split(/\s+/);
  const cron = fields.length === 6 ? `${fields.join(' ')} *` : text.trim();
  return { spec: { cronExpressions: [cron.replaceAll('?', '*')] }, times: null };
}
function oncePlan(atMs: number | null, nowMs: number, text: string): Plan {
  if (atMs === null) throw new NotSchedulable(text);
  const at = new Date(Math.max(atMs, nowMs + 1_000));
  // An interval of a day that starts there and is limited to one action is due exactly once, at that moment.
  const every = 86_400_000;
  return {
    spec: { intervals: [{ every, offset: at.getTime() % every }], startAt: new Date(at.getTime() - 1) },
    times: 1,
  };
}

/** @throws NotSchedulable */
export function planOf(timer: TimerDefinition, nowMs: number): Plan {
  const value = evaluateString(timer.value, { lookup: () => undefined, nowMs });
  if (!value.ok) throw new NotSchedulable(value.failure.message);
  const text = value.value;
  if (timer.kind === 'date') return oncePlan(parseDateTime(text), nowMs, text);
  if (timer.kind === 'duration') {
    const duration = parseDuration(text);
    return oncePlan(duration === null ? null : addDuration(nowMs, duration), nowMs, text);
  }
  const cycle = parseCycle(text, nowMs);
  if (cycle === null) throw new NotSchedulable(text);
  const duration = parseDuration(cycle.interval);
  if (duration === null) return cronPlan(text);
  if (duration.months !== 0 || duration.ms < 1_000) throw new NotSchedulable(text);
  const times = cycle.repetitions === null ? null : cycle.repetitions + 1;
  return {
    spec: {
      intervals: [{ every: duration.ms, offset: cycle.dueMs % duration.ms }],
      startAt: new Date(cycle.dueMs - 1),
    },
    times,
  };
}

export interface ScheduledStart {
  readonly elementId: string;
  readonly timer: TimerDefinition;
}
function optionsOf(
  processId: string,
  elementId: string,
  { spec }: Plan,
): Pick<ScheduleOptions, 'spec' | 'action' | 'policies'> {
  const argument: TimerStart = { processId, startElement: elementId };
  return {
    spec,
    action: {
      type: 'startWorkflow',
      workflowType: timerStartWorkflowType,
      workflowId: timerScheduleId(processId, elementId),
      taskQueue,
      args: [argument],
    },
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: '1 hour' },
  };
}

async function remove(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
const exists = (client: Client, scheduleId: string): Promise<boolean> =>
  client.schedule
    .getHandle(scheduleId)
    .describe()
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof ScheduleNotFoundError) return false;
      throw error;
    });

export interface ScheduleChange {
  readonly processId: string;
  readonly starts: readonly ScheduledStart[];
  /** The version before, whose Schedules go; null: there was none. */
  readonly before: ProcessModel | null;
  /** false: the definition is unchanged, so only what a crash left out is made. */
  readonly isNew: boolean;
}
/** Makes the Schedules of a process equal to its newest version. */
export async function schedule(client: Client, { processId, starts, before, isNew }: ScheduleChange): Promise<void> {
  const timerStarts = Object.values(before?.nodes ?? {}).filter(
    (node) => node.type === 'startEvent' && node.trigger?.type === 'timer',
  );
  const old = isNew ? [...timerStarts.map(({ id }) => id), ...starts.map(({ elementId }) => elementId)] : [];
  for (const elementId of new Set(old)) await remove(client, timerScheduleId(processId, elementId));
  for (const { elementId, timer } of starts) {
    const scheduleId = timerScheduleId(processId, elementId);
    if (!isNew && (await exists(client, scheduleId))) continue;
    const plan = planOf(timer, Date.now());
    const state = plan.times === null ? {} : { state: { remainingActions: plan.times } };
    await client.schedule.create({ scheduleId, ...optionsOf(processId, elementId, plan), ...state });
  }
}
