/** Help that goes on: from the second month the district signs a list of who was paid before, and each is paid again. */
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import type { UserTask } from '#contract/user-task.ts';
import { searchAll } from '../client.ts';
import { regency } from '../generate/generate.ts';
import { today, type Values } from './answers.ts';
import { open, running, type BatchOptions, type BatchPlay, type OfInstance } from './batches.ts';
import { helpOf } from './cases.ts';

const process = 'daftar-bayar';
const helpProcess = 'bantuan-lanjutan';
const pageSize = 1_000;

export class Continuing implements BatchPlay {
  readonly #options: BatchOptions;
  /** Months by instance. */
  readonly #lists = new Map<string, string>();

  constructor(options: BatchOptions) {
    this.#options = options;
  }
  readonly owns = ({ processInstanceKey }: OfInstance): boolean => this.#lists.has(processInstanceKey);
  get held(): number {
    return this.#lists.size;
  }

  /** Opens the list of the month, when the oracle tells of help from before. */
  async call(): Promise<void> {
    const { period } = this.#options.months;
    if (this.#expected(period).size === 0) return;
    this.#lists.set(
      await open(this.#options, { process, variables: { kodeKab: regency, periode: period }, id: period }),
      period,
    );
  }
  /** Proposals of earlier months that are paid for again. */
  #expected(period: string): ReadonlySet<string> {
    const { cases, months } = this.#options;
    const paid = cases.all.filter((one) => one.period < period && helpOf(one, months.count).has(period));
    return new Set(paid.map(({ number }) => number));
  }
  /** Everybody of the month's list has his help, or it has come back. */
  async isOver(): Promise<boolean> {
    const { caller, months } = this.#options;
    const expected = this.#expected(months.period);
    if (expected.size === 0) return true;
    if ((await running(caller, [...this.#lists.keys()])).size > 0) return false;
    const found = await searchAll(
      (after) =>
        caller(processInstanceEndpoints.searchProcessInstances, {
          body: {
            filter: { processDefinitionId: helpProcess, region: regency, businessId: { $like: `*/${months.period}` } },
            page: after === null ? { limit: pageSize } : { limit: pageSize, after },
          },
        }),
      pageSize,
    );
    const ours = found.filter(({ businessId }) => expected.has(businessId?.split('/')[0] ?? ''));
    return ours.length === expected.size && ours.every(({ state }) => state !== 'ACTIVE');
  }

  readonly answer = (task: UserTask): Promise<Values | null> => {
    const period = this.#lists.get(task.processInstanceKey) ?? '';
    if (task.elementId !== 'tetapkan-daftar') return Promise.resolve(null);
    return Promise.resolve({
      setuju: true,
      nomorSk: `460/LANJUT/${period}/${this.#options.run.slice(-8)}`,
      tanggalSk: today(),
    });
  };
  readonly done = (): void => undefined;
}
