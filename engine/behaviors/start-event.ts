/** BPMN 2.0.2 §13.5.1: its trigger has happened; of a parallel multiple start event the other triggers are waited for. */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { prepareCatch } from '../catching.ts';
import type { StartEvent } from '../model.ts';
import type { Run } from '../run.ts';
import { leaveByAll, nothingToEnd, passThrough } from './common.ts';

function activate(run: Run, active: Active<StartEvent>): Result<Commit> {
  const { node, element, lookup } = active;
  if (node.trigger?.type !== 'parallelMultiple') return passThrough(run, active);
  const occurred = element.detail?.occurred?.[node.id] ?? [];
  const wait = { owner: element.seq, elementId: node.id, trigger: node.trigger, closes: true };
  return prepareCatch(run, { ...wait, lookup, keyLookup: lookup }, occurred);
}

export const startEvent: Behavior<StartEvent> = { activate, complete: leaveByAll, terminate: nothingToEnd };
