/** Cron expressions of six fields as Camunda reads them (Spring: second minute hour day month weekday), and its macros; UTC. */
import { civilOfDays, dayMs, weekdayOf } from './civil.ts';

interface Cron {
  readonly seconds: readonly boolean[];
  readonly minutes: readonly boolean[];
  readonly hours: readonly boolean[];
  readonly days: readonly boolean[];
  readonly months: readonly boolean[];
  readonly weekdays: readonly boolean[];
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
  const trimmed = text.trim();
  const macro = Object.hasOwn(macros, trimmed) ? macros[trimmed] : undefined;
  const fields = (macro ?? trimmed).split(/\s+/);
  if (fields.length !== 6) return null;
  const [second = '', minute = '', hour = '', day = '', month = '', weekday = ''] = fields;
  const seconds = parseField(second, 0, 59, []);
  const minutes = parseField(minute, 0, 59, []);
  const hours = parseField(hour, 0, 23, []);
  const days = parseField(day, 1, 31, []);
  const months = parseField(month, 1, 12, monthNames);
  const weekdays = parseField(weekday, 0, 7, weekdayNames);
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) return null;
  weekdays[0] = weekdays[0] === true || weekdays[7] === true;
  return { seconds, minutes, hours, days, months, weekdays };
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

/** The first time after `afterMs` that fits; null: none within 41 years. */
export function nextCron(cron: Cron, afterMs: number): number | null {
  const startSecond = Math.floor(afterMs / 1000) + 1;
  const startDay = Math.floor((startSecond * 1000) / dayMs);
  for (let day = startDay; day < startDay + searchedDays; day++) {
    const date = civilOfDays(day);
    if (cron.months[date.month] !== true || cron.days[date.day] !== true || cron.weekdays[weekdayOf(day)] !== true)
      continue;
    const from = day === startDay ? startSecond - day * 86_400 : 0;
    const second = nextSecondOfDay(cron, from);
    if (second !== null) return day * dayMs + second * 1000;
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
