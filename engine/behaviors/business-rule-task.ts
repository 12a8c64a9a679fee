/** BPMN 2.0.2 §13.3.3: evaluates a decision that was bound when the definition was published, or asks for a job. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { fail, ok } from '../behavior.ts';
import { chooseDecision } from '../decisions.ts';
import { evaluateDecision } from '../dmn/evaluate.ts';
import type { DecisionModel } from '../dmn/model.ts';
import type { DecisionExplanation } from '../fact.ts';
import type { BusinessRuleTask } from '../model.ts';
import { deliver, emit, schedule } from '../run.ts';
import type { Run } from '../run.ts';
import { sizeProblem } from '../size.ts';
import { leaveByAll, nothingToEnd, startJob } from './common.ts';

function activate(run: Run, active: Active<BusinessRuleTask>): Result<Commit> {
  const { node, element, lookup } = active;
  const { rule } = node;
  if (rule.kind === 'job') return startJob(run, active);
  const scope = { lookup, nowMs: run.nowMs };
  const chosen = chooseDecision(run.process, rule, scope);
  if (!chosen.ok) return chosen;
  const { id, decision } = chosen.value;
  const result = evaluateDecision(decision, scope);
  if (!result.ok) return fail('DECISION_EVALUATION_ERROR', `Decision '${id}': ${result.message}`);
  const variables = { [rule.resultVariable]: result.value };
  const problem = sizeProblem(variables, run.draft.state.variableBytes);
  if (problem !== null) return fail('LIMIT_EXCEEDED', problem);
  return ok(() => {
    const explanation = { ...result.explanation, ...versionOf(decision) };
    emit(run, { type: 'decisionEvaluated', element: element.seq, elementId: node.id, explanation });
    deliver(run, element.seq, node, variables, null);
    schedule(run, element.seq, 'complete');
  });
}

/** What people need to know which version decided. */
const versionOf = ({
  validFromMs,
  versionTag,
}: DecisionModel): Pick<DecisionExplanation, 'validFromMs' | 'versionTag'> => ({
  ...(validFromMs === undefined ? {} : { validFromMs }),
  ...(versionTag === undefined ? {} : { versionTag }),
});

export const businessRuleTask: Behavior<BusinessRuleTask> = { activate, complete: leaveByAll, terminate: nothingToEnd };
