/** Joins that wait for several branches: tokens are counted per branch; most joins are looked at when all else rests. */
import { exitsOf } from './block-process.ts';
import type { Block } from './block-process.ts';
import type { Frame, Go, Inside, Machine } from './reference-model.ts';

export interface Join {
  readonly id: string;
  readonly branches: readonly (Block | null)[];
  /** After the gateway. */
  readonly next: Go;
  /** Where the gateway is. */
  readonly inside: Inside;
  /** A token of each branch; of those that can still bring one (inclusive); or so many, and then a reset (complex). */
  readonly wants: 'each' | 'all that can come' | number;
}

/** What a token does after each branch. */
export function join(machine: Machine, { id, branches, next, inside, wants }: Join): Go[] {
  machine.joinsInside.set(id, inside);
  const leaving = branches.flatMap((block, index) => (exitsOf(block) > 0 ? [index] : []));
  const goOn: Go = (scope) => {
    machine.mark(`${id}join`);
    next(scope);
  };
  const waits = leaving.length > 1 || typeof wants === 'number';
  const tokens = new Tokens(machine, id, leaving);
  const tryIn = (scope: Frame): boolean => tryTo(wants, scope, tokens, () => machine.later(scope, goOn));
  // a parallel join need not know what else may come
  if (waits && wants !== 'each') machine.patients.push({ id, tryIn });
  const arrive = (scope: Frame, index: number): void => {
    tokens.arrive(scope, index);
    if (wants === 'each') tryIn(scope);
  };
  return branches.map((block, index): Go => {
    const arrives: Go = waits ? (scope) => arrive(scope, index) : goOn;
    if (exitsOf(block) < 2) return arrives;
    return (scope) => {
      machine.mark(`${id}joinm${index}`);
      arrives(scope);
    };
  });
}

/** Whether something happened. */
function tryTo(wants: Join['wants'], scope: Frame, tokens: Tokens, goOn: () => void): boolean {
  const here = tokens.present(scope);
  if (here.length === 0 && !scope.fired.has(tokens.id)) return false;
  if (typeof wants === 'number') return tryComplex(wants, scope, tokens, goOn);
  const missing = tokens.missing(here);
  if (wants === 'each' ? missing.length > 0 : tokens.mayCome(scope, missing)) return false;
  tokens.take(scope, here);
  goOn();
  return true;
}

/** BPMN 2.0.2 §13.4.5: goes on with enough tokens, then takes the late ones without going on again. */
function tryComplex(enough: number, scope: Frame, tokens: Tokens, goOn: () => void): boolean {
  const here = tokens.present(scope);
  const before = scope.fired.get(tokens.id);
  if (before) {
    const late = here.filter((index) => !before.includes(index));
    if (tokens.mayCome(scope, tokens.missing([...before, ...late]))) return false;
    tokens.take(scope, late);
    scope.fired.delete(tokens.id);
    return true;
  }
  if (tokens.count(scope) < enough) return false;
  tokens.take(scope, here);
  scope.fired.set(tokens.id, here);
  goOn();
  return true;
}

/** The tokens before one join, in whichever instance of its scope. */
class Tokens {
  readonly id: string;
  readonly #machine: Machine;
  /** Branches that lead to the join. */
  readonly #leaving: readonly number[];

  constructor(machine: Machine, id: string, leaving: readonly number[]) {
    this.#machine = machine;
    this.id = id;
    this.#leaving = leaving;
  }

  arrive(scope: Frame, branch: number): void {
    const waiting = scope.arrivals.get(this.id) ?? [];
    waiting[branch] = (waiting[branch] ?? 0) + 1;
    scope.arrivals.set(this.id, waiting);
  }
  /** Branches with a token. */
  present(scope: Frame): number[] {
    return this.#leaving.filter((branch) => (scope.arrivals.get(this.id)?.[branch] ?? 0) > 0);
  }
  missing(branches: readonly number[]): number[] {
    return this.#leaving.filter((branch) => !branches.includes(branch));
  }
  count(scope: Frame): number {
    return (scope.arrivals.get(this.id) ?? []).reduce((sum, count) => sum + count, 0);
  }
  /** One of each of the branches. */
  take(scope: Frame, branches: readonly number[]): void {
    const waiting = scope.arrivals.get(this.id) ?? [];
    for (const branch of branches) waiting[branch] = (waiting[branch] ?? 0) - 1;
    if (this.count(scope) === 0) scope.arrivals.delete(this.id);
  }
  /** Whether some token of the scope is where it may still get to one of the branches' ends. */
  mayCome(scope: Frame, branches: readonly number[]): boolean {
    const ends = branches.map((branch) => endOf(this.id, branch));
    const places = [...scope.children].map((child) => child.inside);
    for (const other of scope.arrivals.keys()) places.push(this.#machine.joinsInside.get(other) ?? []);
    return places.some((inside) => ends.some((end) => inside.includes(end)));
  }
}

/** The end of a branch, as it is named in `Inside`. */
export const endOf = (join: string, branch: number): string => `${join}/${branch}`;
