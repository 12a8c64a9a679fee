/**
 * A working copy of an instance's state. Tables are copied when first written, and again after `stateOf` has handed them out, so
 * whoever holds a state never sees it change; a host that keeps one draft over many steps pays for no copies at all.
 */
import type { Seq } from './command.ts';
import type { ElementInstance, InstanceState } from './instance.ts';
import type { Json } from './json.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Table =
  | 'elements'
  | 'userTasks'
  | 'jobs'
  | 'timers'
  | 'subscriptions'
  | 'signalSubscriptions'
  | 'conditions'
  | 'compensations'
  | 'children'
  | 'incidents'
  | 'completedBy';
type MutableTable<K extends Table> = Mutable<InstanceState[K]>;

/** What hangs on one element instance, by sequence number. */
export interface Attached {
  readonly children: Set<Seq>;
  readonly jobs: Set<Seq>;
  readonly timers: Set<Seq>;
  readonly subscriptions: Set<Seq>;
  readonly signalSubscriptions: Set<Seq>;
  readonly conditions: Set<Seq>;
  /** Records of what was completed in this scope. */
  readonly compensations: Set<Seq>;
  /** The record by which this element instance itself can be undone. */
  readonly undo: Set<Seq>;
  readonly incidents: Set<Seq>;
}
export type AttachedKind = keyof Attached;

export interface Draft {
  readonly state: Mutable<InstanceState>;
  /** Tables this draft has copied and may write to. */
  readonly owned: Set<Table>;
  /** Multi-instance bodies whose list of outputs this draft has copied. */
  readonly ownedOutputs: Set<Seq>;
  /** Built when first asked for, kept up by `attach` and `detach`. */
  index: Map<Seq, Attached> | null;
  /** Active element instances, the process included; null: not yet counted. */
  elementCount: number | null;
}

export const draftOf = (state: InstanceState): Draft => ({
  state: { ...state },
  owned: new Set(),
  ownedOutputs: new Set(),
  index: null,
  elementCount: null,
});

/** The state as it is now; later writes to the draft leave it alone. */
export function stateOf(draft: Draft): InstanceState {
  draft.owned.clear();
  draft.ownedOutputs.clear();
  return { ...draft.state };
}

/** The table, to be written to. */
export function writable<K extends Table>(draft: Draft, table: K): MutableTable<K> {
  if (!draft.owned.has(table)) {
    draft.owned.add(table);
    draft.state[table] = { ...draft.state[table] };
  }
  return draft.state[table];
}

export function putElement(draft: Draft, element: ElementInstance): void {
  (writable(draft, 'elements') as Record<Seq, ElementInstance>)[element.seq] = element;
}

export function elementCountOf(draft: Draft): number {
  draft.elementCount ??= Object.keys(draft.state.elements).length;
  return draft.elementCount;
}
export function countElements(draft: Draft, more: 1 | -1): void {
  if (draft.elementCount !== null) draft.elementCount += more;
}

/** The outputs of a multi-instance body, to be written to. */
export function writableOutputs(draft: Draft, body: ElementInstance): Json[] {
  const outputs = body.loop?.outputs ?? [];
  if (draft.ownedOutputs.has(body.seq)) return outputs as Json[];
  draft.ownedOutputs.add(body.seq);
  const copy = [...outputs];
  if (body.loop) putElement(draft, { ...body, loop: { ...body.loop, outputs: copy } });
  return copy;
}

/** What hangs on the element; undefined: nothing. */
export function attachedTo(draft: Draft, element: Seq): Attached | undefined {
  draft.index ??= indexOf(draft.state);
  return draft.index.get(element);
}

export function attach(draft: Draft, kind: AttachedKind, element: Seq, seq: Seq): void {
  if (draft.index) entryOf(draft.index, element)[kind].add(seq);
}
export function detach(draft: Draft, kind: AttachedKind, element: Seq, seq: Seq): void {
  draft.index?.get(element)?.[kind].delete(seq);
}

function entryOf(index: Map<Seq, Attached>, element: Seq): Attached {
  let entry = index.get(element);
  if (!entry) {
    entry = {
      children: new Set(),
      jobs: new Set(),
      timers: new Set(),
      subscriptions: new Set(),
      signalSubscriptions: new Set(),
      conditions: new Set(),
      compensations: new Set(),
      undo: new Set(),
      incidents: new Set(),
    };
    index.set(element, entry);
  }
  return entry;
}

function indexOf(state: InstanceState): Map<Seq, Attached> {
  const index = new Map<Seq, Attached>();
  for (const element of Object.values(state.elements)) {
    if (element.seq !== 0) entryOf(index, element.scope).children.add(element.seq);
  }
  for (const kind of ['jobs', 'timers', 'subscriptions', 'signalSubscriptions', 'conditions'] as const) {
    for (const [seq, { element }] of Object.entries(state[kind])) entryOf(index, element)[kind].add(Number(seq));
  }
  for (const [seq, { scope, of }] of Object.entries(state.compensations)) {
    entryOf(index, scope).compensations.add(Number(seq));
    entryOf(index, of).undo.add(Number(seq));
  }
  for (const [seq, { element }] of Object.entries(state.incidents)) {
    entryOf(index, element ?? 0).incidents.add(Number(seq));
  }
  return index;
}
