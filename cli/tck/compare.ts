/** Whether a result is what a test case expects. */
import { compareNumbers, isNumber, numberText, subtract } from '#engine/feel/number.ts';
import { FeelDateTime, FeelTime } from '#engine/feel/temporal.ts';
import {
  FunctionValue,
  Range,
  compareValues,
  entryOf,
  isContext,
  isDuration,
  isList,
  isTemporal,
} from '#engine/feel/value.ts';
import type { Value } from '#engine/feel/value.ts';

/** Largest difference of numbers; test files write fewer digits than FEEL has. */
const tolerance = 1e-8;

export function isExpected(actual: Value, expected: Value): boolean {
  if (expected === null || actual === null) return actual === expected;
  if (isNumber(expected)) return isNumber(actual) && isNear(actual, expected);
  if (isList(expected)) {
    return (
      isList(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => isExpected(actual[index] ?? null, item))
    );
  }
  if (isContext(expected)) {
    if (!isContext(actual)) return false;
    const names = Object.keys(expected);
    return (
      names.length === Object.keys(actual).length &&
      names.every((name) => isExpected(entryOf(actual, name) ?? null, expected[name] ?? null))
    );
  }
  if (isTemporal(expected)) return isSameMoment(actual, expected);
  return actual === expected;
}

function isNear(actual: Value, expected: Value): boolean {
  if (!isNumber(actual) || !isNumber(expected)) return false;
  const distance = subtract(actual, expected);
  return distance !== null && compareNumbers(distance, tolerance) <= 0 && compareNumbers(distance, -tolerance) >= 0;
}

/** The same local time at the same offset; `Z`, `+00:00` and `@Etc/UTC` are one. */
function isSameMoment(actual: Value, expected: Value): boolean {
  if (expected instanceof FeelTime) return actual instanceof FeelTime && isSameTime(actual, expected);
  if (expected instanceof FeelDateTime) {
    return (
      actual instanceof FeelDateTime &&
      compareValues(actual.date, expected.date) === 0 &&
      isSameTime(actual.time, expected.time)
    );
  }
  if (isDuration(expected)) return isDuration(actual) && actual.toString() === expected.toString();
  return compareValues(actual, expected) === 0;
}
const isSameTime = (left: FeelTime, right: FeelTime): boolean =>
  left.nanos === right.nanos && left.zone?.offsetSeconds === right.zone?.offsetSeconds;

/** For messages. */
export function shown(value: Value): string {
  if (value === null) return 'null';
  if (isNumber(value)) return numberText(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(shown).join(', ')}]`;
  if (isTemporal(value)) return value.toString();
  if (value instanceof Range) return 'a range';
  if (value instanceof FunctionValue) return 'a function';
  return `{${Object.entries(value)
    .map(([name, entry]) => `${name}: ${shown(entry)}`)
    .join(', ')}}`;
}
