/** The end of a wait. */
import type { Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import { emit } from './run.ts';
import type { Run } from './run.ts';

/** Withdraws every timer and message subscription of the element instance. */
export function closeCatches(run: Run, element: Seq): void {
  const attached = attachedTo(run.draft, element);
  if (!attached) return;
  for (const timer of attached.timers) emit(run, { type: 'timerCanceled', timer });
  for (const subscription of attached.subscriptions) {
    const state = run.draft.state.subscriptions[subscription];
    if (!state) continue;
    const { messageName, correlationKey } = state;
    emit(run, { type: 'messageSubscriptionClosed', subscription, messageName, correlationKey });
  }
}

/** The open incidents of an element instance end with the reason for them; 0: those of the process. */
export function closeIncidents(run: Run, element: Seq): void {
  for (const incident of attachedTo(run.draft, element)?.incidents ?? []) {
    emit(run, { type: 'incidentResolved', incident });
  }
}
