/** Values during an evaluation. JSON values are used as they are; what JSON lacks are the classes here and in temporal.ts. */
import type { Big } from 'big.js';
import type { DecisionTable, FeelNode, FeelParameter, FeelType } from './ast.ts';
import { compareNumbers, isBig, isNumber, numberText, numberToJson } from './number.ts';
import { DaysDuration, FeelDate, FeelDateTime, FeelTime, MonthsDuration, isoText } from './temporal.ts';
import type { Temporal } from './temporal.ts';
import type { Json } from '../json.ts';
import { limits } from '../limits.ts';

export type Value =
  | null
  | boolean
  | number
  | Big
  | string
  | readonly Value[]
  | Context
  | Temporal
  | Range
  | FunctionValue;
export interface Context {
  readonly [name: string]: Value;
}

/** How a range was written: with two ends, or as a unary test (`<5`, `=5`, `!=5`), which equals only its like. */
export type RangeForm = 'ends' | 'test' | 'equal' | 'unequal';
export class Range {
  /** null: unbounded. */
  readonly low: Value;
  readonly high: Value;
  readonly lowClosed: boolean;
  readonly highClosed: boolean;
  readonly form: RangeForm;
  constructor(low: Value, high: Value, lowClosed: boolean, highClosed: boolean, form: RangeForm = 'ends') {
    this.low = low;
    this.high = high;
    this.lowClosed = lowClosed;
    this.highClosed = highClosed;
    this.form = form;
  }
}

/** Variables in scope: a linked list of single names and of whole contexts. */
export interface Frame {
  readonly parent: Frame | null;
  /** null: `value` is a context whose entries are all in scope. */
  readonly name: string | null;
  readonly value: Value;
}

export interface Closure {
  readonly kind: 'closure';
  readonly params: readonly FeelParameter[];
  readonly result: FeelType | null;
  readonly body: FeelNode;
  readonly frame: Frame | null;
}
export interface BuiltinParameter {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly variadic: boolean;
}
export interface Signature {
  readonly params: readonly BuiltinParameter[];
  /** Positional arguments do not choose it. */
  readonly byName?: true;
  readonly run: (args: readonly (Value | undefined)[], env: Environment) => Value;
}
export interface Builtin {
  readonly kind: 'builtin';
  readonly name: string;
  readonly signatures: readonly Signature[];
}
/** A decision service called as a function. */
export interface HostFunction {
  readonly kind: 'host';
  readonly name: string;
  readonly params: readonly FeelParameter[];
  readonly run: (args: readonly Value[]) => Value;
}
export class FunctionValue {
  readonly of: Closure | Builtin | HostFunction;
  constructor(of: Closure | Builtin | HostFunction) {
    this.of = of;
  }
}

/** Why a result is null. */
export type WarningCode =
  | 'UNKNOWN_VARIABLE'
  | 'UNKNOWN_FUNCTION'
  | 'UNKNOWN_ENTRY'
  | 'NOT_COMPARABLE'
  | 'NOT_COMPUTABLE'
  | 'INVALID_ARGUMENT'
  | 'INVALID_TYPE'
  | 'OUT_OF_RANGE'
  | 'NO_RULE_MATCHED'
  | 'NOT_SUPPORTED';

/** What an evaluation may use and spend. */
export interface Environment {
  readonly nowMs: number;
  readonly zone: string;
  /** Spends steps; throws BudgetExceeded. */
  readonly charge: (steps: number) => void;
  /** Records why a result is null, and returns null. Default code INVALID_ARGUMENT; `name`: the variable or entry that is missing. */
  readonly warn: (message: string, code?: WarningCode, name?: string) => null;
  readonly invoke: (callee: FunctionValue, args: readonly Value[]) => Value;
}

/** What node handlers and decision tables work with. */
export interface Evaluation extends Environment {
  /** Values come from a typed source: text is never read as a date. */
  readonly typed: boolean;
  /** Begins and ends the visit of a node: spends a step, guards the depth, shows the value to an observer. */
  readonly enter: (node: FeelNode) => void;
  readonly leave: (node: FeelNode, value: Value) => void;
  readonly evaluate: (node: FeelNode, frame: Frame | null) => Value;
  /** Whether `input` passes a test or unary tests; null: undefined. */
  readonly test: (node: FeelNode, input: Value, frame: Frame | null) => boolean | null;
  /** A variable by name, without a warning; undefined: there is none. */
  readonly resolve: (name: string, frame: Frame | null) => Value | undefined;
  /** Hands over which rules of a decision table matched. */
  readonly report: (match: TableMatch) => void;
}
export interface TableMatch {
  readonly table: DecisionTable;
  readonly inputs: readonly Value[];
  /** Indexes of the rules that matched, in table order. */
  readonly rules: readonly number[];
}

