/** `value.name`: entries of contexts, parts of temporal values and ranges. DMN 1.5 §10.3.2.13, table 65. */
import { add, divide } from './number.ts';
import { DaysDuration, FeelDate, FeelDateTime, FeelTime, MonthsDuration } from './temporal.ts';
import { BudgetExceeded, Range, entryOf, isContext, isList, typeName } from './value.ts';
import type { Environment, Value } from './value.ts';
import { limits } from '../limits.ts';

type Properties<T> = Readonly<Record<string, (of: T) => Value>>;

const ofDate: Properties<FeelDate> = {
  year: (date) => date.year,
  month: (date) => date.month,
  day: (date) => date.day,
  weekday: (date) => date.weekday,
};
const ofTime: Properties<FeelTime> = {
  hour: (time) => time.hour,
  minute: (time) => time.minute,
  second: (time) => time.second,
  'time offset': (time) => (time.zone === null ? null : DaysDuration.ofSeconds(time.zone.offsetSeconds)),
  timezone: (time) => time.zone?.id ?? null,
};
const ofDays: Properties<DaysDuration> = {
  days: (duration) => duration.parts.days,
  hours: (duration) => duration.parts.hours,
  minutes: (duration) => duration.parts.minutes,
  seconds: ({ parts }) => add(parts.seconds, divide(Number(parts.fraction), 1_000_000_000) ?? 0),
};
const ofMonths: Properties<MonthsDuration> = {
  years: (duration) => Math.trunc(duration.months / 12) + 0,
  months: (duration) => (duration.months % 12) + 0,
};
const ofRange: Properties<Range> = {
  start: (range) => range.low,
  end: (range) => range.high,
  'start included': (range) => range.lowClosed,
  'end included': (range) => range.highClosed,
};

export function propertyOf(target: Value, name: string, env: Environment, depth = 0): Value {
  if (target === null) return env.warn(`null has no '${name}'`, 'UNKNOWN_ENTRY', name);
  if (isList(target)) {
    env.charge(target.length);
    if (depth > limits.feelDepth)
      throw new BudgetExceeded(`the value is nested deeper than ${limits.feelDepth} levels`);
    return target.map((item) => propertyOf(item, name, env, depth + 1));
  }
  const found = isContext(target) ? entryOf(target, name) : partOf(target, name);
  return found === undefined ? env.warn(`${typeName(target)} has no '${name}'`, 'UNKNOWN_ENTRY', name) : found;
}

function partOf(target: Value, name: string): Value | undefined {
  if (target instanceof FeelDate) return read(ofDate, target, name);
  if (target instanceof FeelTime) return read(ofTime, target, name);
  if (target instanceof FeelDateTime) return read(ofDate, target.date, name) ?? read(ofTime, target.time, name);
  if (target instanceof DaysDuration) return read(ofDays, target, name);
  if (target instanceof MonthsDuration) return read(ofMonths, target, name);
  return target instanceof Range ? read(ofRange, target, name) : undefined;
}
const read = <T>(properties: Properties<T>, of: T, name: string): Value | undefined =>
  Object.hasOwn(properties, name) ? properties[name]?.(of) : undefined;
