/** BPMN 2.0.2 §13.4.4: waits for whichever of the events that follow comes first (triggering.ts takes the token there). */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { ok } from '../behavior.ts';
import { prepareCatches } from '../catching.ts';
import type { Catch } from '../catching.ts';
import type { EventBasedGateway } from '../model.ts';
import { nodeOf } from '../run.ts';
import type { Run } from '../run.ts';
import { triggerOf } from '../start.ts';
import { nothingToEnd } from './common.ts';

function activate(run: Run, { node, element, lookup }: Active<EventBasedGateway>): Result<Commit> {
  const waits = node.outgoing.flatMap((flow): Catch[] => {
    const event = nodeOf(run, run.process.flows[flow]?.target ?? '');
    const trigger = triggerOf(event);
    const wait = { owner: element.seq, elementId: event.id, closes: true, lookup, keyLookup: lookup };
    return trigger === null ? [] : [{ ...wait, trigger }];
  });
  return prepareCatches(run, waits);
}

export const eventBasedGateway: Behavior<EventBasedGateway> = {
  activate,
  complete: () => ok([]),
  terminate: nothingToEnd,
};
