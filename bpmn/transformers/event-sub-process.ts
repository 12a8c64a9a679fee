import type { Transformer } from '../context.ts';
import { nodeBase } from '../node.ts';
import { eventSubProcessesOf, startEventsOf } from '../scopes.ts';

/** BPMN 2.0.2 §10.3.5, §13.5.4: begins when its start event occurs. That there is one is checked by rules/event-sub-processes.ts. */
export const eventSubProcess: Transformer = (element, context) => {
  const base = nodeBase(element, context);
  const [start] = startEventsOf(context.node.inside);
  if (start === undefined) return null;
  return {
    ...base,
    type: 'eventSubProcess',
    startEvent: start.id,
    eventSubProcesses: eventSubProcessesOf(context.node.inside),
  };
};
