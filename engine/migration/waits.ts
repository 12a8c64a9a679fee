/**
 * What element instances wait for, before and after: a wait for the same is kept, with the time it has left; what has changed is asked
 * for anew, what the target does not wait for is withdrawn, what only the target waits for begins. What has occurred does not come back.
 */
import type { Catch } from '../catching.ts';
import { prepareCatch } from '../catching.ts';
import type { MigrateInstance, Seq } from '../command.ts';
import { attachedTo } from '../draft.ts';
import { evaluateKey, evaluateString } from '../expression.ts';
import { isBody } from '../flow.ts';
import type { ElementInstance } from '../instance.ts';
import type { ElementId, MessageDefinition, SingleTrigger } from '../model.ts';
import { elementIn, emit, lookupIn, raiseAwaited } from '../run.ts';
import type { Run } from '../run.ts';
import { awaitedBy, singlesOf } from './awaited.ts';
import type { Awaited } from './awaited.ts';

const tables = ['timers', 'subscriptions', 'signalSubscriptions', 'conditions'] as const;
type Kind = (typeof tables)[number];
const kindOf: { readonly [T in SingleTrigger['type']]?: Kind } = {
  timer: 'timers',
  message: 'subscriptions',
  signal: 'signalSubscriptions',
  conditional: 'conditions',
};

interface Wait {
  readonly kind: Kind;
  readonly seq: Seq;
  readonly elementId: ElementId;
  readonly part: number;
}

/** One element instance whose waits are put right. */
export interface Waiter {
  readonly owner: Seq;
  /** By the source, under the ids that the catching elements have in the target; null: the element has none there. */
  readonly before: readonly (Awaited & { readonly image: ElementId | null })[];
  /** By the target. */
  readonly after: readonly Awaited[];
}

/** By the model that the run follows. */
export function awaitedOf(run: Run, owner: Seq): readonly Awaited[] {
  const element = elementIn(run, owner);
  const isInner = owner !== 0 && isBody(run.draft.state.elements[element.scope]?.type);
  return awaitedBy(run.process, element, isInner);
}

export function waitsOf(run: Run, owner: Seq): Wait[] {
  const { state } = run.draft;
  return tables.flatMap((kind) =>
    [...attachedTo(run.draft, owner, kind)].flatMap((seq): Wait[] => {
      const wait = state[kind][seq];
      return wait ? [{ kind, seq, elementId: wait.elementId, part: wait.part }] : [];
    }),
  );
}

/** Comes when the run follows the target. */
export function migrateWaits(run: Run, waiter: Waiter, timers: MigrateInstance['timers']): void {
  const { owner, before, after } = waiter;
  const images = new Map(before.map(({ elementId, image }) => [elementId, image]));
  const had = new Map(before.flatMap((awaited) => (awaited.image === null ? [] : [[awaited.image, awaited]])));
  const anew = new Set<ElementId>();
  const kept = new Map<ElementId, number[]>();
  for (const wait of waitsOf(run, owner)) {
    const image = images.get(wait.elementId) ?? null;
    const wanted = after.find(({ elementId }) => elementId === image);
    const old = before.find(({ elementId }) => elementId === wait.elementId);
    if (wanted && old && isSame(run, { owner, wait, old, wanted }, timers)) {
      keep(run, owner, wait, wanted, timers);
      kept.set(wanted.elementId, [...(kept.get(wanted.elementId) ?? []), wait.part]);
    } else {
      close(run, owner, wait);
      if (wanted) anew.add(wanted.elementId);
    }
  }
  for (const awaited of unbegunOf(run, owner)) {
    const image = images.get(awaited);
    if (image) anew.add(image);
  }
  for (const wanted of after) {
    const old = had.get(wanted.elementId);
    const hasOccurred = old !== undefined && !anew.has(wanted.elementId) && isAlike(old, wanted);
    if (!hasOccurred) begin(run, owner, wanted, kept.get(wanted.elementId) ?? []);
  }
}

/** Incidents of waits that another migration could not begin are over with this one: it begins those that the target has. */
function unbegunOf(run: Run, owner: Seq): ElementId[] {
  const { incidents } = run.draft.state;
  return [...attachedTo(run.draft, owner, 'incidents')].flatMap((incident) => {
    const awaited = incidents[incident]?.awaited;
    if (awaited === undefined) return [];
    emit(run, { type: 'incidentResolved', incident });
    return [awaited];
  });
}

const isAlike = (old: Awaited, wanted: Awaited): boolean =>
  old.trigger.type === wanted.trigger.type && singlesOf(old.trigger).length === singlesOf(wanted.trigger).length;

interface Pair {
  readonly owner: Seq;
  readonly wait: Wait;
  readonly old: Awaited;
  readonly wanted: Awaited;
}

