/** The closing of a period's payments in the district: books are added up until nothing is pending, then signed. */
import { ProblemError } from '#contract/client.ts';
import type { UserTask } from '#contract/user-task.ts';
import { regency } from '../generate/generate.ts';
import { today, type Values } from './answers.ts';
import { open, running, type BatchOptions, type BatchPlay, type OfInstance } from './batches.ts';

const process = 'tutup-penyaluran';

export class Closing implements BatchPlay {
  readonly #options: BatchOptions;
  /** Periods by instance. */
  readonly #open = new Map<string, string>();

  constructor(options: BatchOptions) {
    this.#options = options;
  }
  readonly owns = ({ processInstanceKey }: OfInstance): boolean => this.#open.has(processInstanceKey);

  /** Opens the closing of each period that has none yet; one that somebody else has opened stays his. */
  async openAll(periods: readonly string[]): Promise<void> {
    const opened = new Set(this.#open.values());
    for (const periode of periods.filter((one) => !opened.has(one))) {
      try {
        const opening = { process, variables: { kodeWilayah: regency, periode }, id: periode };
        this.#open.set(await open(this.#options, opening), periode);
      } catch (error) {
        if (!(error instanceof ProblemError && error.problem.status === 409)) throw error;
      }
    }
  }
  /** Periods that are closed by signature. */
  async closed(): Promise<readonly string[]> {
    const active = await running(this.#options.caller, [...this.#open.keys()]);
    return [...this.#open].filter(([key]) => !active.has(key)).map(([, period]) => period);
  }
  async isOver(): Promise<boolean> {
    return (await this.closed()).length === this.#open.size;
  }

  readonly answer = (task: UserTask): Promise<Values | null> => {
    const period = this.#open.get(task.processInstanceKey) ?? '';
    switch (task.elementId) {
      case 'ikuti-tertunda':
        return Promise.resolve({ catatan: 'Desa dan PT Pos dihubungi' });
      case 'sahkan-penutupan':
        return Promise.resolve({ nomorBa: `BA-TUTUP/${period}/${this.#options.run.slice(-8)}`, tanggalBa: today() });
      default:
        // Nothing may be off by a rupiah: a difference to be traced is not played away.
        return Promise.resolve(null);
    }
  };
  readonly done = (): void => undefined;
}