/** A model broke its own promise (two rules of a unique table matched, a value is not allowed): the decision fails. */
export class EvaluationFailure extends Error {
  override readonly name = 'EvaluationFailure';
}
/** A budget of limits.ts is exceeded: ends the whole evaluation. */
export class BudgetExceeded extends Error {
  override readonly name = 'BudgetExceeded';
}

export const isList = (value: unknown): value is readonly Value[] => Array.isArray(value);
export const isTemporal = (value: unknown): value is Temporal =>
  value instanceof FeelDate ||
  value instanceof FeelDateTime ||
  value instanceof FeelTime ||
  value instanceof DaysDuration ||
  value instanceof MonthsDuration;
export const isDuration = (value: unknown): value is DaysDuration | MonthsDuration =>
  value instanceof DaysDuration || value instanceof MonthsDuration;
const isSpecial = (value: unknown): boolean =>
  value instanceof Range || value instanceof FunctionValue || isTemporal(value) || isBig(value);
export const isContext = (value: unknown): value is Context =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isSpecial(value);

export function typeName(value: Value): string {
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value;
  if (isList(value)) return 'list';
  if (value instanceof FeelDate) return 'date';
  if (value instanceof FeelDateTime) return 'date and time';
  if (value instanceof FeelTime) return 'time';
  if (value instanceof DaysDuration) return 'days and time duration';
  if (value instanceof MonthsDuration) return 'years and months duration';
  if (value instanceof Range) return 'range';
  return value instanceof FunctionValue ? 'function' : 'context';
}

/** Adds an entry to a context under construction. `__proto__` would replace the object's prototype: it is refused. */
export function setEntry(target: Record<string, Value>, key: string, value: Value): boolean {
  if (key === '__proto__') return false;
  target[key] = value;
  return true;
}
export const entryOf = (context: Context, key: string): Value | undefined =>
  Object.hasOwn(context, key) ? context[key] : undefined;

/** Order by code point, not by UTF-16 unit: the same on every machine, and right for supplementary characters. */
function compareStrings(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    if (a === b) continue;
    const [surrogateA, surrogateB] = [a >= 0xd800 && a <= 0xdfff, b >= 0xd800 && b <= 0xdfff];
    if (surrogateA !== surrogateB) return surrogateA ? 1 : -1;
    return a - b;
  }
  return left.length - right.length;
}

/** Order of two values; null: not comparable (different types, or only one of them has a zone). */
export function compareValues(left: Value, right: Value): number | null {
  if (isNumber(left)) return isNumber(right) ? compareNumbers(left, right) : null;
  if (typeof left === 'string') return typeof right === 'string' ? compareStrings(left, right) : null;
  if (left instanceof FeelDate && right instanceof FeelDate) return left.epochDays - right.epochDays;
  if (left instanceof FeelDateTime && right instanceof FeelDateTime) {
    if ((left.time.zone === null) !== (right.time.zone === null)) return null;
    return compareBig(toMillis(left.epochNanos), toMillis(right.epochNanos));
  }
  if (left instanceof FeelTime && right instanceof FeelTime) {
    if ((left.zone === null) !== (right.zone === null)) return null;
    return compareBig(toMillis(instantOf(left)), toMillis(instantOf(right)));
  }
  if (left instanceof DaysDuration && right instanceof DaysDuration) return compareBig(left.nanos, right.nanos);
  if (left instanceof MonthsDuration && right instanceof MonthsDuration) return left.months - right.months;
  return null;
}
/** Moments are compared in milliseconds, the precision XML Schema guarantees (DMN 1.5 §10.3.2.3.5); finer digits are kept for text. */
const toMillis = (nanos: bigint): bigint => (nanos - (((nanos % 1_000_000n) + 1_000_000n) % 1_000_000n)) / 1_000_000n;
const compareBig = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0);
const instantOf = (time: FeelTime): bigint => time.nanos - BigInt(time.zone?.offsetSeconds ?? 0) * 1_000_000_000n;

/** DMN 1.5 table 42: null: the types differ, so equality is not defined. */
export function equalValues(left: Value, right: Value, env: Environment, depth = 0): boolean | null {
  env.charge(1);
  if (left === null || right === null) return left === right;
  if (depth > limits.feelDepth) throw tooDeep();
  return equalPresent(left, right, env, depth + 1);
}
const tooDeep = (): BudgetExceeded => new BudgetExceeded(`the value is nested deeper than ${limits.feelDepth} levels`);
function equalPresent(
  left: NonNullable<Value>,
  right: NonNullable<Value>,
  env: Environment,
  depth: number,
): boolean | null {
  if (typeof left === 'boolean') return typeof right === 'boolean' ? left === right : null;
  if (isList(left)) {
    if (!isList(right)) return null;
    return (
      left.length === right.length &&
      left.every((item, index) => equalValues(item, right[index] ?? null, env, depth) === true)
    );
  }
  if (left instanceof Range) return right instanceof Range ? equalRanges(left, right, env) : null;
  if (isContext(left)) return isContext(right) ? equalContexts(left, right, env, depth) : null;
  if (left instanceof FunctionValue) return right instanceof FunctionValue ? left === right : null;
  if (isZero(left) && isZero(right)) return true;
  const order = compareValues(left, right);
  if (order !== null) return order === 0;
  return typeName(left) === typeName(right) ? false : null;
}
/** A duration of nothing: the same in years and in days. */
const isZero = (value: Value): boolean =>
  value instanceof DaysDuration ? value.nanos === 0n : value instanceof MonthsDuration && value.months === 0;
