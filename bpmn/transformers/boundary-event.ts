import type { Transformer } from '../context.ts';
import { triggerOf } from '../events/catching.ts';
import { flag } from '../moddle.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §10.5.4: events at the border of an activity. */
export const boundaryEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const { log, node } = context;
  const trigger = triggerOf(element, context);
  if (node.attachedTo === null) log.add('BOUNDARY_UNATTACHED', node.id);
  if (trigger === null || trigger === 'none' || node.attachedTo === null) return null;
  return {
    ...base,
    type: 'boundaryEvent',
    attachedTo: node.attachedTo.id,
    interrupting: flag(element, 'cancelActivity', true),
    trigger,
    handler: node.handlers[0]?.id ?? null,
  };
};
