/** What is due at a time: timers and the next attempts of failed jobs, in order of their due times. */
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { addDue, firstDue, isWaiting, takeDue } from './due-heap.ts';
import type { Due } from './due-heap.ts';
import type { InstanceState } from './instance.ts';
import { pause, settle } from './lifecycle.ts';
import { limits } from './limits.ts';
import { emit } from './run.ts';
import type { Run } from './run.ts';
import { fireTimer } from './triggering.ts';

/** When something is due next, for the alarm of a host that keeps a draft; null: nothing waits for time, or time stands still. */
export function nextDueMs(draft: Draft): number | null {
  const { status, suspendedAtMs } = draft.state;
  return status === 'active' && suspendedAtMs === null ? (firstDue(draft)?.dueMs ?? null) : null;
}

/** The same of a state alone: looks at everything that waits. */
export const earliestDueMs = (state: InstanceState): number | null => nextDueMs(draftOf(state));

/**
 * Everything due happens, what becomes due by it included, each settled before the next. When that would be more than one step may
 * do, the step pauses. Time that passes is a rest: what happens over and over at the same moment is a circle (limits.visitsPerRest).
 */
export function fireDue(run: Run): void {
  const { draft, nowMs } = run;
  const fired: Due[] = [];
  let atMs: number | null = null;
  for (let due = takeDue(draft, nowMs); due; due = takeDue(draft, nowMs)) {
    fired.push(due);
    if (run.moves >= limits.movesPerStep / 2) {
      pause(run, []);
      break;
    }
    run.moves += 1;
    if (atMs !== null && due.dueMs > atMs) run.visits.clear();
    atMs = due.dueMs;
    fire(run, due);
    settle(run);
    // what is left of this one comes before the next
    if (draft.state.paused) break;
  }
  // what could not happen is still due
  for (const due of fired) if (isWaiting(draft.state, due)) addDue(draft, due);
}

function fire(run: Run, { seq, dueMs }: Due): void {
  const { timers, jobs } = run.draft.state;
  const timer = timers[seq];
  const job = jobs[seq];
  if (timer) fireTimer(run, seq, timer);
  else if (job?.retryAtMs === dueMs) emit(run, { type: 'jobRetried', job: seq, retries: job.retries });
}
