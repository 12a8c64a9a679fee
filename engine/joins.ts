/**
 * Joins that depend on what can still come. The inclusive join, exactly as BPMN 2.0.2 §13.4.3 says: it fires when some incoming flow has
 * a token and no token elsewhere could still reach one of its empty incoming flows, unless that token could as well reach one that
 * already has a token, each on a path that does not visit the gateway. The complex gateway (§13.4.5) fires when its activation condition
 * holds, and resets when no token can come any more on the flows that were empty then.
 */
import { tokensOn } from './apply.ts';
import type { Failure } from './behavior.ts';
import type { Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import { evaluateBoolean } from './expression.ts';
import { isEmpty, isJoin, join, leaveScopeWhenEmpty } from './flow.ts';
import type { ComplexGateway, ElementId, FlowId, Gateway, ProcessModel } from './model.ts';
import { elementIn, emit, lookupIn, nodeOf, raise, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { overlay } from './variables.ts';

/** Fires one join that can, in a scope where a token has moved. Whether any did. */
export function fireJoins(run: Run): boolean {
  if (!run.touched) return false;
  for (const scope of run.touched) {
    // one at a time: this token may be what another join has to wait for
    if (run.draft.state.elements[scope] && fireIn(run, scope)) return true;
    run.touched.delete(scope);
  }
  return false;
}

function fireIn(run: Run, scope: Seq): boolean {
  for (const gateway of concernedIn(run, scope)) {
    const fired =
      gateway.type === 'complexGateway' ? fireComplex(run, gateway, scope) : fireInclusive(run, gateway, scope);
    if (fired) return true;
  }
  return false;
}

const dependentJoins = new WeakMap<ProcessModel, boolean>();
export function hasDependentJoin(process: ProcessModel): boolean {
  const known = dependentJoins.get(process);
  if (known !== undefined) return known;
  const found = Object.values(process.nodes).some((node) => node.type !== 'parallelGateway' && isJoin(node));
  dependentJoins.set(process, found);
  return found;
}

/** Gateways before which a token waits, and complex ones that wait for their reset. */
function concernedIn(run: Run, scope: Seq): (Gateway | ComplexGateway)[] {
  const gateways = new Map<ElementId, Gateway | ComplexGateway>();
  const { waitingTokens, detail } = elementIn(run, scope);
  const targets = Object.keys(waitingTokens).map((flowId) => run.process.flows[flowId]?.target ?? '');
  for (const id of [...targets, ...Object.keys(detail?.received ?? {})]) {
    const target = nodeOf(run, id);
    if (isJoin(target) && target.type !== 'parallelGateway') gateways.set(id, target);
  }
  return [...gateways.values()];
}

function fireInclusive(run: Run, gateway: Gateway | ComplexGateway, scope: Seq): boolean {
  const withToken = flowsWithToken(run, gateway, scope);
  if (withToken.length === 0 || isAwaited(run, gateway, scope, withToken)) return false;
  join(run, gateway, scope, withToken);
  return true;
}

const flowsWithToken = (run: Run, gateway: Gateway | ComplexGateway, scope: Seq): FlowId[] => {
  const waiting = elementIn(run, scope);
  return gateway.incoming.filter((flow) => tokensOn(waiting, flow) > 0);
};

function fireComplex(run: Run, gateway: ComplexGateway, scope: Seq): boolean {
  const received = elementIn(run, scope).detail?.received?.[gateway.id];
  return received ? resetComplex(run, gateway, scope, received) : activateComplex(run, gateway, scope);
}

function activateComplex(run: Run, gateway: ComplexGateway, scope: Seq): boolean {
  const withToken = flowsWithToken(run, gateway, scope);
  if (withToken.length === 0) return false;
  const waiting = elementIn(run, scope);
  const tokens = Object.fromEntries(gateway.incoming.map((flow) => [flow, tokensOn(waiting, flow)]));
  const activationCount = Object.values(tokens).reduce((sum, count) => sum + count, 0);
  const lookup = overlay({ activationCount, tokens }, lookupIn(run, scope));
  const holds = evaluateBoolean(gateway.activationCondition, { lookup, nowMs: run.nowMs });
  if (!holds.ok) {
    raiseOnce(run, scope, { ...holds.failure, message: `Gateway '${gateway.id}': ${holds.failure.message}` });
    return false;
  }
  if (!holds.value) return false;
  setLocal(run, join(run, gateway, scope, withToken), { waitingForStart: true });
  emit(run, { type: 'gatewayPhaseChanged', scope, elementId: gateway.id, received: withToken });
  return true;
}

function raiseOnce(run: Run, scope: Seq, failure: Failure): void {
  const isKnown = attachedTo(run.draft, scope, 'incidents').size > 0;
  if (!isKnown) raise(run, scope, 'acknowledge', failure);
}

function resetComplex(run: Run, gateway: ComplexGateway, scope: Seq, received: readonly FlowId[]): boolean {
  const late = flowsWithToken(run, gateway, scope).filter((flow) => !received.includes(flow));
  if (isAwaited(run, gateway, scope, [...received, ...late])) return false;
  // nothing is left in the scope: it completes, and the gateway with it
  if (late.length === 0 && isEmpty(elementIn(run, scope))) return false;
  const isConditional = gateway.outgoing.some((flow) => run.process.flows[flow]?.condition);
  if (isConditional) setLocal(run, join(run, gateway, scope, late), { waitingForStart: false });
  else if (late.length > 0) {
    emit(run, { type: 'tokensConsumed', scope, flows: Object.fromEntries(late.map((flow) => [flow, 1])) });
  }
  emit(run, { type: 'gatewayPhaseChanged', scope, elementId: gateway.id, received: null });
  if (!isConditional) leaveScopeWhenEmpty(run, scope);
  return true;
}

/** Whether a token elsewhere in the scope obliges the gateway to wait. */
function isAwaited(run: Run, gateway: Gateway | ComplexGateway, scope: Seq, withToken: readonly FlowId[]): boolean {
  const empty = gateway.incoming.filter((flow) => !withToken.includes(flow));
  if (empty.length === 0) return false;
  const reaches = (at: ElementId, flows: readonly FlowId[]): boolean =>
    flows.some((flow) => sourcesOf(run.process, gateway, flow).has(at));
  return positions(run, scope).some((at) => reaches(at, empty) && !reaches(at, withToken));
}

/** Where the tokens of a scope are: elements at work, and gateways before which tokens wait. */
function positions(run: Run, scope: Seq): ElementId[] {
  const found = new Set<ElementId>();
  for (const child of attachedTo(run.draft, scope, 'children')) {
    const { type, elementId } = elementIn(run, child);
    // handlers have no flow to leave by
    if (type !== 'compensation') found.add(elementId);
  }
  for (const flowId of Object.keys(elementIn(run, scope).waitingTokens)) {
    const target = run.process.flows[flowId]?.target;
    if (target !== undefined) found.add(target);
  }
  return [...found];
}

type Sources = Map<FlowId, ReadonlySet<ElementId>>;
const sources = new WeakMap<ProcessModel, Sources>();

/** Every element from which the gateway's incoming flow can be reached without visiting the gateway; found once per model. */
export function sourcesOf(
  process: ProcessModel,
  gateway: Gateway | ComplexGateway,
  flow: FlowId,
): ReadonlySet<ElementId> {
  let known = sources.get(process);
  if (!known) sources.set(process, (known = new Map()));
  let found = known.get(flow);
  if (!found) known.set(flow, (found = findSources(process, gateway, flow)));
  return found;
}

function findSources(process: ProcessModel, gateway: Gateway | ComplexGateway, flow: FlowId): ReadonlySet<ElementId> {
  const found = new Set<ElementId>();
  const open: ElementId[] = process.flows[flow] ? [process.flows[flow].source] : [];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const node = process.nodes[at];
    if (!node || at === gateway.id || found.has(at)) continue;
    found.add(at);
    for (const before of node.incoming) open.push(...(process.flows[before] ? [process.flows[before].source] : []));
    // a token in an activity may leave through its boundary events
    if (node.type === 'boundaryEvent') open.push(node.attachedTo);
  }
  return found;
}
