/** A recorded decision once more, by another version of it: with the variables that the task saw then, at that time. */
import { stateAfter } from '../apply.ts';
import { evaluateDecision } from '../dmn/evaluate.ts';
import type { DecisionResult } from '../dmn/evaluate.ts';
import type { DecisionModel } from '../dmn/model.ts';
import type { DecisionExplanation, RecordedFact } from '../fact.ts';
import type { Json } from '../json.ts';
import { lookupFrom } from '../variables.ts';
import { textOf } from './text-of.ts';

export interface DecidedAgain {
  readonly before: DecisionExplanation;
  readonly after: DecisionResult;
  readonly isSame: boolean;
}

/** `facts`: those of the case from its start. null: that fact records no decision. */
export function decideAgain(
  decision: DecisionModel,
  facts: readonly RecordedFact[],
  factNumber: number,
): DecidedAgain | null {
  const recorded = facts[factNumber - 1];
  if (recorded?.fact.type !== 'decisionEvaluated') return null;
  const { element, explanation: before } = recorded.fact;
  const state = stateAfter(facts.slice(0, factNumber - 1));
  const after = evaluateDecision(decision, { lookup: lookupFrom(state, element), nowMs: recorded.atMs });
  return { before, after, isSame: after.ok && isAlike(after.value, before.output) };
}
const isAlike = (one: Json, other: Json): boolean => textOf(one) === textOf(other);
