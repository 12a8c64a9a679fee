/**
 * One scope as a net that tokens move on: the process, or one sub-process. Scopes are explored one by one, inner ones first; to the scope
 * around it a sub-process is one place with what may come out of it (its summary). That is exact: BPMN tokens never cross a scope's border.
 */
import type { BoundaryEvent, ElementId, EventSubProcess, FlowId, FlowNode, ProcessModel } from '#engine/model.ts';
import { anyCode, broadcastBy, canOccur, isDoneOutside, isWait, type Occurrences, type Summaries } from './activity.ts';
import { exitsOf, type Exits } from './exits.ts';
import type { Place } from './marking.ts';

/** How a scope begins: where its tokens are then, and the elements to show as their way there. */
export interface Begin {
  readonly places: readonly Place[];
  readonly trail: readonly string[];
}
export interface ScopeNet {
  readonly model: ProcessModel;
  /** null: the process. */
  readonly id: ElementId | null;
  /** Directly within, event sub-processes and compensation handlers not among them. */
  readonly nodes: readonly FlowNode[];
  readonly eventSubProcesses: readonly EventSubProcess[];
  readonly begins: readonly Begin[];
  readonly summaries: Summaries;
  readonly exits: (node: FlowNode) => Exits;
  /** Names of the signals that the process broadcasts. */
  readonly signals: ReadonlySet<string>;
  /** Rank of an element: upstream before downstream, the elements of one branch side by side. */
  readonly rank: (element: ElementId) => number;
  /** Elements from which an incoming flow of an inclusive join can be reached without passing the join. */
  readonly sources: (gateway: FlowNode, flow: FlowId) => ReadonlySet<ElementId>;
  /** Non-interrupting boundary events whose path never meets the rest of the scope except at end events. */
  readonly detached: ReadonlySet<ElementId>;
}

export function netOf(model: ProcessModel, id: ElementId | null, summaries: Summaries): ScopeNet {
  const within = Object.values(model.nodes).filter(({ parent }) => parent === id);
  const nodes = within.filter((node) => node.type !== 'eventSubProcess' && !isHandler(node));
  const begins = beginsOf(model, id, nodes);
  const exits = memoized((node: FlowNode) => exitsOf(model, node));
  const roots = begins.flatMap(({ places }) => places);
  const ranks = ranksOf(model, roots);
  return {
    model,
    id,
    nodes,
    eventSubProcesses: within.filter((node) => node.type === 'eventSubProcess'),
    begins,
    summaries,
    exits,
    signals: new Set(Object.values(model.nodes).flatMap(broadcastBy)),
    rank: (element) => ranks.get(element) ?? 0,
    sources: memoizedSources(model),
    detached: detachedOf(model, nodes, roots),
  };
}

export const isHandler = (node: FlowNode): boolean => 'isForCompensation' in node && node.isForCompensation;

/** A gateway before which tokens wait for one another. */
export const isJoin = (node: FlowNode): boolean =>
  (node.type === 'parallelGateway' || node.type === 'inclusiveGateway' || node.type === 'complexGateway') &&
  node.incoming.length > 1;

function memoized<V>(compute: (node: FlowNode) => V): (node: FlowNode) => V {
  const known = new Map<ElementId, V>();
  return (node) => {
    const value = known.get(node.id) ?? compute(node);
    known.set(node.id, value);
    return value;
  };
}

/** BPMN 2.0.2 §13.2, §13.3.4: each trigger of a process starts an instance; without start events every element no flow reaches begins. */
function beginsOf(model: ProcessModel, id: ElementId | null, nodes: readonly FlowNode[]): readonly Begin[] {
  const scope = id === null ? model : model.nodes[id];
  if (scope === undefined) return [];
  if ('startEvent' in scope) return [{ places: [scope.startEvent], trail: [scope.startEvent] }];
  const given = 'startElements' in scope ? scope.startElements : [];
  const elements = nodes.filter((node) => given.includes(node.id));
  if (id !== null || !elements.every((node) => startsInstance(model, node))) {
    const places = elements.map((node) => node.id);
    return [{ places, trail: places }];
  }
  const joint = elements.filter((node) => instantiatingGateway(model, node)?.instantiates === 'parallel');
  const alone = elements.filter((node) => !joint.includes(node));
  const groups = [...alone.map((node) => [node]), ...(joint.length > 0 ? [joint] : [])];
  return groups.map((group) => ({
    places: group.map((node) => node.id),
    trail: group.flatMap((node) => {
      const gateway = instantiatingGateway(model, node);
      return gateway === null ? [node.id] : [gateway.id, ...node.incoming, node.id];
    }),
  }));
}

const startsInstance = (model: ProcessModel, node: FlowNode): boolean =>
  node.type === 'startEvent' ||
  (node.type === 'receiveTask' && node.instantiate) ||
  instantiatingGateway(model, node) !== null;