function equalRanges(left: Range, right: Range, env: Environment): boolean {
  return (
    left.form === right.form &&
    left.lowClosed === right.lowClosed &&
    left.highClosed === right.highClosed &&
    equalValues(left.low, right.low, env) === true &&
    equalValues(left.high, right.high, env) === true
  );
}
function equalContexts(left: Context, right: Context, env: Environment, depth: number): boolean {
  const keys = Object.keys(left);
  env.charge(keys.length);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => {
    const other = entryOf(right, key);
    return other !== undefined && equalValues(left[key] ?? null, other, env, depth) === true;
  });
}

/** Whether a range contains a value; null: not comparable. */
export function rangeContains(range: Range, value: Value): boolean | null {
  if (range.form === 'equal' || range.form === 'unequal') return containsPoint(range, value);
  let inside = true;
  if (range.low !== null) {
    const order = compareValues(value, range.low);
    if (order === null) return null;
    inside = order > 0 || (order === 0 && range.lowClosed);
  }
  if (range.high !== null) {
    const order = compareValues(value, range.high);
    if (order === null) return null;
    inside &&= order < 0 || (order === 0 && range.highClosed);
  }
  return range.low === null && range.high === null ? null : inside;
}

function containsPoint(range: Range, value: Value): boolean | null {
  if (typeof value === 'boolean' && typeof range.low === 'boolean')
    return (value === range.low) === (range.form === 'equal');
  const order = compareValues(value, range.low);
  return order === null ? null : (order === 0) === (range.form === 'equal');
}

/** Text of a value, as `string()` writes it. */
export function textOf(value: Value, env: Environment, nested = false, depth = 0): string {
  env.charge(1);
  if (depth > limits.feelDepth) throw tooDeep();
  if (value === null) return 'null';
  if (typeof value === 'string') return nested ? `"${value.replace(/["\\]/g, '\\$&')}"` : value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isNumber(value)) return numberText(value);
  if (isList(value)) return `[${value.map((item) => textOf(item, env, true, depth + 1)).join(', ')}]`;
  if (value instanceof Range) return rangeText(value, env);
  if (value instanceof FunctionValue) return 'function';
  if (isTemporal(value)) return nested ? `@"${value.toString()}"` : value.toString();
  const entries = Object.keys(value).map(
    (key) => `${keyText(key)}: ${textOf(value[key] ?? null, env, true, depth + 1)}`,
  );
  return `{${entries.join(', ')}}`;
}
const keyText = (key: string): string =>
  /^[\p{L}_?][\p{L}\p{N}_ ]*$/u.test(key) ? key : `"${key.replace(/["\\]/g, '\\$&')}"`;
function rangeText(range: Range, env: Environment): string {
  const [low, high] = [textOf(range.low, env, true), textOf(range.high, env, true)];
  if (range.form === 'equal') return `=${low}`;
  if (range.form === 'unequal') return `!=${low}`;
  if (range.low === null) return range.highClosed ? `<=${high}` : `<${high}`;
  if (range.high === null) return range.lowClosed ? `>=${low}` : `>${low}`;
  return `${range.lowClosed ? '[' : '('}${low}..${high}${range.highClosed ? ']' : ')'}`;
}

/** A value as JSON. Lists and contexts that are JSON already are returned themselves. */
export function toJson(value: Value, env: Environment, depth = 0): Json {
  env.charge(1);
  if (depth > limits.feelDepth) throw tooDeep();
  if (value === null || typeof value === 'boolean' || typeof value === 'string' || typeof value === 'number')
    return value;
  if (isNumber(value)) return numberToJson(value) ?? env.warn('a number is out of range');
  if (isList(value)) {
    let changed = false;
    const items = value.map((item) => {
      const json = toJson(item, env, depth + 1);
      changed ||= json !== item;
      return json;
    });
    return changed ? items : (value as readonly Json[]);
  }
  if (isTemporal(value)) return isoText(value);
  if (value instanceof Range) return rangeText(value, env);
  if (value instanceof FunctionValue) return env.warn('a function is no value that can be kept');
  return contextToJson(value, env, depth);
}
function contextToJson(value: Context, env: Environment, depth: number): Json {
  let changed = false;
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    const entry = value[key] ?? null;
    const json = toJson(entry, env, depth + 1);
    changed ||= json !== entry || key === '__proto__';
    if (key !== '__proto__') copy[key] = json;
  }
  return changed ? copy : (value as Json);
}
