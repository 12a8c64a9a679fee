/** The monthly update of a village: who is paid there is confirmed house by house, and what has changed goes to the village's next meeting. */
import { z } from 'zod';
import type { Client } from '#contract/client.ts';
import type { UserTask } from '#contract/user-task.ts';
import { today, type Values } from './answers.ts';
import { open, running, type BatchOptions, type BatchPlay, type OfInstance } from './batches.ts';
import { helpOf, type Case } from './cases.ts';
import type { Meetings } from './meetings.ts';
import { taskVariable, waitingAt } from './reading.ts';

const process = 'pembaruan-bulanan';
const waitingElement = 'tunggu-musyawarah';

const families = z.array(z.object({ nomor: z.string() }));

interface Update {
  readonly village: string;
  readonly period: string;
  /** A meeting has been called about what has changed. */
  met: boolean;
}
export interface UpdatesOptions extends BatchOptions {
  readonly meetings: Meetings;
}

export class Updates implements BatchPlay {
  readonly #options: UpdatesOptions;
  readonly #byInstance = new Map<string, Update>();

  constructor(options: UpdatesOptions) {
    this.#options = options;
  }
  readonly owns = ({ processInstanceKey }: OfInstance): boolean => this.#byInstance.has(processInstanceKey);
  get held(): number {
    return this.#byInstance.size;
  }

  /** Opens the month's update of each village in which somebody was paid. */
  async openAll(): Promise<void> {
    const { cases, months } = this.#options;
    const { period } = months;
    const paid = cases.all.filter((one) => helpOf(one, months.count).get(period)?.state === 'PAID');
    for (const village of new Set(paid.map((one) => one.village))) {
      const opening = { process, variables: { kodeDesa: village, periode: period }, id: `${village}/${period}` };
      this.#byInstance.set(await open(this.#options, opening), { village, period, met: false });
    }
  }

  /** Calls a meeting wherever an update waits for one. Returns how many were called. */
  async callMeetings(): Promise<number> {
    const waiting = await waitingAt(this.#options.caller, waitingElement, process);
    let called = 0;
    for (const [key, update] of this.#byInstance) {
      if (update.met || !waiting.has(key)) continue;
      await this.#options.meetings.callIn(update.village);
      update.met = true;
      called += 1;
    }
    return called;
  }
  async isOver(): Promise<boolean> {
    const active = await running(this.#options.caller, [...this.#byInstance.keys()]);
    return active.size === 0 && (await this.#options.meetings.areOver());
  }

  readonly answer = async (task: UserTask, client: Client): Promise<Values | null> => {
    switch (task.elementId) {
      case 'laporan-rt':
        return { laporan: [] };
      // The sub-district visits when the village's time is over.
      case 'konfirmasi':
      case 'kunjungan-tksk': {
        const { period } = this.#byInstance.get(task.processInstanceKey) ?? { period: '' };
        const asked = families.parse(await taskVariable(client, task.userTaskKey, 'keluarga'));
        return { keluarga: asked.map(({ nomor }) => ({ nomor, keadaan: this.#stateOf(nomor, period) })) };
      }
      case 'bukti-meninggal':
        return { bukti: 'SURAT', siapa: 'PENGURUS', nomorBukti: '474.3/1/DESA', tanggal: today() };
      case 'perbarui-anggota':
        return { dokumen: 'AKTA_LAHIR', jumlahAnggota: 4 };
      default:
        return null;
    }
  };
  /** What has changed is told at the end of the month that first brought help. */
  #stateOf(number: string, period: string): string {
    const one: Case | null = this.#options.cases.byNumber(number);
    return one !== null && one.period === period ? (one.truth.story.change ?? 'MASIH_ADA') : 'MASIH_ADA';
  }
  readonly done = (): void => undefined;
}
