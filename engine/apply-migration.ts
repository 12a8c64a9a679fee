/** The fold of a migration: what an element instance is, and what hangs on it, changes without anything moving. */
import { removeRecord } from './apply-compensation.ts';
import { amend, elementOf, required } from './applying.ts';
import type { FactOf } from './applying.ts';
import type { Seq } from './command.ts';
import { attachInOrder, detach, put, putElement, remove, writableCounters } from './draft.ts';
import type { Draft } from './draft.ts';
import type { ConditionState, SignalSubscriptionState, SubscriptionState, TimerState } from './instance.ts';

/** What is remembered by the id of an element has the new id from now on. */
export function migrateInstance(
  draft: Draft,
  { definitionKey, version, renamed, undo }: FactOf<'instanceMigrated'>,
): void {
  const { completedBy, endElements, held } = draft.state;
  const idOf = (id: string): string => (Object.hasOwn(renamed, id) ? (renamed[id] ?? id) : id);
  const completers: Record<string, readonly string[]> = {};
  for (const [id, accounts] of Object.entries(completedBy)) {
    completers[idOf(id)] = [...new Set([...(completers[idOf(id)] ?? []), ...accounts])];
  }
  Object.assign(draft.state, { definitionKey, version, endElements: [...new Set(endElements.map(idOf))] });
  for (const id of Object.keys(completedBy)) remove(draft, 'completedBy', id);
  for (const [id, accounts] of Object.entries(completers)) put(draft, 'completedBy', id, accounts);
  if (held?.startElement) draft.state.held = { ...held, startElement: idOf(held.startElement) };
  for (const { record, elementId, handler } of undo) {
    const before = required(draft.state.compensations[record], 'compensation record', record);
    if (elementId !== null) put(draft, 'compensations', record, { ...before, elementId, handler });
    else forgetRecord(draft, record, before.holder);
  }
  for (const { seq, detail } of Object.values(draft.state.elements)) {
    const adHoc = detail?.adHoc;
    if (!adHoc || adHoc.chosen.length === 0) continue;
    const chosen = adHoc.chosen.map((choice) => ({ ...choice, elementId: idOf(choice.elementId) }));
    amend(draft, seq, { adHoc: { ...adHoc, chosen } });
  }
}

function forgetRecord(draft: Draft, record: Seq, holder: Seq | null): void {
  const compensation = holder === null ? undefined : draft.state.elements[holder]?.detail?.compensation;
  if (holder !== null && compensation) {
    const records = compensation.records.filter((other) => other !== record);
    amend(draft, holder, { compensation: { ...compensation, records } });
  }
  removeRecord(draft, record);
}

export function migrateElement(
  draft: Draft,
  { element: seq, elementId, elementType, scope }: FactOf<'elementMigrated'>,
): void {
  const before = elementOf(draft, seq);
  if (before.scope !== scope) {
    detach(draft, 'children', before.scope, seq);
    writableCounters(draft, elementOf(draft, before.scope)).children -= 1;
    attachInOrder(draft, 'children', scope, seq);
    writableCounters(draft, elementOf(draft, scope)).children += 1;
  }
  putElement(draft, { ...elementOf(draft, seq), elementId, type: elementType, scope });
}

type Waiting = TimerState & SubscriptionState & SignalSubscriptionState & ConditionState;
export function migrateWait(draft: Draft, { kind, wait, element, elementId, part }: FactOf<'waitMigrated'>): void {
  const before = required<{ readonly element: Seq | null }>(draft.state[kind][wait], kind, wait);
  const owner = before.element ?? 0;
  // whoever goes through what hangs on an element must not find it there again
  if (owner !== element) {
    detach(draft, kind, owner, wait);
    attachInOrder(draft, kind, element, wait);
  }
  if (kind === 'jobs') put(draft, kind, wait, { ...required(draft.state.jobs[wait], kind, wait), element });
  else if (kind === 'incidents') {
    const incident = required(draft.state.incidents[wait], kind, wait);
    put(draft, kind, wait, { ...incident, element: incident.element === null ? null : element, elementId });
  } else put(draft, kind, wait, { ...before, element, elementId, part } as Waiting);
}
