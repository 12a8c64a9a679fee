/** What goes wrong at Dukcapil while the demo runs: first its daily quota is used up, then it is away for days. Days are those of a demo. */
import { z } from 'zod';
import { callSimulator } from '../client.ts';

/** A month of a demo is ten minutes (setting dtks.kalender, `menitPerBulan.demo`). */
const dayMs = (10 * 60_000) / 30;

export interface Trouble {
  /** Answers until the quota of the first day is used up; null: no end. */
  readonly quota: number | null;
  /** Days without an answer, after the first day when there is a quota; 0: none. */
  readonly outageDays: number;
}
/** What Dukcapil was asked, and what it answered: fewer while there is trouble. */
export interface Asked {
  readonly requests: number;
  readonly answered: number;
}
const asked = z.object({ requests: z.int(), answered: z.int() });

export class Troubles {
  readonly #url: string;
  readonly #patienceMs: number;
  /** Changes to come, by day. */
  readonly #changes: { readonly day: number; readonly script: object }[];
  readonly #startedAt = Date.now();

  constructor({ quota, outageDays }: Trouble, dukcapilUrl: string, patienceMs: number) {
    this.#url = dukcapilUrl;
    this.#patienceMs = patienceMs;
    const away = quota === null ? 0 : 1;
    this.#changes = [
      ...(quota === null
        ? []
        : [
            { day: 0, script: { quota } },
            { day: 1, script: { quota: null } },
          ]),
      ...(outageDays === 0
        ? []
        : [
            { day: away, script: { outage: true } },
            { day: away + outageDays, script: { outage: false } },
          ]),
    ];
  }

  /** Lets happen what is due; to be called often. Returns whether anything did. */
  async pass(): Promise<boolean> {
    const day = (Date.now() - this.#startedAt) / dayMs;
    const due = this.#changes.filter((change) => change.day <= day);
    this.#changes.splice(0, due.length);
    for (const { script } of due) await callSimulator(`${this.#url}/_sim/script`, script, this.#patienceMs);
    return due.length > 0;
  }
  async asked(): Promise<Asked> {
    return asked.parse(await callSimulator(`${this.#url}/_sim/calls`, undefined, this.#patienceMs));
  }
}
