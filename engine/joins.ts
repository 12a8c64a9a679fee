/**
 * The inclusive join, exactly as BPMN 2.0.2 §13.4.3 says: it fires when some incoming flow has a token and no token elsewhere could
 * still reach one of its empty incoming flows, unless that token could as well reach one that already has a token, each on a path
 * that does not visit the gateway.
 */
import { tokensOn } from './apply.ts';
import type { Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import { isJoin, join } from './flow.ts';
import type { ElementInstance } from './instance.ts';
import type { ElementId, FlowId, Gateway, ProcessModel } from './model.ts';
import { elementIn, nodeOf } from './run.ts';
import type { Run } from './run.ts';

/** Fires every inclusive join that can, in scopes where tokens wait. Whether any did. */
export function fireInclusiveJoins(run: Run): boolean {
  if (!hasInclusiveJoin(run.process)) return false;
  let fired = false;
  for (const scope of Object.values(run.draft.state.elements)) {
    for (const gateway of waitingGateways(run, scope)) {
      const waiting = elementIn(run, scope.seq);
      const withToken = gateway.incoming.filter((flow) => tokensOn(waiting, flow) > 0);
      if (withToken.length === 0 || isAwaited(run, gateway, scope.seq, withToken)) continue;
      join(run, gateway, scope.seq, withToken);
      fired = true;
      // one at a time: this token may be what another join has to wait for
      return fired;
    }
  }
  return fired;
}

const inclusiveJoins = new WeakMap<ProcessModel, boolean>();
function hasInclusiveJoin(process: ProcessModel): boolean {
  const known = inclusiveJoins.get(process);
  if (known !== undefined) return known;
  const found = Object.values(process.nodes).some((node) => node.type === 'inclusiveGateway' && isJoin(node));
  inclusiveJoins.set(process, found);
  return found;
}

function waitingGateways(run: Run, scope: ElementInstance): Gateway[] {
  const gateways = new Map<ElementId, Gateway>();
  for (const flowId of Object.keys(scope.waitingTokens)) {
    const target = nodeOf(run, run.process.flows[flowId]?.target ?? '');
    if (target.type === 'inclusiveGateway') gateways.set(target.id, target);
  }
  return [...gateways.values()];
}

/** Whether a token elsewhere in the scope obliges the gateway to wait. */
function isAwaited(run: Run, gateway: Gateway, scope: Seq, withToken: readonly FlowId[]): boolean {
  const empty = gateway.incoming.filter((flow) => !withToken.includes(flow));
  if (empty.length === 0) return false;
  const reachesEmpty = sourcesOf(run.process, gateway, empty);
  const reachesToken = sourcesOf(run.process, gateway, withToken);
  return positions(run, scope).some((at) => reachesEmpty.has(at) && !reachesToken.has(at));
}

/** Where the tokens of a scope are: elements at work, and gateways before which tokens wait. */
function positions(run: Run, scope: Seq): ElementId[] {
  const found = new Set<ElementId>();
  for (const child of attachedTo(run.draft, scope)?.children ?? []) found.add(elementIn(run, child).elementId);
  for (const flowId of Object.keys(elementIn(run, scope).waitingTokens)) {
    const target = run.process.flows[flowId]?.target;
    if (target !== undefined) found.add(target);
  }
  return [...found];
}

/** Every element from which one of the gateway's incoming flows can be reached without visiting the gateway. */
function sourcesOf(process: ProcessModel, gateway: Gateway, flows: readonly FlowId[]): Set<ElementId> {
  const found = new Set<ElementId>();
  const open: ElementId[] = flows.flatMap((flow) => process.flows[flow]?.source ?? []);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const node = process.nodes[at];
    if (!node || at === gateway.id || found.has(at)) continue;
    found.add(at);
    for (const flow of node.incoming) open.push(...(process.flows[flow] ? [process.flows[flow].source] : []));
    // a token in an activity may leave through its boundary events
    if (node.type === 'boundaryEvent') open.push(node.attachedTo);
  }
  return found;
}
