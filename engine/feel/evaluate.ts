/** Evaluates FEEL syntax trees: pure and total. Errors of FEEL are null plus a warning (DMN 1.5 §10.3.1.2); only budgets fail. */
import type { FeelNode } from './ast.ts';
import type { FeelContext } from './context.ts';
import { createEvaluation } from './evaluation.ts';
import { BudgetExceeded, EvaluationFailure, toJson, type Value } from './value.ts';
import type { Json } from '../json.ts';

export type { FeelContext } from './context.ts';

export type FeelResult =
  | { readonly ok: true; readonly value: Json; readonly warnings: readonly string[] }
  /** A budget of limits.ts was exceeded, or an `assert` of the expression failed. */
  | { readonly ok: false; readonly message: string };

/** The value of an expression as JSON: temporal values and ranges as their FEEL/ISO text, functions as null. */
export function evaluate(node: FeelNode, context: FeelContext): FeelResult {
  const evaluation = createEvaluation(context);
  return guarded(() => {
    const value = toJson(evaluation.evaluate(node, null), evaluation);
    return { ok: true, value, warnings: evaluation.warnings };
  });
}

/** The value itself, dates and functions and all 34 digits included. */
export type FeelOutcome =
  | { readonly ok: true; readonly value: Value; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** Whether `input` passes the unary tests; the value is a boolean, or null with a warning. */
export function evaluateUnaryTests(node: FeelNode, input: Value, context: FeelContext): FeelResult {
  const evaluation = createEvaluation(context);
  return guarded(() => ({ ok: true, value: evaluation.test(node, input, null), warnings: evaluation.warnings }));
}

/** Runs an evaluation; what only budgets and assertions throw becomes a result. */
export function guarded<T>(run: () => T): T | { readonly ok: false; readonly message: string } {
  try {
    return run();
  } catch (error) {
    if (error instanceof BudgetExceeded || error instanceof EvaluationFailure)
      return { ok: false, message: error.message };
    throw error;
  }
}
