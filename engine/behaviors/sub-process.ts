/** BPMN 2.0.2 §13.3.4: a scope of its own; its start gets the token, it completes when nothing is left in it. Transactions alike. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { ok } from '../behavior.ts';
import { activateNode } from '../flow.ts';
import type { SubProcess } from '../model.ts';
import { nodeOf, schedule } from '../run.ts';
import type { Run } from '../run.ts';
import { leaveByAll, nothingToEnd } from './common.ts';

function activate(run: Run, { node, element }: Active<SubProcess>): Result<Commit> {
  return ok(() => {
    for (const start of node.startElements) {
      schedule(run, activateNode(run, nodeOf(run, start), element.seq), 'activate');
    }
    if (node.startElements.length === 0) schedule(run, element.seq, 'complete');
  });
}

export const subProcess: Behavior<SubProcess> = { activate, complete: leaveByAll, terminate: nothingToEnd };
