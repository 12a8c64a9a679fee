/**
 * What a migration makes of each element instance and each waiting token, decided from where they are and the two models alone: the
 * command, its preview and the question whether the case can still end ask the same.
 */
import type { ElementMapping, Seq } from '../command.ts';
import type { ElementType } from '../fact.ts';
import { instanceTypeOf, isBody, isJoin } from '../flow.ts';
import type { ElementInstance } from '../instance.ts';
import { jobOf } from '../job.ts';
import { hasAny } from '../json.ts';
import type { ElementId, FlowId, FlowNode, ProcessModel } from '../model.ts';
import { Images } from './images.ts';
import { sidePaths } from './side-paths.ts';
import { flowFor } from './tokens.ts';

/** What of an element instance a plan depends on. */
export type Standing = Pick<ElementInstance, 'seq' | 'elementId' | 'type' | 'scope' | 'waitingTokens'>;
export type Standings = Readonly<Record<Seq, Standing>>;

/** A scope instance that the migration creates around what has moved into it. */
export interface NewScope {
  readonly elementId: ElementId;
  readonly within: ScopeRef;
}
/** A scope instance: one there is, or a new one. */
export type ScopeRef = Seq | NewScope;

export interface PlannedElement {
  readonly seq: Seq;
  /** In the target. */
  readonly elementId: ElementId;
  readonly type: ElementType;
  readonly scope: ScopeRef;
  /** `anew`: its work is withdrawn and the target element begins; `inPlace`: the same within its looping activity. */
  readonly how: 'kept' | 'anew' | 'inPlace';
}
export interface PlannedTokens {
  readonly from: Seq;
  readonly flow: FlowId;
  readonly count: number;
  readonly scope: ScopeRef;
  /** They wait before a join, or there is none any more and they go on. */
  readonly to:
    | { readonly type: 'waits'; readonly flow: FlowId }
    | { readonly type: 'goesOn'; readonly elementId: ElementId };
}

export type MigrationProblemCode =
  | 'processDiffers'
  | 'targetUnknown'
  | 'elementMissing'
  | 'tokenMissing'
  | 'typeDiffers'
  | 'loopDiffers'
  | 'notEnterable'
  | 'scopeNotEnterable'
  | 'loopNotLeavable'
  | 'scopeAmbiguous'
  | 'compensating';
/** Why a case cannot follow the target. */
export interface MigrationProblem {
  readonly code: MigrationProblemCode;
  /** The element instance, or the scope of a waiting token; null: the whole instance. */
  readonly element: Seq | null;
  /** Element or flow of the source. */
  readonly elementId: string;
  readonly target: string | null;
}
export interface Plan {
  readonly problems: readonly MigrationProblem[];
  /** Outer before inner; the process itself is not among them. */
  readonly elements: readonly PlannedElement[];
  /** Outer before inner. */
  readonly created: readonly NewScope[];
  readonly tokens: readonly PlannedTokens[];
  /** Scopes that nothing is left in: they end without completing. Inner before outer. */
  readonly emptied: readonly Seq[];
}

export interface Models {
  readonly source: ProcessModel;
  readonly target: ProcessModel;
  readonly mapping: readonly ElementMapping[];
}

export function planMigration(models: Models, elements: Standings): Plan {
  return new Planner(models, elements).plan();
}

const plainScopes: ReadonlySet<ElementType> = new Set(['subProcess', 'transaction']);
const scopes: ReadonlySet<ElementType> = new Set([...plainScopes, 'adHocSubProcess', 'eventSubProcess']);
const throwers: ReadonlySet<ElementType> = new Set(['intermediateThrowEvent', 'endEvent']);
export const isScope = (node: FlowNode | undefined): boolean => node !== undefined && scopes.has(node.type);

