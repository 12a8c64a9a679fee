/** Chance with a seed: the same seed, the same draws. */
import fc from 'fast-check';

/** The seed of a whole run, printed so that a failure can be had again: ALUR_SEED=… npx jest. */
export function seedOf(subject: string): number {
  const seed = Number(process.env['ALUR_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`${subject}: ALUR_SEED=${seed}\n`);
  return seed;
}

/** A fast-check property, run `numRuns` times. */
export function check<T>(property: fc.IProperty<T>, numRuns = 200): void {
  fc.assert(property, { seed: seedOf('property'), numRuns });
}

/** Mulberry32, by Tommy Ettinger (public domain): 32 bits of state, fast, and good enough to draw test cases. */
export class Chance {
  #state: number;

  /** Several numbers make one seed, such as a run's and a process's. */
  constructor(...seeds: readonly number[]) {
    this.#state = seeds.reduce((state, seed) => Math.imul(state ^ seed, 0x9e3779b1) ^ (state >>> 15), 0x2545f491);
  }

  /** 0 ≤ number < 1 */
  fraction(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, 0 ≤ number < `below`. */
  below(below: number): number {
    return Math.floor(this.fraction() * below);
  }

  /** Both ends included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  of<T>(choices: readonly [T, ...T[]] | readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen;
  }

  /** Each choice as often as its weight says. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let left = this.below(choices.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    throw new Error('nothing to choose from');
  }
}
