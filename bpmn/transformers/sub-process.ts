import { remedyFor } from '../admission.ts';
import type { Transformer } from '../context.ts';
import { isEventSubProcess } from '../graph.ts';
import { activityBase } from '../multi-instance.ts';

/** BPMN 2.0.2 §10.3.5: an embedded sub-process. */
export const subProcess: Transformer = (element, context) => {
  const base = activityBase(element, context);
  const { log, node } = context;
  if (isEventSubProcess(element)) {
    log.add('ELEMENT_UNSUPPORTED', node.id, { type: 'eventSubProcess', fix: remedyFor('eventSubProcess') });
    return null;
  }
  const starts = node.inside.filter((inner) => inner.type === 'startEvent');
  return { ...base, type: 'subProcess', startEvents: starts.map((start) => start.id) };
};
