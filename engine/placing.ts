/**
 * Where an element can be activated by hand: in the only active scope that it belongs to; within a scope that does not exist yet, which then
 * begins without its start events and input mappings (as in Zeebe); never where it could not be told which of several scopes is meant.
 */
import type { Seq } from './command.ts';
import { attachedTo } from './draft.ts';
import { beginEventSubProcess } from './event-sub-process.ts';
import type { Move } from './fact.ts';
import { activateNode, isBody } from './flow.ts';
import type { Asked } from './handler.ts';
import type { ElementInstance } from './instance.ts';
import type { Variables } from './json.ts';
import type {
  AdHocSubProcess,
  ElementId,
  EventSubProcess,
  FlowNode,
  ProcessModel,
  StartEvent,
  SubProcess,
} from './model.ts';
import { elementIn, emit, nodeOf, schedule, setLocal } from './run.ts';
import type { Run } from './run.ts';

/** A scope that is active, or one that is to begin. */
export type Place = Seq | NewScope;
export interface NewScope {
  readonly node: ScopeNode;
  readonly within: Place;
}
type ScopeNode = SubProcess | EventSubProcess | AdHocSubProcess;

/** An element that is to be activated. */
export interface Activation {
  readonly node: FlowNode;
  readonly place: Place;
  /** Set before anything of it begins. */
  readonly variables: readonly PlacedVariables[];
}
export interface PlacedVariables {
  /** null: the activated element itself. */
  readonly at: Place | null;
  readonly variables: Variables;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };
export const found = <T>(value: T): Answer<T> => ({ ok: true, value });
export const problem = (text: string): { readonly ok: false; readonly problem: string } => ({
  ok: false,
  problem: text,
});

/** What places are looked for on: the instance as it is, and the scopes that the same command begins. */
export interface Board {
  readonly asked: Asked;
  readonly instances: ReadonlyMap<ElementId, readonly ElementInstance[]>;
  readonly begun: NewScope[];
}

export function boardOf(asked: Asked): Board {
  const instances = new Map<ElementId, ElementInstance[]>();
  for (const element of Object.values(asked.draft.state.elements)) {
    const known = instances.get(element.elementId);
    if (known) known.push(element);
    else instances.set(element.elementId, [element]);
  }
  return { asked, instances, begun: [] };
}

/** The node; what an object has by inheritance is none. */
export function nodeAt({ nodes }: ProcessModel, elementId: ElementId): FlowNode | null {
  const node = Object.hasOwn(nodes, elementId) ? nodes[elementId] : undefined;
  return node ?? null;
}

/** Why the element cannot be activated by hand whatever the state, with what can be done instead; null: it can. */
function neverActivated(process: ProcessModel, node: FlowNode): string | null {
  if (node.type === 'startEvent') {
    const instead = node.parent === null ? 'the element after it' : `'${node.parent}', or the element after it`;
    return `'${node.id}' is a start event: activate ${instead}.`;
  }
  if (node.type === 'boundaryEvent') return `'${node.id}' is a boundary event: activate the element that follows it.`;
  if (isUndoing(process, node)) return `'${node.id}' undoes something: only a compensation begins it.`;
  for (const flow of node.incoming) {
    const source = process.nodes[process.flows[flow]?.source ?? ''];
    if (source?.type === 'eventBasedGateway') {
      return `'${node.id}' is one of the events that gateway '${source.id}' waits for: activate '${source.id}'.`;
    }
  }
  return null;
}

function isUndoing(process: ProcessModel, node: FlowNode): boolean {
  if (node.type !== 'eventSubProcess') return 'isForCompensation' in node && node.isForCompensation;
  return startOf(process, node)?.trigger?.type === 'compensation';
}

const startOf = (process: ProcessModel, { startEvent }: EventSubProcess): StartEvent | null => {
  const start = nodeAt(process, startEvent);
  return start?.type === 'startEvent' ? start : null;
};

/** The element to activate, when it can be. */
export function activatable(process: ProcessModel, elementId: ElementId): Answer<FlowNode> {
  const node = nodeAt(process, elementId);
  if (!node) return problem(`The process has no element '${elementId}'.`);
  const never = neverActivated(process, node);
  return never === null ? found(node) : problem(never);
}

