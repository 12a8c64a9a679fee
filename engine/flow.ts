/** Tokens on sequence flows (BPMN 2.0.2 §13.2): from element to element, and before joins. */
import { tokensOn } from './apply.ts';
import type { Seq } from './command.ts';
import type { ElementType } from './fact.ts';
import type { FlowId, FlowNode, Gateway } from './model.ts';
import { elementIn, emit, nextSeq, nodeOf, schedule } from './run.ts';
import type { Run } from './run.ts';

/** The element instance's sequence number. It does nothing yet: the caller schedules its first move. */
export function activateNode(run: Run, node: FlowNode, scope: Seq): Seq {
  const element = nextSeq(run);
  const elementType: ElementType = isMultiInstance(node) ? 'multiInstanceBody' : node.type;
  const { id: elementId, name } = node;
  emit(run, { type: 'elementActivated', element, elementId, elementType, name, scope, loopCounter: null });
  return element;
}

const isMultiInstance = (node: FlowNode): boolean => 'multiInstance' in node && node.multiInstance !== null;

/** A gateway where tokens wait for one another. */
export const isJoin = (node: FlowNode): node is Gateway =>
  (node.type === 'parallelGateway' || node.type === 'inclusiveGateway') && node.incoming.length > 1;

export function takeFlow(run: Run, flowId: FlowId, scope: Seq): void {
  const flow = run.process.flows[flowId];
  if (!flow) throw new Error(`The model of ${run.process.processId} has no flow ${flowId}.`);
  const target = nodeOf(run, flow.target);
  if (!isJoin(target)) {
    emit(run, { type: 'sequenceFlowTaken', flowId, scope });
    schedule(run, activateNode(run, target, scope), 'activate');
    return;
  }
  emit(run, { type: 'sequenceFlowTaken', flowId, scope, waits: true });
  if (target.type === 'parallelGateway') joinParallel(run, target, scope);
}

/** BPMN 2.0.2 §13.4.1: one token from each incoming flow. An inclusive join is looked at when all else rests (joins.ts). */
function joinParallel(run: Run, gateway: Gateway, scope: Seq): void {
  const waiting = elementIn(run, scope);
  if (gateway.incoming.every((flow) => tokensOn(waiting, flow) > 0)) join(run, gateway, scope, gateway.incoming);
}

/** Consumes one token of each of the flows and activates the gateway. */
export function join(run: Run, gateway: Gateway, scope: Seq, flows: readonly FlowId[]): void {
  emit(run, { type: 'tokensConsumed', scope, flows: Object.fromEntries(flows.map((flow) => [flow, 1])) });
  schedule(run, activateNode(run, gateway, scope), 'activate');
}

/** Once nothing is left in a scope, it completes. */
export function leaveScopeWhenEmpty(run: Run, scope: Seq): void {
  const { children, waitingTokens } = elementIn(run, scope);
  if (children === 0 && Object.keys(waitingTokens).length === 0) schedule(run, scope, 'complete');
}
