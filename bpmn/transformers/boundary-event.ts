import type { Transformer } from '../context.ts';
import { nodeBase } from '../extensions.ts';
import { flag } from '../moddle.ts';
import { catchTriggerOf, supportedTrigger } from '../triggers.ts';

/** BPMN 2.0.2 §10.5.4: message, timer and error events at the border of an activity. */
export const boundaryEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const { log, node } = context;
  const interrupting = flag(element, 'cancelActivity', true);
  const kind = supportedTrigger(element, ['message', 'timer', 'error'] as const, context);
  const trigger = kind === null ? null : catchTriggerOf(element, kind, ['date', 'duration', 'cycle'], context);
  if (kind === 'error' && !interrupting) log.add('ERROR_NOT_INTERRUPTING', node.id);
  if (interrupting && trigger?.type === 'timer' && trigger.timer.kind === 'cycle') {
    log.add('TIMER_CYCLE_INTERRUPTING', node.id);
  }
  if (node.attachedTo === null) log.add('BOUNDARY_UNATTACHED', node.id);
  if (trigger === null || node.attachedTo === null) return null;
  return { ...base, type: 'boundaryEvent', attachedTo: node.attachedTo.id, interrupting, trigger };
};
