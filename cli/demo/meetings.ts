/** Village meetings: called when every case of a village that still needs one waits, then played step by step. */
import type { UserTask } from '#contract/user-task.ts';
import type { Client } from '#contract/client.ts';
import type { Truth } from '../generate/generate.ts';
import { at, meetingAnswer, type Values } from './answers.ts';
import { open, running, type BatchOptions, type BatchPlay, type OfInstance } from './batches.ts';
import type { Case } from './cases.ts';
import { taskVariable, waitingAt } from './reading.ts';

const waitingElement = 'tunggu-musyawarah';
const process = 'musyawarah-desa';

interface Meeting {
  readonly village: string;
  readonly instanceKey: string;
  /** Its name among those of the village and month. */
  readonly name: string;
  /** Attendance lists kept so far, by task. */
  readonly attendance: string[];
  ended: boolean;
}

export interface MeetingOptions extends BatchOptions {
  readonly truth: Truth;
}

const isNeeded = (one: Case): boolean => !one.ended && one.truth.meetings > one.attended;

export class Meetings implements BatchPlay {
  readonly #options: MeetingOptions;
  readonly #byInstance = new Map<string, Meeting>();
  /** Item and answer of a discussed proposal, by task, so that a repeated attempt says the same. */
  readonly #answers = new Map<string, { readonly one: Case | null; readonly values: Values }>();

  constructor(options: MeetingOptions) {
    this.#options = options;
  }

  readonly owns = ({ processInstanceKey }: OfInstance): boolean => this.#byInstance.has(processInstanceKey);
  byInstance(instanceKey: string): Meeting | null {
    return this.#byInstance.get(instanceKey) ?? null;
  }
  get held(): number {
    return this.#byInstance.size;
  }
  hasMet(village: string): boolean {
    return [...this.#byInstance.values()].some((meeting) => meeting.village === village);
  }

  /** Calls meetings where everybody waits; with `force` wherever anybody does. Returns how many were called. */
  async call(force: boolean, mayCall: (village: string) => boolean = () => true): Promise<number> {
    await this.#refresh();
    const waiting = await this.#waiting();
    let called = 0;
    for (const village of Object.keys(this.#options.truth.villages)) {
      if ([...this.#byInstance.values()].some((meeting) => meeting.village === village && !meeting.ended)) continue;
      const needing = this.#options.cases.all.filter((one) => one.village === village && isNeeded(one));
      const present = needing.filter((one) => waiting.has(one.instanceKey) && !one.decisionPending);
      if (present.length === 0 || (present.length < needing.length && !force) || !mayCall(village)) continue;
      await this.#start(village);
      called += 1;
    }
    return called;
  }
  /** About something else than proposals. */
  async callIn(village: string): Promise<void> {
    await this.#start(village);
  }
  async areOver(): Promise<boolean> {
    await this.#refresh();
    return [...this.#byInstance.values()].every(({ ended }) => ended);
  }
  async #waiting(): Promise<Set<string>> {
    const keys = await waitingAt(this.#options.caller, waitingElement);
    for (const one of this.#options.cases.all) if (!keys.has(one.instanceKey)) one.decisionPending = false;
    return keys;
  }
  async #refresh(): Promise<void> {
    const open = [...this.#byInstance.values()].filter((meeting) => !meeting.ended);
    const active = await running(
      this.#options.caller,
      open.map(({ instanceKey }) => instanceKey),
    );
    for (const meeting of open) meeting.ended = !active.has(meeting.instanceKey);
  }
  async #start(village: string): Promise<void> {
    const { months } = this.#options;
    const name = months.batch(village);
    const variables = { kodeDesa: village, periode: months.period };
    const instanceKey = await open(this.#options, { process, variables, id: `${village}/${name}` });
    this.#byInstance.set(instanceKey, { village, instanceKey, name, attendance: [], ended: false });
  }

  readonly answer = async (task: UserTask, client: Client): Promise<Values | null> => {
    const meeting = this.#byInstance.get(task.processInstanceKey);
    if (meeting === undefined) return null;
    const village = this.#options.truth.villages[meeting.village] ?? { invited: 12, adjourned: false };
    switch (task.elementId) {
      case 'undang':
        return { unsur: ['RT_RW', 'BPD', 'PEREMPUAN', 'WARGA_MISKIN'], jumlahUndangan: village.invited };
      case 'daftar-hadir':
        return { hadir: this.#attendance(meeting, task.userTaskKey, village) };
      case 'bahas-usulan':
        return this.#discuss(task, client);
      case 'berita-acara':
        return {
          nomorBa: `BA/${meeting.name}/${this.#options.run.slice(-8)}`,
          tanggalBa: new Date().toISOString().slice(0, 10),
          saksi: 2,
        };
      case 'pasang-pengumuman':
        return { tempat: 'Papan balai desa' };
      case 'catat-keberatan':
        return { keberatan: [] };
      default:
        return null;
    }
  };
  #attendance(
    meeting: Meeting,
    taskKey: string,
    village: { readonly invited: number; readonly adjourned: boolean },
  ): number {
    if (!meeting.attendance.includes(taskKey)) meeting.attendance.push(taskKey);
    const first = meeting.attendance.indexOf(taskKey) === 0;
    // A second meeting goes on with those present.
    return first && !village.adjourned ? Math.ceil(village.invited * 0.9) : Math.floor(village.invited / 2);
  }
  async #discuss(task: UserTask, client: Client): Promise<Values> {
    const known = this.#answers.get(task.userTaskKey);
    if (known !== undefined) return known.values;
    const item = await taskVariable(client, task.userTaskKey, 'item');
    const number =
      typeof item === 'object' && item !== null && 'nomor' in item && typeof item.nomor === 'string' ? item.nomor : '';
    const one = this.#options.cases.byNumber(number);
    // Somebody else's proposal in our village: it goes on.
    const result = one === null ? 'TERIMA' : at(one.truth.story.meetings, one.attended);
    const values = meetingAnswer(result, one?.truth.story.byVote ?? false);
    this.#answers.set(task.userTaskKey, { one, values });
    return values;
  }
  readonly done = (task: UserTask): void => {
    const one = this.#answers.get(task.userTaskKey)?.one;
    if (task.elementId !== 'bahas-usulan' || one === null || one === undefined) return;
    one.attended += 1;
    one.decisionPending = true;
  };
}
