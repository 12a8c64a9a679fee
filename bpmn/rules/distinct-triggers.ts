import type { Expression, FlowNode, SingleTrigger } from '#engine/model.ts';
import type { ProblemCode } from '../admission.ts';
import type { Rule } from '../context.ts';
import { literal } from '../expression.ts';
import { instanceStarts, nodesIn, startEventsOf } from '../scopes.ts';
import { isEventSubProcess, type GraphNode } from '../graph.ts';
import { singleTriggers } from '../single-triggers.ts';

/**
 * One place may wait for the same thing only once: which event would it be? (Zeebe refuses the same.) Signals reach everybody, so that
 * several events of an activity or scope may catch one; where the first event decides, they too must differ.
 */
export const distinctTriggers: Rule = ({ graph, nodes, log }) => {
  const refuseRepeats = (events: readonly GraphNode[], code: ProblemCode, place: Place): void => {
    const seen = new Set<string>();
    for (const { id } of events) {
      for (const trigger of labelsOf(nodes[id])) {
        const repeated = seen.has(trigger) && (place.decides || !trigger.startsWith(signalPrefix));
        if (repeated) log.add(code, id, { place: place.id, trigger });
        seen.add(trigger);
      }
    }
  };
  refuseRepeats(instanceStarts(graph), 'START_TRIGGER_DUPLICATE', { id: graph.processId, decides: true });
  for (const scope of [null, ...graph.nodes.keys()]) {
    const inner = nodesIn(graph, scope).filter((node) => isEventSubProcess(node.element));
    const starts = startEventsOf(inner.flatMap((node) => node.inside));
    refuseRepeats(starts, 'TRIGGER_DUPLICATE', { id: scope ?? graph.processId, decides: false });
  }
  for (const node of graph.nodes.values()) {
    refuseRepeats(node.boundary, 'TRIGGER_DUPLICATE', { id: node.id, decides: false });
    const targets = node.outgoing.map((flow) => flow.target);
    if (node.type === 'eventBasedGateway') refuseRepeats(targets, 'TRIGGER_DUPLICATE', { id: node.id, decides: true });
    if (node.type === 'intermediateCatchEvent')
      refuseRepeats([node], 'TRIGGER_DUPLICATE', { id: node.id, decides: true });
  }
};

interface Place {
  readonly id: string;
  /** Only the first of the events occurs. */
  readonly decides: boolean;
}
const signalPrefix = 'signal ';

/** Texts that are equal for triggers that collide; timers, conditions and names known at run time only never do. */
const labelsOf = (node: FlowNode | undefined): readonly string[] =>
  node === undefined ? [] : singleTriggers(node).flatMap((trigger) => labelOf(trigger) ?? []);

function labelOf(trigger: SingleTrigger): string | null {
  switch (trigger.type) {
    case 'timer':
    case 'conditional':
    case 'link':
      return null;
    case 'compensation':
    case 'cancel':
      return trigger.type;
    case 'message':
      return labelled('message', trigger.message.name);
    case 'signal':
      return labelled('signal', trigger.signal.name);
    case 'error':
      return trigger.error.code === null ? 'error *' : labelled('error', trigger.error.code);
    case 'escalation':
      return trigger.escalation.code === null ? 'escalation *' : labelled('escalation', trigger.escalation.code);
  }
}

function labelled(kind: string, expression: Expression): string | null {
  const text = literal(expression);
  return text === null ? null : `${kind} ${text}`;
}
