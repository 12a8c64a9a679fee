/** Sign-offs of the district: one list at a time of all who wait for the regent's letter, checked village by village. */
import { z } from 'zod';
import type { Client } from '#contract/client.ts';
import type { UserTask } from '#contract/user-task.ts';
import { regency, type Truth } from '../generate/generate.ts';
import type { DistrictDecision } from '../generate/story.ts';
import { at, today, type Values } from './answers.ts';
import { open, type BatchOptions, type BatchPlay, type OfInstance } from './batches.ts';
import type { Case } from './cases.ts';
import { taskVariable, waitingAt } from './reading.ts';

const process = 'verifikasi-pengesahan-kabkota';
const waitingElement = 'tunggu-pengesahan';

const rows = z.array(z.object({ nomor: z.string() }));
const area = z.object({ kode: z.string() });
const areas = z.array(z.string());
/** What the record of decisions found wrong with a list. */
const fault = z.object({ nomor: z.array(z.string()) }).nullable();

const decisions: Readonly<Record<DistrictDecision, Values>> = {
  SETUJU: { hasil: 'SAH' },
  TOLAK: { hasil: 'TOLAK', kode: 'MAMPU', alasan: 'Tidak memenuhi kriteria' },
  KE_DATA: { hasil: 'KEMBALI', langkah: 'DATA', alasan: 'Data perlu ditegaskan' },
  KE_SURVEI: { hasil: 'KEMBALI', langkah: 'SURVEI', alasan: 'Foto rumah kurang jelas' },
  KE_BA: { hasil: 'KEMBALI', langkah: 'BA', alasan: 'Berita acara belum lengkap' },
};

interface SignOff {
  readonly instanceKey: string;
  /** Its name among those of the month. */
  readonly name: string;
  /** Cases of the list by village, as last decided. */
  readonly decided: Map<string, readonly Case[]>;
  headAsked: number;
  signed: boolean;
}

export interface SignOffOptions extends BatchOptions {
  readonly truth: Truth;
}

export class SignOffs implements BatchPlay {
  readonly #options: SignOffOptions;
  readonly #byInstance = new Map<string, SignOff>();
  /** Numbers that a village's list turned out not to have, by batch and village. */
  readonly #strange = new Map<string, ReadonlySet<string>>();

  constructor(options: SignOffOptions) {
    this.#options = options;
  }
  readonly owns = ({ processInstanceKey }: OfInstance): boolean => this.#byInstance.has(processInstanceKey);
  byInstance(instanceKey: string): SignOff | null {
    return this.#byInstance.get(instanceKey) ?? null;
  }
  get held(): number {
    return this.#byInstance.size;
  }

  /** Opens a list when all who still need one wait; with `force` when anybody does. Returns whether one was opened. */
  async call(force: boolean): Promise<boolean> {
    if ([...this.#byInstance.values()].some(({ signed }) => !signed)) return false;
    const waiting = await waitingAt(this.#options.caller, waitingElement);
    const { all } = this.#options.cases;
    for (const one of all) if (!waiting.has(one.instanceKey)) one.answerPending = false;
    // A letter that is still on its way to somebody must not meet the next list.
    if (all.some((one) => one.answerPending)) return false;
    const needing = all.filter((one) => !one.ended && one.truth.signOffs > one.signedOff);
    const present = needing.filter((one) => waiting.has(one.instanceKey));
    if (present.length === 0 || (present.length < needing.length && !force)) return false;
    await this.#open();
    return true;
  }
  async #open(): Promise<void> {
    const { months } = this.#options;
    const name = months.batch(process);
    const variables = { kodeKab: regency, periode: months.period };
    const instanceKey = await open(this.#options, { process, variables, id: name });
    this.#byInstance.set(instanceKey, { instanceKey, name, decided: new Map(), headAsked: 0, signed: false });
  }

  readonly answer = async (task: UserTask, client: Client): Promise<Values | null> => {
    const signOff = this.#byInstance.get(task.processInstanceKey);
    if (signOff === undefined) return null;
    switch (task.elementId) {
      case 'cek-lapangan': {
        const sample = rows.parse(await taskVariable(client, task.userTaskKey, 'contoh'));
        return { contoh: sample.map(({ nomor }) => ({ nomor, sesuai: true })) };
      }
      case 'verifikasi-desa':
        return this.#verify(signOff, task, client);
      case 'persetujuan-kepala':
        return this.#headOf(signOff, task, client);
      case 'pengesahan':
        return {
          tindakan: 'SAHKAN',
          nomorSurat: `460/${signOff.name}/${this.#options.run.slice(-8)}`,
          tanggalSurat: today(),
        };
      default:
        return null;
    }
  };
  /** Every case of the village that waits is named, and every flagged one; those that came too late for the list are left out on asking again. */
  async #verify(signOff: SignOff, { userTaskKey }: UserTask, client: Client): Promise<Values> {
    const { cases, caller } = this.#options;
    const village = area.parse(await taskVariable(client, userTaskKey, 'wilayah')).kode;
    const listed = `${signOff.instanceKey}/${village}`;
    const refused = fault.parse(await taskVariable(client, userTaskKey, 'pesanGalat'))?.nomor ?? [];
    const strange = new Set([...(this.#strange.get(listed) ?? []), ...refused]);
    this.#strange.set(listed, strange);
    const waiting = await waitingAt(caller, waitingElement);
    const ours = cases.all.filter(
      (one) => one.village === village && waiting.has(one.instanceKey) && !strange.has(one.number),
    );
    signOff.decided.set(village, ours);
    const flagged = rows.parse(await taskVariable(client, userTaskKey, 'putusan'));
    const others = flagged.filter(({ nomor }) => cases.byNumber(nomor) === null);
    const named = ours.map((one) => ({
      nomor: one.number,
      ...decisions[at(one.truth.story.district, one.signedOff)],
    }));
    // Somebody else's proposal in our village: it goes on.
    return {
      putusan: [...named, ...others.map(({ nomor }) => ({ nomor, ...decisions.SETUJU }))],
      setujuiBersih: true,
    };
  }
  async #headOf(signOff: SignOff, { userTaskKey }: UserTask, client: Client): Promise<Values> {
    const villages = areas.parse(await taskVariable(client, userTaskKey, 'pilihanWilayah'));
    const again = villages.filter((village) => this.#options.truth.villages[village]?.checkedTwice === true);
    if (signOff.headAsked > 0 || again.length === 0) return { setuju: true };
    return { setuju: false, wilayahDiulang: again, alasan: 'Mohon diperiksa sekali lagi' };
  }
  readonly done = (task: UserTask): void => {
    const signOff = this.#byInstance.get(task.processInstanceKey);
    if (signOff === undefined) return;
    if (task.elementId === 'persetujuan-kepala') signOff.headAsked += 1;
    if (task.elementId !== 'pengesahan') return;
    signOff.signed = true;
    for (const one of [...signOff.decided.values()].flat()) {
      one.signedOff += 1;
      one.answerPending = true;
    }
  };
}
