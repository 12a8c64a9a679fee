/**
 * A recorded case once more, on another model or another engine: what came from outside comes again, in order and at its time, to whatever
 * stands at the same place now. In memory; nothing reaches the world.
 */
import { initialState } from '../apply.ts';
import type { Command, Seq } from '../command.ts';
import { draftOf, stateOf } from '../draft.ts';
import type { Draft } from '../draft.ts';
import type { Fact, JobPurpose } from '../fact.ts';
import type { InstanceState } from '../instance.ts';
import { limits } from '../limits.ts';
import type { Variables } from '../json.ts';
import type { ElementId, ProcessModel } from '../model.ts';
import { startTriggersOf } from '../start.ts';
import { advance } from '../step.ts';
import { visibleVariables } from '../variables.ts';
import type { Input, JobPlace, Recorded, RecordedStart } from './inputs.ts';
import { Places, waitNameOf } from './places.ts';
import type { Place, WaitPlace } from './places.ts';

export interface Rerun {
  readonly facts: readonly Fact[];
  readonly state: InstanceState;
  /** Facts of the record that there was no place for any more. */
  readonly unused: readonly { readonly number: number; readonly elementId: ElementId }[];
}

/** What somebody handed in at a user task, and what the task showed them. */
export interface Submission {
  readonly factNumber: number;
  readonly elementId: ElementId;
  readonly submitted: Variables;
  readonly visible: Variables;
  readonly atMs: number;
}

/** `submitted`: told of every user task before it is completed. */
export function rerun(process: ProcessModel, recorded: Recorded, submitted?: (submission: Submission) => void): Rerun {
  const running = new Running(process, recorded, submitted);
  running.start(recorded.start);
  for (const input of recorded.inputs) running.take(input);
  running.finish();
  return running.result;
}

class Running {
  readonly #process: ProcessModel;
  readonly #recorded: Recorded;
  readonly #submitted: ((submission: Submission) => void) | undefined;
  readonly #draft: Draft = draftOf(initialState());
  readonly #places = new Places();
  readonly #facts: Fact[] = [];
  readonly #unused: { number: number; elementId: ElementId }[] = [];
  #nowMs = 0;

  constructor(process: ProcessModel, recorded: Recorded, submitted?: (submission: Submission) => void) {
    this.#process = process;
    this.#recorded = recorded;
    this.#submitted = submitted;
  }
  get result(): Rerun {
    return { facts: this.#facts, state: stateOf(this.#draft), unused: this.#unused };
  }
  get #state(): InstanceState {
    return this.#draft.state;
  }

  start({ fact, firstElement, variables, atMs, actor }: RecordedStart): void {
    this.#nowMs = atMs;
    const { instanceKey, definitionKey, version, businessKey, region, parent } = fact;
    const triggered = startTriggersOf(this.#process).some(({ elementId }) => elementId === firstElement);
    const startElement = triggered ? firstElement : (fact.held?.startElement ?? null);
    const identity = { instanceKey, definitionKey, version, businessKey, region, parent };
    this.#send({ type: 'startInstance', ...identity, startElement, variables }, actor);
  }

  take(input: Input): void {
    this.#ringUntil(input.atMs);
    this.#nowMs = input.atMs;
    const command = this.#commandOf(input);
    const isTaken = command !== null && this.#send(command, input.actor);
    if (!isTaken) this.#unused.push({ number: input.number, elementId: elementOf(input) });
  }

  /** What the record has no more answers for goes on by its timers alone. */
  finish(): void {
    for (let rounds = 0; rounds < limits.rerunTimers && this.#state.status === 'active'; rounds++) {
      const due = this.#nextTimer(() => true);
      if (due === null) return;
      this.#ring(due);
    }
  }

  #send(command: Command, actor = 'system'): boolean {
    const advanced = advance(this.#process, this.#draft, command, { nowMs: this.#nowMs, actor });
    if (!advanced.ok) return false;
    for (const fact of advanced.facts) {
      this.#places.note(fact);
      this.#facts.push(fact);
    }
    if (this.#state.paused) this.#send({ type: 'continue' });
    return true;
  }

  /** A timer that was set to the same time then rings, or is withdrawn, when it was; one that is new rings when it is due. */
  #ringUntil(atMs: number): void {
    const isNew = (timer: Seq, dueMs: number): boolean =>
      dueMs <= atMs && this.#recorded.dueTimes.get(waitNameOf(this.#waitPlaceOf('timers', timer)))?.has(dueMs) !== true;
    for (let rounds = 0; rounds < limits.rerunTimers; rounds++) {
      const due = this.#nextTimer(isNew);
      if (due === null) return;
      this.#ring(due);
    }
  }
  #nextTimer(isMeant: (timer: Seq, dueMs: number) => boolean): { timer: Seq; dueMs: number } | null {
    let first: { timer: Seq; dueMs: number } | null = null;
    for (const [key, { dueMs }] of Object.entries(this.#state.timers)) {
      const timer = Number(key);
      if ((first === null || dueMs < first.dueMs) && isMeant(timer, dueMs)) first = { timer, dueMs };
    }
    return first;
  }
  #ring({ timer, dueMs }: { readonly timer: Seq; readonly dueMs: number }): void {
    this.#nowMs = dueMs;
    this.#send({ type: 'fireTimer', timer });
  }

