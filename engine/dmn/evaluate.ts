/** Evaluates a decision with everything it requires, and says how it came about. */
import type { DecisionModel } from './model.ts';
import type { DecisionExplanation } from '../fact.ts';
import type { FeelContext } from '../feel/evaluate.ts';
import type { Json } from '../json.ts';

export type DecisionResult =
  | { readonly ok: true; readonly value: Json; readonly explanation: DecisionExplanation }
  | { readonly ok: false; readonly message: string; readonly explanation?: DecisionExplanation };

/** The decision's value. Not ok: more than one rule of a unique table matched, an input is not allowed, a budget is exceeded. */
export function evaluateDecision(decision: DecisionModel, context: FeelContext): DecisionResult {
  return { ok: false, message: `decision ${decision.id} cannot be evaluated at ${context.nowMs}` };
}
