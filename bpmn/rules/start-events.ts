import type { Rule } from '../context.ts';
import { propertiesOf } from '../extensions.ts';
import { isEventSubProcess, type GraphNode } from '../graph.ts';
import { triggersOf } from '../moddle.ts';
import { implicitStartProperty, nodesIn, startElementsIn, startElementsOfProcess, startEventsOf } from '../scopes.ts';

const isPlain = (start: GraphNode): boolean => triggersOf(start.element).length === 0;

/** BPMN 2.0.2 §10.5.2: where a process and a sub-process begin. */
export const startEvents: Rule = ({ graph, log }) => {
  const nodes = [...graph.nodes.values()];
  for (const start of startEventsOf(nodes)) if (start.incoming.length > 0) log.add('START_INCOMING', start.id);
  const properties = propertiesOf(graph.process, { log, node: { id: graph.processId, type: 'process' } });
  const implicit = properties[implicitStartProperty] === 'true';
  if (startElementsOfProcess(graph, implicit).length === 0) log.add('START_MISSING', graph.processId);
  if (startEventsOf(nodesIn(graph, null)).filter(isPlain).length > 1) log.add('START_NONE_MULTIPLE', graph.processId);
  for (const node of nodes) {
    if ((node.type !== 'subProcess' && node.type !== 'transaction') || isEventSubProcess(node.element)) continue;
    if (startEventsOf(node.inside).length > 1) log.add('START_SUBPROCESS', node.id);
    if (startElementsIn(node.inside).length > 0) continue;
    log.add(node.inside.length === 0 ? 'SUBPROCESS_EMPTY' : 'SUBPROCESS_START_MISSING', node.id);
  }
};
