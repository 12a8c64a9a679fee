/**
 * Signals (BPMN 2.0.2 §10.5.1): one reaches everything that waits for it when it is thrown. What waits in the throwing instance has it within
 * the same step, before a scope that is about to end takes its waits along; the host carries it to everybody else.
 */
import type { Seq } from './command.ts';
import type { InstanceState, SignalDelivery } from './instance.ts';
import { keyWithin } from './keys.ts';
import type { Variables } from './json.ts';
import { emit, nextSeq } from './run.ts';
import type { Run } from './run.ts';
import { trigger } from './triggering.ts';

export function broadcastSignal(run: Run, element: Seq, signalName: string, variables: Variables): void {
  const signal = nextSeq(run);
  emit(run, { type: 'signalBroadcast', signal, element, signalName, variables });
  const signalKey = keyWithin(run.draft.state.instanceKey, signal);
  const [first, ...others] = receiversOf(run.draft.state, signalName, element);
  run.signals.push(...others.map((subscription) => ({ subscription, signalKey, variables })));
  if (first !== undefined) receiveSignal(run, { subscription: first, signalKey, variables });
}

/**
 * Who waits for the signal, in the order they have it: first the scopes around the element that throws it, which may be about to end; then
 * what interrupts before what does not, and the innermost, which was the last to wait.
 */
export function receiversOf(state: SignalState, name: string, thrower: Seq = 0): Seq[] {
  const around = scopesAround(state, thrower);
  return Object.entries(state.signalSubscriptions)
    .filter(([, { signalName }]) => signalName === name)
    .toSorted(
      ([a, one], [b, other]) =>
        Number(around.has(other.element)) - Number(around.has(one.element)) ||
        Number(other.closesOnSignal) - Number(one.closesOnSignal) ||
        Number(b) - Number(a),
    )
    .map(([seq]) => Number(seq));
}
type SignalState = Pick<InstanceState, 'signalSubscriptions' | 'elements'>;

function scopesAround({ elements }: SignalState, thrower: Seq): ReadonlySet<Seq> {
  const scopes = new Set<Seq>();
  for (let at = elements[thrower]; at && at.seq !== 0; at = elements[at.scope]) scopes.add(at.scope);
  return scopes;
}

/** The next receiver of a signal of this instance, once what the one before has set off has come to rest. Whether there was one. */
export function deliverSignal(run: Run): boolean {
  const delivery = run.signals.shift();
  if (delivery) receiveSignal(run, delivery);
  return delivery !== undefined;
}

/** Nothing when an earlier one has ended the wait. */
export function receiveSignal(run: Run, { subscription, signalKey, variables }: SignalDelivery): void {
  const waiting = run.draft.state.signalSubscriptions[subscription];
  if (!waiting) return;
  emit(run, { type: 'signalReceived', subscription, signalKey });
  trigger(run, { owner: waiting.element, elementId: waiting.elementId, part: waiting.part, variables });
}
