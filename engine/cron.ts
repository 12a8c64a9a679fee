/**
 * Cron expressions of six fields as Camunda reads them (Spring: second minute hour day month weekday; `L`, `W` and `#` included) and its
 * macros. UTC, or with `TZ=<zone>` before them (as Temporal and others write it) on the clocks of that zone.
 */
import { civilOfDays, dayMs, daysInMonth, daysOfCivil, weekdayOf } from './civil.ts';
import type { CivilDate } from './civil.ts';
import { isZoneName, nextChange, offsetAtInstant, offsetAtLocal } from './zones.ts';

/** Whether a day, given as days since 1970-01-01, fits. */
type DayRule = (date: CivilDate, days: number) => boolean;
interface Cron {
  /** IANA name; null: UTC. */
  readonly zone: string | null;
  readonly seconds: readonly boolean[];
  readonly minutes: readonly boolean[];
  readonly hours: readonly boolean[];
  readonly months: readonly boolean[];
  /** Every one has to fit. */
  readonly days: readonly DayRule[];
}

const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 *',
  '@annually': '0 0 0 1 1 *',
  '@monthly': '0 0 0 1 * *',
  '@weekly': '0 0 0 * * 0',
  '@daily': '0 0 0 * * *',
  '@midnight': '0 0 0 * * *',
  '@hourly': '0 0 * * * *',
};
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
/** Days searched for the next time: 29 February on a given weekday comes back within 40 years. */
const searchedDays = 41 * 366;

/** null: not a cron expression of this kind. */
export function parseCron(text: string): Cron | null {
  const [, zone = null, expression = ''] = /^(?:(?:CRON_)?TZ=(\S{1,64})\s+)?(.{1,256})$/.exec(text.trim()) ?? [];
  const macro = Object.hasOwn(macros, expression) ? macros[expression] : undefined;
  const fields = (macro ?? expression).split(/\s+/);
  if (fields.length !== 6 || (zone !== null && !isZoneName(zone))) return null;
  const clock = parseClock(fields);
  const days = parseDays(fields);
  return clock && days && { zone, ...clock, ...days };
}

function parseClock([second = '', minute = '', hour = '']: readonly string[]): Pick<
  Cron,
  'seconds' | 'minutes' | 'hours'
> | null {
  const seconds = parseField(second, 0, 59, []);
  const minutes = parseField(minute, 0, 59, []);
  const hours = parseField(hour, 0, 23, []);
  return seconds && minutes && hours && { seconds, minutes, hours };
}

function parseDays([, , , day = '', month = '', weekday = '']: readonly string[]): Pick<
  Cron,
  'months' | 'days'
> | null {
  const months = parseField(month, 1, 12, monthNames);
  const dayRule = parseDay(day);
  const weekdayRule = parseWeekday(weekday);
  return months && dayRule && weekdayRule && { months, days: [dayRule, weekdayRule] };
}

function parseField(text: string, low: number, high: number, names: readonly string[]): boolean[] | null {
  const allowed = Array.from({ length: high + 1 }, () => false);
  for (const part of text.split(',')) {
    const match = /^(\*|\?|[0-9A-Za-z]+)(?:-([0-9A-Za-z]+))?(?:\/(\d{1,4}))?$/.exec(part);
    if (!match) return null;
    const [, first = '', last, every] = match;
    const isAny = first === '*' || first === '?';
    const from = isAny ? low : numberOf(first, low, names);
    const openEnded = isAny || (every !== undefined && last === undefined);
    const to = last === undefined ? (openEnded ? high : from) : numberOf(last, low, names);
    const by = every === undefined ? 1 : Number(every);
    if (from === null || to === null || by < 1 || from < low || to > high || from > to) return null;
    for (let value = from; value <= to; value += by) allowed[value] = true;
  }
  return allowed;
}

function numberOf(text: string, low: number, names: readonly string[]): number | null {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const index = names.indexOf(text.toUpperCase());
  // months count from 1, weekdays from 0
  return index < 0 ? null : index + low;
}

/** Also `L` (last), `L-3` (third before the last), `15W` (working day nearest to the 15th), `LW` (last working day). */
function parseDay(text: string): DayRule | null {
  const last = /^L(?:-(\d{1,2}))?$/.exec(text);
  if (last) {
    const before = Number(last[1] ?? 0);
    return before > 30 ? null : (date) => date.day === daysInMonth(date.year, date.month) - before;
  }
  if (text === 'LW') return (date) => date.day === workingDayNear(date, daysInMonth(date.year, date.month));
  const near = /^(\d{1,2})W$/.exec(text);
  if (near) {
    const wanted = Number(near[1]);
    return wanted < 1 || wanted > 31 ? null : (date) => date.day === workingDayNear(date, wanted);
  }
  const allowed = parseField(text, 1, 31, []);
  return allowed && ((date) => allowed[date.day] === true);
}

