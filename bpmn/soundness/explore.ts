/** Breadth-first search of the markings of one scope, up to a bound. */
import type { FlowNode } from '#engine/model.ts';
import { boundaryEventsOf, type ScopeNet } from './net.ts';
import { components } from './components.ts';
import { limits } from './limits.ts';
import { idAt, keyOf, markingOf, type Marking, type Place } from './marking.ts';
import { movesOf, nodeOf, type Move } from './moves.ts';

/** States that may still be looked at, in all scopes of a process. */
export interface Budget {
  left: number;
}
export interface Edge {
  readonly to: number;
  readonly waits: boolean;
}
/** What was passed on the way from a state to the next. */
export interface Passage {
  /** -1: the scope begins here. */
  readonly parent: number;
  readonly trail: readonly string[];
}
export interface State extends Passage {
  /** null: the scope has ended. */
  readonly marking: Marking | null;
  readonly completed: boolean;
  /** null: not looked at, the bound was reached. */
  edges: readonly Edge[] | null;
}
export interface Exploration {
  readonly states: readonly State[];
  /** No state was left out. */
  readonly complete: boolean;
  /** First passage of each element and flow. */
  readonly visited: ReadonlyMap<string, Passage>;
  /** States in which a place got its second token, with that place; later ones follow from the first and are not listed. */
  readonly doubled: readonly { readonly place: Place; readonly state: number }[];
}

export function explore(net: ScopeNet, budget: Budget): Exploration {
  const search = new Search(net, budget);
  for (const { places, trail } of net.begins) {
    search.reach({ next: markingOf(places), completes: true, trail, waits: false }, -1);
  }
  search.run();
  return search;
}

class Search implements Exploration {
  readonly states: State[] = [];
  readonly visited = new Map<string, Passage>();
  readonly doubled: { place: Place; state: number }[] = [];
  complete = true;
  readonly #net: ScopeNet;
  readonly #budget: Budget;
  readonly #known = new Map<string, number>();
  readonly #doubledStates = new Set<number>();
  /** Detached boundary events whose path has been begun. */
  readonly #detachedBegun = new Set<string>();

  constructor(net: ScopeNet, budget: Budget) {
    this.#net = net;
    this.#budget = budget;
  }

  /** Looks at every state; where tokens go round for ever, the others must not be forgotten: there all are moved. */
  run(): void {
    let looked = 0;
    const wholly = new Set<number>();
    do {
      for (; looked < this.states.length; looked += 1) this.#look(looked);
      const round = endlessParts(this.states).map(([first = 0]) => first);
      for (const state of round) if (!wholly.has(state)) this.#look(state, true);
      for (const state of round) wholly.add(state);
    } while (looked < this.states.length);
  }

  #look(index: number, all = false): void {
    const state = this.states[index];
    if (state === undefined || state.marking === null) return;
    const crowded = [...state.marking.values()].some((count) => count > limits.tokensPerPlace);
    if (crowded || this.#budget.left <= 0) {
      state.edges = null;
      this.complete = false;
      return;
    }
    const moves = movesOf(this.#net, state.marking, all);
    state.edges = moves.map((move) => ({ to: this.reach(move, index), waits: move.waits }));
    for (const place of state.marking.keys()) this.#beginDetached(place, index);
  }

  /** The path of a detached boundary event is looked at by itself, once. */
  #beginDetached(place: Place, index: number): void {
    const node = nodeOf(this.#net, place);
    if (node === undefined || node.id !== idAt(place)) return;
    for (const { id } of boundaryEventsOf(this.#net, node)) {
      if (!this.#net.detached.has(id) || this.#detachedBegun.has(id)) continue;
      this.#detachedBegun.add(id);
      this.reach({ next: markingOf([id]), completes: true, trail: [id], waits: true }, index);
    }
  }

  /** The state's index. */
  reach({ next, completes, trail }: Move, parent: number): number {
    const key = next === null ? `ended ${completes}` : keyOf(next);
    const known = this.#known.get(key);
    const state = known ?? this.states.length;
    if (known === undefined) {
      this.#known.set(key, state);
      this.#budget.left -= 1;
      const completed = next === null ? completes : next.size === 0;
      this.states.push({ marking: next, completed, parent, trail, edges: [] });
      this.#noteDoubled(state, parent);
    }
    for (const id of trail) if (!this.visited.has(id)) this.visited.set(id, { parent, trail });
    return state;
  }

  #noteDoubled(state: number, parent: number): void {
    const places = [...(this.states[state]?.marking ?? [])].filter(
      ([place, count]) => count > 1 && this.#counts(place),
    );
    if (places.length === 0) return;
    this.#doubledStates.add(state);
    if (!this.#doubledStates.has(parent)) for (const [place] of places) this.doubled.push({ place, state });
  }

  /** Only where something happens twice, or a second token waits before a join, has anything gone wrong. */
  #counts(place: Place): boolean {
    const node = nodeOf(this.#net, place);
    if (node === undefined) return false;
    if (node.type === 'endEvent') return node.results.length > 0;
    const passes = node.type === 'exclusiveGateway' || (isGateway(node) && node.id === idAt(place));
    return !passes && node.type !== 'boundaryEvent';
  }
}

const isGateway = ({ type }: FlowNode): boolean => type.endsWith('Gateway') && type !== 'eventBasedGateway';

/** States that go round for ever: from none of them is a token lost, the scope ended or a bound hit. Each part in order of discovery. */
export function endlessParts(states: readonly State[]): readonly (readonly number[])[] {
  const successors = (state: number): number[] => states[state]?.edges?.map(({ to }) => to) ?? [];
  const isEndless = (part: readonly number[]): boolean => {
    const inside = new Set(part);
    return part.every((state) => {
      const next = successors(state);
      return next.length > 0 && next.every((to) => inside.has(to));
    });
  };
  const parts = components(states.length, successors).filter(isEndless);
  return parts.map((part) => part.toSorted((one, other) => one - other));
}

/** The elements and flows passed from the begin of the scope to a state. */
export function pathTo(states: readonly State[], state: number): readonly string[] {
  const trails: (readonly string[])[] = [];
  for (let at = states[state]; at !== undefined; at = states[at.parent]) trails.push(at.trail);
  return trails.toReversed().flat();
}

/** The same to the first passage of an element or flow, with it. */
export function pathOfPassage(states: readonly State[], { parent, trail }: Passage, id: string): readonly string[] {
  return [...pathTo(states, parent), ...trail.slice(0, trail.indexOf(id) + 1)];
}
