/**
 * Compensation (BPMN 2.0.2 §10.7, §13.5.5): what was completed is remembered while its scope lasts, and undone in reverse order of
 * completion when a throw event or the cancellation of a transaction asks for it. The handlers work in an element instance of type
 * `compensation`; the inside of a completed sub-process is undone in one of its own, with the variables as they were.
 */
import type { Seq } from './command.ts';
import { attachedTo, sizeOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { beginEventSubProcess, eventSubProcessesOf, interrupt, startEventOf } from './event-sub-process.ts';
import { activateNode, isBody, isEmpty, leaveScopeWhenEmpty } from './flow.ts';
import type { ElementInstance } from './instance.ts';
import { cancelJobs } from './job.ts';
import { limits } from './limits.ts';
import type { BoundaryEvent, ElementId, FlowNode, Properties } from './model.ts';
import { elementIn, emit, nextSeq, nodeOf, raise, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';
import { allWithin, endInstance, terminateWithin } from './terminate.ts';
import { triggerBoundary } from './triggering.ts';
import { closeIncidents } from './withdraw.ts';

/** Remembers an activity that is about to complete, when there is a way to undo it. */
export function registerCompensation(run: Run, { seq, elementId, scope, variables }: ElementInstance): void {
  const node = nodeOf(run, elementId);
  if (!('boundary' in node) || node.isForCompensation) return;
  // a task without boundary events: nothing undoes it, and nothing was completed within it
  if (node.boundary.length === 0 && !('eventSubProcesses' in node)) return;
  // the boundary event of a looping activity belongs to its body
  const event = isBody(run.draft.state.elements[scope]?.type) ? null : compensationEventOf(run, node);
  const subProcess = eventSubProcessesOf(run, seq).find(
    (candidate) => startEventOf(run, candidate).trigger?.type === 'compensation',
  );
  const inside = event === null;
  if (inside && !subProcess && !hasCompensations(run, seq)) return;
  if (sizeOf(run.draft, 'compensations') >= limits.compensations) {
    const message = `More than ${limits.compensations} completed activities would have to be remembered for compensation.`;
    raise(run, scope, 'acknowledge', { code: 'LIMIT_EXCEEDED', message });
    return;
  }
  emit(run, {
    type: 'compensationRegistered',
    record: nextSeq(run),
    scope,
    of: seq,
    elementId,
    handler: event?.handler ?? subProcess?.id ?? null,
    inside,
    variables: inside ? variables : {},
  });
}

const hasCompensations = (run: Run, scope: Seq): boolean => attachedTo(run.draft, scope, 'compensations').size > 0;

function compensationEventOf(
  run: Run,
  node: FlowNode & { readonly boundary: readonly ElementId[] },
): BoundaryEvent | null {
  for (const id of node.boundary) {
    const event = nodeOf(run, id) as BoundaryEvent;
    if (event.trigger.type === 'compensation') return event;
  }
  return null;
}

export interface CompensationRequest {
  /** Where the handlers work. */
  readonly scope: Seq;
  /** Shown as the reason: the throw event or the transaction. */
  readonly elementId: ElementId;
  readonly thrower: Seq | null;
  readonly cancels: Seq | null;
  /** null: everything. */
  readonly activity: ElementId | null;
  /** Why the process is cancelled. */
  readonly reason?: string;
}

/** Begins to undo. false: there is nothing to undo. */
export function compensate(run: Run, { activity, ...request }: CompensationRequest): boolean {
  const scopes = compensableScopes(run, request.scope);
  const records = recordsIn(run, scopes, activity);
  if (records.length === 0) return false;
  const holder = begin(run, { ...request, restores: null, records });
  schedule(run, holder, 'progress');
  return true;
}

/** The scope, and from within an event sub-process also the scopes around it: what is visible from there (BPMN 2.0.2 §10.5.5). */
function compensableScopes(run: Run, scope: Seq): readonly Seq[] {
  const scopes: Seq[] = [];
  for (let at = scope; ;) {
    scopes.push(at);
    const { type, scope: outer, detail } = elementIn(run, at);
    const restored = detail?.compensation?.restores ?? null;
    if (restored !== null) scopes.push(restored);
    if (type !== 'eventSubProcess') return scopes;
    at = outer;
  }
}

/** Latest completed first, without what is being undone already. */
function recordsIn(run: Run, scopes: readonly Seq[], activity: ElementId | null): readonly Seq[] {
  const { compensations } = run.draft.state;
  return scopes
    .flatMap((scope) => [...attachedTo(run.draft, scope, 'compensations')])
    .filter((record) => compensations[record]?.holder === null)
    .filter((record) => activity === null || compensations[record]?.elementId === activity)
    .toSorted((a, b) => b - a);
}

interface Beginning {
  readonly scope: Seq;
  readonly elementId: ElementId;
  readonly thrower: Seq | null;
  readonly cancels: Seq | null;
  readonly restores: Seq | null;
  readonly records: readonly Seq[];
  readonly reason?: string;
}

function begin(run: Run, { scope, elementId, ...links }: Beginning): Seq {
  const element = nextSeq(run);
  const { name } = links.cancels === 0 ? run.process : nodeOf(run, elementId);
  const elementType = 'compensation';
  emit(run, { type: 'elementActivated', element, elementId, elementType, name, scope, loopCounter: null });
  const properties = links.restores === null ? propertiesAt(run, scope) : nodeOf(run, elementId).properties;
  const sequential = properties['alur.compensationOrder'] === 'sequential';
  emit(run, { type: 'compensationStarted', element, ...links, sequential });
  return element;
}

const propertiesAt = (run: Run, scope: Seq): Properties =>
  scope === 0 ? run.process.properties : nodeOf(run, elementIn(run, scope).elementId).properties;

/** Handlers that may begin do; once the last has ended, whoever asked for the compensation goes on. */
export function progressCompensation(run: Run, seq: Seq): void {
  for (;;) {
    const element = elementIn(run, seq);
    const [record] = element.detail?.compensation?.records ?? [];
    if (record === undefined) break;
    if (element.detail?.compensation?.sequential && !isEmpty(element)) return;
    startHandler(run, seq, record);
  }
  const element = elementIn(run, seq);
  if (isEmpty(element)) finish(run, element);
}

function startHandler(run: Run, holder: Seq, record: Seq): void {
  const undone = run.draft.state.compensations[record];
  if (!undone) throw new Error(`No compensation record ${record} in ${run.draft.state.instanceKey}.`);
  emit(run, { type: 'compensationHandlerStarted', element: holder, record });
  const { elementId, handler, inside, of, variables } = undone;
  if (!inside) {
    occurAtBoundary(run, holder, elementId);
    if (handler !== null) schedule(run, activateNode(run, nodeOf(run, handler), holder), 'activate');
    return;
  }
  const records = handler === null ? recordsIn(run, [of], null) : [];
  const restored = begin(run, { scope: holder, elementId, thrower: null, cancels: null, restores: of, records });
  setLocal(run, restored, variables);
  const subProcess = handler === null ? null : nodeOf(run, handler);
  if (subProcess?.type === 'eventSubProcess') beginEventSubProcess(run, restored, startEventOf(run, subProcess));
  // as deep as sub-processes are nested
  else progressCompensation(run, restored);
}

/** The compensation boundary event occurs: it has no flow to leave by. */
function occurAtBoundary(run: Run, holder: Seq, activity: ElementId): void {
  const node = nodeOf(run, activity);
  const event = 'boundary' in node ? compensationEventOf(run, node) : null;
  if (!event) return;
  const element = activateNode(run, event, holder);
  emit(run, { type: 'elementCompleted', element, elementId: event.id, elementType: event.type });
}

function finish(run: Run, { seq, elementId, type, scope, detail }: ElementInstance): void {
  emit(run, { type: 'elementCompleted', element: seq, elementId, elementType: type });
  const { thrower = null, cancels = null, reason = '' } = detail?.compensation ?? {};
  if (cancels === 0) endInstance(run, reason);
  else if (cancels !== null) leaveCancelled(run, cancels);
  else if (thrower !== null) schedule(run, thrower, 'complete');
  else leaveScopeWhenEmpty(run, scope);
}

/**
 * BPMN 2.0.2 §13.5.6 (cancel): what is active in the transaction ends, what was completed in it is undone, then its cancel boundary event
 * takes the token.
 */
export function cancelTransaction(run: Run, source: Seq): void {
  const transaction = transactionAround(run, source);
  if (transaction === null) {
    const message = 'A cancel end event was reached outside of a transaction.';
    raise(run, source, 'acknowledge', { code: 'UNHANDLED_ERROR_EVENT', message });
    return;
  }
  const { elementId, type } = elementIn(run, source);
  emit(run, { type: 'elementCompleted', element: source, elementId, elementType: type });
  if (!undoAll(run, transaction)) leaveCancelled(run, transaction);
}

/** What is active in the scope ends, what was completed in it is undone. false: there is nothing to undo. */
function undoAll(run: Run, scope: Seq, reason?: string): boolean {
  rememberUnfinished(run, scope);
  const { elementId } = elementIn(run, scope);
  interrupt(run, scope, elementId);
  const request = { scope, elementId, thrower: null, cancels: scope, activity: null };
  return compensate(run, reason === undefined ? request : { ...request, reason });
}

/** The same for the whole instance, which is terminated once all is undone. */
export function cancelProcess(run: Run, reason: string): void {
  cancelJobs(run, 0);
  closeIncidents(run, 0);
  if (!undoAll(run, 0, reason)) endInstance(run, reason);
}

/** Whether the instance is being undone before it is terminated. */
export const isBeingCancelled = (draft: Draft): boolean =>
  [...attachedTo(draft, 0, 'children')].some(
    (child) => draft.state.elements[child]?.detail?.compensation?.cancels === 0,
  );

function transactionAround(run: Run, source: Seq): Seq | null {
  for (let at = source; at !== 0; at = elementIn(run, at).scope) {
    if (elementIn(run, at).type === 'transaction') return at;
  }
  return null;
}

/** What was completed within scopes that are still active is undone too: innermost first, they are remembered as if completed. */
function rememberUnfinished(run: Run, transaction: Seq): void {
  for (const seq of allWithin(run.draft, transaction).toReversed()) {
    const element = elementIn(run, seq);
    if (seq === transaction || element.type === 'compensation' || !hasCompensations(run, seq)) continue;
    const { elementId, scope, variables } = element;
    const record = nextSeq(run);
    emit(run, {
      type: 'compensationRegistered',
      record,
      scope,
      of: seq,
      elementId,
      handler: null,
      inside: true,
      variables,
    });
  }
}

function leaveCancelled(run: Run, transaction: Seq): void {
  const { scope, elementId } = elementIn(run, transaction);
  // the boundary events of a looping transaction belong to its body
  const owner = isBody(run.draft.state.elements[scope]?.type) ? scope : transaction;
  const node = nodeOf(run, elementId);
  const events = 'boundary' in node ? node.boundary.map((id) => nodeOf(run, id) as BoundaryEvent) : [];
  const event = events.find(({ trigger }) => trigger.type === 'cancel');
  if (event) triggerBoundary(run, owner, event, {});
  else {
    terminateWithin(run, transaction);
    const message = `The transaction '${elementId}' was cancelled, but has no cancel boundary event.`;
    raise(run, transaction, 'complete', { code: 'UNHANDLED_ERROR_EVENT', message });
  }
}
