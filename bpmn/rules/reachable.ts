import type { Rule } from '../context.ts';
import { isEventSubProcess, type GraphNode } from '../graph.ts';
import { gatewayInstantiation, instanceStarts, isHandler, startElementsIn } from '../scopes.ts';

/** BPMN 2.0.2 §10.5.2: with a start event present, everything else is reached from one. */
export const reachable: Rule = ({ graph, log }) => {
  const all = [...graph.nodes.values()];
  const starts = instanceStarts(graph);
  // Nothing is known of a process that does not say where it begins.
  if (starts.length === 0) return;
  const agenda = [...starts, ...all.filter(startsByItself)];
  const reached = new Set(agenda);
  for (let node = agenda.pop(); node !== undefined; node = agenda.pop()) {
    const entries = new Set(startElementsIn(node.inside));
    const entered = node.inside.filter((inner) => entries.has(inner.id));
    for (const next of [...node.outgoing.map((flow) => flow.target), ...node.boundary, ...entered]) {
      if (reached.has(next)) continue;
      reached.add(next);
      agenda.push(next);
    }
  }
  for (const node of all) {
    const scope = node.parent === null ? undefined : graph.nodes.get(node.parent);
    const told = followsUnreached(node) || (scope !== undefined && !reached.has(scope));
    if (!reached.has(node) && !told) log.add('NODE_UNREACHABLE', node.id);
  }
};

/** Event sub-processes wait for their trigger, compensation handlers for theirs; an instantiating gateway is behind its own targets. */
const startsByItself = (node: GraphNode): boolean =>
  isEventSubProcess(node.element) || isHandler(node) || gatewayInstantiation(node) !== null;

/** Report the head of an unreached path only; a boundary event is reported with its activity, an element with its sub-process. */
const followsUnreached = (node: GraphNode): boolean => node.incoming.length > 0 || node.attachedTo !== null;
