/**
 * Whether what happened is what a trace tells, up to interleaving: the same occurrences, each as often, the k-th of a name taken for the
 * k-th; and of two occurrences that depend on each other the order of the trace. They depend on each other when
 *
 * - one concerns a scope and the other something within it, or
 * - they are the k-th of their names and concern the same node, or a flow and its source, or a flow and its only target.
 *
 * Where several flows lead to a node that does not join, no node begins more often than tokens have come. What is left free is the order
 * of tokens that know nothing of each other.
 */
import type { ProcessModel } from '#engine/model.ts';
import { counted } from './run.ts';
import type { Played } from './run.ts';
import { isJoin, written } from './occurrences.ts';
import type { Occurrence } from './occurrences.ts';

/** Empty: met. */
export function differences({ expected, actual, processes }: Played): string[] {
  const [wanted, is] = [counted(expected), counted(actual)];
  const missing = [...wanted]
    .filter(([name, count]) => (is.get(name) ?? 0) < count)
    .map(([name]) => `missing: ${name}`);
  const extra = [...is].filter(([name, count]) => (wanted.get(name) ?? 0) < count).map(([name]) => `extra: ${name}`);
  if (missing.length + extra.length > 0) return [...missing, ...extra];
  return [...misordered(expected, actual, dependence(processes)), ...uninvited(actual, processes)];
}

interface Placed {
  readonly occurrence: Occurrence;
  /** Which of its name, from 0. */
  readonly ordinal: number;
  /** Place in what happened. */
  readonly at: number;
}
type Depends = (a: Placed, b: Placed) => boolean;

function misordered(expected: readonly Occurrence[], actual: readonly Occurrence[], depends: Depends): string[] {
  const places = new Map<string, number[]>();
  for (const [index, occurrence] of actual.entries()) {
    const name = written(occurrence);
    places.set(name, [...(places.get(name) ?? []), index]);
  }
  const seen = new Map<string, number>();
  const placed = expected.map((occurrence): Placed => {
    const name = written(occurrence);
    const ordinal = seen.get(name) ?? 0;
    seen.set(name, ordinal + 1);
    return { occurrence, ordinal, at: places.get(name)?.[ordinal] ?? 0 };
  });
  const problems: string[] = [];
  for (const [index, later] of placed.entries()) {
    for (const earlier of placed.slice(0, index)) {
      if (earlier.at > later.at && depends(earlier, later)) {
        problems.push(`order: ${written(earlier.occurrence)} before ${written(later.occurrence)}`);
      }
    }
  }
  return problems;
}

/** A node that several flows lead to begins once for each token, and not before it has come. */
function uninvited(actual: readonly Occurrence[], processes: readonly ProcessModel[]): string[] {
  const problems: string[] = [];
  const merging = processes.flatMap(({ nodes }) =>
    Object.values(nodes).filter((node) => node.incoming.length > 1 && !isJoin(node)),
  );
  for (const node of merging) {
    let tokens = 0;
    for (const { kind, id } of actual) {
      if (kind === 'flow' && node.incoming.includes(id)) tokens += 1;
      if (kind === 'begin' && id === node.id) tokens -= 1;
      if (tokens < 0) problems.push(`begin ${id} without a token`);
    }
  }
  return problems;
}

/** Symmetric relation of ids. */
class Relation {
  readonly #near = new Map<string, Set<string>>();

  add(a: string, b: string): void {
    for (const [from, to] of [
      [a, b],
      [b, a],
    ] as const)
      this.#near.set(from, (this.#near.get(from) ?? new Set()).add(to));
  }
  has(a: string, b: string): boolean {
    return this.#near.get(a)?.has(b) ?? false;
  }
}

function dependence(processes: readonly ProcessModel[]): Depends {
  const [within, adjacent] = [new Relation(), new Relation()];
  for (const { processId, nodes, flows } of processes) {
    for (const node of Object.values(nodes)) {
      within.add(processId, node.id);
      for (let scope = node.parent; scope !== null; scope = nodes[scope]?.parent ?? null) within.add(scope, node.id);
    }
    for (const { id, source, target } of Object.values(flows)) {
      within.add(processId, id);
      adjacent.add(id, source);
      const node = nodes[target];
      if (node && (node.incoming.length === 1 || isJoin(node))) adjacent.add(id, target);
    }
  }
  return ({ occurrence: a, ordinal: k }, { occurrence: b, ordinal: l }) =>
    within.has(a.id, b.id) || (k === l && (a.id === b.id || adjacent.has(a.id, b.id)));
}
