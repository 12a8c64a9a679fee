/** Due times of timer start events, by the engine's own reading: to look ahead, and to make up for those that were left out. */
import { dueTime } from '#engine/catching.ts';
import type { TimerDefinition } from '#engine/model.ts';
import { formatDateTime, nextRepetition, parseDuration } from '#engine/time.ts';
import { isZoneName, offsetAtInstant } from '#engine/zones.ts';
import { Refusal } from './refusal.ts';

/** Local times are told for western Indonesia unless the timer or the caller names another zone. */
const defaultZone = 'Asia/Jakarta';

export interface Repeating {
  readonly dueMs: number;
  /** Repetitions left after that; null: unlimited. */
  readonly repetitions: number | null;
  readonly interval: string | null;
}

/** @throws Refusal when the value is no such timer. */
export function timerOf(timer: TimerDefinition, fromMs: number): Repeating {
  const due = dueTime(timer, { lookup: () => undefined, nowMs: fromMs });
  if (due.ok) return due.value;
  throw new Refusal('invalidRequest', 'badFields', { faults: [{ field: 'value', text: due.failure.message }] });
}

/** The next `count` times, or as many as there are. */
export function nextTimes({ dueMs, repetitions, interval }: Repeating, count: number): readonly number[] {
  const times: number[] = [];
  let left = repetitions;
  for (let next: number | null = dueMs; next !== null && times.length < count;) {
    times.push(next);
    if (interval === null || left === 0) break;
    next = nextRepetition(interval, next);
    if (left !== null) left -= 1;
  }
  return times;
}

/**
 * Times from `fromMs` to before `untilMs` of a timer that was due first at `first.dueMs`. @throws Refusal when there are more than `most`.
 */
export function timesBetween(
  first: Repeating,
  { fromMs, untilMs, most }: { readonly fromMs: number; readonly untilMs: number; readonly most: number },
): readonly number[] {
  const times: number[] = [];
  let { dueMs: next, repetitions: left } = skipTo(first, fromMs);
  while (next < untilMs) {
    if (next >= fromMs) times.push(next);
    if (times.length > most) throw new Refusal('tooLarge', 'tooManyTimes', { values: { limit: most } });
    const following = first.interval === null || left === 0 ? null : nextRepetition(first.interval, next);
    if (following === null) break;
    next = following;
    if (left !== null) left -= 1;
  }
  return times;
}

/** Over the times of the past at once, where their distance is fixed. */
function skipTo(
  { dueMs, repetitions, interval }: Repeating,
  fromMs: number,
): { dueMs: number; repetitions: number | null } {
  if (interval === null || fromMs <= dueMs) return { dueMs, repetitions };
  const duration = parseDuration(interval);
  // A cron expression has no first time.
  if (duration === null) return { dueMs: nextRepetition(interval, fromMs - 1) ?? Infinity, repetitions };
  if (duration.months > 0) return { dueMs, repetitions };
  const steps = Math.floor((fromMs - dueMs) / duration.ms);
  const skipped = repetitions === null ? steps : Math.min(steps, repetitions);
  return { dueMs: dueMs + skipped * duration.ms, repetitions: repetitions === null ? null : repetitions - skipped };
}

/** @throws Refusal when there is no such zone. */
export function zoneOf(wanted: string | undefined, interval: string | null): string {
  const zone = wanted ?? /^(?:CRON_)?TZ=(\S+)/.exec(interval ?? '')?.[1] ?? defaultZone;
  if (isZoneName(zone)) return zone;
  throw new Refusal('invalidRequest', 'badFields', { faults: [{ field: 'zone', text: 'notAZone' }] });
}
export const timesIn = (times: readonly number[], zone: string): { time: string; local: string }[] =>
  times.map((ms) => ({
    time: new Date(ms).toISOString(),
    local: formatDateTime(ms, (offsetAtInstant(zone, Math.floor(ms / 1_000)) ?? 0) / 60),
  }));
