/** Functions on dates and times. DMN 1.5 §10.3.4.8; `now` and `today` read the instance's time, never a clock. */
import { daysInMonth, daysOfCivil } from '../../civil.ts';
import { FeelDate, FeelDateTime, parseZone } from '../temporal.ts';
import { builtin, signature } from './signature.ts';
import type { Builtin, Environment, Value } from '../value.ts';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

const dateOf = (value: Value | undefined): FeelDate =>
  value instanceof FeelDateTime ? value.date : (value as FeelDate);
const onDay = (name: string, run: (date: FeelDate) => Value): Builtin =>
  builtin(
    name,
    signature('date: day', ([date]) => run(dateOf(date))),
  );

/** ISO 8601 week: week 1 has the year's first Thursday. */
function weekOfYear(date: FeelDate): number {
  const thursday = FeelDate.ofDays(date.epochDays - date.weekday + 4);
  return thursday === null
    ? 1
    : Math.floor((thursday.epochDays - daysOfCivil({ year: thursday.year, month: 1, day: 1 })) / 7) + 1;
}

function currentTime(env: Environment): FeelDateTime | null {
  const zone = parseZone(env.zone);
  if (zone === null) return env.warn(`time zone '${env.zone}' is not known`);
  return FeelDateTime.ofEpochNanos(BigInt(Math.trunc(env.nowMs)) * 1_000_000n, zone);
}

export const temporalFunctions: readonly Builtin[] = [
  onDay('day of year', (date) => date.epochDays - daysOfCivil({ year: date.year, month: 1, day: 1 }) + 1),
  onDay('day of week', (date) => weekdays[date.weekday - 1] ?? null),
  onDay('month of year', (date) => months[date.month - 1] ?? null),
  onDay('week of year', weekOfYear),
  onDay('last day of month', (date) => FeelDate.of(date.year, date.month, daysInMonth(date.year, date.month))),
  builtin(
    'now',
    signature('', (_, env) => currentTime(env)),
  ),
  builtin(
    'today',
    signature('', (_, env) => currentTime(env)?.date ?? null),
  ),
];
