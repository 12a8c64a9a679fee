/** What one BPMN element does, in three words: activate, complete, terminate. One file of `behaviors/` per element. */
import type { Draft } from './draft.ts';
import type { ElementType, Fact, IncidentCode, Move } from './fact.ts';
import type { Seq } from './command.ts';
import type { ElementInstance, SignalDelivery } from './instance.ts';
import type { ElementId, FlowId, FlowNode, ProcessModel } from './model.ts';
import type { Lookup } from './variables.ts';

/** The model's or the data's fault: becomes an incident on the element. */
export interface Failure {
  readonly code: IncidentCode;
  readonly message: string;
}
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: IncidentCode, message: string): { readonly ok: false; readonly failure: Failure } => ({
  ok: false,
  failure: { code, message },
});

/** States the facts. It comes after everything that can fail was evaluated, so a failed stage has left nothing behind. */
export type Commit = () => void;

/** Nothing to state. Known by its identity, so that what happens most often needs no closures. */
export const nothing: Commit = () => undefined;
export const nothingToDo: Result<Commit> = ok(nothing);

/** One after the other. */
export function inOrder(first: Commit, second: Commit): Commit {
  if (first === nothing) return second;
  return () => {
    first();
    second();
  };
}

/** An element instance at work. */
export interface Active<N> {
  readonly node: N;
  readonly element: ElementInstance;
  /** Variables as the element sees them, results of its mappings included. */
  readonly lookup: Lookup;
}

export interface Behavior<N> {
  /** Starts the element's work. */
  readonly activate: (run: Run, active: Active<N>) => Result<Commit>;
  /** The flows by which the token leaves. */
  readonly complete: (run: Run, active: Active<N>) => Result<readonly FlowId[]>;
  /** Ends work outside the engine that only this element began; what it waits for is ended for every element alike. */
  readonly terminate: (run: Run, active: Active<N>) => void;
}

/** The member of a union of nodes whose type may be `T`. */
type NodeOf<T extends ElementType> = FlowNode extends infer N
  ? N extends FlowNode
    ? T extends N['type']
      ? N
      : never
    : never
  : never;

/** One behavior per element type: a type without one does not compile. */
export type Behaviors = { readonly [T in FlowNode['type']]: Behavior<NodeOf<T>> };

/** One command being carried out: the working copy, the facts so far, and the moves still to make. */
export interface Run {
  /** Another after a migration. */
  process: ProcessModel;
  readonly behaviors: Behaviors;
  readonly draft: Draft;
  readonly nowMs: number;
  readonly actor: string;
  readonly facts: Fact[];
  /** First in, first out; an agenda instead of recursion. */
  readonly agenda: Move[];
  /** Moves made so far; past limits.movesPerStep the step pauses. */
  moves: number;
  /** How often each element was reached in each scope since the last rest, bounded by `visitsPerRest`. */
  readonly visits: Map<Seq, Map<ElementId, number>>;
  readonly visitsPerRest: number;
  /** Scopes in which a token moved: their joins are looked at when all else rests. null: no join depends on what can still come. */
  touched: Set<Seq> | null;
  /** Variables set since conditions were last looked at. */
  readonly changes: VariableChange[];
  /** Signals that own subscriptions are still to receive. */
  readonly signals: SignalDelivery[];
  /** Conditions that have just begun to be watched. */
  readonly freshConditions: Set<Seq>;
}

export interface VariableChange {
  readonly scope: Seq;
  readonly name: string;
  readonly event: 'create' | 'update';
}
