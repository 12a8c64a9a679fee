/** BPMN 2.0.2 §13.5.2: waits for its trigger; after an event-based gateway the trigger has happened already. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { prepareCatch } from '../catching.ts';
import type { IntermediateCatchEvent } from '../model.ts';
import type { Run } from '../run.ts';
import { leaveByAll, nothingToEnd } from './common.ts';

function activate(run: Run, { node, element, lookup }: Active<IntermediateCatchEvent>): Result<Commit> {
  const wait = { owner: element.seq, elementId: node.id, trigger: node.trigger, closesOnCorrelation: true };
  return prepareCatch(run, { ...wait, lookup, keyLookup: lookup });
}

export const intermediateCatchEvent: Behavior<IntermediateCatchEvent> = {
  activate,
  complete: leaveByAll,
  terminate: nothingToEnd,
};
