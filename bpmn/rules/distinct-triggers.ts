import type { CatchTrigger, Expression, FlowNode } from '#engine/model.ts';
import type { ProblemCode, ProblemValues } from '../admission.ts';
import type { Rule } from '../context.ts';
import { literal } from '../expression.ts';

/** One place may wait for the same message or error only once: which event would it be? (Zeebe refuses the same.) */
export const distinctTriggers: Rule = ({ graph, nodes, log }) => {
  const refuseRepeats = (ids: readonly string[], code: ProblemCode, activity: string): void => {
    const seen = new Set<string>();
    for (const id of ids) {
      const trigger = labelOf(nodes[id]);
      if (trigger === null) continue;
      const values: ProblemValues = { activity, trigger, name: trigger.replace(/^\w+ /, '') };
      if (seen.has(trigger)) log.add(code, id, values);
      seen.add(trigger);
    }
  };
  const starts = [...graph.nodes.values()].filter((node) => node.type === 'startEvent' && node.parent === null);
  refuseRepeats(
    starts.map((node) => node.id),
    'MESSAGE_START_DUPLICATE',
    graph.processId,
  );
  for (const node of graph.nodes.values()) {
    refuseRepeats(
      node.boundary.map((event) => event.id),
      'TRIGGER_DUPLICATE',
      node.id,
    );
    if (node.type !== 'eventBasedGateway') continue;
    refuseRepeats(
      node.outgoing.map((flow) => flow.target.id),
      'TRIGGER_DUPLICATE',
      node.id,
    );
  }
};

/** Text that is equal for triggers that collide; null: timers and names known at run time only never do. */
function labelOf(node: FlowNode | undefined): string | null {
  const trigger = node !== undefined && 'trigger' in node ? node.trigger : null;
  return trigger === null ? null : labelOfTrigger(trigger);
}

function labelOfTrigger(trigger: CatchTrigger): string | null {
  switch (trigger.type) {
    case 'timer':
      return null;
    case 'message':
      return labelled('message', trigger.message.name);
    case 'error':
      if (trigger.error.code === null) return 'error *';
      return labelled('error', trigger.error.code);
  }
}

function labelled(kind: string, expression: Expression): string | null {
  const text = literal(expression);
  return text === null ? null : `${kind} ${text}`;
}
