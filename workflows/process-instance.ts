/**
 * One process instance as a workflow. Decides nothing: commands go through the engine's pure step, new facts are recorded by one local
 * activity, commands are answered when that is done, then the effects of the facts are performed. All in one loop; handlers never wait.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Command, Rejection, Seq } from '#engine/command.ts';
import { draftOf, stateOf } from '#engine/draft.ts';
import type { Draft } from '#engine/draft.ts';
import type { Fact } from '#engine/fact.ts';
import type { ProcessModel } from '#engine/model.ts';
import { advance, initialState, nextDueMs, refusal, step } from '#engine/step.ts';
import { upgraded } from '#engine/upgrade.ts';
import { WorkflowClock } from './clock.ts';
import { Effects } from './effects.ts';
import { batchLength, FactLog } from './fact-log.ts';
import { isOpen, semanticsOfRun } from './gates.ts';
import { limits } from './limits.ts';
import {
  commandsUpdate,
  commandUpdate,
  detachSignal,
  factNumberQuery,
  isSettledQuery,
  factsQuery,
  previewQuery,
  releaseJobSignal,
  setClockUpdate,
  startArguments,
  stateQuery,
} from './messages.ts';
import type {
  CommandAnswer,
  CommandMessage,
  InstanceFact,
  InstanceInput,
  InstanceOutcome,
  Preview,
} from './messages.ts';
import { local, remote } from './shell-activities.ts';

/** Whose command it is; `key`: null when it needs no answer. */
interface Asker {
  readonly actor: string;
  readonly key: string | null;
  /** See `CommandMessage`. */
  readonly reason?: string | null;
}
const system: Asker = { actor: 'system', key: null };

/** How often a run may reach an element before it rests; absent: as the engine says now. */
function visitsPerRestOf(semantics: number): { readonly visitsPerRest?: number } {
  for (const gate of ['visits1000', 'visits500'] as const)
    if (!isOpen(gate, semantics)) return { visitsPerRest: limits.visitsBefore[gate] };
  return {};
}

/** A migration comes with its model beside it. */
function commandOf({ command, model, modelSha256 }: CommandMessage): Command {
  if (command.type !== 'migrateInstance') return command;
  if (model === undefined || modelSha256 === undefined) throw new Error('The migration came without its model.');
  return { ...command, target: model, modelSha256 };
}

class ProcessInstance {
  readonly #input: InstanceInput;
  /** What the instance follows; another after a migration. */
  #model: ProcessModel;
  #modelSha256: string | undefined;
  readonly #draft: Draft;
  readonly #clock: WorkflowClock;
  readonly #effects: Effects;
  readonly #semantics = semanticsOfRun();
  readonly #visitsPerRest = visitsPerRestOf(this.#semantics);
  /** Answers by command key, oldest first. */
  readonly #ledger: Map<string, CommandAnswer>;
  /** Facts not yet recorded. */
  #unrecorded: InstanceFact[] = [];
  readonly #log = new FactLog();
  /** Number of the last recorded fact. */
  #recorded: number;
  /** Number of the last fact of the run before. */
  readonly #settled: number;
  /** Commands waiting for their facts to be recorded. */
  #waiting: { readonly factNumber: number; readonly answer: () => void }[] = [];
  /** When the Temporal timers that are set will ring. */
  readonly #alarms: number[] = [];
  #rings = false;
  #isLong = false;
  #detached: boolean;
  /** Why the instance could not start. */
  #refusal: Rejection | null = null;
  #error: Extract<Fact, { type: 'instanceErrored' }> | null = null;

  constructor(input: InstanceInput) {
    this.#input = input;
    this.#model = input.model;
    this.#modelSha256 = input.modelSha256;
    const { resume } = input;
    this.#clock = new WorkflowClock(input.clockOffsetMs);
    this.#draft = draftOf(resume === undefined ? initialState() : upgraded(resume.state));
    this.#recorded = this.#draft.state.factNumber;
    this.#settled = this.#recorded;
    this.#ledger = new Map((resume?.ledger ?? []).map(({ key, answer }) => [key, answer]));
    this.#detached = resume?.detached ?? false;
    this.#effects = new Effects(
      {
        state: this.#draft.state,
        clock: this.#clock,
        startLock: input.startLock ?? null,
        semantics: this.#semantics,
        children: resume?.children ?? [],
      },
      (command, key) => (key !== null && this.#ledger.has(key)) || this.#apply(command, { ...system, key }) === null,
    );
    if (resume === undefined) {
      const { actor, ...start } = input.start;
      this.#refusal = this.#apply({ type: 'startInstance', ...start }, { actor, key: null });
    }
  }

