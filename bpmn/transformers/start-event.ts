import type { Transformer } from '../context.ts';
import { triggerOf } from '../events/catching.ts';
import { isEventSubProcess } from '../graph.ts';
import { formOf } from '../forms.ts';
import { flag } from '../moddle.ts';
import { nodeBase } from '../node.ts';

/** BPMN 2.0.2 §10.5.2: of a process, a sub-process, or an event sub-process. */
export const startEvent: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const form = formOf(element, context);
  const trigger = triggerOf(element, context);
  if (trigger === null) return null;
  const scope = base.parent === null ? undefined : context.graph.nodes.get(base.parent);
  const ofEventSubProcess = scope !== undefined && isEventSubProcess(scope.element);
  return {
    ...base,
    type: 'startEvent',
    properties: { ...base.properties, ...form.properties },
    trigger: trigger === 'none' ? null : trigger,
    interrupting: !ofEventSubProcess || flag(element, 'isInterrupting', true),
    formId: form.formId,
  };
};
