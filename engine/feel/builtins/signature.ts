/** Signatures of built-in functions, written as text: `list: list, start position: number, length?: number`. */
import { isNumber } from '../number.ts';
import { DaysDuration, FeelDate, FeelDateTime, FeelTime, MonthsDuration } from '../temporal.ts';
import { FunctionValue, Range, isContext, isList } from '../value.ts';
import type { Builtin, BuiltinParameter, Environment, Signature, Value } from '../value.ts';

/** Types of parameters; `any` takes null too, `nullable string` a string or null, `list` also a single value. */
const tests: Readonly<Record<string, (value: Value) => boolean>> = {
  any: () => true,
  some: (value) => value !== null,
  string: (value) => typeof value === 'string',
  'nullable string': (value) => value === null || typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  number: isNumber,
  list: isList,
  context: isContext,
  date: (value) => value instanceof FeelDate,
  time: (value) => value instanceof FeelTime,
  'date and time': (value) => value instanceof FeelDateTime,
  day: (value) => value instanceof FeelDate || value instanceof FeelDateTime,
  'days duration': (value) => value instanceof DaysDuration,
  'months duration': (value) => value instanceof MonthsDuration,
  range: (value) => value instanceof Range,
  function: (value) => value instanceof FunctionValue,
};

export type Run = (args: readonly (Value | undefined)[], env: Environment) => Value;

export function signature(text: string, run: Run): Signature {
  const params = text === '' ? [] : text.split(', ').map(parameter);
  return { params, run };
}
function parameter(text: string): BuiltinParameter {
  const match = /^(\.\.\.)?([^?:]+)(\?)?: (.+)$/.exec(text);
  const type = match?.[4] ?? '';
  if (match === null || !Object.hasOwn(tests, type)) throw new Error(`malformed parameter '${text}'`);
  return { name: match[2] ?? '', type, optional: match[3] !== undefined, variadic: match[1] !== undefined };
}

/** A signature for named arguments only. */
export const byName = (of: Signature): Signature => ({ ...of, byName: true });

export const builtin = (name: string, ...signatures: readonly Signature[]): Builtin => ({
  kind: 'builtin',
  name,
  signatures,
});

/**
 * The arguments as the signature wants them: absent optional ones undefined, variadic ones flat at the end, singleton lists and
 * single values converted (DMN 1.5 §10.3.2.9.4). null: they do not fit.
 */
export function fits(of: Signature, args: readonly (Value | undefined)[]): (Value | undefined)[] | null {
  const last = of.params.at(-1);
  const variadic = last?.variadic === true;
  if (!variadic && args.length > of.params.length) return null;
  const fitted: (Value | undefined)[] = [];
  for (let index = 0; index < Math.max(args.length, of.params.length); index++) {
    const param = of.params[index] ?? last;
    if (param === undefined) return null;
    const value = args[index];
    if (value === undefined) {
      if (!param.optional && !param.variadic) return null;
      if (!param.variadic) fitted.push(undefined);
      continue;
    }
    const converted = coerce(value, param.type);
    if (converted === undefined) return null;
    fitted.push(converted);
  }
  return fitted;
}

function coerce(value: Value, type: string): Value | undefined {
  const test = tests[type];
  if (test?.(value) === true) return value;
  if (type === 'list') return value === null ? undefined : [value];
  if (isList(value) && value.length === 1 && test?.(value[0] ?? null) === true) return value[0];
  return undefined;
}
