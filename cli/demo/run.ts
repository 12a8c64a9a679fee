/** The demo from file to verdict: import, tell the simulators, play until every case has ended, compare. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UserTask } from '#contract/user-task.ts';
import { callSimulator } from '../client.ts';
import { monthFile } from '../generate/files.ts';
import type { Population, Truth } from '../generate/generate.ts';
import { importFile } from '../import-file.ts';
import type { Progress } from '../progress.ts';
import { text } from '../texts.ts';
import type { BatchOptions } from './batches.ts';
import { Cases } from './cases.ts';
import { readBooks, type Books } from './books.ts';
import { Central } from './central.ts';
import { Closing } from './closing.ts';
import { Continuing } from './continuing.ts';
import { Ledger } from './ledger.ts';
import { Meetings } from './meetings.ts';
import { Months } from './months.ts';
import { Objections } from './objections.ts';
import { Player } from './player.ts';
import { Provincial } from './provincial.ts';
import { gatherCast, type Cast } from './roles.ts';
import { SignOffs } from './sign-offs.ts';
import { Updates } from './updates.ts';
import { Troubles, type Asked, type Trouble } from './troubles.ts';
import { verify, type Verdict } from './verify.ts';

export interface DemoOptions {
  /** Proposals of the first month; the others' are beside it. */
  readonly csv: string;
  readonly truth: Truth;
  readonly population: Population;
  readonly baseUrl: string;
  readonly dukcapilUrl: string;
  readonly posUrl: string;
  readonly siksUrl: string;
  readonly password: string;
  readonly concurrency: number;
  readonly ledgerFile: string | null;
  /** Nothing went forward for so long: the demo gives up, in ms. */
  readonly stallMs: number;
  /** Leave each case at another stage instead of ending it. */
  readonly spread: boolean;
  readonly trouble: Trouble;
  readonly progress: Progress;
  readonly say: (line: string) => void;
}
export interface DemoResult extends Verdict, Books {
  readonly steps: number;
  readonly meetings: number;
  readonly signOffs: number;
  readonly centralLists: number;
  /** Lists of help that goes on. */
  readonly paymentLists: number;
  /** Monthly updates of villages. */
  readonly updates: number;
  readonly objections: number;
  readonly decrees: number;
  /** Periods whose payments are closed by signature. */
  readonly closed: readonly string[];
  readonly dukcapil: Asked;
  readonly incidents: number;
  readonly retries: number;
  readonly refused: readonly string[];
  readonly seconds: number;
}

/** A call is tried again for so long; services are killed and restarted meanwhile. */
const patienceMs = 10 * 60_000;
const refreshMs = 2_000;
const incidentsMs = 5_000;
/** Without progress for so long, meetings are held with those who wait. */
const forceMeetingsMs = 45_000;
/** Without anything to do for so long, and through so many looks at the lists (a busy machine answers late), the spread demo tenant stands. */
const quietMs = 5_000;
const quietRounds = 12;
/** Cases of the demo tenant that stay at a step; one where nothing is said. */
const keptAt: Readonly<Record<string, number>> = { kunjungan: 2 };
const problemsShown = 10;

class Demo {
  readonly #options: DemoOptions;
  readonly #cast: Cast;
  readonly #cases: Cases;
  readonly #ledger: Ledger;
  readonly #months: Months;
  readonly #meetings: Meetings;
  readonly #signOffs: SignOffs;
  readonly #closing: Closing;
  readonly #continuing: Continuing;
  readonly #updates: Updates;
  readonly #objections: Objections;
  readonly #troubles: Troubles;
  readonly #player: Player;
  readonly #central: Central;
  readonly #provincial: Provincial;
  /** Cases by the step that keeps them in the demo tenant. */
  readonly #kept = new Map<string, Set<string>>();
  /** Looks at the lists since something last went forward. */
  #quiet = 0;

