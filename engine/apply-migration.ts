/** The fold of a migration: what an element instance is, and what hangs on it, changes without anything moving. */
import { elementOf, required } from './applying.ts';
import type { FactOf } from './applying.ts';
import type { Seq } from './command.ts';
import { attach, detach, put, putElement, writableCounters } from './draft.ts';
import type { Draft } from './draft.ts';
import type { ConditionState, SignalSubscriptionState, SubscriptionState, TimerState } from './instance.ts';

export function migrateElement(
  draft: Draft,
  { element: seq, elementId, elementType, scope }: FactOf<'elementMigrated'>,
): void {
  const before = elementOf(draft, seq);
  if (before.scope !== scope) {
    detach(draft, 'children', before.scope, seq);
    writableCounters(draft, elementOf(draft, before.scope)).children -= 1;
    attach(draft, 'children', scope, seq);
    writableCounters(draft, elementOf(draft, scope)).children += 1;
  }
  putElement(draft, { ...elementOf(draft, seq), elementId, type: elementType, scope });
}

type Waiting = TimerState & SubscriptionState & SignalSubscriptionState & ConditionState;
export function migrateWait(draft: Draft, { kind, wait, element, elementId, part }: FactOf<'waitMigrated'>): void {
  const before = required<{ readonly element: Seq | null }>(draft.state[kind][wait], kind, wait);
  detach(draft, kind, before.element ?? 0, wait);
  attach(draft, kind, element, wait);
  if (kind === 'jobs') put(draft, kind, wait, { ...required(draft.state.jobs[wait], kind, wait), element });
  else if (kind === 'incidents') {
    const incident = required(draft.state.incidents[wait], kind, wait);
    put(draft, kind, wait, { ...incident, element: incident.element === null ? null : element, elementId });
  } else put(draft, kind, wait, { ...before, element, elementId, part } as Waiting);
}
