/** Expressions of the model, evaluated to what an element needs; whatever else comes out is a failure with words. */
import type { Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import { evaluate } from './feel/evaluate.ts';
import type { Json } from './json.ts';
import { limits } from './limits.ts';
import type { Expression, Mapping } from './model.ts';
import { addDuration, parseDateTime, parseDuration } from './time.ts';
import type { Lookup } from './variables.ts';
import { overlay, ownValue, withPath } from './variables.ts';

export interface Scope {
  readonly lookup: Lookup;
  readonly nowMs: number;
}
interface Valued {
  readonly value: Json;
  readonly warnings: readonly string[];
}

const noWarnings: readonly string[] = [];

function valueOf(expression: Expression, scope: Scope): Result<Valued> {
  if (expression.kind === 'static') return ok({ value: expression.value, warnings: noWarnings });
  const result = evaluate(expression.ast, scope);
  if (result.ok) return ok(result);
  return fail('EXTRACT_VALUE_ERROR', `Expression '${shortened(expression.source)}': ${result.message}`);
}

/** Any value; null where FEEL has none. */
export function evaluateAny(expression: Expression, scope: Scope): Result<Json> {
  const result = valueOf(expression, scope);
  return result.ok ? ok(result.value.value) : result;
}

function expected(expression: Expression, type: string, { value, warnings }: Valued): Result<never> {
  const source = expression.kind === 'feel' ? expression.source : JSON.stringify(expression.value);
  const reasons = warnings.length > 0 ? ` Warnings: ${warnings.join('; ')}` : '';
  const actual = value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
  return fail(
    'EXTRACT_VALUE_ERROR',
    `Expected '${shortened(source)}' to be a ${type}, but it was a ${actual}.${reasons}`,
  );
}

const shortened = (source: string): string => (source.length > 200 ? `${source.slice(0, 200)}…` : source);

export function evaluateBoolean(expression: Expression, scope: Scope): Result<boolean> {
  const result = valueOf(expression, scope);
  if (!result.ok) return result;
  const { value } = result.value;
  return typeof value === 'boolean' ? ok(value) : expected(expression, 'boolean', result.value);
}

export function evaluateString(expression: Expression, scope: Scope): Result<string> {
  const result = valueOf(expression, scope);
  if (!result.ok) return result;
  const { value } = result.value;
  return typeof value === 'string' ? ok(value) : expected(expression, 'string', result.value);
}

/** A string, or a number as a string: correlation keys, business keys. */
export function evaluateKey(expression: Expression, scope: Scope): Result<string> {
  const result = valueOf(expression, scope);
  if (!result.ok) return result;
  const { value } = result.value;
  if (typeof value === 'number') return ok(String(value));
  return typeof value === 'string' ? ok(value) : expected(expression, 'string or number', result.value);
}

/** A number, or text that is one (an attribute of the XML). */
export function evaluateInteger(expression: Expression, scope: Scope): Result<number> {
  const result = valueOf(expression, scope);
  if (!result.ok) return result;
  const { value } = result.value;
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value.trim()) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number)
    ? ok(number)
    : expected(expression, 'whole number', result.value);
}

export function evaluateList(expression: Expression, scope: Scope): Result<readonly Json[]> {
  const result = valueOf(expression, scope);
  if (!result.ok) return result;
  const { value } = result.value;
  return Array.isArray(value) ? ok(value as readonly Json[]) : expected(expression, 'list', result.value);
}

/** A list of names that must be there, if only an empty one. */
export function evaluateGivenNames(expression: Expression, scope: Scope): Result<readonly string[]> {
  const names = evaluateList(expression, scope);
  return names.ok ? evaluateNames(expression, scope) : names;
}

/** A list of names; text written in the model is split at commas (Zeebe: candidate groups). */
export function evaluateNames(expression: Expression | null, scope: Scope): Result<readonly string[]> {
  if (expression === null) return ok([]);
  const result = valueOf(expression, scope);
  if (!result.ok) return result;
  const { value } = result.value;
  if (value === null) return ok([]);
  if (typeof value === 'string') {
    const names = expression.kind === 'static' ? value.split(',') : [value];
    return ok(names.map((name) => name.trim()).filter((name) => name !== ''));
  }
  const isNames = Array.isArray(value) && value.every((name) => typeof name === 'string');
  return isNames ? ok(value as readonly string[]) : expected(expression, 'list of strings', result.value);
}

/** A date-time with offset, or a duration counted from now; null stays null. */
export function evaluateInstant(expression: Expression | null, scope: Scope): Result<number | null> {
  if (expression === null) return ok(null);
  const result = valueOf(expression, scope);
  if (!result.ok) return result;
  const { value } = result.value;
  if (value === null || value === '') return ok(null);
  const instant = typeof value === 'string' ? instantOf(value, scope.nowMs) : null;
  return instant === null ? expected(expression, 'date-time with offset or a duration', result.value) : ok(instant);
}

function instantOf(text: string, nowMs: number): number | null {
  const duration = parseDuration(text);
  return duration ? addDuration(nowMs, duration) : parseDateTime(text);
}

/**
 * Mappings in their order, each seeing the results before it (zeebe:ioMapping). Answers the variables to set. `extends`: a dotted
 * target keeps the rest of the visible variable it writes into (outputs), else it starts afresh (inputs).
 */
export function evaluateMappings(
  mappings: readonly Mapping[],
  scope: Scope,
  keepsRest: boolean,
): Result<Readonly<Record<string, Json>>> {
  const results: Record<string, Json> = {};
  const lookup = overlay(results, scope.lookup);
  for (const { source, target } of mappings) {
    const result = valueOf(source, { lookup, nowMs: scope.nowMs });
    if (!result.ok) return fail('IO_MAPPING_ERROR', `Mapping to '${target}': ${result.failure.message}`);
    const [name = target, ...path] = target.split('.');
    if (path.length === 0) {
      results[name] = result.value.value;
      continue;
    }
    if (path.length > limits.variableDepth) return fail('IO_MAPPING_ERROR', `Mapping to '${target}': too many levels.`);
    const base = ownValue(results, name) ?? (keepsRest ? scope.lookup(name) : undefined);
    results[name] = withPath(base, path, result.value.value);
  }
  return ok(results);
}
