import type { Expression, FlowNode, SingleTrigger } from '#engine/model.ts';
import type { ProblemCode } from '../admission.ts';
import type { Rule } from '../context.ts';
import { literal } from '../expression.ts';
import { instanceStarts, nodesIn } from '../scopes.ts';
import { isEventSubProcess } from '../graph.ts';
import { singleTriggers } from '../single-triggers.ts';

/** One place may wait for the same thing only once: which event would it be? (Zeebe refuses the same.) */
export const distinctTriggers: Rule = ({ graph, nodes, log }) => {
  const refuseRepeats = (ids: readonly string[], code: ProblemCode, place: string): void => {
    const seen = new Set<string>();
    for (const id of ids) {
      for (const trigger of labelsOf(nodes[id])) {
        if (seen.has(trigger)) log.add(code, id, { place, trigger });
        seen.add(trigger);
      }
    }
  };
  const starts = instanceStarts(graph).map((node) => node.id);
  refuseRepeats(starts, 'START_TRIGGER_DUPLICATE', graph.processId);
  for (const scope of [null, ...graph.nodes.keys()]) {
    const inner = nodesIn(graph, scope).filter((node) => isEventSubProcess(node.element));
    const innerStarts = inner.flatMap((node) => node.inside).filter((node) => node.type === 'startEvent');
    refuseRepeats(
      innerStarts.map((node) => node.id),
      'TRIGGER_DUPLICATE',
      scope ?? graph.processId,
    );
  }
  for (const node of graph.nodes.values()) {
    const events = node.boundary.map((event) => event.id);
    refuseRepeats(events, 'TRIGGER_DUPLICATE', node.id);
    if (node.type === 'intermediateCatchEvent') refuseRepeats([node.id], 'TRIGGER_DUPLICATE', node.id);
    if (node.type !== 'eventBasedGateway') continue;
    const targets = node.outgoing.map((flow) => flow.target.id);
    refuseRepeats(targets, 'TRIGGER_DUPLICATE', node.id);
  }
};

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
