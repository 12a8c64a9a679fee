/**
 * What came from outside in the course of a recorded instance: the start, what people and machines did, what was received, which timers
 * rang. Enough to run the case again, on this or on another model (rerun.ts).
 */
import type { Command, Seq, TaskListenerResult } from '../command.ts';
import type { Fact, JobPurpose, RecordedFact } from '../fact.ts';
import type { Variables } from '../json.ts';
import type { ElementId } from '../model.ts';
import { Places, waitNameOf } from './places.ts';
import type { Place, WaitPlace } from './places.ts';

type FactOf<T extends Fact['type']> = Extract<Fact, { readonly type: T }>;

export interface RecordedStart {
  readonly atMs: number;
  readonly actor: string;
  readonly fact: FactOf<'instanceStarted'>;
  /** The element that the first token was at: a start event that was triggered, when the model says so. */
  readonly firstElement: ElementId | null;
  variables: Variables;
}

export interface JobPlace extends Place {
  readonly purpose: JobPurpose;
}
type Brought =
  | { readonly kind: 'userTask'; readonly place: Place }
  | { readonly kind: 'job'; readonly place: JobPlace; result: Mutable<TaskListenerResult> | null }
  | { readonly kind: 'jobError'; readonly place: JobPlace; readonly code: string; readonly message: string }
  | { readonly kind: 'message' | 'signal'; readonly place: WaitPlace }
  | { readonly kind: 'child'; readonly place: Place; readonly outcome: string; readonly code: string }
  | { readonly kind: 'escalation'; readonly place: Place; readonly code: string }
  | { readonly kind: 'variables'; readonly place: Place };
type Plain =
  | {
      readonly kind: 'jobFailure';
      readonly place: JobPlace;
      readonly retries: number;
      readonly message: string;
      readonly retryAfterMs: number;
    }
  | { readonly kind: 'timer'; readonly place: WaitPlace }
  | { readonly kind: 'newDueTime'; readonly place: WaitPlace; readonly dueMs: number }
  | { readonly kind: 'resolution'; readonly place: Place }
  | { readonly kind: 'cancellation'; readonly reason: string };
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type Input = { readonly number: number; readonly atMs: number; readonly actor: string } & (
  | (Brought & { variables: Variables })
  | Plain
);

export interface Recorded {
  readonly start: RecordedStart;
  readonly inputs: readonly Input[];
  /** The due times that timers were set to, by place. */
  readonly dueTimes: ReadonlyMap<string, ReadonlySet<number>>;
  /** Number of the first fact by which a person changed the course itself; null: nobody did. */
  readonly changedByHand: number | null;
}

/** Changes by hand that another model can be given as they are; the rest put tokens where this model has none. */
const repeatable: ReadonlySet<Command['type']> = new Set([
  'setVariables',
  'resolveIncident',
  'retryJob',
  'updateJob',
  'updateTimer',
  'fireTimer',
  'suspendInstance',
  'resumeInstance',
  'completeJob',
  'cancelInstance',
]);

/** Throws when the facts are not those of an instance from its start. */
export function inputsOf(facts: readonly RecordedFact[]): Recorded {
  return new Reading().of(facts);
}

interface Wait {
  readonly element: Seq;
  readonly elementId: ElementId;
  readonly part: number;
}

class Reading {
  readonly #places = new Places();
  readonly #inputs: Input[] = [];
  readonly #jobs = new Map<Seq, { readonly element: Seq; readonly purpose: JobPurpose }>();
  readonly #waits = new Map<Seq, Wait>();
  readonly #dueTimes = new Map<string, Set<number>>();
  readonly #incidents = new Map<Seq, Seq>();
  readonly #asked = new Set<Seq>();
  readonly #throwers = new Set<Seq>();
  readonly #chooses = new Map<Seq, number>();
  #start: Mutable<RecordedStart> | null = null;
  #byHand: number | null = null;
  /** What the next delivered variables came with. */
  #receiver: { variables: Variables } | null = null;
  #before: RecordedFact | null = null;

