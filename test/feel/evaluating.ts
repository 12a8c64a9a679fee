/** Parses and evaluates in one go, at 2026-02-01T03:00 in Jakarta. */
import { parseExpression, parseUnaryTests } from '#bpmn/feel.ts';
import { evaluate, evaluateUnaryTests, type FeelContext, type FeelResult } from '#engine/feel/evaluate.ts';
import type { Json, Variables } from '#engine/json.ts';

export const contextOf = (variables: Variables): FeelContext => ({
  lookup: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
  nowMs: Date.UTC(2026, 0, 31, 20),
  zone: 'Asia/Jakarta',
});

export function feel(source: string, variables: Variables = {}): FeelResult {
  const parsed = parseExpression(source, { names: Object.keys(variables) });
  if (!parsed.ok) throw new Error(`${source}: ${parsed.message} at ${parsed.position}`);
  return evaluate(parsed.ast, contextOf(variables));
}

export function valueOf(source: string, variables: Variables = {}): Json {
  const result = feel(source, variables);
  if (!result.ok) throw new Error(`${source}: ${result.message}`);
  return result.value;
}

export function passes(source: string, input: Json, variables: Variables = {}): Json {
  const parsed = parseUnaryTests(source);
  if (!parsed.ok) throw new Error(`${source}: ${parsed.message}`);
  const result = evaluateUnaryTests(parsed.ast, input, contextOf(variables));
  if (!result.ok) throw new Error(result.message);
  return result.value;
}
