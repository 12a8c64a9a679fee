/**
 * Joins that a case is sent back before. A parallel join that has fired has taken the tokens of the branches beside the one that begins anew,
 * and would wait for them for ever: it gets them back, unless something that stays can still bring them. A complex gateway gets as many
 * back as do not let it fire at once, and forgets that it has fired. An inclusive join waits only for what can come anyway.
 */
import type { Seq } from './command.ts';
import { evaluateBoolean } from './expression.ts';
import { isJoin, takeFlow } from './flow.ts';
import type { Asked } from './handler.ts';
import type { ComplexGateway, ElementId, FlowId, Gateway } from './model.ts';
import { nodeAt } from './placing.ts';
import { reachableFrom } from './reach.ts';
import { elementIn, emit, lookupIn } from './run.ts';
import type { Run } from './run.ts';
import { overlay } from './variables.ts';

/** Something that has a token: an element instance, or what waits on a flow, which is taken to be where the flow begins. */
export interface Holding {
  readonly at: ElementId;
  readonly element: Seq | null;
  readonly flow: FlowId | null;
}

export interface Rejoining {
  readonly gateway: Gateway | ComplexGateway;
  /** Tokens that wait before it and are counted anew. */
  readonly pooled: readonly Holding[];
  /** Flows that it gets a token back on. */
  readonly back: readonly FlowId[];
  /** Of a complex gateway that has fired: the flows that have had their token as from now; null: none, it begins anew. */
  readonly received?: readonly FlowId[] | null;
}

interface Situation {
  readonly scope: Seq;
  /** Everything that has a token in the scope. */
  readonly holdings: readonly Holding[];
  readonly withdrawn: readonly Holding[];
  readonly after: ReadonlySet<ElementId>;
}

export function rejoiningOf(asked: Asked, situation: Situation): Rejoining[] {
  const found: Rejoining[] = [];
  for (const id of situation.after) {
    const node = nodeAt(asked.process, id);
    if (node && node.type !== 'inclusiveGateway' && isJoin(node)) found.push(...rejoin(asked, situation, node));
  }
  return found;
}

function rejoin({ process, draft }: Asked, situation: Situation, gateway: Gateway | ComplexGateway): Rejoining[] {
  const { scope, holdings, withdrawn, after } = situation;
  const sourceOf = (flow: FlowId): ElementId => process.flows[flow]?.source ?? '';
  const beyond = reachableFrom(process, [gateway.id]);
  const received = draft.state.elements[scope]?.detail?.received?.[gateway.id];
  if (!withdrawn.some(({ at }) => beyond.has(at))) {
    const left = received?.filter((flow) => !after.has(sourceOf(flow))) ?? [];
    const isSame = !received || left.length === received.length;
    return isSame ? [] : [{ gateway, pooled: [], back: [], received: left.length > 0 ? left : null }];
  }
  const stays = holdings.filter((holding) => !withdrawn.includes(holding));
  const isComplex = gateway.type === 'complexGateway';
  const comes = reachableFrom(
    process,
    stays.map(({ at, flow }) => (flow === null ? at : (process.flows[flow]?.target ?? ''))),
  );
  const beside = gateway.incoming.filter((flow) => !after.has(sourceOf(flow)));
  const pooled = isComplex ? stays.filter(({ flow }) => flow !== null && beside.includes(flow)) : [];
  const waits = (flow: FlowId): boolean => stays.some((holding) => holding.flow === flow);
  const back = beside.filter((flow) => (isComplex && waits(flow)) || (!waits(flow) && !comes.has(sourceOf(flow))));
  return [{ gateway, pooled, back, ...(received && { received: null }) }];
}

export function giveBack(run: Run, scope: Seq, { gateway, back, received }: Rejoining): void {
  if (received !== undefined) emit(run, { type: 'gatewayPhaseChanged', scope, elementId: gateway.id, received });
  const given: FlowId[] = [];
  for (const flow of back) {
    given.push(flow);
    if (gateway.type === 'complexGateway' && firesWith(run, scope, gateway, given)) given.pop();
    else takeFlow(run, flow, scope);
  }
}

function firesWith(run: Run, scope: Seq, gateway: ComplexGateway, flows: readonly FlowId[]): boolean {
  const before = elementIn(run, scope).waitingTokens;
  const tokens = Object.fromEntries(
    gateway.incoming.map((flow) => [flow, Math.max(before[flow] ?? 0, flows.includes(flow) ? 1 : 0)]),
  );
  const activationCount = Object.values(tokens).reduce((sum, count) => sum + count, 0);
  const lookup = overlay({ activationCount, tokens }, lookupIn(run, scope));
  const holds = evaluateBoolean(gateway.activationCondition, { lookup, nowMs: run.nowMs });
  return holds.ok && holds.value;
}
