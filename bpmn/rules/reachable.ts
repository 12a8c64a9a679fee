import type { Rule } from '../context.ts';
import { isEventSubProcess, type GraphNode } from '../graph.ts';
import { flag } from '../moddle.ts';

/** BPMN 2.0.2 §10.5.2: with a start event present, everything else is reached from one. */
export const reachable: Rule = ({ graph, log }) => {
  const all = [...graph.nodes.values()];
  const agenda = all.filter((node) => startsByItself(node) || (node.parent === null && node.type === 'startEvent'));
  const reached = new Set(agenda);
  for (let node = agenda.pop(); node !== undefined; node = agenda.pop()) {
    const entered = node.inside.filter((inner) => isEntry(inner, node.type));
    for (const next of [...node.outgoing.map((flow) => flow.target), ...node.boundary, ...entered]) {
      if (reached.has(next)) continue;
      reached.add(next);
      agenda.push(next);
    }
  }
  for (const node of all) if (!reached.has(node) && !followsUnreached(node)) log.add('NODE_UNREACHABLE', node.id);
};

/** Where a token enters a sub-process; what is inside an ad-hoc or event sub-process may be entered anywhere. */
const isEntry = (node: GraphNode, containerType: string): boolean =>
  node.type === 'startEvent' || (containerType !== 'subProcess' && node.incoming.length === 0);

/** Event sub-processes wait for their trigger, compensation handlers for theirs. */
const startsByItself = ({ element }: GraphNode): boolean =>
  isEventSubProcess(element) || flag(element, 'isForCompensation', false);

/** Report the head of an unreached path only; a boundary event is reported with its activity. */
const followsUnreached = (node: GraphNode): boolean =>
  node.incoming.length > 0 || node.attachedTo !== null || (node.parent !== null && node.type === 'startEvent');
