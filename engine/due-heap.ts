/**
 * What waits for time, the soonest first: a binary heap beside the state, so that neither a step nor an alarm looks at every timer and
 * job. What has been cancelled stays in it until it comes up, or until it is most of the heap.
 */
import type { Seq } from './command.ts';
import { sizeOf } from './draft.ts';
import type { Draft } from './draft.ts';
import type { InstanceState } from './instance.ts';

/** A timer, or the next attempt of a failed job. */
export interface Due {
  readonly seq: Seq;
  readonly dueMs: number;
}

/** Something new waits for time. */
export function addDue(draft: Draft, due: Due): void {
  if (!draft.due) return;
  const waiting = sizeOf(draft, 'timers') + sizeOf(draft, 'jobs');
  // cancelled ones outnumber the rest: built anew when asked next
  if (draft.due.length > 2 * waiting + 64) draft.due = null;
  else push(draft.due, due);
}

/** What is due first; undefined: nothing waits for time. */
export function firstDue(draft: Draft): Due | undefined {
  const heap = (draft.due ??= heapOf(draft.state));
  while (heap[0] && !isWaiting(draft.state, heap[0])) pop(heap);
  return heap[0];
}

/** What is due first, by `nowMs` at the latest, no longer to be found by the next call. */
export function takeDue(draft: Draft, nowMs: number): Due | undefined {
  const first = firstDue(draft);
  if (!first || first.dueMs > nowMs) return undefined;
  if (draft.due) pop(draft.due);
  return first;
}

export const isWaiting = ({ timers, jobs }: InstanceState, { seq, dueMs }: Due): boolean =>
  timers[seq]?.dueMs === dueMs || jobs[seq]?.retryAtMs === dueMs;

function heapOf({ timers, jobs }: InstanceState): Due[] {
  const heap: Due[] = [];
  for (const [seq, { dueMs }] of Object.entries(timers)) push(heap, { seq: Number(seq), dueMs });
  for (const [seq, { retryAtMs }] of Object.entries(jobs)) {
    if (retryAtMs !== null) push(heap, { seq: Number(seq), dueMs: retryAtMs });
  }
  return heap;
}

/** By due time, then by sequence number. */
const isBefore = (a: Due, b: Due): boolean => (a.dueMs === b.dueMs ? a.seq < b.seq : a.dueMs < b.dueMs);

function push(heap: Due[], due: Due): void {
  let at = heap.length;
  heap.push(due);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (!above || !isBefore(due, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const right = left + 1;
    const [one, other] = [heap[left], heap[right]];
    const below = one && other && isBefore(other, one) ? right : left;
    const next = heap[below];
    if (!next || !isBefore(next, last)) break;
    heap[at] = next;
    at = below;
  }
  heap[at] = last;
}
