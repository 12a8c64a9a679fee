/** BPMN 2.0.2 §13.3.5: people or a collection decide which of its activities are done, and how often (engine/ad-hoc.ts). */
import { chooseElements } from '../ad-hoc.ts';
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { fail, nothingToDo, ok } from '../behavior.ts';
import { evaluateList } from '../expression.ts';
import type { AdHocSubProcess } from '../model.ts';
import { schedule } from '../run.ts';
import type { Run } from '../run.ts';
import { leaveByAll, nothingToEnd } from './common.ts';

function activate(run: Run, { node, element, lookup }: Active<AdHocSubProcess>): Result<Commit> {
  if (node.activeElements === null) return nothingToDo;
  const ids = evaluateList(node.activeElements, { lookup, nowMs: run.nowMs });
  if (!ids.ok) return ids;
  const elements: string[] = [];
  for (const id of ids.value) {
    if (typeof id !== 'string' || !node.startElements.includes(id)) {
      return fail('EXTRACT_VALUE_ERROR', `${JSON.stringify(id)} is no element of '${node.id}' that can be activated.`);
    }
    if (!elements.includes(id)) elements.push(id);
  }
  return ok(() => {
    const isDone = elements.length === 0 && node.completionCondition === null;
    if (isDone) schedule(run, element.seq, 'complete');
    else
      chooseElements(
        run,
        element.seq,
        elements.map((elementId) => ({ elementId, variables: {} })),
      );
  });
}

export const adHocSubProcess: Behavior<AdHocSubProcess> = { activate, complete: leaveByAll, terminate: nothingToEnd };
