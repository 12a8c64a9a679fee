/** Tokens on sequence flows (BPMN 2.0.2 §13.2): from element to element, and before joins. */
import { tokensOn } from './apply.ts';
import type { Seq } from './command.ts';
import type { ElementType } from './fact.ts';
import type { ComplexGateway, FlowId, FlowNode, Gateway } from './model.ts';
import type { ElementInstance } from './instance.ts';
import { hasAny } from './json.ts';
import { elementIn, emit, nextSeq, nodeOf, schedule } from './run.ts';
import type { Run } from './run.ts';

/** The element instance's sequence number. It does nothing yet: the caller schedules its first move. */
export function activateNode(run: Run, node: FlowNode, scope: Seq): Seq {
  const element = nextSeq(run);
  const { id: elementId, name } = node;
  const elementType = instanceTypeOf(node);
  emit(run, { type: 'elementActivated', element, elementId, elementType, name, scope, loopCounter: null });
  return element;
}

/** A looping activity is entered through the body that holds its instances. */
export function instanceTypeOf(node: FlowNode): ElementType {
  if (!('multiInstance' in node)) return node.type;
  if (node.multiInstance !== null) return 'multiInstanceBody';
  return node.standardLoop === null ? node.type : 'standardLoopBody';
}

export const isBody = (type: ElementType | undefined): boolean =>
  type === 'multiInstanceBody' || type === 'standardLoopBody';

/** A gateway before which tokens wait for one another. */
export const isJoin = (node: FlowNode): node is Gateway | ComplexGateway =>
  node.type === 'complexGateway' ||
  ((node.type === 'parallelGateway' || node.type === 'inclusiveGateway') && node.incoming.length > 1);

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

/** BPMN 2.0.2 §13.4.1: one token from each incoming flow. Other joins are looked at when all else rests (joins.ts). */
function joinParallel(run: Run, gateway: Gateway | ComplexGateway, scope: Seq): void {
  const waiting = elementIn(run, scope);
  if (gateway.incoming.every((flow) => tokensOn(waiting, flow) > 0)) join(run, gateway, scope, gateway.incoming);
}

/** Consumes one token of each of the flows and activates the gateway. */
export function join(run: Run, gateway: Gateway | ComplexGateway, scope: Seq, flows: readonly FlowId[]): Seq {
  if (flows.length > 0) {
    emit(run, { type: 'tokensConsumed', scope, flows: Object.fromEntries(flows.map((flow) => [flow, 1])) });
  }
  const seq = activateNode(run, gateway, scope);
  schedule(run, seq, 'activate');
  return seq;
}

/** A path in the scope has ended: once nothing is left in it, it completes; some scopes have a say in what comes next. */
export function leaveScopeWhenEmpty(run: Run, scope: Seq): void {
  const element = elementIn(run, scope);
  if (element.type === 'adHocSubProcess' || element.type === 'compensation') schedule(run, scope, 'progress');
  else if (isEmpty(element)) schedule(run, scope, 'complete');
}

/** Nothing is active in the scope and no token waits in it. */
export const isEmpty = ({ children, waitingTokens }: ElementInstance): boolean =>
  children === 0 && !hasAny(waitingTokens);
