/** What is done beside an activity: on the path of a non-interrupting boundary event that the activity's own token never comes to. */
import type { ElementId, ProcessModel } from '../model.ts';

const known = new WeakMap<ProcessModel, ReadonlySet<ElementId>>();

export function sidePaths(process: ProcessModel): ReadonlySet<ElementId> {
  const found = known.get(process) ?? find(process);
  known.set(process, found);
  return found;
}

function find(process: ProcessModel): ReadonlySet<ElementId> {
  const nodes = Object.values(process.nodes);
  const isBeside = (id: ElementId): boolean => {
    const node = process.nodes[id];
    return node?.type === 'boundaryEvent' && !node.interrupting;
  };
  const open = nodes
    .filter(({ id, incoming }) => incoming.length === 0 && !isBoundary(process, id))
    .map(({ id }) => id);
  const main = new Set<ElementId>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const node = process.nodes[id];
    if (!node || main.has(id) || isBeside(id)) continue;
    main.add(id);
    for (const flow of node.outgoing) open.push(process.flows[flow]?.target ?? '');
    if ('boundary' in node) open.push(...node.boundary);
  }
  return new Set(nodes.flatMap(({ id }) => (main.has(id) ? [] : [id])));
}

const isBoundary = ({ nodes }: ProcessModel, id: ElementId): boolean => nodes[id]?.type === 'boundaryEvent';
