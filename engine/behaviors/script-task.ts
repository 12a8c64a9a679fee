/** BPMN 2.0.2 §13.3.3: a FEEL expression whose result becomes a variable, or a job. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { fail, ok } from '../behavior.ts';
import { evaluateAny } from '../expression.ts';
import type { ScriptTask } from '../model.ts';
import { deliver, schedule } from '../run.ts';
import type { Run } from '../run.ts';
import { sizeProblem } from '../size.ts';
import { leaveByAll, nothingToEnd, startJob } from './common.ts';

function activate(run: Run, active: Active<ScriptTask>): Result<Commit> {
  const { node, element, lookup } = active;
  const { script } = node;
  if (script.kind === 'job') return startJob(run, active);
  const result = evaluateAny(script.expression, { lookup, nowMs: run.nowMs });
  if (!result.ok) return result;
  const variables = { [script.resultVariable]: result.value };
  const problem = sizeProblem(variables, run.draft.state.variableBytes);
  if (problem !== null) return fail('LIMIT_EXCEEDED', problem);
  return ok(() => {
    deliver(run, element.seq, node, variables, null);
    schedule(run, element.seq, 'complete');
  });
}

export const scriptTask: Behavior<ScriptTask> = { activate, complete: leaveByAll, terminate: nothingToEnd };
