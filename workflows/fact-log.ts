/** The facts of this run, for whoever compares the read model with its workflow. A replay makes them again, so nothing is stored. */
import { limits } from './limits.ts';
import type { InstanceFact } from './messages.ts';

export class FactLog {
  #facts: InstanceFact[] = [];

  add(fact: InstanceFact): void {
    this.#facts.push(fact);
    // The earliest go first, many at a time.
    if (this.#facts.length > limits.factsKept) this.#facts = this.#facts.slice(-limits.factsKept / 2);
  }

  /** Facts after a number, as many as fit one answer. */
  readonly after = (number: number): readonly InstanceFact[] => {
    const later = this.#facts.filter((fact) => fact.number > number);
    return later.slice(0, batchLength(later, limits.factBytesPerAnswer));
  };
}

/** How many facts, from the first, one payload takes: as many as its limits allow, and at least one. */
export function batchLength(facts: readonly InstanceFact[], bytesMost: number): number {
  let bytes = 0;
  for (const [index, fact] of facts.entries()) {
    if (index >= limits.factsPerBatch) return index;
    bytes += JSON.stringify(fact).length;
    if (bytes > bytesMost) return Math.max(index, 1);
  }
  return facts.length;
}
