/** Attribute text → Expression: FEEL behind a leading `=`, else a static value (Zeebe's convention). */
import type { Expression, FeelExpression, StaticValue } from '#engine/model.ts';
import type { FeelNode } from '#engine/feel/ast.ts';
import type { Json } from '#engine/json.ts';
import { parseExpression } from './feel.ts';
import type { ProblemLog } from './context.ts';

/** Where an expression stands: the element to mark and the property to name. */
export interface ExpressionPlace {
  readonly log: ProblemLog;
  readonly elementId: string;
  /** As people know it, such as `zeebe:taskDefinition type`. */
  readonly property: string;
}

export const isFeel = (source: string): boolean => source.trimStart().startsWith('=');

/** null: a problem was reported. */
export function feelOf(source: string, place: ExpressionPlace): FeelExpression | null {
  const text = source.trimStart().slice(1).trim();
  const parsed = parseExpression(text);
  const stray = parsed.ok ? strayTest(parsed.ast) : null;
  if (parsed.ok && stray === null) return { kind: 'feel', source: text, ast: parsed.ast };
  place.log.add('FEEL_SYNTAX', place.elementId, {
    property: place.property,
    position: (parsed.ok ? (stray?.at?.[0] ?? 0) : parsed.position) + 1,
    detail: parsed.ok ? 'a value is missing before the comparison' : parsed.message,
    source: text,
  });
  return null;
}

/** `x > > 3` or `== 3`: the grammar reads the second operator as a unary test, which is no value in a process. */
function strayTest(ast: FeelNode): FeelNode | null {
  const operands = ast.type === 'compare' ? [ast.left, ast.right] : [ast];
  return operands.find((operand) => operand.type === 'test') ?? null;
}

/** FEEL or a static text; null: absent, or a problem was reported. */
export function optional(source: string | null, place: ExpressionPlace): Expression | null {
  if (source === null || source.trim() === '') return null;
  if (isFeel(source)) return feelOf(source, place);
  return { kind: 'static', value: source.trim() };
}

/** As `optional`, but absence is a problem too. */
export function required(source: string | null, place: ExpressionPlace): Expression | null {
  if (source === null || source.trim() === '') {
    place.log.add('EXPRESSION_MISSING', place.elementId, { property: place.property });
    return null;
  }
  return optional(source, place);
}

/** FEEL only; null: absent, or a problem was reported. */
export function optionalFeel(source: string | null, place: ExpressionPlace): FeelExpression | null {
  if (source === null || source.trim() === '') return null;
  if (isFeel(source)) return feelOf(source, place);
  place.log.add('EXPRESSION_NOT_FEEL', place.elementId, { property: place.property, value: source.trim() });
  return null;
}

/** As `optionalFeel`, but absence is a problem too. */
export function requiredFeel(source: string | null, place: ExpressionPlace): FeelExpression | null {
  if (source === null || source.trim() === '') {
    place.log.add('EXPRESSION_MISSING', place.elementId, { property: place.property });
    return null;
  }
  return optionalFeel(source, place);
}

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Zeebe reads static text that looks like a number as one; digits a double would lose keep it a text. */
export function staticJson(source: string): Json {
  const trimmed = source.trim();
  if (!numberPattern.test(trimmed)) return source;
  const value = Number(trimmed);
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER && trimmed.length <= 16 ? value : source;
}

export const staticOf = (value: Json): StaticValue => ({ kind: 'static', value });

/** Parts of a comma-separated list, blanks dropped. */
export const listed = (source: string): readonly string[] =>
  source
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The text of a value that stands literally in the model; null: none, or FEEL, whose value is known at run time only. */
export function literal(expression: Expression | null): string | null {
  if (expression?.kind !== 'static') return null;
  const { value } = expression;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** `="text"` is a constant: read as the text, so that names can be compared before anything runs. null: anything else. */
export const constantText = (source: string): string | null => /^=\s*"([^"\\]*)"\s*$/.exec(source)?.[1] ?? null;