  /** null: there is nothing at that place now. */
  #commandOf(input: Input): Command | null {
    switch (input.kind) {
      case 'userTask': {
        const task = this.#places.seqAt(input.place);
        if (task !== null) this.#tell(task, input);
        return task === null ? null : { type: 'completeUserTask', task, variables: input.variables };
      }
      case 'job':
      case 'jobFailure':
      case 'jobError':
        return this.#jobCommandOf(input);
      case 'message':
      case 'signal':
      case 'timer':
      case 'newDueTime':
        return this.#waitCommandOf(input);
      default:
        return this.#elementCommandOf(input);
    }
  }

  #tell(
    task: Seq,
    { number: factNumber, atMs, place, variables }: Extract<Input, { readonly kind: 'userTask' }>,
  ): void {
    const visible = visibleVariables(this.#state, task);
    this.#submitted?.({ factNumber, elementId: place.elementId, submitted: variables, visible, atMs });
  }

  #jobCommandOf(input: Extract<Input, { readonly place: JobPlace }>): Command | null {
    const element = this.#places.seqAt(input.place);
    const found = Object.entries(this.#state.jobs).find(
      ([, job]) => job.element === element && isSame(job.purpose, input.place.purpose),
    );
    if (!found) return null;
    const job = Number(found[0]);
    switch (input.kind) {
      case 'job': {
        const result = input.result === null ? undefined : { result: input.result };
        return { type: 'completeJob', job, variables: input.variables, ...result };
      }
      case 'jobFailure': {
        const { retries, message, retryAfterMs } = input;
        return { type: 'failJob', job, retries, message, retryAfterMs };
      }
      default: {
        const { code, message, variables } = input;
        return { type: 'throwJobError', job, code, message, variables };
      }
    }
  }

  #waitCommandOf(input: Extract<Input, { readonly place: WaitPlace }>): Command | null {
    switch (input.kind) {
      case 'message': {
        const subscription = this.#waitAt('subscriptions', input.place);
        if (subscription === null) return null;
        return { type: 'correlateMessage', subscription, messageKey: '0', variables: input.variables };
      }
      case 'signal': {
        const subscription = this.#waitAt('signalSubscriptions', input.place);
        if (subscription === null) return null;
        return { type: 'receiveSignal', subscription, signalKey: '0', variables: input.variables };
      }
      default: {
        const timer = this.#waitAt('timers', input.place);
        if (timer === null) return null;
        if (input.kind === 'newDueTime') return { type: 'updateTimer', timer, dueMs: input.dueMs };
        return { type: 'fireTimer', timer };
      }
    }
  }

  #elementCommandOf(
    input: Exclude<Input, { readonly kind: 'userTask' } | { readonly place: JobPlace | WaitPlace }>,
  ): Command | null {
    if (input.kind === 'cancellation') return { type: 'cancelInstance', reason: input.reason };
    const element = this.#places.seqAt(input.place);
    if (element === null) return null;
    switch (input.kind) {
      case 'child':
        return { type: 'endChild', element, outcome: outcomeOf(input) };
      case 'escalation':
        return { type: 'throwEscalation', element, code: input.code, variables: input.variables };
      case 'variables':
        return { type: 'setVariables', scope: element, variables: input.variables, local: true };
      case 'resolution': {
        const found = Object.entries(this.#state.incidents).find(([, incident]) => (incident.element ?? 0) === element);
        return found ? { type: 'resolveIncident', incident: Number(found[0]), retries: null } : null;
      }
    }
  }

  #waitPlaceOf(kind: 'timers' | 'subscriptions' | 'signalSubscriptions', wait: Seq): WaitPlace {
    const { element = 0, elementId: catches = '', part = 0 } = this.#state[kind][wait] ?? {};
    return { ...this.#places.placeOf(element), catches, part };
  }
  #waitAt(kind: 'timers' | 'subscriptions' | 'signalSubscriptions', place: WaitPlace): Seq | null {
    const wanted = waitNameOf(place);
    const found = Object.keys(this.#state[kind]).find(
      (wait) => waitNameOf(this.#waitPlaceOf(kind, Number(wait))) === wanted,
    );
    return found === undefined ? null : Number(found);
  }
}

function isSame(one: JobPurpose, other: JobPurpose): boolean {
  if (one.kind === 'element' || other.kind === 'element') return one.kind === other.kind;
  return one.kind === other.kind && one.event === other.event && one.index === other.index;
}

type ChildInput = Extract<Input, { readonly kind: 'child' }>;
type ChildOutcome = Extract<Command, { readonly type: 'endChild' }>['outcome'];

function outcomeOf({ outcome, code, variables }: ChildInput): ChildOutcome {
  switch (outcome) {
    case 'completed':
      return { type: 'completed', variables };
    case 'error':
      return { type: 'error', code, message: '', variables };
    case 'terminated':
      return { type: 'terminated' };
    default:
      return { type: 'notStarted', message: '' };
  }
}

function elementOf(input: Input): ElementId {
  if (input.kind === 'cancellation') return '';
  const { place } = input satisfies { readonly place: Place };
  return 'catches' in place ? place.catches : place.elementId;
}
