/** `is()`: the same element of the semantic domain, so 10:00Z is not 11:00+01:00. DMN 1.5 §10.3.4.6. */
import { FeelDateTime, FeelTime } from './temporal.ts';
import { equalValues, isDuration, typeName } from './value.ts';
import type { Environment, Value } from './value.ts';

export function isSame(left: Value, right: Value, env: Environment): boolean {
  if (left === null || right === null) return left === right;
  if (typeName(left) !== typeName(right)) return false;
  if (left instanceof FeelTime && right instanceof FeelTime) return left.sameAs(right);
  if (left instanceof FeelDateTime && right instanceof FeelDateTime) {
    return left.time.sameAs(right.time) && equalValues(left.date, right.date, env) === true;
  }
  if (isDuration(left) && isDuration(right)) return left.toString() === right.toString();
  return equalValues(left, right, env) === true;
}
