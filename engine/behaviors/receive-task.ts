/** BPMN 2.0.2 §13.3.3: waits for a message. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { prepareCatch } from '../catching.ts';
import type { ReceiveTask } from '../model.ts';
import type { Run } from '../run.ts';
import { leaveByAll, nothingToEnd } from './common.ts';

function activate(run: Run, { node, element, lookup }: Active<ReceiveTask>): Result<Commit> {
  const trigger = { type: 'message', message: node.message } as const;
  const wait = { owner: element.seq, elementId: node.id, trigger, closes: true };
  return prepareCatch(run, { ...wait, lookup, keyLookup: lookup });
}

export const receiveTask: Behavior<ReceiveTask> = { activate, complete: leaveByAll, terminate: nothingToEnd };
