/** What happens when something that was waited for has come (BPMN 2.0.2 §13.5). */
import type { Seq } from './command.ts';
import { triggerEventSubProcess } from './event-sub-process.ts';
import { activateNode } from './flow.ts';
import type { TimerState } from './instance.ts';
import type { Variables } from './json.ts';
import type { BoundaryEvent, ElementId, FlowNode } from './model.ts';
import { deliver, elementIn, emit, nextSeq, nodeOf, schedule } from './run.ts';
import type { Run } from './run.ts';
import { terminate } from './terminate.ts';
import { nextRepetition } from './time.ts';
import { closeCatches, closeIncidents } from './withdraw.ts';

/** Fires a timer, sets its next repetition, and triggers what waits for it. */
export function fireTimer(run: Run, seq: Seq, timer: TimerState): void {
  emit(run, { type: 'timerFired', timer: seq });
  const { element, elementId, interval, repetitions, part } = timer;
  const next = interval === null || repetitions === 0 ? null : nextRepetition(interval, timer.dueMs);
  if (next !== null && !endsWait(nodeOf(run, elementId))) {
    const left = repetitions === null ? null : repetitions - 1;
    const again = { dueMs: next, repetitions: left, interval, ...(part === 0 ? undefined : { part }) };
    emit(run, { type: 'timerSet', timer: nextSeq(run), element, elementId, ...again });
  }
  trigger(run, { owner: element, elementId, part, variables: {} });
}

/** Whether the wait is over once the event has occurred. */
const endsWait = (node: FlowNode): boolean =>
  node.type === 'boundaryEvent' || node.type === 'startEvent' ? node.interrupting : true;

/** Something that was waited for has come. */
export interface Occurrence {
  readonly owner: Seq;
  readonly elementId: ElementId;
  /** Which trigger of a multiple event, 0-based. */
  readonly part: number;
  readonly variables: Variables;
}

/** What `owner` waited for at `elementId` has come. */
export function trigger(run: Run, { owner, elementId, part, variables }: Occurrence): void {
  const waiting = elementIn(run, owner);
  const event = nodeOf(run, elementId);
  if (waiting.elementId === elementId) {
    deliver(run, owner, event, variables);
    if (hasOccurred(run, owner, event, part)) schedule(run, owner, 'complete');
    return;
  }
  if (!hasOccurred(run, owner, event, part)) {
    // the last one to come finds what the others brought
    deliver(run, owner, event, variables);
    return;
  }
  if (event.type === 'boundaryEvent') triggerBoundary(run, owner, event, variables);
  else if (event.type === 'startEvent') triggerEventSubProcess(run, owner, event, variables);
  else leaveEventBasedGateway(run, owner, event, variables);
}

/** Parallel multiple events occur when each of their triggers has (BPMN 2.0.2 §10.5.5); any other event with its trigger. */
function hasOccurred(run: Run, owner: Seq, event: FlowNode, part: number): boolean {
  const awaited = 'trigger' in event ? event.trigger : null;
  if (awaited?.type !== 'parallelMultiple') return true;
  const before = elementIn(run, owner).detail?.occurred?.[event.id] ?? [];
  if (!before.includes(part)) emit(run, { type: 'eventPartOccurred', element: owner, elementId: event.id, part });
  const occurred = elementIn(run, owner).detail?.occurred?.[event.id] ?? [];
  if (occurred.length < awaited.triggers.length) return false;
  emit(run, { type: 'eventPartsConsumed', element: owner, elementId: event.id });
  return true;
}

/** BPMN 2.0.2 §13.5.3: an interrupting event ends the activity first; the token leaves from the event in the activity's scope. */
export function triggerBoundary(run: Run, owner: Seq, event: BoundaryEvent, variables: Variables): void {
  const { scope } = elementIn(run, owner);
  if (event.interrupting) terminate(run, owner);
  const seq = activateNode(run, event, scope);
  deliver(run, seq, event, variables);
  schedule(run, seq, 'trigger');
}

/** BPMN 2.0.2 §13.4.4: the first event of the gateway's configuration takes the token, the others are withdrawn. */
function leaveEventBasedGateway(run: Run, owner: Seq, event: FlowNode, variables: Variables): void {
  const { elementId, type, scope } = elementIn(run, owner);
  closeCatches(run, owner);
  closeIncidents(run, owner);
  emit(run, { type: 'elementCompleted', element: owner, elementId, elementType: type });
  takeToEvent(run, elementId, scope, event, variables);
}

/** The token goes from an event-based gateway to an event that has occurred. */
export function takeToEvent(run: Run, gateway: ElementId, scope: Seq, event: FlowNode, variables: Variables): void {
  const flowId = event.incoming.find((id) => run.process.flows[id]?.source === gateway);
  if (flowId !== undefined) emit(run, { type: 'sequenceFlowTaken', flowId, scope });
  const seq = activateNode(run, event, scope);
  deliver(run, seq, event, variables);
  schedule(run, seq, 'trigger');
}