function instantiatingGateway(model: ProcessModel, node: FlowNode) {
  const sources = node.incoming.map((flow) => model.nodes[model.flows[flow]?.source ?? '']);
  const gateway = sources.find((source) => source?.type === 'eventBasedGateway' && source.instantiates !== null);
  return gateway?.type === 'eventBasedGateway' ? gateway : null;
}

function targetsOf(model: ProcessModel, id: ElementId): readonly ElementId[] {
  const node = model.nodes[id];
  if (node === undefined) return [];
  const targets = node.outgoing.flatMap((flow) => model.flows[flow]?.target ?? []);
  return 'boundary' in node ? [...targets, ...node.boundary] : targets;
}

/** Reverse postorder of a depth-first walk (loops: as if the flow back were not there). */
function ranksOf(model: ProcessModel, roots: readonly ElementId[]): ReadonlyMap<ElementId, number> {
  const postorder: ElementId[] = [];
  const seen = new Set<ElementId>();
  for (const root of roots) {
    const trail: { readonly id: ElementId; readonly targets: ElementId[] }[] = [];
    const enter = (id: ElementId): void => {
      if (!seen.has(id)) trail.push({ id, targets: [...targetsOf(model, id)] });
      seen.add(id);
    };
    enter(root);
    for (let top = trail.at(-1); top !== undefined; top = trail.at(-1)) {
      const next = top.targets.pop();
      if (next !== undefined) enter(next);
      else postorder.push(trail.pop()?.id ?? root);
    }
  }
  return new Map(postorder.toReversed().map((id, rank) => [id, rank]));
}

function memoizedSources(model: ProcessModel): ScopeNet['sources'] {
  const known = new Map<FlowId, ReadonlySet<ElementId>>();
  return (gateway, flow) => {
    const sources = known.get(flow) ?? sourcesOf(model, gateway, flow);
    known.set(flow, sources);
    return sources;
  };
}

function sourcesOf(model: ProcessModel, gateway: FlowNode, flow: FlowId): ReadonlySet<ElementId> {
  const found = new Set<ElementId>();
  const agenda = [model.flows[flow]?.source];
  while (agenda.length > 0) {
    const node = model.nodes[agenda.pop() ?? ''];
    if (node === undefined || node.id === gateway.id || found.has(node.id)) continue;
    found.add(node.id);
    agenda.push(...node.incoming.map((id) => model.flows[id]?.source));
    if (node.type === 'boundaryEvent') agenda.push(node.attachedTo);
  }
  return found;
}

function detachedOf(
  model: ProcessModel,
  nodes: readonly FlowNode[],
  roots: readonly ElementId[],
): ReadonlySet<ElementId> {
  const side = nodes.filter((node): node is BoundaryEvent => node.type === 'boundaryEvent' && !node.interrupting);
  const sideIds = new Set(side.map(({ id }) => id));
  const main = closure(model, roots, sideIds);
  const meets = (id: ElementId): boolean => main.has(id) && model.nodes[id]?.type !== 'endEvent';
  return new Set(side.filter(({ id }) => ![...closure(model, [id], new Set())].some(meets)).map(({ id }) => id));
}

/** All that tokens on `roots` may come to, except through `without`. */
function closure(
  model: ProcessModel,
  roots: readonly ElementId[],
  without: ReadonlySet<ElementId>,
): ReadonlySet<ElementId> {
  const reached = new Set<ElementId>();
  const agenda = [...roots];
  for (let id = agenda.pop(); id !== undefined; id = agenda.pop()) {
    if (reached.has(id) || without.has(id)) continue;
    reached.add(id);
    agenda.push(...targetsOf(model, id));
  }
  return reached;
}

/** What may occur at an activity while a token is in it. */
function occurrencesAt({ summaries, signals }: ScopeNet, node: FlowNode): Occurrences {
  const inside = summaries.get(node.id);
  const thrown = isDoneOutside(node) || node.type === 'userTask' ? [anyCode] : [];
  return {
    errors: new Set([...thrown, ...(inside?.errors ?? [])]),
    escalations: new Set([...thrown, ...(inside?.escalations ?? [])]),
    cancels: inside?.cancels ?? false,
    waits: isWait(node, summaries),
    signals,
    // compensation boundary events take no token
    compensates: false,
  };
}

/** The activity's boundary events that can occur. */
export function boundaryEventsOf(net: ScopeNet, node: FlowNode): readonly BoundaryEvent[] {
  if (!('boundary' in node)) return [];
  const around = occurrencesAt(net, node);
  return node.boundary
    .map((id) => net.model.nodes[id])
    .filter((event) => event?.type === 'boundaryEvent')
    .filter(({ trigger }) => canOccur(trigger, around));
}
