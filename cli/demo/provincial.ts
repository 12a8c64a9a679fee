/** The province's part: one decree over all who wait, from the district's list to goods and cash. */
import { z } from 'zod';
import type { Client } from '#contract/client.ts';
import type { UserTask } from '#contract/user-task.ts';
import { regency } from '../generate/generate.ts';
import { today, type Values } from './answers.ts';
import { open, readyOf, running, type BatchOptions, type BatchPlay, type OfInstance } from './batches.ts';
import type { Case } from './cases.ts';
import { taskVariable, waitingAt } from './reading.ts';

const process = 'jalur-provinsi';
const waitingElement = 'tunggu-provinsi';
const province = regency.slice(0, 2);

interface Decree {
  readonly instanceKey: string;
  /** Its name among those of the month. */
  readonly name: string;
  /** Of its list, as far as known. */
  members: readonly Case[];
  ended: boolean;
}
const collected = z.object({ jumlah: z.int() });
const isGranted = ({ truth }: Case): boolean => truth.story.grants.provinsi === 'DITETAPKAN';
const isRefused = ({ truth }: Case): boolean => truth.story.grants.provinsi === 'DITOLAK';

export class Provincial implements BatchPlay {
  readonly #options: BatchOptions;
  readonly #decrees = new Map<string, Decree>();

  constructor(options: BatchOptions) {
    this.#options = options;
  }
  readonly owns = (work: OfInstance): boolean => this.#decreeOf(work) !== null;
  /** The district's part is a process of its own below the province's. */
  #decreeOf({ processInstanceKey, rootProcessInstanceKey }: OfInstance): Decree | null {
    return this.#decrees.get(processInstanceKey) ?? this.#decrees.get(rootProcessInstanceKey ?? '') ?? null;
  }
  get held(): number {
    return this.#decrees.size;
  }

  /** Opens a decree when all who still need one wait; with `force` when anybody does. Returns whether one was opened. */
  async call(force: boolean): Promise<boolean> {
    if (!(await this.#isFree())) return false;
    const members = await this.#ready(force);
    if (members.length === 0) return false;
    const { months } = this.#options;
    const name = months.batch(process);
    const variables = { kodeProvinsi: province, periode: months.period };
    const instanceKey = await open(this.#options, { process, variables, id: name });
    this.#decrees.set(instanceKey, { instanceKey, name, members, ended: false });
    return true;
  }
  async #ready(force: boolean): Promise<readonly Case[]> {
    const needing = this.#options.cases.all.filter((one) => !one.ended && one.truth.provincial > one.answered.provinsi);
    return readyOf(needing, await waitingAt(this.#options.caller, waitingElement), force);
  }
  /** Who came between our look and the collecting is on the list, too. */
  async #membersOf(decree: Decree, { userTaskKey }: UserTask, client: Client): Promise<readonly Case[]> {
    const { jumlah } = collected.parse(await taskVariable(client, userTaskKey, 'butir'));
    if (decree.members.length < jumlah) decree.members = await this.#ready(true);
    return decree.members;
  }
  /** No decree is under way; the members of one that has ended are answered. */
  async #isFree(): Promise<boolean> {
    const open = [...this.#decrees.values()].filter(({ ended }) => !ended);
    const active = await running(
      this.#options.caller,
      open.map(({ instanceKey }) => instanceKey),
    );
    for (const decree of open.filter(({ instanceKey }) => !active.has(instanceKey))) {
      decree.ended = true;
      for (const one of decree.members) one.answered.provinsi += 1;
    }
    return active.size === 0;
  }

  readonly answer = async (task: UserTask, client: Client): Promise<Values | null> => {
    const decree = this.#decreeOf(task);
    if (decree === null) return null;
    const number = `${decree.name}/${this.#options.run.slice(-8)}`;
    switch (task.elementId) {
      case 'serahkan-alokasi': {
        const jumlahDiminta = z.int().parse(await taskVariable(client, task.userTaskKey, 'jumlah'));
        return { nomorPengantar: `460/${number}`, jumlahDiminta };
      }
      case 'tanggapi-pengembalian':
        return { sanggahan: decree.members.map(({ number: nomor }) => ({ nomor, catatan: 'Diperiksa di lapangan' })) };
      case 'tinjau-alasan': {
        const members = await this.#membersOf(decree, task, client);
        return { putusan: members.map(({ number: nomor }) => ({ nomor, hasil: 'LAYAK' })), tegaskan: true };
      }
      case 'pembersihan': {
        const refused = (await this.#membersOf(decree, task, client)).filter(isRefused);
        return { putusan: refused.map(({ number: nomor }) => ({ nomor, alasan: 'Sudah mampu' })) };
      }
      case 'tetapkan-kuota': {
        // Those who are less in need wait for a place: the table of priorities puts them behind.
        const granted = (await this.#membersOf(decree, task, client)).filter(isGranted);
        return { kuota: [{ kode: regency, jumlah: granted.length }] };
      }
      case 'penetapan-gubernur':
        return { setuju: true, nomorSk: `978/KEP/${number}`, tanggalSk: today() };
      case 'pesan-barang':
        return { stokCukup: true, nomorPesanan: `PO-${number}` };
      case 'perintah-tunai':
        return { nomorPerintah: `SP2D-${number}` };
      default:
        return null;
    }
  };
  readonly done = (): void => undefined;
}