  /** Applies a command at once; null: accepted. Its facts wait to be recorded. */
  #apply(command: Command, { actor, key: commandKey, reason = null }: Asker): Rejection | null {
    const nowMs = this.#clock.nowMs();
    const first = this.#draft.state.factNumber + 1;
    const advanced = advance(this.#model, this.#draft, command, { nowMs, actor, reason, ...this.#visitsPerRest });
    if (!advanced.ok) return advanced.rejection;
    if (command.type === 'migrateInstance') {
      this.#model = command.target;
      this.#modelSha256 = command.modelSha256;
    }
    for (const [index, fact] of advanced.facts.entries()) {
      const made: InstanceFact = { number: first + index, atMs: nowMs, actor, commandKey, fact };
      this.#unrecorded.push(made);
      this.#log.add(made);
      if (fact.type === 'instanceErrored') this.#error = fact;
    }
    if (commandKey !== null) this.#remember(commandKey, { accepted: true, factNumber: this.#draft.state.factNumber });
    return null;
  }

  #remember(key: string, answer: CommandAnswer): void {
    this.#ledger.set(key, answer);
    for (const oldest of this.#ledger.keys()) {
      if (this.#ledger.size <= limits.ledgerKeys) return;
      this.#ledger.delete(oldest);
    }
  }

