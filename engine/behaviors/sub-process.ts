/** BPMN 2.0.2 §13.3.4: a scope of its own; its start event gets the token, it completes when nothing is left in it. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { fail, ok } from '../behavior.ts';
import { activateNode } from '../flow.ts';
import type { SubProcess } from '../model.ts';
import { nodeOf, schedule } from '../run.ts';
import type { Run } from '../run.ts';
import { leaveByAll, nothingToEnd } from './common.ts';

function activate(run: Run, { node, element }: Active<SubProcess>): Result<Commit> {
  const [start] = node.startEvents;
  if (start === undefined) return fail('EXTRACT_VALUE_ERROR', `Sub-process '${node.id}' has no start event.`);
  return ok(() => schedule(run, activateNode(run, nodeOf(run, start), element.seq), 'activate'));
}

export const subProcess: Behavior<SubProcess> = { activate, complete: leaveByAll, terminate: nothingToEnd };
