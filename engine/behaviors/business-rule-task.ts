/** BPMN 2.0.2 §13.3.3: evaluates a decision that was bound when the definition was published, or asks for a job. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { fail, ok } from '../behavior.ts';
import { evaluateDecision } from '../dmn/evaluate.ts';
import { evaluateString } from '../expression.ts';
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
  const id = evaluateString(rule.decisionId, scope);
  if (!id.ok) return id;
  const decision = Object.hasOwn(run.process.decisions, id.value) ? run.process.decisions[id.value] : undefined;
  if (!decision) return fail('CALLED_DECISION_ERROR', `There is no decision '${id.value}'.`);
  const result = evaluateDecision(decision, scope);
  if (!result.ok) return fail('DECISION_EVALUATION_ERROR', `Decision '${id.value}': ${result.message}`);
  const variables = { [rule.resultVariable]: result.value };
  const problem = sizeProblem(variables, run.draft.state.variableBytes);
  if (problem !== null) return fail('LIMIT_EXCEEDED', problem);
  return ok(() => {
    const { explanation } = result;
    emit(run, { type: 'decisionEvaluated', element: element.seq, elementId: node.id, explanation });
    deliver(run, element.seq, node, variables, null);
    schedule(run, element.seq, 'complete');
  });
}

export const businessRuleTask: Behavior<BusinessRuleTask> = { activate, complete: leaveByAll, terminate: nothingToEnd };
