/** Evaluates FEEL syntax trees: pure and total. Errors of FEEL are null plus a warning (DMN 1.5 §10.3.1.2); only budgets fail. */
import type { FeelNode, SourceRange } from './ast.ts';
import type { FeelContext } from './context.ts';
import { createEvaluation } from './evaluation.ts';
import { BudgetExceeded, EvaluationFailure, toJson } from './value.ts';
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

/** Whether `input` passes the unary tests; the value is a boolean, or null with a warning. */
export function evaluateUnaryTests(node: FeelNode, input: Json, context: FeelContext): FeelResult {
  const evaluation = createEvaluation(context);
  return guarded(() => ({ ok: true, value: evaluation.test(node, input, null), warnings: evaluation.warnings }));
}

interface ExplainedStep {
  /** Where in the source the sub-expression stands. */
  readonly at: SourceRange;
  readonly value: Json;
}
type Explanation = FeelResult & { readonly steps: readonly ExplainedStep[] };

/** Most sub-expressions one explanation lists. */
const explainedSteps = 500;

/** Like `evaluate`, and lists which sub-expression gave which value, innermost first. */
export function explain(node: FeelNode, context: FeelContext): Explanation {
  const steps: ExplainedStep[] = [];
  const evaluation = createEvaluation(context, (visited, value) => {
    if (visited.at !== undefined && steps.length < explainedSteps)
      steps.push({ at: visited.at, value: toJson(value, evaluation) });
  });
  const result = guarded(() => {
    const value = toJson(evaluation.evaluate(node, null), evaluation);
    return { ok: true, value, warnings: evaluation.warnings };
  });
  return { ...result, steps };
}

function guarded(run: () => FeelResult): FeelResult {
  try {
    return run();
  } catch (error) {
    if (error instanceof BudgetExceeded || error instanceof EvaluationFailure)
      return { ok: false, message: error.message };
    throw error;
  }
}
