/** Objections to who is paid: filed at the end of the month that first brought help, looked into by the village, decided by the district, appealed and decided again. */
import type { Client } from '#contract/client.ts';
import { messageEndpoints } from '#contract/message.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import type { UserTask } from '#contract/user-task.ts';
import { searchAll } from '../client.ts';
import type { Objection } from '../generate/story.ts';
import type { Values } from './answers.ts';
import { open, type BatchOptions, type BatchPlay, type OfInstance } from './batches.ts';
import { helpOf, type Case } from './cases.ts';
import { waitingAt } from './reading.ts';
import type { Mismatch } from './verify.ts';

const process = 'sanggah';
const waitingElement = 'tunggu-banding';
const pageSize = 1_000;
const dayMs = 24 * 3_600_000;
/** Four eyes: who lets an objection pass does not decide it, and who has surveyed a family does not look into the objection to it. */
const secondPerson: Readonly<Record<string, string>> = { 'putusan-dinsos': 'verifikator2', 'cek-ulang': 'camat2' };

const endOf: Readonly<Record<Objection, string>> = { DITERIMA: 'diterima', DITOLAK: 'ditolak' };

export interface ObjectionsOptions extends BatchOptions {
  readonly supervisor: Client;
}

export class Objections implements BatchPlay {
  readonly #options: ObjectionsOptions;
  readonly #byInstance = new Map<string, { readonly one: Case; readonly objection: Objection }>();
  readonly #appealed = new Set<string>();

  constructor(options: ObjectionsOptions) {
    this.#options = options;
  }
  /** What the village looks into is a process of its own; its key names the objection. */
  readonly owns = (work: OfInstance): boolean => this.#of(work) !== null;
  #of({ processInstanceKey, case: of }: OfInstance): Objection | null {
    const key = /^SG-(\d+)$/.exec(of?.businessKey ?? '')?.[1] ?? processInstanceKey;
    return this.#byInstance.get(key)?.objection ?? null;
  }
  get held(): number {
    return this.#byInstance.size;
  }

  async openAll(): Promise<void> {
    const { cases, months } = this.#options;
    for (const one of cases.all) {
      const { objection } = one.truth.story;
      const isPaid = helpOf(one, months.count).get(months.period)?.state === 'PAID';
      if (objection === null || one.period !== months.period || !isPaid) continue;
      const variables = {
        nomorUsulan: one.number,
        terhadap: 'PENCANTUMAN',
        dasar: 'MAMPU',
        keterangan: 'Keluarga ini kelihatan mampu menurut tetangganya',
        kanal: 'PETUGAS',
      };
      const key = await open(this.#options, { process, variables, id: one.number, profile: null });
      this.#byInstance.set(key, { one, objection });
    }
  }
  /** Whoever has lost appeals. Returns how many did. */
  async appealAll(): Promise<number> {
    const { caller, supervisor, run } = this.#options;
    const waiting = await waitingAt(caller, waitingElement, process);
    let appealed = 0;
    for (const key of waiting) {
      if (!this.#byInstance.has(key) || this.#appealed.has(key)) continue;
      const messageId = `banding/${key}`;
      const variables = { keterangan: 'Keputusan ini dimohonkan banding' };
      const body = {
        name: 'dtks.banding-sanggah',
        correlationKey: `SG-${key}`,
        messageId,
        timeToLive: dayMs,
        variables,
      };
      await supervisor(messageEndpoints.publishMessage, { body }, { idempotencyKey: `${run}/${messageId}` });
      this.#appealed.add(key);
      appealed += 1;
    }
    return appealed;
  }
  async isOver(): Promise<boolean> {
    return (await this.#states()).every(({ state }) => state !== 'ACTIVE');
  }
  /** Objections that ended otherwise than the oracle told. */
  async mismatches(): Promise<readonly Mismatch[]> {
    const states = new Map((await this.#states()).map((found) => [found.processInstanceKey, found]));
    return [...this.#byInstance].flatMap(([key, { one, objection }]) => {
      const found = states.get(key)?.case?.endElements.join('+') ?? '';
      const expected = endOf[objection];
      return found === expected ? [] : [{ sourceId: `${process} ${one.sourceId}`, expected, found }];
    });
  }
  async #states() {
    const keys = [...this.#byInstance.keys()];
    if (keys.length === 0) return [];
    return searchAll(
      (after) =>
        this.#options.caller(processInstanceEndpoints.searchProcessInstances, {
          body: {
            filter: { processInstanceKey: { $in: keys } },
            include: ['case'],
            page: after === null ? { limit: pageSize } : { limit: pageSize, after },
          },
        }),
      pageSize,
    );
  }

  readonly accountOf = (task: UserTask): string | null => secondPerson[task.elementId] ?? null;
  readonly answer = (task: UserTask): Promise<Values | null> => {
    const objection = this.#of(task);
    return Promise.resolve(objection === null ? null : (answers[task.elementId]?.(objection) ?? null));
  };
  readonly done = (): void => undefined;
}

const answers: Readonly<Record<string, (objection: Objection) => Values>> = {
  triase: () => ({ hasil: 'LANJUT', ringkasan: 'Dipastikan apakah keluarga ini sudah mampu' }),
  'hak-jawab': () => ({ jawab: 'MEMBANTAH', keterangan: 'Rumah dan usaha itu milik kakak' }),
  'cek-ulang': (objection) => ({
    temuan: objection === 'DITERIMA' ? 'TERBUKTI' : 'TIDAK_TERBUKTI',
    catatan: 'Rumah dan tetangga didatangi',
  }),
  'putusan-dinsos': (objection) => ({
    hasil: objection,
    ...(objection === 'DITERIMA' ? { kecurangan: false } : {}),
    nomorPutusan: '460/SANGGAH/1',
    alasan: 'Menurut hasil cek ulang',
  }),
  'putusan-banding': (objection) => ({
    hasil: objection,
    nomorPutusan: '460/BANDING/1',
    alasan: 'Putusan pertama sudah tepat',
  }),
};
