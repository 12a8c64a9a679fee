/** The ministry's part: lists of all who wait for it go to SIKS-NG as files, and the files that come back answer them. */
import { z } from 'zod';
import type { Client } from '#contract/client.ts';
import { workbookType } from '#contract/endpoint.ts';
import { fileEndpoints } from '#contract/file.ts';
import type { UserTask } from '#contract/user-task.ts';
import { takeFile, sendFile } from '../client.ts';
import { regency } from '../generate/generate.ts';
import { today, type Values } from './answers.ts';
import { open, readyOf, running, type BatchOptions, type BatchPlay, type OfInstance } from './batches.ts';
import type { Case } from './cases.ts';
import { taskVariable, waitingAt } from './reading.ts';

const process = 'jalur-pusat';
const waitingElement = 'tunggu-pusat';

const exported = z.object({ berkas: z.string(), jumlah: z.int() });
const receipt = z.object({ nomorTanda: z.string(), jumlah: z.int() });

interface List {
  readonly instanceKey: string;
  readonly members: readonly Case[];
  ended: boolean;
}

export interface CentralOptions extends BatchOptions {
  readonly siksUrl: string;
  readonly patienceMs: number;
}

export class Central implements BatchPlay {
  readonly #options: CentralOptions;
  readonly #lists = new Map<string, List>();
  /** Receipts of SIKS-NG by list. */
  readonly #receipts = new Map<string, string>();

  constructor(options: CentralOptions) {
    this.#options = options;
  }
  readonly owns = ({ processInstanceKey }: OfInstance): boolean => this.#lists.has(processInstanceKey);
  get held(): number {
    return this.#lists.size;
  }

  /** Opens a list when all who still need one wait; with `force` when anybody does. Returns whether one was opened. */
  async call(force: boolean): Promise<boolean> {
    if (!(await this.#isFree())) return false;
    const needing = this.#options.cases.all.filter((one) => !one.ended && one.truth.central > one.answered.pusat);
    const members = readyOf(needing, await waitingAt(this.#options.caller, waitingElement), force);
    if (members.length === 0) return false;
    const { months } = this.#options;
    const variables = { kodeKab: regency, periode: months.period };
    const instanceKey = await open(this.#options, { process, variables, id: months.batch(process) });
    this.#lists.set(instanceKey, { instanceKey, members, ended: false });
    return true;
  }
  /** No list is under way; the members of one that has ended are answered. */
  async #isFree(): Promise<boolean> {
    const open = [...this.#lists.values()].filter(({ ended }) => !ended);
    const active = await running(
      this.#options.caller,
      open.map(({ instanceKey }) => instanceKey),
    );
    for (const list of open.filter(({ instanceKey }) => !active.has(instanceKey))) {
      list.ended = true;
      for (const one of list.members) one.answered.pusat += 1;
    }
    return active.size === 0;
  }

  readonly answer = async (task: UserTask, client: Client): Promise<Values | null> => {
    switch (task.elementId) {
      case 'unggah':
        return this.#upload(task, client);
      case 'terima-hasil':
        return this.#fetchResults(task, client);
      case 'tinjau-baris':
        return { tindakan: 'BERKAS_BARU', catatan: 'Baris asing, dimintakan berkas yang benar' };
      default:
        return null;
    }
  };
  readonly done = (): void => undefined;

  async #upload({ userTaskKey, processInstanceKey }: UserTask, client: Client): Promise<Values> {
    const { berkas } = exported.parse(await taskVariable(client, userTaskKey, 'ekspor'));
    const content = await client(fileEndpoints.getFile, { params: { fileKey: berkas } });
    const { siksUrl, patienceMs } = this.#options;
    const { nomorTanda, jumlah } = receipt.parse(
      await sendFile(`${siksUrl}/unggah`, { content, type: workbookType }, patienceMs),
    );
    this.#receipts.set(processInstanceKey, nomorTanda);
    return { nomorTanda, jumlahDiterima: jumlah };
  }
  async #fetchResults({ processInstanceKey }: UserTask, client: Client): Promise<Values> {
    const { siksUrl, patienceMs } = this.#options;
    const content = await takeFile(`${siksUrl}/hasil/${this.#receipts.get(processInstanceKey) ?? ''}`, patienceMs);
    const form = new FormData();
    form.set('caseKey', processInstanceKey);
    form.set('kind', 'DAFTAR_HASIL');
    form.set('file', new Blob([content], { type: workbookType }), 'hasil.xlsx');
    const { fileKey } = await client(fileEndpoints.uploadFile, {}, { rawBody: form });
    return { berkas: fileKey, nomorSk: '73/HUK/2026', tanggalSk: today() };
  }
}