  constructor(options: DemoOptions, cast: Cast) {
    this.#options = options;
    this.#cast = cast;
    const { truth, dukcapilUrl, siksUrl, concurrency, spread } = options;
    const run = `demo-${randomUUID()}`;
    this.#cases = new Cases(truth);
    this.#ledger = new Ledger(options.ledgerFile);
    this.#months = new Months(truth.months, new Date());
    const shared = { cases: this.#cases, ledger: this.#ledger, months: this.#months, run };
    const by = (account: string): BatchOptions => ({ ...shared, caller: cast.as(account), callerName: account });
    this.#meetings = new Meetings({ ...by('operator'), truth });
    this.#signOffs = new SignOffs({ ...by('verifikator'), truth });
    this.#central = new Central({ ...by('siks'), siksUrl, patienceMs });
    this.#provincial = new Provincial(by('provinsi'));
    this.#closing = new Closing(by('verifikator'));
    this.#continuing = new Continuing(by('verifikator'));
    this.#updates = new Updates({ ...by('operator'), meetings: this.#meetings });
    this.#objections = new Objections({ ...by('kades'), supervisor: cast.as('pengawas') });
    this.#troubles = new Troubles(options.trouble, dukcapilUrl, patienceMs);
    const player = {
      ...shared,
      cast,
      batches: [
        this.#meetings,
        this.#signOffs,
        this.#central,
        this.#provincial,
        this.#closing,
        this.#continuing,
        this.#updates,
        this.#objections,
      ],
      concurrency,
      dukcapilUrl,
      patienceMs,
    };
    this.#player = new Player(spread ? { ...player, mayStep: this.#maySpread } : player);
  }
  /** Each step keeps the first cases that come to it and lets the others pass; the last village's meeting stays in its discussion. */
  readonly #maySpread = (task: UserTask): boolean => {
    const { elementId, processInstanceKey } = task;
    const meeting = this.#meetings.byInstance(processInstanceKey);
    if (meeting !== null) return elementId !== 'bahas-usulan' || meeting.village !== this.#unfinishedVillage();
    // The offices' lists go through, so that something is decreed and delivered.
    if ([this.#signOffs, this.#central, this.#provincial].some(({ owns }) => owns(task))) return true;
    const kept = this.#kept.get(elementId) ?? new Set<string>();
    this.#kept.set(elementId, kept);
    if (kept.size < (keptAt[elementId] ?? 1)) kept.add(processInstanceKey);
    return !kept.has(processInstanceKey);
  };
  /** The village with the fewest cases, so that the others fill the later stages. */
  #unfinishedVillage(): string | undefined {
    const villages = Object.keys(this.#options.truth.villages);
    const size = (village: string): number => this.#cases.all.filter((one) => one.village === village).length;
    return villages.length < 2 ? undefined : villages.toSorted((a, b) => size(b) - size(a)).at(-1);
  }

  async prepare(): Promise<void> {
    const { population, posUrl, dukcapilUrl } = this.#options;
    await callSimulator(`${dukcapilUrl}/_sim/population`, population.dukcapil, patienceMs);
    await this.#troubles.pass();
    await callSimulator(`${posUrl}/_sim/script`, { apiToken: this.#cast.posToken }, patienceMs);
  }
  /** The proposals of the month come in, and the offices outside form their intentions. */
  async #takeIn(): Promise<void> {
    const { population, posUrl, siksUrl, csv, progress, say } = this.#options;
    const { index, period } = this.#months;
    const bar = progress.bar(text('progressImport'), this.#submitted(index) - this.#submitted(index - 1));
    const { run, problems } = await importFile(
      this.#cast.as('admin'),
      { file: monthFile(csv, index), period },
      (state) => bar.set(state.rowsImported + state.rowsRepeated),
    );
    bar.set(run.rowsImported + run.rowsRepeated);
    say(text('importCounts', { imported: run.rowsImported, repeated: run.rowsRepeated, rejected: run.rowsRejected }));
    for (const problem of problems.slice(0, problemsShown)) say(text('importProblem', problem));
    await this.#cases.refresh(this.#cast.as('admin'));
    const ofMonth = this.#cases.all.filter(({ truth }) => truth.month === index);
    const outcomes = ofMonth.map(({ sourceId, number }) => ({ idBayar: number, ...population.pos[sourceId] }));
    await callSimulator(`${posUrl}/_sim/population`, outcomes, patienceMs);
    const intentions = ofMonth.map((one) => ({ nomor: one.number, jawaban: [one.truth.story.grants.pusat] }));
    await callSimulator(`${siksUrl}/_sim/population`, intentions, patienceMs);
  }

  /** Proposals of all months up to one. */
  #submitted(month: number): number {
    return Object.values(this.#options.truth.cases).filter((one) => one.month <= month).length;
  }

  /** Each month to its end, its books closed; the next only then. */
  async play(): Promise<void> {
    do {
      await this.#takeIn();
      await this.#continuing.call();
      const isOver = await this.#playMonth();
      if (this.#options.spread) return;
      if (isOver && this.#months.hasNext) await this.#review();
      await this.#close();
      if (!isOver) return;
    } while (this.#months.turn());
  }
  /** Until all have ended, or nothing goes forward any more. Returns whether all have. */
  async #playMonth(): Promise<boolean> {
    const { progress, stallMs, spread } = this.#options;
    const expected = this.#submitted(this.#months.index);
    const bar = progress.bar(text('progressEnded'), expected);
    let refreshedAt = 0;
    let incidentsAt = 0;
    let ended = 0;
    this.#wentForward();
    for (;;) {
      if (await this.#troubles.pass()) this.#wentForward();
      this.#quiet = (await this.#player.round()) > 0 || this.#player.busy ? 0 : this.#quiet + 1;
      if (Date.now() - refreshedAt > refreshMs) {
        const before = ended;
        ended = await this.#cases.refresh(this.#cast.as('admin'));
        if (ended !== before) this.#wentForward();
        bar.set(ended, text('progressSteps', { steps: this.#player.completed }));
        if (ended >= expected && (await this.#continuing.isOver())) break;
        await this.#callMeetings(spread);
        await this.#callOffices(spread);
        refreshedAt = Date.now();
      }
      if (Date.now() - incidentsAt > incidentsMs) {
        await this.#player.resolveIncidents();
        incidentsAt = Date.now();
      }
      const idleMs = this.#player.busy ? 0 : Date.now() - this.#player.progressAt;
      if (spread ? idleMs > quietMs && this.#quiet > quietRounds : idleMs > stallMs) break;
    }
    await this.#player.drain();
    return ended >= expected && (await this.#continuing.isOver());
  }
  /** Villages tell what has changed about those who are paid, and people object to some, before the next month pays them again. */
  async #review(): Promise<void> {
    await this.#updates.openAll();
    await this.#objections.openAll();
    await this.#playUntil(async () => {
      const moved = (await this.#updates.callMeetings()) + (await this.#objections.appealAll());
      if (moved > 0) this.#wentForward();
      return (await this.#updates.isOver()) && (await this.#objections.isOver());
    });
  }
  /** The books of the month, once nobody's case runs any more. */
  async #close(): Promise<void> {
    await this.#closing.openAll(this.#cases.periods);
    await this.#playUntil(() => this.#closing.isOver());
  }
  /** Or until nothing goes forward any more. */
  async #playUntil(isOver: () => Promise<boolean>): Promise<void> {
    this.#wentForward();
    while (!(await isOver()) && Date.now() - this.#player.progressAt < this.#options.stallMs)
      await this.#player.round();
    await this.#player.drain();
  }
  #wentForward(): void {
    this.#quiet = 0;
    this.#player.progressAt = Date.now();
  }
  async #callMeetings(spread: boolean): Promise<void> {
    const idleMs = Date.now() - this.#player.progressAt;
    if (!spread) {
      if ((await this.#meetings.call(idleMs > forceMeetingsMs)) > 0) this.#wentForward();
      return;
    }
    // Each village meets once, when nobody has anything else to do.
    const mayCall = (village: string): boolean => !this.#meetings.hasMet(village);
    const idle = idleMs > quietMs / 2 && this.#quiet > quietRounds / 2;
    if (idle && (await this.#meetings.call(true, mayCall)) > 0) this.#wentForward();
  }

  /** The district's list, when nobody else is on the way to it or nothing else goes forward; then ministry and province. */
  async #callOffices(spread: boolean): Promise<void> {
    const idleMs = Date.now() - this.#player.progressAt;
    const force = idleMs > (spread ? quietMs / 2 : forceMeetingsMs);
    for (const office of [this.#signOffs, this.#central, this.#provincial])
      if (await office.call(force)) this.#wentForward();
  }

  async conclude(): Promise<Omit<DemoResult, 'seconds' | 'retries'>> {
    const { truth, posUrl, spread } = this.#options;
    const client = this.#cast.as('admin');
    await this.#cases.refresh(client);
    const verdict = await verify({
      client,
      cases: this.#cases,
      sourceIds: spread ? [] : Object.keys(truth.cases),
      expectedOf: (sourceId) => truth.cases[sourceId]?.end ?? '',
      ledger: this.#ledger.entries,
      months: this.#months.count,
      posUrl,
      patienceMs,
    });
    await this.#ledger.close();
    const { completed: steps, incidents, refused } = this.#player;
    return {
      ...verdict,
      mismatches: [...verdict.mismatches, ...(await this.#objections.mismatches())],
      ...(await readBooks(client, this.#cases, this.#months.count)),
      closed: await this.#closing.closed(),
      dukcapil: await this.#troubles.asked(),
      steps,
      meetings: this.#meetings.held,
      signOffs: this.#signOffs.held,
      centralLists: this.#central.held,
      paymentLists: this.#continuing.held,
      updates: this.#updates.held,
      objections: this.#objections.held,
      decrees: this.#provincial.held,
      incidents,
      refused,
    };
  }
}

/** Throws when the server cannot be reached for long, or refuses what the demo needs. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const startedAt = Date.now();
  let retries = 0;
  const { baseUrl, password } = options;
  const cast = await gatherCast({
    baseUrl,
    password,
    patienceMs,
    onRetry: () => {
      retries += 1;
    },
  });
  const demo = new Demo(options, cast);
  await demo.prepare();
  await demo.play();
  // The last results of payments may still be on their way to the read model.
  await sleep(500);
  const result = await demo.conclude();
  return { ...result, retries, seconds: Math.round((Date.now() - startedAt) / 1_000) };
}
