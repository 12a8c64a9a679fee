/** A timer that starts instances (messages.ts, `timerStartWorkflowType`). Missed times are made up for, each, as Zeebe does. */
import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import { nextRepetition } from '#engine/time.ts';
import { WorkflowClock } from './clock.ts';
import { limits } from './limits.ts';
import { setClockUpdate, timerSources } from './messages.ts';
import type { TimerStart } from './messages.ts';
import { remote } from './shell-activities.ts';

/** null: that was the last one. */
function following(timer: TimerStart): TimerStart | null {
  const { interval, repetitions, dueMs } = timer;
  const next = interval === null || repetitions === 0 ? null : nextRepetition(interval, dueMs);
  return next === null ? null : { ...timer, dueMs: next, repetitions: repetitions === null ? null : repetitions - 1 };
}

/** What a due time's instance is known by, whoever starts it. */
export const timerSource = (
  timer: Pick<TimerStart, 'definitionKey' | 'startElement' | 'startPart' | 'dueMs'>,
): string => `${timerSources(timer)}${timer.dueMs}`;

/** One due time starts one instance, however often it is tried. null: a newer version has taken over. */
function startOne(timer: TimerStart): Promise<string | null> {
  const { processId, definitionKey, startElement, startPart, dueMs } = timer;
  const next = following(timer);
  return remote['alur.startInstance']({
    source: timerSource(timer),
    processId,
    definitionKey,
    startElement,
    startPart,
    variables: {},
    timer: {
      dueMs,
      next: next && { dueMs: next.dueMs, repetitions: next.repetitions, interval: next.interval },
    },
  });
}

export async function timerStart(input: TimerStart): Promise<void> {
  const clock = new WorkflowClock(input.clockOffsetMs);
  let timer: TimerStart | null = input;
  const isDue = (): boolean => timer !== null && timer.dueMs <= clock.nowMs();
  setHandler(setClockUpdate, async (offsetMs) => {
    clock.offsetMs = offsetMs;
    await condition(() => !isDue());
  });
  while (timer !== null) {
    const offsetMs = clock.offsetMs;
    const waitMs = Math.min(timer.dueMs - clock.nowMs(), limits.alarmMs);
    if (waitMs > 0) await condition(() => clock.offsetMs !== offsetMs, waitMs);
    if (!isDue()) continue;
    timer = (await startOne(timer)) === null ? null : following(timer);
    if (timer !== null && workflowInfo().continueAsNewSuggested && allHandlersFinished())
      await continueAsNew<typeof timerStart>({ ...timer, ...clock.moved });
  }
  await condition(allHandlersFinished);
}
