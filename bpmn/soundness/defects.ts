/** The classical defects of soundness (van der Aalst, 2011), read off the explored states of one scope. */
import { freeVariables } from '../free-variables.ts';
import type { ElementId, FlowNode, ProcessModel } from '#engine/model.ts';
import { endlessParts, pathTo, type Exploration } from './explore.ts';
import type { Fault } from './finding.ts';
import { countAt, idAt, type Marking, type Place } from './marking.ts';
import type { ScopeNet } from './net.ts';
import { nodeOf } from './moves.ts';

export const defectsOf = (net: ScopeNet, exploration: Exploration): readonly Fault[] => [
  ...deadlocks(net, exploration),
  ...endlessLoops(net, exploration),
  ...unsynchronised(net, exploration),
];

/** No option to complete: tokens are left and none of them can move. One fault for each join, with the shortest way to it. */
function deadlocks(net: ScopeNet, { states }: Exploration): readonly Fault[] {
  const faults = new Map<ElementId, Fault>();
  for (const [index, { marking, edges }] of states.entries()) {
    if (marking === null || marking.size === 0 || edges === null || edges.length > 0) continue;
    for (const join of waitingJoins(net, marking)) {
      if (faults.has(join.id)) continue;
      const path = pathTo(states, index);
      const starved = join.incoming.filter((flow) => countAt(marking, flow) === 0);
      const elements = [join.id, ...starved];
      faults.set(join.id, {
        code: 'DEADLOCK',
        elements,
        path: [...path, join.id],
        ...(join.type === 'complexGateway' || isDoubtful(net, path) ? { severity: 'warning' } : {}),
      });
    }
  }
  return [...faults.values()];
}

/**
 * The joins at fault, not those that they hold back. An inclusive join waits because of a token elsewhere, so it is at fault only where
 * such joins wait for each other. Empty when it is an element, with a fault of its own, that holds a token.
 */
function waitingJoins(net: ScopeNet, marking: Marking): readonly FlowNode[] {
  const joins = new Map<ElementId, FlowNode>();
  for (const place of marking.keys()) {
    const node = nodeOf(net, place);
    if (node === undefined || net.model.flows[place] === undefined) return [];
    joins.set(node.id, node);
  }
  const all = [...joins.values()];
  const strict = all.filter(({ type }) => type !== 'inclusiveGateway');
  const suspects = strict.length > 0 ? strict : all;
  return suspects.filter(
    (join) => !suspects.some((other) => holdsBack(net, other, join) && !holdsBack(net, join, other)),
  );
}

const holdsBack = (net: ScopeNet, one: FlowNode, other: FlowNode): boolean =>
  one !== other && other.incoming.some((flow) => net.sources(other, flow).has(one.id));

/**
 * For people to judge (besides what a complex gateway's condition means): whether the way depends on two decisions over the same
 * variable, which may exclude each other, or the scope may be interrupted.
 */
function isDoubtful({ model, id, eventSubProcesses }: ScopeNet, path: readonly string[]): boolean {
  const deciders = new Map<string, ElementId>();
  for (const flowId of path) {
    const source = model.nodes[model.flows[flowId]?.source ?? ''];
    for (const variable of source === undefined ? [] : decidingVariables(model, source)) {
      const decider = deciders.get(variable) ?? source?.id;
      if (decider !== source?.id) return true;
      deciders.set(variable, decider ?? '');
    }
  }
  const host = id === null ? undefined : model.nodes[id];
  const boundary = host !== undefined && 'boundary' in host ? host.boundary.map((event) => model.nodes[event]) : [];
  const starts = eventSubProcesses.map(({ startEvent }) => model.nodes[startEvent]);
  return [...boundary, ...starts].some(
    (event) => event !== undefined && 'interrupting' in event && event.interrupting && occursByItself(event),
  );
}

const decidingVariables = ({ flows }: ProcessModel, { outgoing }: FlowNode): readonly string[] =>
  outgoing.flatMap((flow) => {
    const condition = flows[flow]?.condition ?? null;
    return condition === null ? [] : freeVariables(condition.ast);
  });

const occursByItself = (event: FlowNode): boolean =>
  'trigger' in event && ['timer', 'message', 'signal', 'conditional'].includes(event.trigger?.type ?? '');

/** No option to complete although tokens move for ever. */
function endlessLoops(net: ScopeNet, { states, visited }: Exploration): readonly Fault[] {
  return endlessParts(states).map((part) => {
    const round = part.flatMap((state) => states[state] ?? []);
    const loop = loopElements(round.map(({ marking }) => marking ?? new Map()));
    const path = pathTo(states, part[0] ?? 0);
    if (!round.some(({ edges }) => edges?.some(({ waits }) => waits)))
      return { code: 'LIVELOCK', elements: loop, path };
    const ends = net.nodes.filter(({ type, id }) => type === 'endEvent' && !visited.has(id)).map(({ id }) => id);
    return { code: 'UNREACHABLE_END', elements: [...loop, ...ends], path };
  });
}

/** Where the tokens are that move; those that are in every marking only wait. */
function loopElements(markings: readonly Marking[]): readonly ElementId[] {
  const places = new Set(markings.flatMap((marking) => [...marking.keys()]));
  const moving = [...places].filter((place) => !markings.every((marking) => marking.has(place)));
  return [...new Set((moving.length > 0 ? moving : [...places]).map(idAt))];
}

/** A second token where the first has not gone on: what follows runs once for each. Common in BPMN and at times meant, so no error. */
function unsynchronised(net: ScopeNet, { states, doubled }: Exploration): readonly Fault[] {
  const faults = new Map<ElementId, Fault>();
  for (const { place, state } of doubled) {
    const node = nodeOf(net, place);
    if (node === undefined) continue;
    const merge = mergeBefore(net, place, node);
    if (faults.has(merge.id)) continue;
    faults.set(merge.id, {
      code: 'LACK_OF_SYNCHRONISATION',
      elements: [...new Set([merge.id, node.id])],
      path: pathTo(states, state),
      values: { repeated: node.id },
      // BPMN 2.0.2 §13.3.2 lets an activity begin once for each token: without a gateway it may well be meant
      ...(merge === node ? { severity: 'info' } : {}),
    });
  }
  return [...faults.values()];
}

/** The nearest element upstream where several flows meet, the element itself included; not the join itself before which tokens wait. */
function mergeBefore({ model }: ScopeNet, place: Place, node: FlowNode): FlowNode {
  const seen = new Set<ElementId>();
  let at = model.nodes[model.flows[place]?.source ?? ''] ?? node;
  while (at.incoming.length === 1 && !seen.has(at.id)) {
    seen.add(at.id);
    const before = model.nodes[model.flows[at.incoming[0] ?? '']?.source ?? ''];
    if (before === undefined) return node;
    at = before;
  }
  return at.incoming.length > 1 ? at : node;
}
