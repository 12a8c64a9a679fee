import type { Rule } from '../context.ts';
import { eventKindOf } from '../events/positions.ts';
import { isEventSubProcess } from '../graph.ts';
import { child, flag } from '../moddle.ts';
import { startEventsOf } from '../scopes.ts';

/** BPMN 2.0.2 §10.3.5: an event sub-process has one start event with a trigger, and no part in the flow around it. */
export const eventSubProcesses: Rule = ({ graph, log }) => {
  for (const node of graph.nodes.values()) {
    if (!isEventSubProcess(node.element)) continue;
    const [start, ...more] = startEventsOf(node.inside);
    if (start === undefined || more.length > 0) log.add('EVENT_SUBPROCESS_START', node.id);
    if (node.incoming.length + node.outgoing.length > 0) log.add('EVENT_SUBPROCESS_FLOWS', node.id);
    if (node.type !== 'subProcess') log.add('EVENT_SUBPROCESS_KIND', node.id, { type: node.type });
    const marked =
      child(node.element, 'loopCharacteristics') !== null || flag(node.element, 'isForCompensation', false);
    if (marked) log.add('EVENT_SUBPROCESS_MARKER', node.id);
    // Only what has completed can be undone; a process that has ended cannot.
    if (start !== undefined && node.parent === null && eventKindOf(start.element) === 'compensation') {
      log.add('COMPENSATION_START_PROCESS', start.id);
    }
  }
};
