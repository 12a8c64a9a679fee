/** One instance in the engine, seen and commanded in the terms that the reference model shares: labels of what is open. */
import type { Command, Seq } from '#engine/command.ts';
import { draftOf } from '#engine/draft.ts';
import type { Draft } from '#engine/draft.ts';
import type { Fact, JobPurpose, RecordedFact } from '#engine/fact.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { Variables } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import { advance, earliestDueMs, initialState } from '#engine/step.ts';
import type { View } from './properties-view.ts';
import { startMs } from './story.ts';

/** Instances of these types are bookkeeping, no elements of the diagram. */
const hidden: ReadonlySet<string> = new Set(['process', 'multiInstanceBody', 'standardLoopBody', 'compensation']);

/** `isCalled`: by a call activity of another instance. */
export const startOf = (variables: Variables, isCalled = false): Command => ({
  type: 'startInstance',
  instanceKey: '1048576',
  definitionKey: '1',
  version: 1,
  startElement: null,
  variables,
  businessKey: null,
  region: null,
  parent: isCalled ? { instanceKey: '2097152', processId: 'caller', element: 1, rootInstanceKey: '2097152' } : null,
});

export class EngineRun {
  nowMs = startMs;
  readonly draft: Draft = draftOf(initialState());
  readonly facts: RecordedFact[] = [];
  readonly #model: ProcessModel;
  #completed: string[] = [];
  #terminated: string[] = [];

  constructor(model: ProcessModel, variables: Variables, isCalled = false) {
    this.#model = model;
    this.send(startOf(variables, isCalled));
  }

  get state(): InstanceState {
    return this.draft.state;
  }

  /** When something is due next. */
  get dueMs(): number {
    return earliestDueMs(this.state) ?? this.nowMs;
  }

  /** Throws when it is refused. */
  send(command: Command): void {
    const advanced = advance(this.#model, this.draft, command, { nowMs: this.nowMs, actor: 'tester' });
    if (!advanced.ok) throw new Error(`refused: ${command.type} ${advanced.rejection.code}`);
    for (const fact of advanced.facts) {
      this.facts.push({ number: this.facts.length + 1, atMs: this.nowMs, actor: 'tester', fact });
      this.#note(fact);
    }
    if (this.state.paused !== null) throw new Error('a process this small never needs a pause');
  }

  /** From outside: every subscriber gets it in a command of its own. */
  broadcast(name: string): void {
    for (const [seq, { signalName }] of Object.entries(this.state.signalSubscriptions)) {
      const subscription = Number(seq);
      if (signalName !== name || !this.state.signalSubscriptions[subscription]) continue;
      this.send({ type: 'receiveSignal', subscription, signalKey: '1', variables: {} });
    }
  }

  #note(fact: Fact): void {
    if (fact.type === 'elementCompleted' && !hidden.has(fact.elementType)) this.#completed.push(fact.elementId);
    if (fact.type === 'elementTerminated' && !hidden.has(fact.elementType)) this.#terminated.push(fact.elementId);
  }

  /** What there is to see, and what has ended since the last look. */
  look(): View {
    const { state } = this;
    const [completed, terminated] = [this.#completed, this.#terminated];
    [this.#completed, this.#terminated] = [[], []];
    const elements = Object.values(state.elements);
    return {
      status: state.status,
      active: elements.filter(({ type }) => !hidden.has(type)).map(({ seq }) => this.#label(seq)),
      completed,
      terminated,
      jobs: Object.entries(state.jobs).map(([seq]) => this.#jobLabel(Number(seq), true)),
      tasks: Object.keys(state.userTasks).map((seq) => this.#label(Number(seq))),
      messages: Object.values(state.subscriptions).map((one) => this.#catchLabel(one)),
      signals: Object.values(state.signalSubscriptions).map((one) => this.#catchLabel(one)),
      conditions: Object.values(state.conditions).map((one) => this.#catchLabel(one)),
      timers: Object.values(state.timers).map((one) => `${this.#catchLabel(one)} ${one.dueMs - startMs}`),
      children: Object.keys(state.children).map((seq) => this.#label(Number(seq))),
      incidents: Object.keys(state.incidents).map((seq) => this.#incidentLabel(Number(seq))),
      variables: state.elements[0]?.variables ?? {},
    };
  }

  /** `element@.2.1`: the element with the loop counters around it. */
  #label(seq: Seq): string {
    return `${this.state.elements[seq]?.elementId ?? '?'}@${this.#place(seq)}`;
  }
  #place(seq: Seq): string {
    let place = '';
    for (let at = this.state.elements[seq]; at && at.seq !== 0; at = this.state.elements[at.scope]) {
      if (at.loopCounter !== null) place = `.${at.loopCounter}${place}`;
    }
    return place;
  }
  #catchLabel({ element, elementId }: { readonly element: Seq; readonly elementId: string }): string {
    return `${elementId}@${this.#place(element)}`;
  }
  #jobLabel(seq: Seq, withAttempts: boolean): string {
    const job = this.state.jobs[seq];
    if (!job) return '?';
    const label = `${this.#label(job.element)} ${purposeText(job.purpose)}`;
    return withAttempts ? `${label} #${job.retries}${job.retryAtMs === null ? '' : ' later'}` : label;
  }
  #incidentLabel(seq: Seq): string {
    const incident = this.state.incidents[seq];
    return incident ? `${this.#label(incident.element ?? 0)} ${incident.code}` : '?';
  }

  // The oldest with the label; -1 when there is none

  job(label: string): Seq {
    return find(this.state.jobs, (seq) => this.#jobLabel(seq, false) === label);
  }
  task(label: string): Seq {
    return find(this.state.userTasks, (seq) => this.#label(seq) === label);
  }
  subscription(label: string, part: number): Seq {
    return find(this.state.subscriptions, (_, one) => one.part === part && this.#catchLabel(one) === label);
  }
  signalSubscription(label: string, part: number): Seq {
    return find(this.state.signalSubscriptions, (_, one) => one.part === part && this.#catchLabel(one) === label);
  }
  child(label: string): Seq {
    return find(this.state.children, (seq) => this.#label(seq) === label);
  }
  incident(label: string): Seq {
    return find(this.state.incidents, (seq) => this.#incidentLabel(seq) === label);
  }
  element(label: string): Seq {
    return find(this.state.elements, (seq, { type }) => !hidden.has(type) && this.#label(seq) === label);
  }
}

function purposeText(purpose: JobPurpose | undefined): string {
  return purpose === undefined || purpose.kind === 'element' ? 'element' : `${purpose.event}${purpose.index}`;
}

function find<T>(table: Readonly<Record<Seq, T>>, fits: (seq: Seq, entry: T) => boolean): Seq {
  for (const [seq, entry] of Object.entries(table)) if (fits(Number(seq), entry)) return Number(seq);
  return -1;
}