/** Whether the wait as it is serves the target. */
function isSame(run: Run, { owner, wait, old, wanted }: Pair, timers: MigrateInstance['timers']): boolean {
  const [had, single] = [singlesOf(old.trigger)[wait.part], singlesOf(wanted.trigger)[wait.part]];
  if (!had || !single || !isAlike(old, wanted) || kindOf[single.type] !== wait.kind) return false;
  if (single.type === 'timer') return (timers[wanted.elementId] ?? 'keep') !== 'restart';
  if (old.closes !== wanted.closes) return false;
  if (JSON.stringify(had) === JSON.stringify(single)) return true;
  if (single.type === 'message') return isSameMessage(run, owner, wait.seq, { ...wanted, message: single.message });
  if (single.type !== 'signal') return false;
  const name = evaluateString(single.signal.name, { lookup: lookupIn(run, owner), nowMs: run.nowMs });
  return name.ok && name.value === run.draft.state.signalSubscriptions[wait.seq]?.signalName;
}

interface Subscribing extends Awaited {
  readonly message: MessageDefinition;
}
function isSameMessage(run: Run, owner: Seq, subscription: Seq, { kind, message }: Subscribing): boolean {
  const open = run.draft.state.subscriptions[subscription];
  const scope = { lookup: lookupIn(run, owner), nowMs: run.nowMs };
  const lookup = kind === 'boundary' ? lookupIn(run, elementIn(run, owner).scope) : scope.lookup;
  const name = evaluateString(message.name, scope);
  const key = message.correlationKey && evaluateKey(message.correlationKey, { ...scope, lookup });
  return name.ok && name.value === open?.messageName && key?.ok === true && key.value === open.correlationKey;
}

function keep(run: Run, owner: Seq, wait: Wait, { elementId }: Awaited, timers: MigrateInstance['timers']): void {
  const { kind, seq, part } = wait;
  emit(run, { type: 'waitMigrated', kind, wait: seq, element: owner, elementId, part });
  const choice = timers[elementId];
  if (kind === 'timers' && typeof choice === 'object') {
    emit(run, { type: 'timerRescheduled', timer: seq, dueMs: choice.dueMs });
  }
}

function close(run: Run, owner: Seq, { kind, seq, elementId }: Wait): void {
  const { subscriptions, signalSubscriptions } = run.draft.state;
  if (kind === 'timers') emit(run, { type: 'timerCanceled', timer: seq });
  else if (kind === 'conditions') emit(run, { type: 'conditionWithdrawn', condition: seq });
  else if (kind === 'subscriptions') {
    const { messageName = '', correlationKey = '' } = subscriptions[seq] ?? {};
    emit(run, { type: 'messageSubscriptionClosed', subscription: seq, messageName, correlationKey });
  } else {
    const { signalName = '' } = signalSubscriptions[seq] ?? {};
    emit(run, { type: 'signalSubscriptionClosed', subscription: seq, signalName });
  }
  const occurred = elementIn(run, owner).detail?.occurred ?? {};
  if (Object.hasOwn(occurred, elementId)) emit(run, { type: 'eventPartsConsumed', element: owner, elementId });
}

/** A wait that begins with the migration. One that cannot be told is an incident: nothing else of the case is held up by it. */
export function begin(run: Run, owner: Seq, wanted: Awaited, but: readonly number[] = []): void {
  const { elementId, trigger, closes, kind } = wanted;
  const lookup = lookupIn(run, owner);
  const keyLookup = kind === 'boundary' ? lookupIn(run, elementIn(run, owner).scope) : lookup;
  const wait: Catch = { owner, elementId, trigger, closes, lookup, keyLookup };
  const prepared = prepareCatch(run, wait, but);
  if (prepared.ok) prepared.value();
  else raiseAwaited(run, owner, elementId, prepared.failure);
}

/** Once its incident is resolved. */
export function openAgain(run: Run, owner: Seq, awaited: ElementId): void {
  const wanted = awaitedOf(run, owner).find(({ elementId }) => elementId === awaited);
  if (!wanted) return;
  const open = waitsOf(run, owner).filter(({ elementId }) => elementId === awaited);
  const occurred = elementIn(run, owner).detail?.occurred?.[awaited] ?? [];
  begin(run, owner, wanted, [...open.map(({ part }) => part), ...occurred]);
}

/** Triggers of a parallel multiple event that have occurred stay so under its new id. */
export function migrateOccurred(
  run: Run,
  element: ElementInstance,
  imageOf: (id: ElementId) => ElementId | null,
): void {
  for (const [elementId, parts] of Object.entries(element.detail?.occurred ?? {})) {
    const image = imageOf(elementId);
    if (image === elementId) continue;
    emit(run, { type: 'eventPartsConsumed', element: element.seq, elementId });
    if (image === null) continue;
    for (const part of parts) emit(run, { type: 'eventPartOccurred', element: element.seq, elementId: image, part });
  }
}