/** Scopes around the element, innermost first. */
function parentsOf(process: ProcessModel, node: FlowNode): ScopeNode[] {
  const parents: ScopeNode[] = [];
  for (let id = node.parent; id !== null;) {
    const parent = nodeAt(process, id);
    if (!parent || !('eventSubProcesses' in parent)) break;
    parents.push(parent);
    id = parent.parent;
  }
  return parents;
}

/** `base`: an active scope around the element, within which it is looked for; 0: anywhere. */
export function placeFor(board: Board, node: FlowNode, base: Seq = 0): Answer<Place> {
  const [parent] = parentsOf(board.asked.process, node);
  if (!parent) return found(0);
  const { elements } = board.asked.draft.state;
  if (base !== 0 && elements[base]?.elementId === parent.id) return found(base);
  const active = (board.instances.get(parent.id) ?? []).filter(
    ({ type, seq }) => type === parent.type && isWithin(board, seq, base),
  );
  const places: Place[] = [
    ...active.map(({ seq }) => seq),
    ...board.begun.filter((scope) => scope.node.id === parent.id && isWithin(board, scope, base)),
  ];
  const [place, other] = places;
  if (place === undefined) return newScope(board, parent, () => placeFor(board, parent, base));
  if (other === undefined) return found(place);
  return problem(
    `'${parent.id}' is active ${places.length} times (${places.filter((one) => typeof one === 'number').join(', ')}): say in which as \`ancestor\`.`,
  );
}

/** The element is activated within this one; scopes in between begin anew, also where there are others of the same element (Zeebe). */
export function placeWithin(board: Board, node: FlowNode, ancestor: Seq): Answer<Place> {
  const { process, draft } = board.asked;
  const element = draft.state.elements[ancestor];
  if (!element) return problem(`Ancestor ${ancestor} is not active.`);
  if (isBody(element.type)) {
    return problem(`Ancestor ${ancestor} holds the instances of '${element.elementId}': name one of those.`);
  }
  const parents = parentsOf(process, node);
  const depth =
    ancestor === 0
      ? parents.length
      : parents.findIndex(({ id, type }) => id === element.elementId && type === element.type);
  if (depth < 0) return problem(`Ancestor ${ancestor} ('${element.elementId}') is no scope around '${node.id}'.`);
  let place: Answer<Place> = found(ancestor);
  for (const parent of parents.slice(0, depth).toReversed()) {
    if (!place.ok) return place;
    const within: Answer<Place> = place;
    place = newScope(board, parent, () => within);
  }
  return place;
}

function newScope(board: Board, node: ScopeNode, within: () => Answer<Place>): Answer<Place> {
  const isLooping = 'multiInstance' in node && (node.multiInstance ?? node.standardLoop) !== null;
  if (isLooping) {
    return problem(
      `'${node.id}' is not active and repeats: activate '${node.id}' itself, or name one of its instances as \`ancestor\`.`,
    );
  }
  if (isUndoing(board.asked.process, node))
    return problem(`'${node.id}' undoes something: only a compensation begins it.`);
  const place = within();
  if (!place.ok) return place;
  const scope = { node, within: place.value };
  board.begun.push(scope);
  return found(scope);
}

/** The innermost scope from `from` outwards that is around the element: where what moves from there goes. */
export function commonScope(board: Board, node: FlowNode, from: Seq): Seq {
  const { process, draft } = board.asked;
  const parents = new Map(parentsOf(process, node).map(({ id, type }) => [id, type]));
  for (let at = from; at !== 0;) {
    const element = draft.state.elements[at];
    if (!element) return 0;
    if (parents.get(element.elementId) === element.type) return at;
    at = element.scope;
  }
  return 0;
}

/** The active scope that the place is, or begins in. */
export function rootOf(place: Place): Seq {
  let at = place;
  while (typeof at !== 'number') at = at.within;
  return at;
}

function isWithin({ asked }: Board, place: Place, base: Seq): boolean {
  for (let at = rootOf(place); ;) {
    if (at === base) return true;
    const element = asked.draft.state.elements[at];
    if (at === 0 || !element) return false;
    at = element.scope;
  }
}

