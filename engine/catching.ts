/** What elements wait for (BPMN 2.0.2 §13.5): set when a wait begins, gone when it ends. What happens when it comes: triggering.ts. */
import type { Commit, Result } from './behavior.ts';
import { fail, nothingToDo, ok } from './behavior.ts';
import type { Seq } from './command.ts';
import { evaluateKey, evaluateString } from './expression.ts';
import type { Scope } from './expression.ts';
import type {
  BoundaryEvent,
  CatchTrigger,
  ElementId,
  MessageDefinition,
  SignalDefinition,
  SingleTrigger,
  TimerDefinition,
} from './model.ts';
import { emit, nextSeq, nodeOf } from './run.ts';
import type { Run } from './run.ts';
import { addDuration, parseCycle, parseDateTime, parseDuration } from './time.ts';
import type { Lookup } from './variables.ts';

/** A wait: `owner` waits for what `elementId` catches. */
export interface Catch {
  readonly owner: Seq;
  readonly elementId: ElementId;
  readonly trigger: CatchTrigger;
  /** The wait ends when the event has occurred; false: it goes on (non-interrupting events). */
  readonly closes: boolean;
  readonly lookup: Lookup;
  /** Correlation keys of boundary events are read from outside the activity (Zeebe). */
  readonly keyLookup: Lookup;
}

/** One trigger of a wait; `part`: which of several. */
interface SingleCatch extends Omit<Catch, 'trigger'> {
  readonly part: { readonly part: number } | undefined;
}

/** `but`: parts of a parallel multiple event that have occurred already. */
export function prepareCatch(run: Run, wait: Catch, but: readonly number[] = []): Result<Commit> {
  const { trigger } = wait;
  if (!('triggers' in trigger)) return prepareSingle(run, { ...wait, part: undefined }, trigger);
  const awaited = trigger.triggers.map((single, part) => ({ single, part })).filter(({ part }) => !but.includes(part));
  return together(
    awaited.map(
      ({ single, part }) =>
        () =>
          prepareSingle(run, { ...wait, part: { part } }, single),
    ),
  );
}

/** All or none: the commits of every wait, or the first failure. */
export function prepareCatches(run: Run, waits: readonly Catch[]): Result<Commit> {
  return together(waits.map((wait) => () => prepareCatch(run, wait)));
}

function together(preparations: readonly (() => Result<Commit>)[]): Result<Commit> {
  if (preparations.length === 0) return nothingToDo;
  const commits: Commit[] = [];
  for (const prepare of preparations) {
    const prepared = prepare();
    if (!prepared.ok) return prepared;
    commits.push(prepared.value);
  }
  return ok(() => {
    for (const commit of commits) commit();
  });
}

function prepareSingle(run: Run, wait: SingleCatch, trigger: SingleTrigger): Result<Commit> {
  switch (trigger.type) {
    case 'timer':
      return prepareTimer(run, wait, trigger.timer);
    case 'message':
      return prepareSubscription(run, wait, trigger.message);
    case 'signal':
      return prepareSignal(run, wait, trigger.signal);
    case 'conditional':
      return ok(() => watch(run, wait));
    // found when they are thrown; a link is reached by its flow
    case 'error':
    case 'escalation':
    case 'compensation':
    case 'cancel':
    case 'link':
      return nothingToDo;
  }
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
      closes: event.interrupting,
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

function prepareTimer(run: Run, wait: SingleCatch, timer: TimerDefinition): Result<Commit> {
  const due = dueTime(timer, { lookup: wait.lookup, nowMs: run.nowMs });
  if (!due.ok) return due;
  const { owner: element, elementId, part } = wait;
  return ok(() => emit(run, { type: 'timerSet', timer: nextSeq(run), element, elementId, ...due.value, ...part }));
}

function prepareSubscription(run: Run, wait: SingleCatch, message: MessageDefinition): Result<Commit> {
  const name = evaluateString(message.name, { lookup: wait.lookup, nowMs: run.nowMs });
  if (!name.ok) return name;
  if (message.correlationKey === null)
    return fail('EXTRACT_VALUE_ERROR', `Message '${name.value}' has no correlation key.`);
  const key = evaluateKey(message.correlationKey, { lookup: wait.keyLookup, nowMs: run.nowMs });
  if (!key.ok) return fail(key.failure.code, `Correlation key of message '${name.value}': ${key.failure.message}`);
  const { owner: element, elementId, closes: closesOnCorrelation, part } = wait;
  return ok(() =>
    emit(run, {
      type: 'messageSubscriptionOpened',
      subscription: nextSeq(run),
      element,
      elementId,
      messageName: name.value,
      correlationKey: key.value,
      closesOnCorrelation,
      ...part,
    }),
  );
}

function prepareSignal(run: Run, wait: SingleCatch, signal: SignalDefinition): Result<Commit> {
  const name = evaluateString(signal.name, { lookup: wait.lookup, nowMs: run.nowMs });
  if (!name.ok) return name;
  const { owner: element, elementId, closes: closesOnSignal, part } = wait;
  return ok(() =>
    emit(run, {
      type: 'signalSubscriptionOpened',
      subscription: nextSeq(run),
      element,
      elementId,
      signalName: name.value,
      closesOnSignal,
      ...part,
    }),
  );
}

/** The condition itself is looked at when the step has come to rest (conditions.ts). */
function watch(run: Run, { owner: element, elementId, closes: closesOnTrue, part }: SingleCatch): void {
  const condition = nextSeq(run);
  emit(run, { type: 'conditionWatched', condition, element, elementId, closesOnTrue, ...part });
  run.freshConditions.add(condition);
}