  handle(message: CommandMessage): CommandAnswer | Promise<CommandAnswer> {
    const { key } = message;
    this.#measure();
    const rejection = this.#ledger.has(key) ? null : this.#apply(commandOf(message), message);
    if (rejection !== null) return { accepted: false, rejection };
    const answer = this.#ledger.get(key) ?? { accepted: true, factNumber: this.#draft.state.factNumber };
    const factNumber = answer.accepted ? answer.factNumber : 0;
    if (factNumber <= this.#recorded) return answer;
    return new Promise((resolve) => {
      this.#waiting.push({ factNumber, answer: () => resolve(answer) });
    });
  }

  handleAll(messages: readonly CommandMessage[]): Promise<CommandAnswer[]> {
    return Promise.all(messages.map((message) => Promise.resolve(this.handle(message))));
  }

  /** Throws what the sender of a command that would be refused gets. */
  validate(message: CommandMessage): void {
    const { key, actor } = message;
    if (this.#ledger.has(key)) return;
    const rejection = refusal(this.#model, this.#draft, commandOf(message), { nowMs: this.#clock.nowMs(), actor });
    if (rejection === null) return;
    throw ApplicationFailure.create({
      type: 'Rejection',
      nonRetryable: true,
      message: rejection.message,
      details: [rejection],
    });
  }

  /** See `previewQuery`. */
  preview(message: CommandMessage): Preview {
    const context = {
      nowMs: this.#clock.nowMs(),
      actor: message.actor,
      reason: message.reason ?? null,
      ...this.#visitsPerRest,
    };
    const result = step(this.#model, this.state(), commandOf(message), context);
    return result.ok ? { accepted: true, facts: result.facts } : { accepted: false, rejection: result.rejection };
  }

  /** Cancellation through Temporal, by a parent or an administrator. */
  cancel(): void {
    this.#apply({ type: 'cancelInstance', reason: 'canceled' }, system);
  }
  detach(): void {
    this.#measure();
    this.#detached = true;
  }
  /** A job that was put aside is done. */
  releaseJob(job: Seq): void {
    this.#effects.runAgain(job);
  }
  /** Answers when what is due by then has happened and nothing of it is under way any more. */
  async setClock(offsetMs: number): Promise<void> {
    this.#clock.offsetMs = offsetMs;
    this.#rings = true;
    const rests = (): boolean =>
      !this.#rings && this.#unrecorded.length === 0 && !this.#isPaused && this.#effects.inFlight === 0;
    await condition(rests, limits.settleMs);
  }
  readonly state = () => stateOf(this.#draft);
  readonly factsAfter = (number: number): readonly InstanceFact[] => this.#log.after(number);
  /** See `isSettledQuery`. What the ledger has forgotten lies before what it remembers. */
  readonly isSettled = ({ key, factNumber }: { readonly key: string; readonly factNumber: number }): boolean => {
    if (this.#ledger.has(key) || factNumber <= this.#settled) return true;
    const [oldest] = this.#ledger.values();
    const isFull = this.#ledger.size >= limits.ledgerKeys;
    return isFull && oldest?.accepted === true && factNumber < oldest.factNumber;
  };
  readonly factNumber = (): number => this.#draft.state.factNumber;

  async run(): Promise<InstanceOutcome> {
    if (this.#refusal !== null) return { type: 'notStarted', message: this.#refusal.message };
    await this.#effects.perform(this.#input.resume?.effects ?? []);
    for (;;) {
      if (this.#rings) this.#ring();
      this.#measure();
      if (this.#unrecorded.length > 0) {
        await this.#record();
      } else if (this.#isQuiet && this.#hasEnded && !this.#effects.awaitsChildren) {
        return this.#end();
      } else if (this.#isQuiet && this.#isLong && !this.#hasEnded) {
        this.#effects.hold();
        if (!this.#effects.awaitsChildren) return this.#continue();
        await this.#effects.detachChildren();
      } else if (this.#isPaused) {
        // The workflow task ends here, so that commands and neighbours have their turn; then the long step goes on.
        await sleep(limits.pauseMs);
        if (this.#isPaused) this.#apply({ type: 'continue' }, system);
      } else {
        this.#setAlarm();
        const { inFlight } = this.#effects;
        await condition(
          () =>
            this.#rings ||
            this.#unrecorded.length > 0 ||
            this.#effects.inFlight !== inFlight ||
            (this.#isQuiet && this.#mayLeave),
        );
      }
    }
  }

  get #isPaused(): boolean {
    const { status, paused, suspendedAtMs } = this.#draft.state;
    return status === 'active' && paused !== null && suspendedAtMs === null;
  }
  get #hasEnded(): boolean {
    return this.#draft.state.status !== 'active';
  }
  get #mayLeave(): boolean {
    return this.#hasEnded ? !this.#effects.awaitsChildren : this.#isLong;
  }
  /**
   * Whether the history is long, asked when something has come in and never while waiting: a command that the validator refuses wakes who
   * waits as well, but leaves nothing in the history, so a replay would not continue as new there.
   */
  #measure(): void {
    const { continueAsNewSuggested, historyLength } = workflowInfo();
    this.#isLong ||= continueAsNewSuggested || historyLength >= (this.#input.continueAfterEvents ?? Infinity);
    // From now on new jobs wait for the next run: those in flight end soon, and then nothing is lost by leaving.
    if (this.#isLong && isOpen('holdsOnceLong', this.#semantics)) this.#effects.hold();
  }
  /**
   * Nothing of this run is in flight, so nothing can come in while the task that closes it is on its way: Temporal would undo that whole
   * task, the commands accepted in it included. Unrecorded facts are looked at first: an Update waits for them, so waiting for the
   * handlers before they are recorded would be for ever.
   */
  get #isQuiet(): boolean {
    if (this.#effects.inFlight > 0 || this.#unrecorded.length > 0 || !allHandlersFinished()) return false;
    const soonMs = Date.now() + limits.alarmGuardMs;
    return !this.#alarms.some((alarmMs) => alarmMs <= soonMs);
  }

  async #record(): Promise<void> {
    const facts = this.#unrecorded.splice(0, batchLength(this.#unrecorded, limits.factBytesPerBatch));
    const { instanceKey, processId, definitionKey, businessKey, region } = this.#draft.state;
    for (let isSettled = false; ; isSettled = true) {
      const { historyLength } = workflowInfo();
      const batch = { instanceKey, processId, definitionKey, businessKey, region, facts, historyLength, isSettled };
      try {
        if ((await this.#effects.inTurn(() => local['alur.recordFacts'](batch))) !== 'outdated') break;
      } catch {
        // tried again below
      }
      // The timer ends the workflow task: what was done in it counts from then on.
      await sleep(limits.repeatMs);
    }
    const recorded = facts.at(-1)?.number ?? this.#recorded;
    this.#recorded = recorded;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ factNumber }) => factNumber > recorded);
    for (const { factNumber, answer } of waiting) if (factNumber <= recorded) answer();
    await this.#effects.perform(facts);
  }

  /** One alarm for whatever is due first. A later one stays set and does for the next: a timer set and cancelled is two events. */
  #setAlarm(): void {
    const dueMs = nextDueMs(this.#draft);
    const nowMs = Date.now();
    if (dueMs === null) return;
    const ringMs = Math.min(Math.max(dueMs - this.#clock.offsetMs, nowMs + 1), nowMs + limits.alarmMs);
    if (this.#alarms.some((alarmMs) => alarmMs <= ringMs)) return;
    this.#alarms.push(ringMs);
    void sleep(ringMs - nowMs).then(() => {
      this.#alarms.splice(this.#alarms.indexOf(ringMs), 1);
      this.#rings = true;
      return undefined;
    });
  }
  #ring(): void {
    this.#rings = false;
    const dueMs = nextDueMs(this.#draft);
    if (dueMs !== null && dueMs <= this.#clock.nowMs()) this.#apply({ type: 'fireDue' }, system);
  }

  #continue(): Promise<never> {
    const { start, startLock, continueAfterEvents } = this.#input;
    const modelSha256 = this.#modelSha256;
    if (modelSha256 === undefined) throw new Error('the model came without its name');
    const ledger = [...this.#ledger].map(([key, answer]) => ({ key, answer }));
    const { held: effects, children } = this.#effects;
    const resume = { state: this.state(), ledger, effects, children, detached: this.#detached };
    const more = {
      resume,
      ...this.#clock.moved,
      ...(startLock === undefined ? {} : { startLock }),
      ...(continueAfterEvents === undefined ? {} : { continueAfterEvents }),
    };
    const [input] = startArguments(modelSha256, { ...start, variables: {} }, more);
    return continueAsNew<(input: InstanceInput) => Promise<InstanceOutcome>>(input);
  }

  async #end(): Promise<InstanceOutcome> {
    const outcome = this.#outcome();
    const { parent, processId, instanceKey } = this.#draft.state;
    if (parent !== null && this.#detached)
      await remote['alur.reportOutcome']({ parent, processId, instanceKey, outcome });
    return outcome;
  }
  #outcome(): InstanceOutcome {
    const { status, parent, elements } = this.#draft.state;
    if (status === 'terminated') return { type: 'terminated' };
    if (this.#error !== null) return { ...this.#error, type: 'error' };
    // Only a caller needs the variables; they are in the read model anyway.
    return { type: 'completed', variables: parent === null ? {} : (elements[0]?.variables ?? {}) };
  }
}

export async function processInstance(input: InstanceInput): Promise<InstanceOutcome> {
  // The start command first, then the handlers: a message never meets an instance that has not begun.
  return CancellationScope.nonCancellable(() => {
    const instance = new ProcessInstance(input);
    setHandler(commandUpdate, (message) => Promise.resolve(instance.handle(message)), {
      validator: (message) => instance.validate(message),
    });
    setHandler(commandsUpdate, (messages) => instance.handleAll(messages));
    setHandler(setClockUpdate, (offsetMs) => instance.setClock(offsetMs));
    setHandler(stateQuery, instance.state);
    setHandler(previewQuery, (message) => instance.preview(message));
    setHandler(factNumberQuery, instance.factNumber);
    setHandler(isSettledQuery, instance.isSettled);
    setHandler(factsQuery, instance.factsAfter);
    setHandler(detachSignal, () => instance.detach());
    setHandler(releaseJobSignal, (job) => instance.releaseJob(job));
    CancellationScope.current().parent?.cancelRequested.catch(() => instance.cancel());
    return instance.run();
  });
}
