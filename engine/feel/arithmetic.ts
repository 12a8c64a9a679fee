/** Operators on numbers, strings and temporal values. DMN 1.5 tables 54-60. */
import type { ArithmeticOperator } from './ast.ts';
import { add, divide, isNumber, multiply, negate, power, round, subtract, toBig } from './number.ts';
import type { FeelNumber } from './number.ts';
import {
  DaysDuration,
  FeelDate,
  FeelDateTime,
  FeelTime,
  MonthsDuration,
  nanosPerSecond,
  secondsPerDay,
} from './temporal.ts';
import type { Temporal } from './temporal.ts';
import { BudgetExceeded, isDuration, isTemporal, typeName } from './value.ts';
import type { Environment, Value } from './value.ts';
import { limits } from '../limits.ts';

export function arithmetic(op: ArithmeticOperator, left: Value, right: Value, env: Environment): Value {
  if (isNumber(left) && isNumber(right))
    return numeric(op, left, right) ?? env.warn(numericProblem(op, right), 'OUT_OF_RANGE');
  if (op === '+' && typeof left === 'string' && typeof right === 'string') return concatenate(left, right, env);
  if (left === null || right === null)
    return env.warn(`cannot compute ${typeName(left)} ${op} ${typeName(right)}`, 'NOT_COMPUTABLE');
  const result = temporal(op, left, right);
  return result ?? env.warn(`cannot compute ${typeName(left)} ${op} ${typeName(right)}`, 'NOT_COMPUTABLE');
}

function numeric(op: ArithmeticOperator, left: FeelNumber, right: FeelNumber): FeelNumber | null {
  switch (op) {
    case '+':
      return add(left, right);
    case '-':
      return subtract(left, right);
    case '*':
      return multiply(left, right);
    case '/':
      return divide(left, right);
    case '**':
      return power(left, right);
  }
}
const numericProblem = (op: ArithmeticOperator, right: FeelNumber): string =>
  op === '/' && toBig(right).eq(0) ? 'division by zero' : `the result of ${op} is not a number within range`;

function concatenate(left: string, right: string, env: Environment): string {
  const length = left.length + right.length;
  if (length > limits.feelStringLength)
    throw new BudgetExceeded(`a text is longer than ${limits.feelStringLength} characters`);
  env.charge(length >> 8);
  return left + right;
}

export function negateValue(value: Value, env: Environment): Value {
  if (isNumber(value)) return negate(value);
  if (value instanceof DaysDuration) return new DaysDuration(-value.nanos);
  if (value instanceof MonthsDuration) return new MonthsDuration(0 - value.months);
  return env.warn(`cannot negate ${typeName(value)}`, 'NOT_COMPUTABLE');
}

function temporal(op: ArithmeticOperator, left: NonNullable<Value>, right: NonNullable<Value>): Value {
  if (isDuration(left) && isNumber(right)) return scale(op, left, right);
  if (isNumber(left) && isDuration(right)) return op === '*' ? scale('*', right, left) : null;
  if (!isTemporal(left) || !isTemporal(right)) return null;
  if (op === '+') return isDuration(left) && !isDuration(right) ? plus(right, left) : plus(left, right);
  if (op === '-') return minus(left, right);
  return op === '/' ? ratio(left, right) : null;
}

function scale(op: ArithmeticOperator, duration: DaysDuration | MonthsDuration, by: FeelNumber): Value {
  if (op !== '*' && op !== '/') return null;
  const amount = duration instanceof DaysDuration ? numberOf(duration.nanos) : duration.months;
  const scaled = op === '*' ? multiply(amount, by) : divide(amount, by);
  const whole = scaled === null ? null : round(scaled, 0, 'down');
  if (whole === null || toBig(whole).e > 30) return null;
  if (duration instanceof DaysDuration) return new DaysDuration(BigInt(toBig(whole).toFixed(0)));
  return monthsOf(Number(toBig(whole).toFixed(0)));
}
const monthsOf = (months: number): MonthsDuration | null =>
  Number.isSafeInteger(months) ? new MonthsDuration(months) : null;

function ratio(left: Temporal, right: Temporal): Value {
  if (left instanceof MonthsDuration && right instanceof MonthsDuration) return divide(left.months, right.months);
  if (left instanceof DaysDuration && right instanceof DaysDuration)
    return divide(numberOf(left.nanos), numberOf(right.nanos));
  return null;
}
/** Nanoseconds as a FEEL number, exactly. */
function numberOf(value: bigint): FeelNumber {
  const low = value % nanosPerSecond;
  return add(multiply(Number(value / nanosPerSecond), Number(nanosPerSecond)) ?? 0, Number(low)) ?? 0;
}

function plus(left: Temporal, right: Temporal): Value {
  if (right instanceof MonthsDuration) {
    if (left instanceof MonthsDuration) return monthsOf(left.months + right.months);
    return addMonths(left, right.months);
  }
  if (!(right instanceof DaysDuration)) return null;
  if (left instanceof DaysDuration) return new DaysDuration(left.nanos + right.nanos);
  return addNanos(left, right.nanos);
}

function minus(left: Temporal, right: Temporal): Value {
  if (right instanceof MonthsDuration) return plus(left, new MonthsDuration(0 - right.months));
  if (right instanceof DaysDuration) return plus(left, new DaysDuration(-right.nanos));
  if (left instanceof FeelTime && right instanceof FeelTime) {
    if ((left.zone === null) !== (right.zone === null)) return null;
    const offset = BigInt((right.zone?.offsetSeconds ?? 0) - (left.zone?.offsetSeconds ?? 0));
    return new DaysDuration(left.nanos - right.nanos + offset * nanosPerSecond);
  }
  return between(left, right);
}

/** Days and time between two instants; a date is its midnight in UTC when the other side has a zone. */
function between(left: Temporal, right: Temporal): DaysDuration | null {
  const [l, r] = [instant(left), instant(right)];
  if (l === null || r === null) return null;
  if (l.zoned !== r.zoned && left instanceof FeelDateTime && right instanceof FeelDateTime) return null;
  return new DaysDuration(l.nanos - r.nanos);
}
function instant(value: Temporal): { nanos: bigint; zoned: boolean } | null {
  if (value instanceof FeelDateTime) return { nanos: value.epochNanos, zoned: value.time.zone !== null };
  if (value instanceof FeelDate)
    return { nanos: BigInt(value.epochDays) * BigInt(secondsPerDay) * nanosPerSecond, zoned: true };
  return null;
}

function addMonths(value: Temporal, months: number): Value {
  if (value instanceof FeelDate) return value.plusMonths(months);
  if (!(value instanceof FeelDateTime)) return null;
  const date = value.date.plusMonths(months);
  return date === null ? null : new FeelDateTime(date, value.time);
}

function addNanos(value: Temporal, nanos: bigint): Value {
  const perDay = BigInt(secondsPerDay) * nanosPerSecond;
  if (value instanceof FeelTime) return new FeelTime((((value.nanos + nanos) % perDay) + perDay) % perDay, value.zone);
  if (value instanceof FeelDateTime) return FeelDateTime.ofEpochNanos(value.epochNanos + nanos, value.time.zone);
  if (!(value instanceof FeelDate)) return null;
  const total = BigInt(value.epochDays) * perDay + nanos;
  const ofDay = ((total % perDay) + perDay) % perDay;
  return FeelDate.ofDays(Number((total - ofDay) / perDay));
}
