/**
 * What tokens can do next in a marking. Of tokens that do not depend on each other only the one furthest upstream is moved: a token that
 * does not wait before a join has nobody to compete with for its moves, so they are a persistent set (Godefroid); taking upstream tokens
 * first brings tokens that can meet at a place to meet there.
 */
import type { ElementId, FlowId, FlowNode } from '#engine/model.ts';
import { evaluate } from '#engine/feel/evaluate.ts';
import { endingOf, anyCode, isWait, mayBeSkipped, uncaught } from './activity.ts';
import { countAt, idAt, moveTokens, occurredAt, placeAfter, type Marking, type Place } from './marking.ts';
import { boundaryEventsOf, isJoin, type ScopeNet } from './net.ts';

export interface Move {
  /** The marking after it; null: the scope has ended. */
  readonly next: Marking | null;
  /** With `next` null: the scope is completed, not left by an error or cancellation. */
  readonly completes: boolean;
  /** Elements and flows passed, in order. */
  readonly trail: readonly string[];
  /** Time may pass before it. */
  readonly waits: boolean;
}

/** `all`: of every token, not only of the one furthest upstream. */
export function movesOf(net: ScopeNet, marking: Marking, all = false): readonly Move[] {
  const { endings, others } = movesOfTokens(net, marking, all);
  return [...endings, ...(others.length > 0 ? others : earlyActivations(net, marking))];
}

function movesOfTokens(net: ScopeNet, marking: Marking, all: boolean) {
  const endings: Move[] = [];
  let others: readonly Move[] = [];
  let firstRank = Infinity;
  for (const place of marking.keys()) {
    const node = nodeOf(net, place);
    if (node === undefined) continue;
    const ending = endingOf(node);
    if (ending !== null) endings.push({ next: null, completes: ending === 'terminate', trail: [], waits: false });
    else if (all || net.rank(node.id) < firstRank) {
      const moves = movesAt(net, marking, place, node);
      // what ends the scope competes with everything: the others must have their turn too
      endings.push(...moves.filter(({ next }) => next === null));
      const going = moves.filter(({ next }) => next !== null);
      if (going.length === 0) continue;
      firstRank = net.rank(node.id);
      others = all ? [...others, ...going] : going;
    }
  }
  return { endings, others };
}

/** Complex gateways need not wait for tokens that do not come (BPMN 2.0.2 §13.4.5: as soon as the condition holds). */
function earlyActivations(net: ScopeNet, marking: Marking): readonly Move[] {
  const waiting = [...marking.keys()].map((place) => nodeOf(net, place));
  return [...new Set(waiting)].flatMap((node) => {
    if (node?.type !== 'complexGateway' || !mayActivate(node, marking)) return [];
    const flows = node.incoming.filter((flow) => countAt(marking, flow) > 0);
    return leave(net, marking, flows, { node, passed: [node.id], waits: false });
  });
}

/** The element at a place; of a waiting token the join before which it waits. */
export function nodeOf({ model }: ScopeNet, place: Place): FlowNode | undefined {
  const id = idAt(place);
  return model.nodes[id] ?? model.nodes[model.flows[id]?.target ?? ''];
}

function movesAt(net: ScopeNet, marking: Marking, place: Place, node: FlowNode): readonly Move[] {
  if (net.model.flows[place] !== undefined) {
    const flows = joinedFlows(net, marking, node);
    return flows === null ? [] : leave(net, marking, flows, { node, passed: [node.id], waits: false });
  }
  const waits = isWait(node, net.summaries);
  const inside = net.summaries.get(node.id);
  const isHeld = inside?.completes === false && !mayBeSkipped(node);
  const done = isHeld ? [] : leave(net, marking, [place], { node, passed: [], waits });
  return [...done, ...boundaryMoves(net, marking, place, node), ...thrownMoves(net, node)];
}

interface Leaving {
  readonly node: FlowNode;
  readonly passed: readonly ElementId[];
  readonly waits: boolean;
}
function leave(net: ScopeNet, marking: Marking, from: readonly Place[], { node, passed, waits }: Leaving): Move[] {
  return net.exits(node).ways.map((way) => {
    const arrivals = way.map((flow) => arrival(net, flow));
    const to = arrivals.flatMap(({ place }) => place ?? []);
    const trail = [...passed, ...arrivals.flatMap((arrived) => arrived.trail)];
    return { next: moveTokens(marking, from, to), completes: true, trail, waits };
  });
}

