/** Types: `instance of`, and implicit conversion to a declared type. DMN 1.5 §10.3.2.9. */
import type { FeelType } from './ast.ts';
import { FunctionValue, Range, entryOf, isContext, isList, typeName } from './value.ts';
import type { Evaluation, Value } from './value.ts';
import { FeelDate, FeelDateTime, parseDate, parseDateTime, parseDuration, parseTime } from './temporal.ts';

/** Tests the allowed values of a type; given by the evaluator. */
export type AllowedCheck = (allowed: NonNullable<FeelType['allowed']>, value: Value) => boolean;
const anyAllowed: AllowedCheck = () => true;

/** Whether a value conforms to a type. null conforms to every declared type, but is an instance of Null alone. */
export function conforms(value: Value, type: FeelType, allowed: AllowedCheck = anyAllowed): boolean {
  if (value === null) return true;
  return conformsToShape(value, type, allowed) && (type.allowed === undefined || allowed(type.allowed, value));
}

function conformsToShape(value: Value, type: FeelType, allowed: AllowedCheck): boolean {
  switch (type.kind) {
    case 'simple':
      return type.name === 'Any' || typeName(value) === type.name;
    case 'list':
      return isList(value) && value.every((item) => conforms(item, type.of, allowed));
    case 'range':
      return value instanceof Range && conforms(value.low, type.of, allowed) && conforms(value.high, type.of, allowed);
    case 'context':
      return (
        isContext(value) && Object.entries(type.fields).every(([name, field]) => hasField(value, name, field, allowed))
      );
    case 'function':
      return value instanceof FunctionValue && functionConforms(value, type);
  }
}
function hasField(
  value: Readonly<Record<string, Value>>,
  name: string,
  type: FeelType,
  allowed: AllowedCheck,
): boolean {
  const entry = entryOf(value, name);
  return entry !== undefined && conforms(entry, type, allowed);
}
function functionConforms(value: FunctionValue, type: Extract<FeelType, { kind: 'function' }>): boolean {
  const of = value.of;
  if (of.kind === 'builtin') return of.signatures.some((signature) => signature.params.length === type.params.length);
  if (of.params.length !== type.params.length) return false;
  return of.params.every((param, index) => {
    const wanted = type.params[index];
    return param.type === null || wanted === undefined || sameType(param.type, wanted);
  });
}
const sameType = (left: FeelType, right: FeelType): boolean =>
  left.kind === right.kind && (left.kind !== 'simple' || right.kind !== 'simple' || left.name === right.name);

/** `instance of` looks at the type only, not at its allowed values. */
export function isInstance(value: Value, type: FeelType): boolean {
  if (value === null) return type.kind === 'simple' && type.name === 'Null';
  return conforms(value, type);
}

/** Implicit conversion: to and from singleton lists, date to date and time. undefined: the value does not conform. */
export function convertTo(value: Value, type: FeelType, allowed: AllowedCheck): Value | undefined {
  if (conforms(value, type, allowed)) return value;
  if (type.kind === 'list' && !isList(value) && conforms(value, type.of, allowed)) return [value];
  if (type.kind !== 'list' && isList(value) && value.length === 1 && conforms(value[0] ?? null, type, allowed))
    return value[0];
  if (type.kind === 'simple' && type.name === 'date and time' && value instanceof FeelDate)
    return parseDateTime(`${value.toString()}T00:00:00Z`) ?? undefined;
  return undefined;
}

/** The value as its declared type wants it; null with a warning: it does not conform. */
export function coerce(value: Value, type: FeelType, evaluation: Evaluation, problem: string): Value {
  if (value === null) return null;
  const converted = convertTo(value, type, (allowed, item) => evaluation.test(allowed, item, null) === true);
  return converted === undefined ? evaluation.warn(problem, 'INVALID_TYPE') : converted;
}

/** A value that came from JSON: ISO strings become temporal where the type says so, at any depth. */
export function fromJson(value: Value, type: FeelType): Value {
  if (value === null) return value;
  switch (type.kind) {
    case 'simple':
      return typeof value === 'string' ? (temporalFromText(value, type.name) ?? value) : value;
    case 'list':
      return isList(value) ? value.map((item) => fromJson(item, type.of)) : fromJson(value, type.of);
    case 'context': {
      if (!isContext(value)) return value;
      const copy: Record<string, Value> = { ...value };
      for (const [name, field] of Object.entries(type.fields)) {
        const entry = entryOf(value, name);
        if (entry !== undefined) copy[name] = fromJson(entry, field);
      }
      return copy;
    }
    case 'range':
    case 'function':
      return value;
  }
}
function temporalFromText(text: string, name: string): Value {
  if (name === 'date') return parseDate(text) ?? parseDateTime(text)?.date ?? null;
  if (name === 'time') return parseTime(text);
  if (name === 'date and time') {
    const parsed = parseDateTime(text);
    return parsed instanceof FeelDateTime ? parsed : null;
  }
  if (name === 'days and time duration' || name === 'years and months duration') return parseDuration(text);
  return null;
}
