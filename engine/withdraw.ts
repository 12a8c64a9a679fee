/** The end of a wait. */
import type { Seq } from './command.ts';
import { attachedTo, hasAttached } from './draft.ts';
import type { ElementId } from './model.ts';
import { emit } from './run.ts';
import type { Run } from './run.ts';

/** Withdraws what the element instance waits for; `isMeant`: only that of the catching elements it accepts. */
export function closeCatches(run: Run, element: Seq, isMeant: (elementId: ElementId) => boolean = () => true): void {
  if (!hasAttached(run.draft, element)) return;
  const { timers, subscriptions, signalSubscriptions, conditions } = run.draft.state;
  for (const timer of attachedTo(run.draft, element, 'timers')) {
    if (isMeant(timers[timer]?.elementId ?? '')) emit(run, { type: 'timerCanceled', timer });
  }
  for (const subscription of attachedTo(run.draft, element, 'subscriptions')) {
    const state = subscriptions[subscription];
    if (!state || !isMeant(state.elementId)) continue;
    const { messageName, correlationKey } = state;
    emit(run, { type: 'messageSubscriptionClosed', subscription, messageName, correlationKey });
  }
  for (const subscription of attachedTo(run.draft, element, 'signalSubscriptions')) {
    const state = signalSubscriptions[subscription];
    if (!state || !isMeant(state.elementId)) continue;
    emit(run, { type: 'signalSubscriptionClosed', subscription, signalName: state.signalName });
  }
  for (const condition of attachedTo(run.draft, element, 'conditions')) {
    if (isMeant(conditions[condition]?.elementId ?? '')) emit(run, { type: 'conditionWithdrawn', condition });
  }
}

/** The open incidents of an element instance end with the reason for them; 0: those of the process. */
export function closeIncidents(run: Run, element: Seq): void {
  for (const incident of attachedTo(run.draft, element, 'incidents')) {
    emit(run, { type: 'incidentResolved', incident });
  }
}
