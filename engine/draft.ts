/**
 * A working copy of an instance's state. Tables are copied when first written, and again after `stateOf` has handed them out, so
 * whoever holds a state never sees it change; a host that keeps one draft over many steps pays for no copies at all.
 */
import type { Seq } from './command.ts';
import type { Due } from './due-heap.ts';
import type { ElementInstance, InstanceState } from './instance.ts';
import type { Json } from './json.ts';
import type { FlowId } from './model.ts';

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
type KeyOf<K extends Table> = keyof InstanceState[K] & (string | number);
type EntryOf<K extends Table> = InstanceState[K][keyof InstanceState[K]];

/** What hangs on one element instance, by sequence number; what has never hung there is absent. */
type Attached = { [K in AttachedKind]?: Set<Seq> };
export type AttachedKind =
  | 'children'
  | 'jobs'
  | 'timers'
  | 'subscriptions'
  | 'signalSubscriptions'
  | 'conditions'
  /** Records of what was completed in this scope. */
  | 'compensations'
  /** The record by which this element instance itself can be undone. */
  | 'undo'
  | 'incidents';

export interface Draft {
  readonly state: Mutable<InstanceState>;
  /** Tables this draft has copied and may write to. */
  readonly owned: Set<Table>;
  /** Scopes whose element instance this draft has copied, with its loop and waiting tokens: those are written in place. */
  readonly ownedScopes: Set<Seq>;
  /** Multi-instance bodies whose list of outputs this draft has copied. */
  readonly ownedOutputs: Set<Seq>;
  /** Entries of each table; absent: not yet counted. */
  readonly sizes: { [K in Table]?: number };
  /** Built when first asked for, kept up by `attach` and `detach`. */
  index: Map<Seq, Attached> | null;
  /** Built when first asked for, kept up by `addDue` (due-heap.ts). */
  due: Due[] | null;
}

export const draftOf = (state: InstanceState): Draft => ({
  state: { ...state },
  owned: new Set(),
  ownedScopes: new Set(),
  ownedOutputs: new Set(),
  sizes: {},
  // nothing hangs on anything yet
  index: state.status === 'new' ? new Map() : null,
  due: null,
});

/** The state as it is now; later writes to the draft leave it alone. */
export function stateOf(draft: Draft): InstanceState {
  draft.owned.clear();
  draft.ownedScopes.clear();
  draft.ownedOutputs.clear();
  return { ...draft.state };
}

function writable(draft: Draft, table: Table): Record<string | Seq, unknown> {
  if (!draft.owned.has(table)) {
    draft.owned.add(table);
    (draft.state as Record<Table, object>)[table] = { ...draft.state[table] };
  }
  return draft.state[table];
}

/** Writes an entry of a table. */
export function put<K extends Table>(draft: Draft, table: K, key: KeyOf<K>, entry: EntryOf<K>): void {
  const entries = writable(draft, table);
  const size = draft.sizes[table];
  if (size !== undefined && !Object.hasOwn(entries, key)) draft.sizes[table] = size + 1;
  entries[key] = entry;
}

/** Takes an entry out of a table; none there: nothing happens. */
export function remove<K extends Table>(draft: Draft, table: K, key: KeyOf<K>): void {
  const entries = writable(draft, table);
  const size = draft.sizes[table];
  if (size !== undefined && Object.hasOwn(entries, key)) draft.sizes[table] = size - 1;
  delete entries[key];
}

/** Number of entries of a table. */
export const sizeOf = (draft: Draft, table: Table): number =>
  (draft.sizes[table] ??= Object.keys(draft.state[table]).length);

export function putElement(draft: Draft, element: ElementInstance): void {
  put(draft, 'elements', element.seq, element);
}

/** What changes of a scope whenever a token moves in it. */
interface Counters {
  children: number;
  readonly waitingTokens: Record<FlowId, number>;
  readonly loop: { created: number; completed: number; terminated: number } | null;
}

/** The counters of a scope, to be written to. */
export function writableCounters(draft: Draft, scope: ElementInstance): Counters {
  if (draft.ownedScopes.has(scope.seq)) return scope;
  draft.ownedScopes.add(scope.seq);
  const copy = { ...scope, loop: scope.loop && { ...scope.loop }, waitingTokens: { ...scope.waitingTokens } };
  putElement(draft, copy);
  return copy;
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

const nothing: ReadonlySet<Seq> = new Set();

/** Whether anything may hang on the element. */
export function hasAttached(draft: Draft, element: Seq): boolean {
  draft.index ??= indexOf(draft.state);
  return draft.index.has(element);
}

/** What hangs on the element, as it is from now on: it changes with the draft. */
export function attachedTo(draft: Draft, element: Seq, kind: AttachedKind): ReadonlySet<Seq> {
  draft.index ??= indexOf(draft.state);
  return draft.index.get(element)?.[kind] ?? nothing;
}

export function attach(draft: Draft, kind: AttachedKind, element: Seq, seq: Seq): void {
  if (draft.index) addTo(draft.index, kind, element, seq);
}

/** Attaches what is not the newest: what hangs on an element is gone through in order of its numbers, in whichever draft. */
export function attachInOrder(draft: Draft, kind: AttachedKind, element: Seq, seq: Seq): void {
  attach(draft, kind, element, seq);
  const attached = draft.index?.get(element);
  if (attached) attached[kind] = new Set([...(attached[kind] ?? [])].toSorted((a, b) => a - b));
}
export function detach(draft: Draft, kind: AttachedKind, element: Seq, seq: Seq): void {
  draft.index?.get(element)?.[kind]?.delete(seq);
}
/** The element has ended, and all that hung on it. */
export function forget(draft: Draft, element: Seq): void {
  draft.ownedScopes.delete(element);
  draft.index?.delete(element);
}

function addTo(index: Map<Seq, Attached>, kind: AttachedKind, element: Seq, seq: Seq): void {
  let attached = index.get(element);
  if (!attached) index.set(element, (attached = {}));
  (attached[kind] ??= new Set()).add(seq);
}

function indexOf(state: InstanceState): Map<Seq, Attached> {
  const index = new Map<Seq, Attached>();
  for (const element of Object.values(state.elements)) {
    if (element.seq !== 0) addTo(index, 'children', element.scope, element.seq);
  }
  for (const kind of ['jobs', 'timers', 'subscriptions', 'signalSubscriptions', 'conditions'] as const) {
    for (const [seq, { element }] of Object.entries(state[kind])) addTo(index, kind, element, Number(seq));
  }
  for (const [seq, { scope, of }] of Object.entries(state.compensations)) {
    addTo(index, 'compensations', scope, Number(seq));
    addTo(index, 'undo', of, Number(seq));
  }
  for (const [seq, { element }] of Object.entries(state.incidents)) {
    addTo(index, 'incidents', element ?? 0, Number(seq));
  }
  return index;
}
