/**
 * ISO 8601 dates, times, durations and repeating intervals over the proleptic Gregorian calendar, in plain arithmetic: no clock and
 * no zone database of the host (zones.ts), so that every worker of a fleet reads a model alike. Times are milliseconds since 1970-01-01T00:00Z.
 */
import { nextCron, parseCron } from './cron.ts';
import { offsetAtLocal } from './zones.ts';
import type { CivilDate } from './civil.ts';
import { civilOfDays, dayMs, daysInMonth, daysOfCivil, minuteMs } from './civil.ts';

/** Largest distance from 1970 that a time may have (± 275,000 years): beyond it arithmetic is no longer exact. */
const maxTimeMs = 8.64e15;

/** Seconds east of UTC of `Z` or `+07:00`; null: not of that form. */
function fixedOffset(text: string): number | null {
  if (text === 'Z') return 0;
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(text);
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (minutes > 18 * 60 || Number(match[3]) > 59) return null;
  return (match[1] === '-' ? -minutes : minutes) * 60;
}

const dateTimePattern =
  /^(-?\d{4,6})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?(?:\[([A-Za-z0-9_/+-]+)\]|@([A-Za-z0-9_/+-]+|[+-]\d{2}:?\d{2}))?$/;

/**
 * A date-time with its offset or IANA zone (`2026-11-30T08:00:00+07:00`, `…@Asia/Jakarta`, `…Z[UTC]`). null: not of that form, no such
 * day, or without an offset: a time without one would mean something else in each of Indonesia's three zones.
 */
export function parseDateTime(text: string): number | null {
  const match = dateTimePattern.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second = '0', fraction = '', offset, bracket, at] = match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (!isDate(date)) return null;
  const clock = [Number(hour), Number(minute), Number(second)] as const;
  if (clock[0] > 23 || clock[1] > 59 || clock[2] > 59) return null;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const local = (daysOfCivil(date) * dayMs) / 1000 + (clock[0] * 60 + clock[1]) * 60 + clock[2];
  const zone = offset ?? at ?? bracket;
  const east = zone === undefined ? null : (fixedOffset(zone) ?? offsetAtLocal(zone, local));
  return east === null ? null : (local - east) * 1000 + milliseconds;
}

function isDate(date: CivilDate): boolean {
  return date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= daysInMonth(date.year, date.month);
}

/** `2026-11-30T01:00:00Z`, or with an offset in minutes `2026-11-30T08:00:00+07:00`; milliseconds only when there are any. */
export function formatDateTime(timeMs: number, offsetMinutes = 0): string {
  const local = timeMs + offsetMinutes * minuteMs;
  const days = Math.floor(local / dayMs);
  const { year, month, day } = civilOfDays(days);
  const rest = local - days * dayMs;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const fraction = rest % 1000 === 0 ? '' : `.${String(rest % 1000).padStart(3, '0')}`;
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  const clock = `${two(rest / 3_600_000)}:${two((rest / minuteMs) % 60)}:${two((rest / 1000) % 60)}${fraction}`;
  if (offsetMinutes === 0) return `${date}T${clock}Z`;
  const east = Math.abs(offsetMinutes);
  return `${date}T${clock}${offsetMinutes < 0 ? '-' : '+'}${two(east / 60)}:${two(east % 60)}`;
}

/** Months and milliseconds apart, because a month has no fixed length. Both carry the sign. */
export interface Duration {
  readonly months: number;
  readonly ms: number;
}

const durationPattern =
  /^(-)?P(?:(\d{1,6})Y)?(?:(\d{1,7})M)?(?:(\d{1,7})W)?(?:(\d{1,8})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,10})M)?(?:(\d{1,12})(?:[.,](\d{1,9}))?S)?)?$/;

/** ISO 8601 duration (`P1Y2M3W4DT5H6M7.5S`); null: not of that form. */
export function parseDuration(text: string): Duration | null {
  const match = durationPattern.exec(text);
  if (!match || text.endsWith('P') || text.endsWith('T')) return null;
  const part = (index: number): number => Number(match[index] ?? 0);
  const sign = match[1] === undefined ? 1 : -1;
  const months = part(2) * 12 + part(3);
  const days = part(4) * 7 + part(5);
  const fraction = Number((match[9] ?? '').padEnd(3, '0').slice(0, 3));
  const ms = days * dayMs + part(6) * 3_600_000 + part(7) * minuteMs + part(8) * 1000 + fraction;
  // `|| 0`: no negative zero, which JSON would lose
  return { months: sign * months || 0, ms: sign * ms || 0 };
}

/** The time plus months (day clipped to the month's last, in the given zone) plus milliseconds. null: out of range. */
export function addDuration(timeMs: number, duration: Duration, offsetMinutes = 0): number | null {
  const local = timeMs + offsetMinutes * minuteMs;
  const days = Math.floor(local / dayMs);
  const civil = civilOfDays(days);
  const month = civil.year * 12 + (civil.month - 1) + duration.months;
  const year = Math.floor(month / 12);
  const monthOfYear = month - year * 12 + 1;
  const day = Math.min(civil.day, daysInMonth(year, monthOfYear));
  const date = duration.months === 0 ? days : daysOfCivil({ year, month: monthOfYear, day });
  const result = timeMs + (date - days) * dayMs + duration.ms;
  return Math.abs(result) <= maxTimeMs ? result : null;
}

/** First due time of a repetition and what follows it; see `nextRepetition`. */
export interface Repetition {
  readonly dueMs: number;
  /** Repetitions left after the first; null: unlimited. */
  readonly repetitions: number | null;
  /** The interval as text, for `nextRepetition`. */
  readonly interval: string;
}

/**
 * A repeating interval `R[n]/[start/]duration`, or a cron expression (cron.ts). null: neither, or its
 * duration is not positive: it would be due for ever.
 */
export function parseCycle(text: string, nowMs: number): Repetition | null {
  const match = /^R(\d{0,9})\/(?:([^/]+)\/)?(P[^/]+)$/.exec(text);
  if (match) return repetitionOf(match[1] ?? '', match[2] ?? null, match[3] ?? '', nowMs);
  const cron = parseCron(text);
  const dueMs = cron && nextCron(cron, nowMs);
  return dueMs === null ? null : { dueMs, repetitions: null, interval: text };
}

function repetitionOf(count: string, start: string | null, interval: string, nowMs: number): Repetition | null {
  const duration = parseDuration(interval);
  const startMs = start === null ? null : parseDateTime(start);
  if (!duration || !isPositive(duration) || count === '0' || (start !== null && startMs === null)) return null;
  // a start still to come is the first due time itself; one that is past counts from now, as Zeebe does
  const dueMs = startMs !== null && startMs >= nowMs ? startMs : addDuration(nowMs, duration);
  return dueMs === null ? null : { dueMs, repetitions: count === '' ? null : Number(count) - 1, interval };
}

const isPositive = ({ months, ms }: Duration): boolean => months >= 0 && ms >= 0 && months + ms > 0;

/** Due time after `dueMs` for an interval from `parseCycle`; counted from the last due time, so that lateness does not add up. */
export function nextRepetition(interval: string, dueMs: number): number | null {
  const duration = parseDuration(interval);
  if (duration) return addDuration(dueMs, duration);
  const cron = parseCron(interval);
  return cron && nextCron(cron, dueMs);
}