/** The scope of that id around a place; the process by its own id. null: there is none. */
export function scopeNamed({ asked }: Board, place: Place, scopeId: ElementId): Place | null {
  for (let at = place; ;) {
    if (typeof at !== 'number') {
      if (at.node.id === scopeId) return at;
      at = at.within;
      continue;
    }
    const element = asked.draft.state.elements[at];
    if (!element) return null;
    if (element.elementId === scopeId && !isBody(element.type)) return at;
    if (at === 0) return null;
    at = element.scope;
  }
}

/** Why nothing can be activated in the scope as it is now; null: it can. */
export function whyClosed({ process, draft }: Asked, scope: Seq): string | null {
  const { state } = draft;
  const element = state.elements[scope];
  if (!element) return `Scope ${scope} is not active.`;
  const what = scope === 0 ? `The process '${process.processId}'` : `'${element.elementId}' (${scope})`;
  const incidents = [...attachedTo(draft, scope, 'incidents')].map((seq) => state.incidents[seq]?.stage);
  const pending = (state.paused?.agenda ?? []).filter((move) => move.element === scope).map(({ stage }) => stage);
  // a scope has no jobs of its own: any is a listener's
  const [listener] = [...attachedTo(draft, scope, 'jobs')].map((job) => state.jobs[job]?.purpose);
  const isBeginning =
    [...incidents, ...pending].some((stage) => stage === 'activate' || stage === 'start') ||
    (listener?.kind === 'executionListener' && listener.event === 'start');
  if (isBeginning || (scope === 0 && state.held)) return `${what} has not begun yet: let it begin, or end it, first.`;
  if (listener || element.detail?.adHoc?.closed) return `${what} is about to complete: nothing new begins in it.`;
  const isCancelled = [...attachedTo(draft, scope, 'children')].some(
    (child) => state.elements[child]?.detail?.compensation?.cancels === scope,
  );
  return isCancelled ? `${what} is being cancelled: nothing new begins in it.` : null;
}

/** Activates the elements, in order, in scopes that begin as needed. What comes of it is left to the agenda. */
export function activateAll(run: Run, activations: readonly Activation[]): void {
  const begun = new Map<NewScope, Seq>();
  const seqAt = (place: Place): Seq => (typeof place === 'number' ? place : beginScope(run, place, begun));
  for (const activation of activations) {
    const scope = seqAt(activation.place);
    keepOpen(run, rootOf(activation.place));
    for (const { at, variables } of activation.variables) if (at !== null) setLocal(run, seqAt(at), variables);
    const element = activateOne(run, activation.node, scope);
    for (const { at, variables } of activation.variables) if (at === null) setLocal(run, element, variables);
  }
}

function beginScope(run: Run, scope: NewScope, begun: Map<NewScope, Seq>): Seq {
  const known = begun.get(scope);
  if (known !== undefined) return known;
  const within = typeof scope.within === 'number' ? scope.within : beginScope(run, scope.within, begun);
  const seq = activateNode(run, scope.node, within);
  begun.set(scope, seq);
  schedule(run, seq, 'enter');
  return seq;
}

function activateOne(run: Run, node: FlowNode, scope: Seq): Seq {
  if (node.type === 'eventSubProcess') {
    const start = beginEventSubProcess(run, scope, nodeOf(run, node.startEvent) as StartEvent);
    return elementIn(run, start).scope;
  }
  const seq = activateNode(run, node, scope);
  // as when its condition holds
  if (node.type === 'complexGateway') setLocal(run, seq, { waitingForStart: true });
  schedule(run, seq, 'activate');
  return seq;
}

const isEnding = ({ stage }: Pick<Move, 'stage'>): boolean => stage === 'complete' || stage === 'leave';

/** A scope that was about to complete has something to do again. */
export function keepOpen(run: Run, scope: Seq): void {
  const others = run.agenda.filter((move) => move.element !== scope || !isEnding(move));
  if (others.length < run.agenda.length) run.agenda.splice(0, run.agenda.length, ...others);
  for (const incident of attachedTo(run.draft, scope, 'incidents')) {
    const state = run.draft.state.incidents[incident];
    if (state && isEnding(state)) emit(run, { type: 'incidentResolved', incident });
  }
}
