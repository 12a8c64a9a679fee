import type { Rule } from '../context.ts';
import { idOf, typeName } from '../moddle.ts';

/** BPMN 2.0.2 §8.4.13: sequence flows connect elements of one scope. */
export const sequenceFlows: Rule = ({ graph, log }) => {
  for (const element of graph.crossing) log.add('FLOW_CROSSES', idOf(element) ?? graph.processId);
  for (const element of graph.loose) {
    const id = idOf(element) ?? graph.processId;
    // A reference to nothing was reported when the file was read; here it is missing altogether.
    if (!log.has('REFERENCE_UNRESOLVED', id)) log.add('FLOW_LOOSE', id);
  }
  for (const element of graph.anonymous) log.add('MISSING_ID', graph.processId, { type: typeName(element) });
  for (const node of graph.nodes.values()) {
    if (node.type === 'endEvent' && node.outgoing.length > 0) log.add('END_OUTGOING', node.id);
  }
};
