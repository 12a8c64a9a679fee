/** BPMN 2.0.2 §13.5.2: waits for its trigger; a link has come with its token, as has whatever an event-based gateway waited for. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { prepareCatch } from '../catching.ts';
import type { IntermediateCatchEvent } from '../model.ts';
import type { Run } from '../run.ts';
import { leaveByAll, nothingToEnd, passThrough } from './common.ts';

function activate(run: Run, active: Active<IntermediateCatchEvent>): Result<Commit> {
  const { node, element, lookup } = active;
  if (node.trigger.type === 'link') return passThrough(run, active);
  const wait = { owner: element.seq, elementId: node.id, trigger: node.trigger, closes: true };
  return prepareCatch(run, { ...wait, lookup, keyLookup: lookup });
}

export const intermediateCatchEvent: Behavior<IntermediateCatchEvent> = {
  activate,
  complete: leaveByAll,
  terminate: nothingToEnd,
};