class Planner {
  readonly #models: Models;
  readonly #images: Images;
  readonly #elements: Standings;
  readonly #problems: MigrationProblem[] = [];
  readonly #planned = new Map<Seq, PlannedElement>();
  readonly #decided = new Map<Seq, Omit<PlannedElement, 'scope'>>();
  /** Ended together with the element instance around them. */
  readonly #withdrawn = new Set<Seq>();
  readonly #dissolved = new Set<Seq>();
  readonly #created: NewScope[] = [];
  readonly #tokens: PlannedTokens[] = [];
  /** Scopes that hold something now. */
  readonly #holding: ReadonlySet<Seq>;

  constructor(models: Models, elements: Standings) {
    this.#models = models;
    this.#images = new Images(models);
    this.#elements = elements;
    const inner = Object.values(elements).filter(({ seq }) => seq !== 0);
    this.#holding = new Set(inner.map(({ scope }) => scope));
  }

  /** Nothing is active in it and no token waits. */
  #isAlone({ seq, waitingTokens }: Standing): boolean {
    return !this.#holding.has(seq) && !hasAny(waitingTokens);
  }

  plan(): Plan {
    const { source, target, mapping } = this.#models;
    if (source.processId !== target.processId) this.#refuse('processDiffers', null, source.processId, target.processId);
    for (const { source: from, target: to } of mapping) {
      if (!this.#images.has(to)) this.#refuse('targetUnknown', null, from, to);
    }
    const order = outerFirst(this.#elements);
    for (const element of order) this.#decide(element);
    // what moves into a scope must find it placed
    const byDepth = [...this.#decided.values()].toSorted((a, b) => this.#weight(a) - this.#weight(b));
    for (const decided of byDepth) this.#place(decided);
    for (const element of order) this.#checkThrower(element);
    for (const element of order) if (!this.#withdrawn.has(element.seq)) this.#placeTokens(element);
    this.#checkCompensations();
    this.#checkCreated();
    const elements = order.flatMap(({ seq }) => this.#planned.get(seq) ?? []);
    const emptied = this.#emptied(order.toReversed());
    return { problems: this.#problems, elements, created: this.#created, tokens: this.#tokens, emptied };
  }

  #refuse(code: MigrationProblemCode, element: Seq | null, elementId: string, target: string | null = null): void {
    this.#problems.push({ code, element, elementId, target });
  }

  #decide(element: Standing): void {
    const { seq, elementId, type, scope } = element;
    if (seq === 0) return;
    if (this.#withdrawn.has(scope)) {
      this.#withdrawn.add(seq);
      return;
    }
    const node = this.#images.node(elementId);
    if (!node) {
      if (scopes.has(type) && !this.#isAlone(element)) this.#dissolved.add(seq);
      else if (!isBody(this.#elements[scope]?.type)) this.#refuse('elementMissing', seq, elementId);
      return;
    }
    const how = this.#howOf(element, node);
    if (how === null) return;
    const isInner = isBody(this.#elements[scope]?.type);
    const becomes = type === 'compensation' ? type : isInner ? node.type : instanceTypeOf(node);
    this.#decided.set(seq, { seq, elementId: node.id, type: becomes, how });
    if (how === 'anew') this.#withdraw(element);
  }

  /** Everything within ends with it. */
  #withdraw({ seq }: Standing): void {
    this.#withdrawn.add(seq);
  }

  #howOf(element: Standing, node: FlowNode): PlannedElement['how'] | null {
    const { elementId, type, scope } = element;
    if (type === 'compensation') return 'kept';
    const before = this.#models.source.nodes[elementId];
    const isInner = isBody(this.#elements[scope]?.type);
    const becomes = isInner ? node.type : instanceTypeOf(node);
    if (isKind(type, becomes)) {
      if (isBody(type) && !collectsAlike(before, node)) return this.#no('loopDiffers', element, node);
      if (isBody(type) || isScope(node) || isSameWork(before, node)) return 'kept';
      return isInner ? 'inPlace' : 'anew';
    }
    return this.#otherwise(element, node, isBody(type) || isBody(becomes));
  }

  /** The work cannot go on as it is: it begins anew, where it can. */
  #otherwise(element: Standing, node: FlowNode, loops: boolean): PlannedElement['how'] | null {
    const around = this.#elements[element.scope]?.type;
    if (isScope(this.#models.source.nodes[element.elementId])) {
      return this.#no(loops ? 'loopDiffers' : 'typeDiffers', element, node);
    }
    if (isBody(around)) return isScope(node) ? this.#no('typeDiffers', element, node) : 'inPlace';
    const mayBegin = around === 'compensation' ? isReachable(node) : isEnterable(node);
    return mayBegin ? 'anew' : this.#no('notEnterable', element, node);
  }

  #no(code: MigrationProblemCode, { seq, elementId }: Standing, node: FlowNode): null {
    this.#refuse(code, seq, elementId, node.id);
    return null;
  }

  /** Scopes before what is in them. */
  #weight({ elementId, seq, type }: Omit<PlannedElement, 'scope'>): number {
    const within = this.#elements[seq]?.scope ?? 0;
    const depth = this.#images.depth(elementId) * 2 + (isBody(this.#elements[within]?.type) ? 1 : 0);
    return scopes.has(type) || isBody(type) ? depth : Number.MAX_SAFE_INTEGER;
  }

  #place(decided: Omit<PlannedElement, 'scope'>): void {
    const element = this.#elements[decided.seq];
    if (!element) return;
    const outer = this.#elements[element.scope]?.type;
    const stays = isBody(outer) || outer === 'compensation' || decided.type === 'compensation';
    const parent = this.#models.target.nodes[decided.elementId]?.parent ?? null;
    const scope = stays ? element.scope : this.#scopeFor(parent, element.scope, element);
    if (scope !== null) this.#planned.set(decided.seq, { ...decided, scope });
  }

  /** A throw event goes on once its compensation beside it has ended: neither leaves the other. */
  #checkThrower({ seq, elementId, type, scope }: Standing): void {
    const decided = this.#decided.get(seq);
    if (!decided || !throwers.has(type) || !this.#isCompensating(elementId, scope)) return;
    const stays = decided.how === 'kept' && this.#planned.get(seq)?.scope === scope;
    if (!stays) this.#refuse('compensating', seq, elementId, decided.elementId);
  }

  /** What undoes something stays in its compensation: whoever has asked for it goes on once all of it has ended. */
  #checkCompensations(): void {
    const placed = [
      ...[...this.#planned.values()].map(({ seq, scope, elementId: target }) => {
        const { scope: from = 0, elementId = '' } = this.#elements[seq] ?? {};
        return { seq, elementId, target, from, scope };
      }),
      ...this.#tokens.map(({ from, flow, scope }) => ({ seq: from, elementId: flow, target: null, from, scope })),
    ];
    for (const { seq, elementId, target, from, scope } of placed) {
      const compensation = this.#compensationAround(from);
      if (compensation !== 0 && !this.#isWithin(scope, compensation)) {
        this.#refuse('compensating', seq, elementId, target);
      }
    }
  }

  /** 0: none. */
  #compensationAround(from: Seq): Seq {
    let at = from;
    while (at !== 0 && this.#elements[at]?.type !== 'compensation') at = this.#elements[at]?.scope ?? 0;
    return at;
  }

  #isWithin(scope: ScopeRef, seq: Seq): boolean {
    if (typeof scope !== 'number') return this.#isWithin(scope.within, seq);
    if (scope === 0 || scope === seq) return scope === seq;
    return this.#isWithin(this.#planned.get(scope)?.scope ?? 0, seq);
  }

  #isCompensating(thrower: ElementId, scope: Seq): boolean {
    return Object.values(this.#elements).some(
      (beside) => beside.type === 'compensation' && beside.scope === scope && beside.elementId === thrower,
    );
  }

  /** The scope instance of the target's element that `from` or what is around it leads to. */
  #scopeFor(parent: ElementId | null, from: Seq, { seq, elementId }: Standing): ScopeRef | null {
    const wanted = [null, ...this.#images.chain(parent)];
    for (let at = from; ; at = this.#elements[at]?.scope ?? 0) {
      const image = at === 0 ? null : this.#scopeImage(at);
      const depth = image === undefined ? -1 : wanted.indexOf(image);
      if (depth !== -1) return this.#descend(at, wanted.slice(depth + 1) as ElementId[], { seq, elementId });
      if (at === 0) return null;
      // its loop would wait for what has left it
      if (isBody(this.#elements[at]?.type)) {
        this.#refuse('loopNotLeavable', seq, elementId, parent);
        return null;
      }
    }
  }

  /** The target's sub-process that a scope instance is one of; undefined: none. */
  #scopeImage(seq: Seq): ElementId | undefined {
    const planned = this.#planned.get(seq);
    return planned?.how === 'kept' && scopes.has(planned.type) ? planned.elementId : undefined;
  }

  #descend(
    start: ScopeRef,
    ids: readonly ElementId[],
    moved: { readonly seq: Seq; readonly elementId: string },
  ): ScopeRef | null {
    let at = start;
    for (const id of ids) {
      const there = this.#instancesIn(at, id);
      const [only] = there;
      if (there.length > 1) {
        this.#refuse('scopeAmbiguous', moved.seq, moved.elementId, id);
        return null;
      }
      const next = only ?? this.#create(at, id);
      if (next === null) {
        this.#refuse('scopeNotEnterable', moved.seq, moved.elementId, id);
        return null;
      }
      at = next;
    }
    return at;
  }

  /** Instances of a sub-process directly within a scope, those of a looping one within its body. */
  #instancesIn(at: ScopeRef, id: ElementId): ScopeRef[] {
    const there = [...this.#planned.values()].filter(({ elementId, how, type, scope }) => {
      const around =
        typeof scope === 'number' && isBody(this.#elements[scope]?.type) ? this.#planned.get(scope)?.scope : scope;
      return elementId === id && how === 'kept' && scopes.has(type) && around === at;
    });
    const created = this.#created.filter(({ elementId, within }) => elementId === id && within === at);
    return [...there.map(({ seq }) => seq), ...created];
  }

  #create(within: ScopeRef, elementId: ElementId): NewScope | null {
    const node = this.#models.target.nodes[elementId];
    if (!node || !plainScopes.has(instanceTypeOf(node))) return null;
    const created = { elementId, within };
    this.#created.push(created);
    return created;
  }

  #placeTokens(scope: Standing): void {
    for (const [flow, count] of Object.entries(scope.waitingTokens)) {
      const found = flowFor(this.#models, this.#images, flow);
      if (!found) {
        this.#refuse('tokenMissing', scope.seq, flow);
        continue;
      }
      const at = found.type === 'waits' ? (this.#models.target.flows[found.flow]?.target ?? '') : found.elementId;
      const node = this.#models.target.nodes[at];
      if (found.type === 'goesOn' && node && !isEnterable(node)) {
        this.#refuse('notEnterable', scope.seq, flow, at);
        continue;
      }
      const parent = node?.parent ?? null;
      const place = this.#scopeFor(parent, scope.seq, { ...scope, elementId: flow });
      if (place !== null) this.#tokens.push({ from: scope.seq, flow, count, scope: place, to: found });
    }
  }

  /** Its end lets a token go on: what is only done beside an activity must not bring one forth. */
  #checkCreated(): void {
    const side = sidePaths(this.#models.source);
    const moved = [
      ...[...this.#planned.values()].map(({ seq, scope }) => ({
        seq,
        scope,
        at: this.#elements[seq]?.elementId ?? '',
      })),
      ...this.#tokens.map(({ from, scope, flow }) => ({
        seq: from,
        scope,
        at: this.#models.source.flows[flow]?.target ?? '',
      })),
    ];
    const isIn = (scope: ScopeRef, created: NewScope): boolean =>
      scope === created || (typeof scope !== 'number' && isIn(scope.within, created));
    for (const created of this.#created) {
      const inside = moved.filter(({ scope }) => isIn(scope, created));
      if (inside.some(({ at }) => !side.has(at))) continue;
      for (const { seq, at } of inside) this.#refuse('scopeNotEnterable', seq, at, created.elementId);
    }
  }

  /** `order`: inner before outer. */
  #emptied(order: readonly Standing[]): readonly Seq[] {
    const left = new Map<ScopeRef, number>();
    const add = (scope: ScopeRef, by: number): void => void left.set(scope, (left.get(scope) ?? 0) + by);
    for (const { scope } of this.#planned.values()) add(scope, 1);
    for (const { within } of this.#created) add(within, 1);
    for (const { scope } of this.#tokens) add(scope, 1);
    const emptied: Seq[] = [];
    for (const element of order) {
      this.#dropCreated(left);
      const { seq, type } = element;
      if (seq === 0 || this.#withdrawn.has(seq)) continue;
      const isEmptied = scopes.has(type) && (left.get(seq) ?? 0) === 0 && !this.#isAlone(element);
      if (!isEmptied && !this.#dissolved.has(seq)) continue;
      emptied.push(seq);
      const planned = this.#planned.get(seq);
      if (planned) add(planned.scope, -1);
    }
    this.#dropCreated(left);
    return emptied;
  }

  /** Scopes that were to be created around what is emptied itself. `left`: what each scope would hold. */
  #dropCreated(left: Map<ScopeRef, number>): void {
    for (const scope of this.#created.toReversed()) {
      if ((left.get(scope) ?? 0) > 0) continue;
      this.#created.splice(this.#created.indexOf(scope), 1);
      left.set(scope.within, (left.get(scope.within) ?? 0) - 1);
    }
  }
}

/** Every element instance, outer before inner. */
export function outerFirst<E extends Standing>(elements: Readonly<Record<Seq, E>>): E[] {
  const within = new Map<Seq, E[]>();
  for (const element of Object.values(elements)) {
    if (element.seq === 0) continue;
    const siblings = within.get(element.scope);
    if (siblings) siblings.push(element);
    else within.set(element.scope, [element]);
  }
  const found = elements[0] ? [elements[0]] : [];
  for (let index = 0; index < found.length; index++) found.push(...(within.get(found[index]?.seq ?? -1) ?? []));
  return found;
}

const isKind = (type: ElementType, becomes: ElementType): boolean =>
  type === becomes || (plainScopes.has(type) && plainScopes.has(becomes));

function collectsAlike(before: FlowNode | undefined, node: FlowNode): boolean {
  const collects = (of: FlowNode | undefined): boolean =>
    of !== undefined && 'multiInstance' in of && (of.multiInstance?.outputCollection ?? null) !== null;
  return collects(before) === collects(node);
}

/** Whether work that is under way is the target's work too. */
function isSameWork(before: FlowNode | undefined, node: FlowNode): boolean {
  if (!before) return true;
  if (isLinkTarget(before) !== isLinkTarget(node)) return false;
  const [old, wanted] = [jobOf(before), jobOf(node)];
  return JSON.stringify(old?.job.type ?? null) === JSON.stringify(wanted?.job.type ?? null);
}

/** Nothing is waited for there: the link has come with its token. */
const isLinkTarget = (node: FlowNode): boolean =>
  node.type === 'intermediateCatchEvent' && node.trigger.type === 'link';

/** Whether a token can be put there without having come by a flow. */
const isEnterable = (node: FlowNode): boolean =>
  isReachable(node) && !('isForCompensation' in node && node.isForCompensation);

/** Nor because something is undone. */
const isReachable = (node: FlowNode): boolean =>
  !['startEvent', 'boundaryEvent', 'eventSubProcess'].includes(node.type) && !isJoin(node);

/** Scope instances that go on and get something which was not in them. */
export function enteredScopes({ elements, tokens, created }: Plan, standings: Standings): ReadonlySet<Seq> {
  const entered = new Set<Seq>();
  const enter = (scope: ScopeRef): void => {
    if (typeof scope === 'number') entered.add(scope);
  };
  for (const { seq, scope } of elements) if (standings[seq]?.scope !== scope) enter(scope);
  for (const { from, scope } of tokens) if (from !== scope) enter(scope);
  for (const { within } of created) enter(within);
  return entered;
}
