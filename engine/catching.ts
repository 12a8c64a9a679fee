/** What elements wait for (BPMN 2.0.2 §13.5): timers and message subscriptions, set when a wait begins, gone when it ends. */
import type { Commit, Result } from './behavior.ts';
import { fail, ok } from './behavior.ts';
import type { Seq } from './command.ts';
import type { TimerState } from './instance.ts';
import type { Variables } from './json.ts';
import { deliver, elementIn, emit, nextSeq, nodeOf, schedule } from './run.ts';
import type { Run } from './run.ts';
import { evaluateKey, evaluateString } from './expression.ts';
import type { Scope } from './expression.ts';
import { activateNode } from './flow.ts';
import { terminate } from './terminate.ts';
import { closeCatches } from './withdraw.ts';
import type { BoundaryEvent, CatchTrigger, ElementId, FlowNode, MessageDefinition, TimerDefinition } from './model.ts';
import { addDuration, nextRepetition, parseCycle, parseDateTime, parseDuration } from './time.ts';
import type { Lookup } from './variables.ts';

/** A wait: `owner` waits for what `elementId` catches. */
export interface Catch {
  readonly owner: Seq;
  readonly elementId: ElementId;
  readonly trigger: CatchTrigger;
  readonly closesOnCorrelation: boolean;
  readonly lookup: Lookup;
  /** Correlation keys of boundary events are read from outside the activity (Zeebe). */
  readonly keyLookup: Lookup;
}

export function prepareCatch(run: Run, wait: Catch): Result<Commit> {
  switch (wait.trigger.type) {
    case 'timer':
      return prepareTimer(run, wait, wait.trigger.timer);
    case 'message':
      return prepareSubscription(run, wait, wait.trigger.message);
    case 'error':
      return ok(() => undefined);
  }
}

/** All or none: the commits of every wait, or the first failure. */
export function prepareCatches(run: Run, waits: readonly Catch[]): Result<Commit> {
  const commits: Commit[] = [];
  for (const wait of waits) {
    const prepared = prepareCatch(run, wait);
    if (!prepared.ok) return prepared;
    commits.push(prepared.value);
  }
  return ok(() => {
    for (const commit of commits) commit();
  });
}

/** The waits of the boundary events of an activity. */
export function boundaryCatches(
  run: Run,
  owner: Seq,
  events: readonly ElementId[],
  scopes: { lookup: Lookup; outer: Lookup },
): Catch[] {
  return events.map((id) => {
    const event = nodeOf(run, id) as BoundaryEvent;
    return {
      owner,
      elementId: id,
      trigger: event.trigger,
      closesOnCorrelation: event.interrupting,
      lookup: scopes.lookup,
      keyLookup: scopes.outer,
    };
  });
}

interface DueTime {
  readonly dueMs: number;
  readonly repetitions: number | null;
  readonly interval: string | null;
}

/** When a timer is due for the first time. */
export function dueTime(timer: TimerDefinition, scope: Scope): Result<DueTime> {
  const text = evaluateString(timer.value, scope);
  if (!text.ok) return text;
  const due = dueTimeOf(timer.kind, text.value, scope.nowMs);
  return due === null ? fail('EXTRACT_VALUE_ERROR', `The value of the timer is not a ${wanted[timer.kind]}.`) : ok(due);
}

const wanted = {
  date: 'date-time with an offset (2026-11-30T08:00:00+07:00)',
  duration: 'duration (P3D, PT12H)',
  cycle: 'repetition (R3/PT1H) or cron expression of six fields',
} as const;

function dueTimeOf(kind: TimerDefinition['kind'], text: string, nowMs: number): DueTime | null {
  if (kind === 'cycle') return parseCycle(text, nowMs);
  const duration = kind === 'duration' ? parseDuration(text) : null;
  const dueMs = kind === 'date' ? parseDateTime(text) : duration && addDuration(nowMs, duration);
  return dueMs === null ? null : { dueMs, repetitions: 0, interval: null };
}

function prepareTimer(run: Run, wait: Catch, timer: TimerDefinition): Result<Commit> {
  const due = dueTime(timer, { lookup: wait.lookup, nowMs: run.nowMs });
  if (!due.ok) return due;
  const { owner: element, elementId } = wait;
  return ok(() => emit(run, { type: 'timerSet', timer: nextSeq(run), element, elementId, ...due.value }));
}

function prepareSubscription(run: Run, wait: Catch, message: MessageDefinition): Result<Commit> {
  const name = evaluateString(message.name, { lookup: wait.lookup, nowMs: run.nowMs });
  if (!name.ok) return name;
  if (message.correlationKey === null)
    return fail('EXTRACT_VALUE_ERROR', `Message '${name.value}' has no correlation key.`);
  const key = evaluateKey(message.correlationKey, { lookup: wait.keyLookup, nowMs: run.nowMs });
  if (!key.ok) return fail(key.failure.code, `Correlation key of message '${name.value}': ${key.failure.message}`);
  const { owner: element, elementId, closesOnCorrelation } = wait;
  return ok(() =>
    emit(run, {
      type: 'messageSubscriptionOpened',
      subscription: nextSeq(run),
      element,
      elementId,
      messageName: name.value,
      correlationKey: key.value,
      closesOnCorrelation,
    }),
  );
}

/** Fires a timer, sets its next repetition, and triggers what waits for it. */
export function fireTimer(run: Run, seq: Seq, timer: TimerState): void {
  emit(run, { type: 'timerFired', timer: seq });
  const { element, elementId, interval, repetitions } = timer;
  const next = interval === null || repetitions === 0 ? null : nextRepetition(interval, timer.dueMs);
  if (next !== null && !endsWait(run, elementId)) {
    const left = repetitions === null ? null : repetitions - 1;
    emit(run, { type: 'timerSet', timer: nextSeq(run), element, elementId, dueMs: next, repetitions: left, interval });
  }
  trigger(run, element, elementId, {});
}

const endsWait = (run: Run, elementId: ElementId): boolean => {
  const node = nodeOf(run, elementId);
  return node.type !== 'boundaryEvent' || node.interrupting;
};

/** What `owner` waited for at `elementId` has come. */
export function trigger(run: Run, owner: Seq, elementId: ElementId, variables: Variables): void {
  const waiting = elementIn(run, owner);
  const event = nodeOf(run, elementId);
  if (waiting.elementId === elementId) {
    deliver(run, owner, event, variables);
    schedule(run, owner, 'complete');
  } else if (event.type === 'boundaryEvent') {
    triggerBoundary(run, owner, event, variables);
  } else {
    leaveEventBasedGateway(run, owner, event, variables);
  }
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
  emit(run, { type: 'elementCompleted', element: owner, elementId, elementType: type });
  const flowId = event.incoming.find((id) => run.process.flows[id]?.source === elementId);
  if (flowId !== undefined) emit(run, { type: 'sequenceFlowTaken', flowId, scope });
  const seq = activateNode(run, event, scope);
  deliver(run, seq, event, variables);
  schedule(run, seq, 'trigger');
}