  of(facts: readonly RecordedFact[]): Recorded {
    for (const recorded of facts) {
      this.#places.note(recorded.fact);
      this.#read(recorded);
      this.#before = recorded;
    }
    if (!this.#start) throw new Error('The facts do not begin with the start of an instance.');
    return { start: this.#start, inputs: this.#inputs, dueTimes: this.#dueTimes, changedByHand: this.#byHand };
  }

  #read(recorded: RecordedFact): void {
    const { fact } = recorded;
    const reader = this.#readers[fact.type] as ((fact: Fact, recorded: RecordedFact) => void) | undefined;
    reader?.call(this, fact, recorded);
  }

  #add({ number, atMs, actor }: RecordedFact, input: Brought | Plain): void {
    const whole = { number, atMs, actor, ...input, variables: {} };
    this.#inputs.push(whole);
    this.#receiver = whole;
  }

  readonly #readers: { readonly [T in Fact['type']]?: (fact: FactOf<T>, recorded: RecordedFact) => void } = {
    instanceStarted: (fact, { atMs, actor }) => {
      this.#start = { atMs, actor, fact, firstElement: null, variables: fact.held?.variables ?? {} };
      this.#receiver = fact.held ? null : this.#start;
    },
    elementActivated: (fact, { atMs }) => {
      if (this.#start?.firstElement === null) this.#start.firstElement = fact.elementId;
      if (fact.elementType === 'endEvent' || fact.elementType === 'intermediateThrowEvent')
        this.#throwers.add(fact.element);
      if (fact.elementType === 'adHocSubProcess') this.#chooses.set(fact.element, atMs);
    },
    variablesSet: ({ scope, variables, from }, recorded) => {
      if (from === 'delivery' && this.#receiver) {
        this.#receiver.variables = { ...this.#receiver.variables, ...variables };
      } else if (from === 'command') {
        this.#add(recorded, { kind: 'variables', place: this.#places.placeOf(scope) });
        if (this.#receiver) this.#receiver.variables = variables;
        this.#receiver = null;
      }
    },
    userTaskChangeRequested: ({ task, event, variables }, recorded) => {
      if (event !== 'completing') return;
      this.#add(recorded, { kind: 'userTask', place: this.#places.placeOf(task) });
      if (this.#receiver) this.#receiver.variables = variables;
      this.#receiver = null;
      this.#asked.add(task);
    },
    userTaskChangeDenied: ({ task, reason: deniedReason }) => {
      this.#asked.delete(task);
      this.#answer({ denied: true, deniedReason, corrections: {} });
    },
    userTaskChangeCorrected: ({ changes }) => {
      this.#answer({ denied: false, deniedReason: null, corrections: changes });
    },
    userTaskCompleted: ({ task, by }, recorded) => {
      if (this.#asked.delete(task)) this.#receiver = null;
      else
        this.#add(
          { ...recorded, actor: by ?? recorded.actor },
          { kind: 'userTask', place: this.#places.placeOf(task) },
        );
    },
    jobCreated: ({ job, element, purpose }) => void this.#jobs.set(job, { element, purpose }),
    jobCompleted: ({ job }, recorded) => this.#add(recorded, { kind: 'job', place: this.#jobPlace(job), result: null }),
    jobFailed: ({ job, retries, message, retryAtMs }, recorded) => {
      const retryAfterMs = retryAtMs === null ? 0 : retryAtMs - recorded.atMs;
      this.#add(recorded, { kind: 'jobFailure', place: this.#jobPlace(job), retries, message, retryAfterMs });
    },
    jobErrorThrown: ({ job, code, message }, recorded) =>
      this.#add(recorded, { kind: 'jobError', place: this.#jobPlace(job), code, message }),
    timerSet: ({ timer, element, elementId, dueMs, part = 0 }) => {
      this.#waits.set(timer, { element, elementId, part });
      this.#due(timer, dueMs);
    },
    timerRescheduled: ({ timer, dueMs }, recorded) => {
      this.#due(timer, dueMs);
      this.#add(recorded, { kind: 'newDueTime', place: this.#waitPlace(timer), dueMs });
    },
    timerFired: ({ timer }, recorded) => this.#add(recorded, { kind: 'timer', place: this.#waitPlace(timer) }),
    messageSubscriptionOpened: ({ subscription, element, elementId, part = 0 }) =>
      void this.#waits.set(subscription, { element, elementId, part }),
    messageCorrelated: ({ subscription }, recorded) =>
      this.#add(recorded, { kind: 'message', place: this.#waitPlace(subscription) }),
    signalSubscriptionOpened: ({ subscription, element, elementId, part = 0 }) =>
      void this.#waits.set(subscription, { element, elementId, part }),
    signalReceived: ({ subscription, signalKey }, recorded) => {
      // its own signals reach it again by themselves
      if (!this.#isOwn(signalKey)) this.#add(recorded, { kind: 'signal', place: this.#waitPlace(subscription) });
      else this.#receiver = null;
    },
    childEnded: ({ element, outcome, code = '' }, recorded) =>
      this.#add(recorded, { kind: 'child', place: this.#places.placeOf(element), outcome, code }),
    escalationThrown: ({ element, code }, recorded) => {
      if (this.#throwers.has(element)) this.#receiver = null;
      else this.#add(recorded, { kind: 'escalation', place: this.#places.placeOf(element), code });
    },
    incidentRaised: ({ incident, element }) => void this.#incidents.set(incident, element ?? 0),
    incidentResolved: ({ incident }, recorded) => {
      // one that ends with its reason does so within a step that something else began
      const before = this.#before;
      const began = before?.atMs !== recorded.atMs || before.actor !== recorded.actor;
      if (began || before.fact.type === 'interventionMade' || this.#isCommand(before.fact)) {
        this.#add(recorded, { kind: 'resolution', place: this.#places.placeOf(this.#incidents.get(incident) ?? 0) });
      }
    },
    adHocElementsChosen: ({ element }, { number, atMs }) => {
      if (this.#chooses.get(element) !== atMs) this.#byHand ??= number;
    },
    interventionMade: ({ command }, { number }) => {
      if (!repeatable.has(command)) this.#byHand ??= number;
    },
    instanceMigrated: (_, { number }) => void (this.#byHand ??= number),
    instanceTerminated: ({ reason }, recorded) => this.#add(recorded, { kind: 'cancellation', reason }),
  };

  #isCommand(fact: Fact): boolean {
    return fact.type === 'variablesSet' && fact.from === 'command';
  }
  #isOwn(signalKey: string): boolean {
    const key = this.#start?.fact.instanceKey ?? '0';
    return BigInt(signalKey) >> 20n === BigInt(key) >> 20n;
  }
  #answer(result: TaskListenerResult): void {
    const last = this.#inputs.at(-1);
    if (last?.kind === 'job') last.result = result;
  }
  #jobPlace(job: Seq): JobPlace {
    const known = this.#jobs.get(job);
    if (!known) throw new Error(`The facts do not say what job ${job} is.`);
    return { ...this.#places.placeOf(known.element), purpose: known.purpose };
  }
  #waitPlace(wait: Seq): WaitPlace {
    const known = this.#waits.get(wait);
    if (!known) throw new Error(`The facts do not say what waits by ${wait}.`);
    return { ...this.#places.placeOf(known.element), catches: known.elementId, part: known.part };
  }
  #due(timer: Seq, dueMs: number): void {
    const name = waitNameOf(this.#waitPlace(timer));
    const times = this.#dueTimes.get(name) ?? new Set();
    this.#dueTimes.set(name, times.add(dueMs));
  }
}
