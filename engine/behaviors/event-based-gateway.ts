/** BPMN 2.0.2 §13.4.4: waits for whichever of the events that follow comes first (catching.ts takes the token there). */
import type { Active, Behavior, Commit, Result } from '../behavior.ts';
import { ok } from '../behavior.ts';
import { prepareCatches } from '../catching.ts';
import type { Catch } from '../catching.ts';
import type { CatchTrigger, FlowNode, Gateway } from '../model.ts';
import { nodeOf } from '../run.ts';
import type { Run } from '../run.ts';
import { nothingToEnd } from './common.ts';

function activate(run: Run, { node, element, lookup }: Active<Gateway>): Result<Commit> {
  const waits = node.outgoing.flatMap((flow): Catch[] => {
    const event = nodeOf(run, run.process.flows[flow]?.target ?? '');
    const trigger = triggerOf(event);
    const wait = { owner: element.seq, elementId: event.id, closesOnCorrelation: true, lookup, keyLookup: lookup };
    return trigger === null ? [] : [{ ...wait, trigger }];
  });
  return prepareCatches(run, waits);
}

function triggerOf(node: FlowNode): CatchTrigger | null {
  if (node.type === 'receiveTask') return { type: 'message', message: node.message };
  return node.type === 'intermediateCatchEvent' ? node.trigger : null;
}

export const eventBasedGateway: Behavior<Gateway> = { activate, complete: () => ok([]), terminate: nothingToEnd };
