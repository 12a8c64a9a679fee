/** List functions. DMN 1.5 §10.3.4.4. Positions count from 1, or from the end when negative. */
import { integerOf } from '../number.ts';
import type { FeelNumber } from '../number.ts';
import { BudgetExceeded, compareValues, equalValues, isList } from '../value.ts';
import { sorted } from '../iteration.ts';
import { builtin, signature } from './signature.ts';
import type { Builtin, Environment, Value, FunctionValue } from '../value.ts';
import { limits } from '../../limits.ts';

type Items = readonly Value[];

/** A list within the limit. */
export function bounded(items: Items, env: Environment): Items {
  if (items.length > limits.feelListLength)
    throw new BudgetExceeded(`a list has more than ${limits.feelListLength} items`);
  env.charge(items.length >> 2);
  return items;
}
const same = (left: Value, right: Value, env: Environment): boolean => equalValues(left, right, env) === true;

/** Index of a position in a list; null: outside. */
function indexAt(position: Value | undefined, length: number): number | null {
  const whole = integerOf(position as FeelNumber);
  if (whole === null || whole === 0 || Math.abs(whole) > length) return null;
  return whole > 0 ? whole - 1 : length + whole;
}

function distinct(items: Items, env: Environment): Value[] {
  const simple = new Set<Value>();
  const others: Value[] = [];
  const kept: Value[] = [];
  env.charge(items.length);
  for (const item of items) {
    const known =
      item === null || typeof item !== 'object' ? simple.has(item) : others.some((other) => same(other, item, env));
    if (known) continue;
    if (item === null || typeof item !== 'object') simple.add(item);
    else others.push(item);
    kept.push(item);
  }
  return kept;
}

function duplicates(items: Items, env: Environment): Value[] {
  return distinct(
    items.filter((item, index) => items.some((other, at) => at < index && same(other, item, env))),
    env,
  );
}

/** Nested lists of any depth become one, without recursion. */
function flatten(items: Items, env: Environment): Items {
  const flat: Value[] = [];
  const stack: Value[] = items.toReversed();
  while (stack.length > 0) {
    env.charge(1);
    const item = stack.pop() ?? null;
    if (isList(item)) {
      for (let i = item.length - 1; i >= 0; i--) stack.push(item[i] ?? null);
    } else flat.push(item);
    if (flat.length + stack.length > 2 * limits.feelListLength)
      throw new BudgetExceeded(`a list has more than ${limits.feelListLength} items`);
  }
  return bounded(flat, env);
}

function sublist([list, start, length]: readonly (Value | undefined)[], env: Environment): Value {
  const items = list as Items;
  const from = indexAt(start, items.length);
  const count = length === undefined ? items.length : integerOf(length as FeelNumber);
  if (from === null || count === null || count < 0 || (length !== undefined && from + count > items.length))
    return env.warn("'sublist' is outside the list");
  return bounded(items.slice(from, from + count), env);
}

function insertBefore([list, position, item]: readonly (Value | undefined)[], env: Environment): Value {
  const items = list as Items;
  const at =
    indexAt(position, items.length) ?? (integerOf(position as FeelNumber) === items.length + 1 ? items.length : null);
  if (at === null) return env.warn("'insert before' is outside the list");
  return bounded(items.toSpliced(at, 0, item ?? null), env);
}

function replaceAt([list, position, item]: readonly (Value | undefined)[], env: Environment): Value {
  const items = list as Items;
  const at = indexAt(position, items.length);
  return at === null ? env.warn("'list replace' is outside the list") : bounded(items.with(at, item ?? null), env);
}

function replaceMatching([list, match, item]: readonly (Value | undefined)[], env: Environment): Value {
  const verdicts = (list as Items).map((old) => env.invoke(match as FunctionValue, [old, item ?? null]));
  if (!verdicts.every((verdict) => typeof verdict === 'boolean'))
    return env.warn("'list replace' needs a function that answers boolean");
  return (list as Items).map((old, index) => (verdicts[index] === true ? (item ?? null) : old));
}

function sort([list, precedes]: readonly (Value | undefined)[], env: Environment): Value {
  const items = bounded(list as Items, env);
  if (precedes !== undefined)
    return sorted(items, (left, right) => env.invoke(precedes as FunctionValue, [left, right]) === true);
  env.charge(items.length);
  return sorted(items, (left, right) => (compareValues(left, right) ?? 0) < 0);
}

function partition([list, size]: readonly (Value | undefined)[], env: Environment): Value {
  const step = integerOf(size as FeelNumber);
  if (step === null || step < 1) return env.warn("'partition' needs a positive size");
  const items = bounded(list as Items, env);
  return Array.from({ length: Math.ceil(items.length / step) }, (_, i) => items.slice(i * step, (i + 1) * step));
}

function concatenate(lists: readonly (Value | undefined)[], env: Environment): Items | null {
  if (lists.length === 0) return env.warn('there is no list');
  const length = lists.reduce<number>((sum, list) => sum + (list as Items).length, 0);
  if (length > limits.feelListLength) throw new BudgetExceeded(`a list has more than ${limits.feelListLength} items`);
  return bounded((lists as Items[]).flat(1), env);
}

function union(lists: readonly (Value | undefined)[], env: Environment): Value {
  const all = concatenate(lists, env);
  return all === null ? null : distinct(all, env);
}

export const listFunctions: readonly Builtin[] = [
  builtin(
    'list contains',
    signature('list: list, element: any', ([list, element], env) =>
      (list as Items).some((item) => same(item, element ?? null, env)),
    ),
  ),
  builtin('sublist', signature('list: list, start position: number, length?: number', sublist)),
  builtin(
    'append',
    signature('list: list, ...item: any', ([list, ...items], env) =>
      bounded([...(list as Items), ...(items as Items)], env),
    ),
  ),
  builtin('concatenate', signature('...list: list', concatenate)),
  builtin('insert before', signature('list: list, position: number, newItem: any', insertBefore)),
  builtin(
    'remove',
    signature('list: list, position: number', ([list, position], env) => {
      const at = indexAt(position, (list as Items).length);
      return at === null ? env.warn("'remove' is outside the list") : bounded((list as Items).toSpliced(at, 1), env);
    }),
  ),
  builtin(
    'list replace',
    signature('list: list, position: number, newItem: any', replaceAt),
    signature('list: list, match: function, newItem: any', replaceMatching),
  ),
  builtin(
    'reverse',
    signature('list: list', ([list], env) => bounded((list as Items).toReversed(), env)),
  ),
  builtin(
    'index of',
    signature('list: list, match: any', ([list, match], env) =>
      (list as Items).flatMap((item, index) => (same(item, match ?? null, env) ? [index + 1] : [])),
    ),
  ),
  builtin(
    'union',
    signature('...list: list', (lists, env) => union(lists, env)),
  ),
  builtin(
    'distinct values',
    signature('list: list', ([list], env) => distinct(list as Items, env)),
  ),
  builtin(
    'duplicate values',
    signature('list: list', ([list], env) => duplicates(list as Items, env)),
  ),
  builtin(
    'flatten',
    signature('list: list', ([list], env) => flatten(list as Items, env)),
  ),
  builtin('sort', signature('list: list, precedes?: function', sort)),
  builtin('partition', signature('list: list, size: number', partition)),
  builtin(
    'is empty',
    signature('list: list', ([list]) => (list as Items).length === 0),
  ),
];
