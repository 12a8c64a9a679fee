/** Functions that reduce a list to one value. DMN 1.5 §10.3.4.4; each also takes its items as arguments. */
import { add, compareNumbers, divide, isNumber, multiply, squareRoot, subtract } from '../number.ts';
import type { FeelNumber } from '../number.ts';
import { DaysDuration, MonthsDuration } from '../temporal.ts';
import { compareValues, isList } from '../value.ts';
import { arithmetic } from '../arithmetic.ts';
import { sorted, byNumber } from '../iteration.ts';
import { sumOf } from './numbers.ts';
import { builtin, signature } from './signature.ts';
import type { Builtin, Environment, Value } from '../value.ts';

type Reduce = (items: readonly Value[], env: Environment) => Value;

function aggregate(name: string, reduce: Reduce): Builtin {
  return builtin(
    name,
    signature('list: list', ([list], env) => charged(list as readonly Value[], reduce, env)),
    signature('...c: any', (items, env) =>
      items.length === 0 || (items.length === 1 && items[0] === null)
        ? env.warn(`'${name}' of nothing`)
        : charged(items as readonly Value[], reduce, env),
    ),
  );
}
function charged(items: readonly Value[], reduce: Reduce, env: Environment): Value {
  env.charge(items.length);
  return reduce(items, env);
}

const numeric =
  (name: string, reduce: (numbers: readonly FeelNumber[], env: Environment) => Value): Reduce =>
  (items, env) =>
    items.every(isNumber) ? reduce(items, env) : env.warn(`'${name}' of a list that is not all numbers`);

/** Aggregation of decision tables uses these too. */
export const sum: Reduce = (items, env) => {
  const [first] = items;
  if (first === undefined) return null;
  if (items.every(isNumber)) return sumOf(items);
  if (!(first instanceof DaysDuration) && !(first instanceof MonthsDuration))
    return env.warn("'sum' of a list that is not all numbers");
  return items.slice(1).reduce((total, item) => arithmetic('+', total, item, env), first);
};
const extreme =
  (name: string, sign: 1 | -1): Reduce =>
  (items, env) => {
    let [best = null] = items;
    if (items.length === 1 && (best === null || compareValues(best, best) === null))
      return env.warn(`'${name}' of a value that has no order`);
    for (const item of items.slice(1)) {
      const order = compareValues(item, best);
      if (order === null) return env.warn(`'${name}' of values that are not comparable`);
      if (order * sign > 0) best = item;
    }
    return best;
  };
export const minimum: Reduce = extreme('min', -1);
export const maximum: Reduce = extreme('max', 1);

const mean = (numbers: readonly FeelNumber[]): FeelNumber | null => {
  const total = numbers.length === 0 ? null : sumOf(numbers);
  return total === null ? null : divide(total, numbers.length);
};

function median(numbers: readonly FeelNumber[]): Value {
  const ordered = sorted(numbers, byNumber) as FeelNumber[];
  const middle = ordered.length >> 1;
  const [low, high] = [ordered[middle - 1], ordered[middle]];
  if (high === undefined) return null;
  return ordered.length % 2 === 1 || low === undefined ? high : mean([low, high]);
}

/** Sample standard deviation. */
function deviation(numbers: readonly FeelNumber[], env: Environment): Value {
  const average = mean(numbers);
  if (average === null || numbers.length < 2) return env.warn("'stddev' needs two numbers at least");
  let squares: FeelNumber | null = 0;
  for (const n of numbers) {
    const distance = subtract(n, average);
    const square = distance === null ? null : multiply(distance, distance);
    squares = squares === null || square === null ? null : add(squares, square);
  }
  const variance = squares === null ? null : divide(squares, numbers.length - 1);
  return variance === null ? null : squareRoot(variance);
}

/** The most frequent numbers, ascending. */
function mode(numbers: readonly FeelNumber[]): Value {
  const ordered = sorted(numbers, byNumber) as FeelNumber[];
  let best: FeelNumber[] = [];
  let bestCount = 0;
  for (let start = 0; start < ordered.length;) {
    const current = ordered[start] ?? 0;
    let end = start;
    while (end < ordered.length && compareNumbers(ordered[end] ?? 0, current) === 0) end++;
    const count = end - start;
    if (count > bestCount) best = [];
    if (count >= bestCount) best.push(current);
    bestCount = Math.max(bestCount, count);
    start = end;
  }
  return best;
}

/** `all` (deciding false) and `any` (deciding true), three-valued. */
const junction =
  (deciding: boolean): Reduce =>
  (items) => {
    if (items.includes(deciding)) return deciding;
    return items.every((item) => typeof item === 'boolean') ? !deciding : null;
  };

const count = builtin(
  'count',
  signature('list: list', ([list]) => (list as readonly Value[]).length),
  signature('...c: any', (items, env) =>
    items.length === 0 || (items.length === 1 && !isList(items[0])) ? env.warn("'count' of no list") : items.length,
  ),
);

export const aggregates: readonly Builtin[] = [
  count,
  aggregate('min', (items, env) => (items.length === 0 ? null : minimum(items, env))),
  aggregate('max', (items, env) => (items.length === 0 ? null : maximum(items, env))),
  aggregate('sum', sum),
  aggregate(
    'product',
    numeric('product', (numbers) =>
      numbers.length === 0
        ? null
        : numbers.reduce<FeelNumber | null>((all, n) => (all === null ? null : multiply(all, n)), 1),
    ),
  ),
  aggregate('mean', numeric('mean', mean)),
  aggregate('median', numeric('median', median)),
  aggregate('stddev', numeric('stddev', deviation)),
  aggregate('mode', numeric('mode', mode)),
  aggregate('all', junction(false)),
  aggregate('and', junction(false)),
  aggregate('any', junction(true)),
  aggregate('or', junction(true)),
];
