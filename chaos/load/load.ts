/** Runs cases at the pace their answers allow, so many at once, until enough have been driven. */
import { pick, randomOf, seedFor } from '../random.ts';
import { Case } from './case.ts';
import type { Caller } from './caller.ts';
import type { CaseParts } from './case.ts';
import type { CaseKind } from './case-kinds.ts';

export interface LoadOptions {
  readonly experiment: string;
  readonly kinds: readonly CaseKind[];
  /** Who sends their commands; default: the caller of all. */
  readonly caller?: Caller;
  /** How long their driver waits for an answer, and for a step; default: as long as all. */
  readonly patienceMs?: number;
  /** Cases at once. */
  readonly atOnce: number;
  /** Asked before each case, with how many were begun: whether there shall be another. */
  readonly goesOn: (begun: number) => boolean;
}
export interface Drive {
  readonly begun: number;
  readonly ended: number;
  /** Cases that all lanes together would end in a second if none ever stood empty: the last cases of a drive run beside empty lanes. */
  readonly perSecond: number;
  /** Cases whose driver gave up, with its reason. The checks look at them like at all others. */
  readonly failures: readonly { readonly ref: string; readonly reason: string }[];
}

export class Load {
  readonly #parts: Omit<CaseParts, 'random'>;
  readonly #seed: number;
  readonly #prefix: string;
  #cases = 0;

  constructor(parts: Omit<CaseParts, 'random'>, seed: number) {
    this.#parts = parts;
    this.#seed = seed;
    this.#prefix = seed.toString(36);
  }

  /** A case that an experiment drives by itself. */
  newCase(experiment: string, parts: Partial<Pick<CaseParts, 'caller' | 'patienceMs'>> = {}): Case {
    this.#cases += 1;
    const ref = `${this.#prefix}.${experiment.toLowerCase()}.${String(this.#cases)}`;
    return new Case(ref, experiment, { ...this.#parts, ...parts, random: randomOf(seedFor(this.#seed, ref)) });
  }

  async drive({ experiment, kinds, atOnce, goesOn, ...given }: LoadOptions): Promise<Drive> {
    const { patienceMs = this.#parts.patienceMs, caller = this.#parts.caller } = given;
    const parts = { patienceMs, caller: given.patienceMs === undefined ? caller : caller.patient(patienceMs) };
    const choose = randomOf(seedFor(this.#seed, experiment));
    let begun = 0;
    let ended = 0;
    let busyMs = 0;
    const failures: { ref: string; reason: string }[] = [];
    const lane = async (): Promise<void> => {
      while (goesOn(begun)) {
        begun += 1;
        const subject = this.newCase(experiment, parts);
        const from = Date.now();
        try {
          await pick(choose, kinds)(subject);
          ended += 1;
        } catch (error) {
          failures.push({ ref: subject.ref, reason: error instanceof Error ? error.message : String(error) });
        }
        busyMs += Date.now() - from;
      }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    return { begun, ended, perSecond: busyMs === 0 ? 0 : (ended * atOnce * 1_000) / busyMs, failures };
  }
}
