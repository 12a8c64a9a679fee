/** Conversion functions. DMN 1.5 §10.3.4.1. */
import { integerOf, multiply, parseNumber, round, toBig } from '../number.ts';
import type { FeelNumber } from '../number.ts';
import {
  FeelDate,
  FeelDateTime,
  FeelTime,
  MonthsDuration,
  isUnknownZone,
  nanosPerSecond,
  parseDate,
  parseDateTime,
  parseDuration,
  parseTime,
  parseZone,
} from '../temporal.ts';
import type { Zone, DaysDuration } from '../temporal.ts';
import { textOf } from '../value.ts';
import { builtin, signature } from './signature.ts';
import type { Builtin, Environment, Value } from '../value.ts';

type Args = readonly (Value | undefined)[];

function toNumber([from, grouping, decimal]: Args, env: Environment): Value {
  let text = from as string;
  const [group, point] = [grouping as string | null | undefined, decimal as string | null | undefined];
  const separators = [' ', ',', '.'];
  if (typeof group === 'string' && !separators.includes(group))
    return env.warn("the grouping separator is ' ', ',' or '.'");
  if (typeof point === 'string' && (!['.', ','].includes(point) || point === group))
    return env.warn("the decimal separator is '.' or ','");
  if (typeof group === 'string') text = text.replaceAll(group, '');
  if (typeof point === 'string' && point !== '.') text = text.includes('.') ? '' : text.replace(point, '.');
  return parseNumber(text) ?? env.warn(`'${(from as string).slice(0, 50)}' is no number`);
}

const problem = (kind: string, text: string): string => {
  const zone = text.includes('@') ? text.slice(text.indexOf('@') + 1) : '';
  return isUnknownZone(zone) ? `time zone '${zone.slice(0, 60)}' is not known` : `'${text.slice(0, 60)}' is no ${kind}`;
};

const whole = (value: Value | undefined): number => integerOf(value as FeelNumber) ?? Number.NaN;
/** Seconds with a fraction as nanoseconds. */
function secondNanos(value: Value | undefined): bigint {
  const nanos = multiply(value as FeelNumber, Number(nanosPerSecond));
  const cut = nanos === null ? null : round(nanos, 0, 'down');
  return cut === null || toBig(cut).e > 15 ? -1n : BigInt(toBig(cut).toFixed(0));
}

function dateFromParts([year, month, day]: Args, env: Environment): Value {
  return FeelDate.of(whole(year), whole(month), whole(day)) ?? env.warn('there is no such date');
}

const maxOffset = 18n * 3600n * nanosPerSecond;
function zoneOf(offset: Value | undefined): Zone | null | undefined {
  if (offset === undefined || offset === null) return null;
  if (typeof offset === 'string') return parseZone(offset) ?? undefined;
  const { nanos } = offset as DaysDuration;
  if (nanos > maxOffset || nanos < -maxOffset) return undefined;
  return { offsetSeconds: Number(nanos / nanosPerSecond), id: null };
}
function timeFromParts([hour, minute, second, offset]: Args, env: Environment): FeelTime | null {
  const zone = zoneOf(offset);
  if (zone === undefined) return env.warn('the offset of the time is not known');
  return FeelTime.of(whole(hour), whole(minute), secondNanos(second), zone) ?? env.warn('there is no such time');
}
function timeFrom([from]: Args): Value {
  if (from instanceof FeelDateTime) return from.time;
  if (from instanceof FeelTime) return from;
  return new FeelTime(0n, { offsetSeconds: 0, id: null });
}

function dateTimeFrom([from]: Args, env: Environment): Value {
  return parseDateTime(from as string) ?? env.warn(problem('date and time', from as string));
}
function dateTimeFromParts([year, month, day, hour, minute, second, offset]: Args, env: Environment): Value {
  const date = dateFromParts([year, month, day], env) as FeelDate | null;
  const time = timeFromParts([hour, minute, second, offset], env);
  return date === null || time === null ? null : new FeelDateTime(date, time);
}
/** Camunda: the same instant in another zone. */
function inZone([from, zoneName]: Args, env: Environment): Value {
  const zone = parseZone(zoneName as string);
  if (zone === null) return env.warn(problem('time zone', `@${zoneName as string}`));
  return FeelDateTime.ofEpochNanos((from as FeelDateTime).epochNanos, zone);
}

/** Whole months from one date to another. */
function monthsBetween([from, to]: Args): Value {
  const [start, end] = [from, to].map((value) => (value instanceof FeelDateTime ? value.date : (value as FeelDate)));
  if (start === undefined || end === undefined) return null;
  const months = (end.year - start.year) * 12 + (end.month - start.month);
  const back = months > 0 && end.day < start.day ? 1 : months < 0 && end.day > start.day ? -1 : 0;
  return new MonthsDuration(months - back);
}

export const conversions: readonly Builtin[] = [
  builtin(
    'number',
    signature('from: string, grouping separator?: nullable string, decimal separator?: nullable string', toNumber),
    signature('from: number', ([from]) => from as FeelNumber),
  ),
  builtin(
    'string',
    signature('from: any', ([from], env) => (from === null ? null : textOf(from ?? null, env))),
  ),
  builtin(
    'date',
    signature('from: string', ([from], env) => parseDate(from as string) ?? env.warn(problem('date', from as string))),
    signature('from: day', ([from]) => (from instanceof FeelDateTime ? from.date : (from as FeelDate))),
    signature('year: number, month: number, day: number', dateFromParts),
  ),
  builtin(
    'time',
    signature('from: string', ([from], env) => parseTime(from as string) ?? env.warn(problem('time', from as string))),
    signature('from: time', timeFrom),
    signature('from: day', timeFrom),
    signature('hour: number, minute: number, second: number, offset?: days duration', timeFromParts),
    signature('hour: number, minute: number, second: number, offset: any', ([hour, minute, second, offset], env) =>
      offset === null ? timeFromParts([hour, minute, second], env) : env.warn('the offset of a time is a duration'),
    ),
  ),
  builtin(
    'date and time',
    signature('from: string', dateTimeFrom),
    signature('from: date and time', ([from]) => from as FeelDateTime),
    signature(
      'date: day, time: time',
      ([date, time]) =>
        new FeelDateTime(date instanceof FeelDateTime ? date.date : (date as FeelDate), time as FeelTime),
    ),
    signature('date: date and time, timezone: string', inZone),
    signature(
      'year: number, month: number, day: number, hour: number, minute: number, second: number',
      dateTimeFromParts,
    ),
    signature(
      'year: number, month: number, day: number, hour: number, minute: number, second: number, offset: days duration',
      dateTimeFromParts,
    ),
    signature(
      'year: number, month: number, day: number, hour: number, minute: number, second: number, timezone: string',
      dateTimeFromParts,
    ),
  ),
  builtin(
    'duration',
    signature(
      'from: string',
      ([from], env) => parseDuration(from as string) ?? env.warn(problem('duration', from as string)),
    ),
    signature('from: days duration', ([from]) => from as DaysDuration),
    signature('from: months duration', ([from]) => from as MonthsDuration),
  ),
  builtin('years and months duration', signature('from: day, to: day', monthsBetween)),
];