/** Where a token on a flow comes to rest: before the join, else in its target; null: it ends at a none end event. */
function arrival(
  { model }: ScopeNet,
  flow: FlowId,
): { readonly place: Place | null; readonly trail: readonly string[] } {
  const target = model.nodes[model.flows[flow]?.target ?? ''];
  if (target === undefined || isJoin(target)) return { place: flow, trail: [flow] };
  const ends = target.type === 'endEvent' && target.results.length === 0;
  return { place: ends ? null : target.id, trail: [flow, target.id] };
}

/** BPMN 2.0.2 §13.3.4: an interrupting boundary event takes the token, another one adds a token, here once for each activation. */
function boundaryMoves(net: ScopeNet, marking: Marking, place: Place, node: FlowNode): readonly Move[] {
  const waits = isWait(node, net.summaries);
  return boundaryEventsOf(net, node).flatMap(({ id, interrupting }) => {
    if (!interrupting && (net.detached.has(id) || occurredAt(place).includes(id))) return [];
    const to = interrupting ? [id] : [placeAfter(place, id), id];
    return [{ next: moveTokens(marking, [place], to), completes: true, trail: [id], waits }];
  });
}

/** Errors from within a sub-process that none of its boundary events catches end the scope around it too. */
function thrownMoves({ summaries, model }: ScopeNet, node: FlowNode): readonly Move[] {
  const thrown = summaries.get(node.id)?.errors ?? new Set();
  const left = uncaught(thrown, 'error', boundaryTriggers(model.nodes, node));
  const certain = [...left].some((code) => code !== anyCode);
  return certain ? [{ next: null, completes: false, trail: [], waits: false }] : [];
}

export const boundaryTriggers = (nodes: Readonly<Record<ElementId, FlowNode>>, node: FlowNode) =>
  ('boundary' in node ? node.boundary : []).flatMap((id) => {
    const event = nodes[id];
    return event?.type === 'boundaryEvent' ? [event.trigger] : [];
  });

/** The flows whose tokens a join would take now; null: it waits. */
function joinedFlows(net: ScopeNet, marking: Marking, gateway: FlowNode): readonly FlowId[] | null {
  const withToken = gateway.incoming.filter((flow) => countAt(marking, flow) > 0);
  const isComplete = withToken.length === gateway.incoming.length;
  if (!isComplete && (gateway.type === 'parallelGateway' || isAwaited(net, marking, gateway, withToken))) return null;
  return gateway.type === 'complexGateway' && !mayActivate(gateway, marking) ? null : withToken;
}

/**
 * BPMN 2.0.2 §13.4.3: a token elsewhere that can reach an empty incoming flow and none that has a token obliges the join to wait. A complex
 * gateway (§13.4.5) is taken to wait like this too: activating earlier only means that later tokens are taken in its next phase.
 */
function isAwaited(net: ScopeNet, marking: Marking, gateway: FlowNode, withToken: readonly FlowId[]): boolean {
  const empty = gateway.incoming.filter((flow) => !withToken.includes(flow));
  return [...marking.keys()].some((place) => {
    const at = nodeOf(net, place)?.id ?? place;
    const reaches = (flow: FlowId): boolean => net.sources(gateway, flow).has(at);
    return at !== gateway.id && empty.some(reaches) && !withToken.some(reaches);
  });
}

/** Whether a complex gateway's condition, with the tokens that are there, is not certainly false. */
function mayActivate(gateway: Extract<FlowNode, { type: 'complexGateway' }>, marking: Marking): boolean {
  const tokens = Object.fromEntries(gateway.incoming.map((flow) => [flow, countAt(marking, flow)]));
  const activationCount = Object.values(tokens).reduce((sum, count) => sum + count, 0);
  const known = new Map<string, number | typeof tokens>(Object.entries({ activationCount, tokens }));
  const result = evaluate(gateway.activationCondition.ast, { lookup: (name) => known.get(name), nowMs: 0 });
  return !result.ok || result.value !== false;
}
