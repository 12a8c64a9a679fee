/** What is due at a time: timers and the next attempts of failed jobs, in order of their due times. */
import { fireTimer } from './triggering.ts';
import type { Seq } from './command.ts';
import type { InstanceState } from './instance.ts';
import { pause, settle } from './lifecycle.ts';
import { limits } from './limits.ts';
import { emit } from './run.ts';
import type { Run } from './run.ts';

interface Due {
  readonly kind: 'timer' | 'job';
  readonly seq: Seq;
  readonly dueMs: number;
}

/** When something is due next, for the shell's alarm; null: nothing waits for time. */
export function earliestDueMs(state: InstanceState): number | null {
  if (state.status !== 'active') return null;
  let earliest = Infinity;
  for (const timer of Object.values(state.timers)) earliest = Math.min(earliest, timer.dueMs);
  for (const job of Object.values(state.jobs)) earliest = Math.min(earliest, job.retryAtMs ?? Infinity);
  return earliest === Infinity ? null : earliest;
}

/**
 * Everything due happens, what becomes due by it included, each settled before the next. When that would be more than one step may
 * do, the step pauses. Time that passes is a rest: what happens over and over at the same moment is a circle (limits.visitsPerRest).
 */
export function fireDue(run: Run): void {
  const queue = new DueQueue();
  const { nextSeq, timers, jobs } = run.draft.state;
  for (const [seq, { dueMs }] of Object.entries(timers)) queue.add('timer', Number(seq), dueMs, run.nowMs);
  for (const [seq, { retryAtMs }] of Object.entries(jobs)) queue.add('job', Number(seq), retryAtMs, run.nowMs);
  let seen = nextSeq;
  let atMs: number | null = null;
  for (let due = queue.next(); due; due = queue.next()) {
    if (run.moves >= limits.movesPerStep / 2) {
      pause(run, []);
      return;
    }
    run.moves += 1;
    if (atMs !== null && due.dueMs > atMs) run.visits.clear();
    atMs = due.dueMs;
    fire(run, due);
    settle(run);
    // what is left of this one comes before the next
    if (run.draft.state.paused) return;
    for (; seen < run.draft.state.nextSeq; seen++) {
      const timer = run.draft.state.timers[seen];
      if (timer) queue.add('timer', seen, timer.dueMs, run.nowMs);
    }
  }
}

function fire(run: Run, { kind, seq, dueMs }: Due): void {
  const { timers, jobs } = run.draft.state;
  const timer = timers[seq];
  const job = jobs[seq];
  if (kind === 'timer' && timer) fireTimer(run, seq, timer);
  if (kind === 'job' && job?.retryAtMs === dueMs) emit(run, { type: 'jobRetried', job: seq, retries: job.retries });
}

/** Due things in order of due time, then of sequence number. */
class DueQueue {
  /** Sorted, the next one last. */
  readonly #waiting: Due[] = [];

  add(kind: Due['kind'], seq: Seq, dueMs: number | null, nowMs: number): void {
    if (dueMs === null || dueMs > nowMs) return;
    const due = { kind, seq, dueMs };
    let low = 0;
    let high = this.#waiting.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#waiting[middle];
      if (other && isBefore(due, other)) low = middle + 1;
      else high = middle;
    }
    this.#waiting.splice(low, 0, due);
  }

  next(): Due | undefined {
    return this.#waiting.pop();
  }
}

const isBefore = (a: Due, b: Due): boolean => (a.dueMs === b.dueMs ? a.seq < b.seq : a.dueMs < b.dueMs);