/** Day of the month that is Monday to Friday and nearest to `wanted` within it; 0: the month has no such day. */
function workingDayNear({ year, month }: CivilDate, wanted: number): number {
  const length = daysInMonth(year, month);
  if (wanted > length) return 0;
  const weekday = weekdayOf(daysOfCivil({ year, month, day: wanted }));
  if (weekday === 6) return wanted > 1 ? wanted - 1 : wanted + 2;
  if (weekday === 0) return wanted < length ? wanted + 1 : wanted - 2;
  return wanted;
}

/** Also `5L` (last Friday of the month) and `5#2` (its second). */
function parseWeekday(text: string): DayRule | null {
  const nth = /^(\d|[A-Za-z]{3})(?:L|#(\d))$/.exec(text);
  if (!nth) {
    const allowed = parseField(text, 0, 7, weekdayNames);
    if (!allowed) return null;
    allowed[0] = allowed[0] === true || allowed[7] === true;
    return (_date, days) => allowed[weekdayOf(days)] === true;
  }
  const weekday = numberOf(nth[1] ?? '', 0, weekdayNames);
  const count = nth[2] === undefined ? null : Number(nth[2]);
  if (weekday === null || weekday > 7 || count === 0 || (count !== null && count > 5)) return null;
  return ({ year, month, day }, days) => {
    if (weekdayOf(days) !== weekday % 7) return false;
    return count === null ? day > daysInMonth(year, month) - 7 : Math.ceil(day / 7) === count;
  };
}

/**
 * The first time after `afterMs` that fits; null: none within 41 years. A time that the clocks skip comes when they are turned; where
 * they are turned back, what has fixed hours comes once and what comes in every hour comes again (as in Vixie cron).
 */
export function nextCron(cron: Cron, afterMs: number): number | null {
  const after = Math.floor(afterMs / 1000);
  const found = cron.zone === null ? nextLocal(cron, after, farthest) : nextInZone(cron, cron.zone, after);
  return found === null ? null : found * 1000;
}

const farthest = Number.MAX_SAFE_INTEGER;
const daySeconds = dayMs / 1000;

/** Seconds since 1970 like everything below. */
function nextInZone(cron: Cron, zone: string, after: number): number | null {
  const last = after + searchedDays * daySeconds;
  for (let from = after; from < last;) {
    const offset = offsetAtInstant(zone, from + 1) ?? 0;
    const change = nextChange(zone, from + 1) ?? farthest;
    // until the clocks change they are a fixed distance from UTC
    const local = nextLocal(cron, from + offset, change === farthest ? farthest : change + offset);
    if (local !== null) {
      if (!hasComeBefore(cron, zone, local, offset)) return local - offset;
      from = local - offset;
      continue;
    }
    if (change === farthest) return null;
    const skippedUntil = change + (offsetAtInstant(zone, change) ?? 0);
    if (nextLocal(cron, change + offset - 1, skippedUntil) !== null) return change;
    from = change - 1;
  }
  return null;
}

/** Whether the clocks have shown this time before they were turned back, and showing it once is meant. */
function hasComeBefore(cron: Cron, zone: string, local: number, offset: number): boolean {
  return offsetAtLocal(zone, local) !== offset && !cron.hours.every(Boolean);
}

/** The first local time after `after` and before `until` that fits. */
function nextLocal(cron: Cron, after: number, until: number): number | null {
  const start = after + 1;
  const startDay = Math.floor(start / daySeconds);
  const lastDay = Math.min(startDay + searchedDays, Math.ceil(until / daySeconds));
  for (let day = startDay; day < lastDay; day++) {
    const date = civilOfDays(day);
    if (cron.months[date.month] !== true || !cron.days.every((fits) => fits(date, day))) continue;
    const second = nextSecondOfDay(cron, day === startDay ? start - day * daySeconds : 0);
    if (second === null) continue;
    const found = day * daySeconds + second;
    return found < until ? found : null;
  }
  return null;
}

function nextSecondOfDay(cron: Cron, from: number): number | null {
  for (let hour = Math.floor(from / 3600); hour < 24; hour++) {
    if (cron.hours[hour] !== true) continue;
    const minuteFrom = Math.max(from - hour * 3600, 0);
    for (let minute = Math.floor(minuteFrom / 60); minute < 60; minute++) {
      if (cron.minutes[minute] !== true) continue;
      const second = cron.seconds.indexOf(true, Math.max(minuteFrom - minute * 60, 0));
      if (second >= 0) return hour * 3600 + minute * 60 + second;
    }
  }
  return null;
}
