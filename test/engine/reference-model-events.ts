/** Waiting for events, and what they set off. */
import type { EventScope, Trigger } from './block-process.ts';
import { Frame } from './reference-model.ts';
import type { Machine, Values, Wait } from './reference-model.ts';

/** An event that something waits for. */
export interface Awaited {
  /** The catching element. */
  readonly id: string;
  readonly trigger: Trigger;
  /** Awaited once; or as often as it comes. */
  readonly once: boolean;
  readonly fire: (variables: Values) => void;
  /** Place among the triggers of a multiple event. */
  readonly part?: number;
}

/** Waits for the event as long as the frame lasts. What is thrown (errors, escalations, cancel) is caught otherwise. */
export function awaitEvent(machine: Machine, frame: Frame, event: Awaited): Wait[] {
  const { id, trigger, once, fire, part = 0 } = event;
  const label = `${id}@${frame.place}`;
  switch (trigger.type) {
    case 'timer':
      return [awaitTime(machine, frame, event, trigger)];
    case 'message':
    case 'signal':
      return [machine.wait(trigger.type, frame, fire, { label, name: trigger.name, once, part })];
    case 'conditional':
      return [machine.wait('condition', frame, fire, { label, name: trigger.flag, once, part })];
    case 'multiple':
      return awaitAny(machine, frame, event, trigger.triggers);
    case 'parallelMultiple':
      return awaitAll(machine, frame, event, trigger.triggers);
    case 'error':
    case 'escalation':
    case 'cancel':
      return [];
  }
}

/** The first of them is the event. */
function awaitAny(machine: Machine, frame: Frame, event: Awaited, triggers: readonly Trigger[]): Wait[] {
  const fire = (variables: Values): void => {
    if (event.once) for (const wait of waits) machine.waits.delete(wait);
    event.fire(variables);
  };
  const waits = triggers.flatMap((trigger, part) => awaitEvent(machine, frame, { ...event, trigger, part, fire }));
  return waits;
}

/** The last of them is the event; the others bring their variables before. */
function awaitAll(machine: Machine, frame: Frame, event: Awaited, triggers: readonly Trigger[]): Wait[] {
  const occurred = new Set<number>();
  return triggers.flatMap((trigger, part) => {
    const fire = (variables: Values): void => {
      occurred.add(part);
      if (occurred.size < triggers.length) {
        machine.set(frame, variables);
        return;
      }
      occurred.clear();
      event.fire(variables);
    };
    return awaitEvent(machine, frame, { ...event, trigger, part, fire });
  });
}

function awaitTime(
  machine: Machine,
  frame: Frame,
  { id, fire, once, part = 0 }: Awaited,
  { seconds, repeats }: Extract<Trigger, { type: 'timer' }>,
): Wait {
  let left = repeats === null || once ? 1 : repeats;
  const set = (dueMs: number): Wait => {
    const ring = (variables: Values): void => {
      left -= 1;
      if (left > 0) set(dueMs + seconds * 1000);
      fire(variables);
    };
    return machine.wait('timer', frame, ring, { label: `${id}@${frame.place}`, dueMs, part });
  };
  return set(machine.nowMs + seconds * 1000);
}

/** The event sub-process may begin as long as the scope lasts; `run`: its inside. */
export function awaitStart(machine: Machine, scope: Frame, event: EventScope, run: (frame: Frame) => void): void {
  const { id, trigger, interrupting } = event;
  if (trigger.type === 'compensation') return;
  const fire = (variables: Values): void => {
    if (interrupting) interrupt(machine, scope);
    machine.set(scope, variables);
    beginEvent(machine, scope, { id, run, done: () => undefined });
  };
  if (trigger.type === 'error' || trigger.type === 'escalation') {
    scope.inner.push({ type: trigger.type, code: trigger.code, begins: id, fire: () => fire({}) });
    return;
  }
  scope.starts.add(`${id}s@${scope.place}`);
  awaitEvent(machine, scope, { id: `${id}s`, trigger, once: interrupting, fire });
}

/** Runs an event sub-process; then `done`. */
export function beginEvent(
  machine: Machine,
  scope: Frame,
  { id, run, done }: { readonly id: string; readonly run: (frame: Frame) => void; readonly done: () => void },
): void {
  const frame = new Frame(id, scope);
  frame.isEvent = true;
  frame.whenEmpty = () => {
    machine.complete(frame);
    done();
  };
  run(frame);
}

/** The normal flow of the scope ends, and no other event sub-process of it begins any more. */
export function interrupt(machine: Machine, scope: Frame): void {
  machine.clear(scope);
  machine.closeEvents(scope);
}
