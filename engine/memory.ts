/**
 * A host of instances in memory with virtual time: tests, rehearsals before publishing, what-if copies, simulation in the browser.
 * It does for `step` what the Temporal shell does, without a promise: starts children, carries messages, rings alarms.
 */
import { initialState } from './apply.ts';
import type { Command, ParentLink, Rejection, Seq } from './command.ts';
import { draftOf } from './draft.ts';
import type { Draft } from './draft.ts';
import { nextDueMs } from './due.ts';
import type { Fact, RecordedFact } from './fact.ts';
import type { ElementInstance, InstanceState } from './instance.ts';
import type { Variables } from './json.ts';
import { instanceOf, keyOfNumber, keyWithin, sequenceOf } from './keys.ts';
import { limits } from './limits.ts';
import { MessageStore } from './memory-messages.ts';
import type { MemoryMessage } from './memory-messages.ts';
import { MemoryStarts } from './memory-starts.ts';
import type { Start } from './memory-starts.ts';
import type { ElementId, ProcessModel } from './model.ts';
import { isOutward } from './outward.ts';
import type { OutwardType } from './outward.ts';
import { receiversOf } from './signals.ts';
import { advance } from './step.ts';
import { visibleVariables } from './variables.ts';

interface Hosted {
  readonly key: string;
  process: ProcessModel;
  readonly draft: Draft;
  readonly facts: RecordedFact[];
  readonly depth: number;
  /** Message start with a correlation key: no second instance of the process starts with it meanwhile. */
  readonly startLock: string | null;
  dueMs: number | null;
}
type FactOf<T extends Fact['type']> = Extract<Fact, { readonly type: T }>;
type Effect<T extends Fact['type']> = (hosted: Hosted, fact: FactOf<T>) => void;
type ChildOutcome = Extract<Command, { readonly type: 'endChild' }>['outcome'];
interface Definition {
  readonly process: ProcessModel;
  readonly definitionKey: string;
  readonly version: number;
}
export interface MemoryJob {
  readonly key: string;
  readonly type: string;
  readonly elementId: ElementId;
  readonly processId: string;
  readonly instanceKey: string;
  readonly variables: Variables;
  readonly headers: Readonly<Record<string, string>>;
  readonly retries: number;
}
export interface MemoryUserTask {
  readonly key: string;
  readonly elementId: ElementId;
  readonly processId: string;
  readonly instanceKey: string;
  readonly assignee: string | null;
  readonly variables: Variables;
}
export interface PublishMessage {
  readonly name: string;
  readonly correlationKey: string;
  readonly timeToLiveMs: number;
  readonly messageId: string | null;
  readonly variables: Variables;
}
export interface CreateInstance {
  readonly processId: string;
  readonly variables: Variables;
  readonly startElement?: ElementId | null;
  readonly actor?: string;
}

export class MemoryHost {
  nowMs: number;
  readonly #definitions = new Map<string, Definition[]>();
  readonly #instances = new Map<string, Hosted>();
  readonly #messages = new MessageStore();
  readonly #starts = new MemoryStarts();
  readonly #effects: (() => void)[] = [];
  #draining = false;
  #lastNumber = 0n;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** A newer version of a process takes over its message and timer start events. Throws when one of those cannot be evaluated. */
  deploy(processes: readonly ProcessModel[]): void {
    for (const process of processes) {
      const versions = this.#definitions.get(process.processId) ?? [];
      const definition = { process, definitionKey: this.#nextKey(), version: versions.length + 1 };
      this.#definitions.set(process.processId, [...versions, definition]);
      this.#starts.replace(process, this.nowMs);
    }
  }

  /** The instance's key, or why it was refused. */
  createInstance(start: CreateInstance): { readonly instanceKey: string } | Rejection {
    const { processId, variables, startElement = null, actor = 'system' } = start;
    const definition = this.#definitions.get(processId)?.at(-1);
    if (!definition) return { code: 'noStartEvent', message: `There is no process '${processId}'.` };
    const created = this.#start(definition, { startElement, variables, parent: null, actor, startLock: null });
    this.#drain();
    return created;
  }

  /** Sends a command to an instance and lets everything that follows happen; null: accepted. `reason`: see `StepContext`. */
  send(instanceKey: string, command: Command, actor = 'system', reason: string | null = null): Rejection | null {
    const rejection = this.#advance(instanceKey, command, actor, reason);
    this.#drain();
    return rejection;
  }

  /** false: a message with this id is still remembered. */
  publish({ timeToLiveMs, ...message }: PublishMessage): boolean {
    const accepted = this.#publish({ ...message, messageKey: this.#nextKey(), expiresMs: this.nowMs + timeToLiveMs });
    this.#drain();
    return accepted;
  }

  /** To every subscriber, and to a new instance of every process that a signal of this name starts. */
  broadcastSignal(name: string, variables: Variables): void {
    this.#broadcast(name, this.#nextKey(), variables, null);
    this.#drain();
  }

  /** Starts an instance of every process that has a conditional start event which holds for the variables. */
  evaluateConditionals(variables: Variables): void {
    for (const start of this.#starts.byVariables(variables, this.nowMs)) this.#startBy(start, variables, null);
    this.#drain();
  }

  /** Moves the clock on; what is due on the way happens at its time, in order. */
  advanceTime(untilMs: number): void {
    for (let due = this.#earliest(); due !== null && due <= untilMs; due = this.#earliest()) {
      this.nowMs = Math.max(this.nowMs, due);
      for (const [key, hosted] of this.#instances) {
        if (hosted.dueMs !== null && hosted.dueMs <= this.nowMs) this.#advance(key, { type: 'fireDue' }, 'system');
      }
      this.#fireStartTimers();
      this.#drain();
    }
    this.nowMs = untilMs;
  }

  /** Keys, oldest first. */
  instanceKeys(): string[] {
    return [...this.#instances.keys()];
  }
  /** Throws when there is no such instance. The state is a view: it changes with the next command. */
  stateOf(instanceKey: string): InstanceState {
    return this.#hosted(instanceKey).draft.state;
  }
  factsOf(instanceKey: string): readonly RecordedFact[] {
    return this.#hosted(instanceKey).facts;
  }

  /** Open jobs with attempts left, oldest first. */
  jobs(): MemoryJob[] {
    return this.#active().flatMap(([instanceKey, { state }]) =>
      Object.entries(state.jobs).flatMap(([seq, { element, jobType, headers, retries, retryAtMs }]) => {
        const instance = state.elements[element];
        if (!instance || retries < 1 || retryAtMs !== null) return [];
        return [{ ...this.#work(instanceKey, state, Number(seq), instance), type: jobType, headers, retries }];
      }),
    );
  }

  /** Open user tasks, oldest first. */
  userTasks(): MemoryUserTask[] {
    return this.#active().flatMap(([instanceKey, { state }]) =>
      Object.entries(state.userTasks).flatMap(([seq, { assignee, pending }]) => {
        const instance = state.elements[Number(seq)];
        return instance && pending === null
          ? [{ ...this.#work(instanceKey, state, Number(seq), instance), assignee }]
          : [];
      }),
    );
  }

  completeJob(key: string, variables: Variables): Rejection | null {
    return this.send(instanceOf(key), { type: 'completeJob', job: sequenceOf(key), variables });
  }
  failJob(key: string, retries: number, message: string): Rejection | null {
    const job = sequenceOf(key);
    return this.send(instanceOf(key), { type: 'failJob', job, retries, message, retryAfterMs: 0 });
  }
  throwJobError(key: string, code: string, variables: Variables): Rejection | null {
    const job = sequenceOf(key);
    return this.send(instanceOf(key), { type: 'throwJobError', job, code, message: '', variables });
  }
  completeUserTask(key: string, variables: Variables, actor = 'system'): Rejection | null {
    return this.send(instanceOf(key), { type: 'completeUserTask', task: sequenceOf(key), variables }, actor);
  }

  #work(instanceKey: string, state: InstanceState, seq: Seq, { elementId, seq: element }: ElementInstance) {
    const variables = visibleVariables(state, element);
    return { key: keyWithin(instanceKey, seq), instanceKey, processId: state.processId, elementId, variables };
  }

  #active(): [string, Draft][] {
    return [...this.#instances]
      .filter(([, { draft }]) => draft.state.status === 'active')
      .map(([key, { draft }]) => [key, draft]);
  }

  #hosted(instanceKey: string): Hosted {
    const hosted = this.#instances.get(instanceKey);
    if (!hosted) throw new Error(`There is no instance ${instanceKey}.`);
    return hosted;
  }

  #nextKey(): string {
    this.#lastNumber += 1n;
    return keyOfNumber(this.#lastNumber);
  }

  #start(
    { process, definitionKey, version }: Definition,
    { startElement, startPart = 0, variables, parent, actor, startLock }: StartRequest,
  ): { readonly instanceKey: string } | Rejection {
    const instanceKey = this.#nextKey();
    const caller = parent && this.#instances.get(parent.instanceKey);
    const depth = (caller?.depth ?? 0) + 1;
    const { businessKey, region } = caller?.draft.state ?? { businessKey: null, region: null };
    const hosted = {
      key: instanceKey,
      process,
      draft: draftOf(initialState()),
      facts: [],
      depth,
      startLock,
      dueMs: null,
    };
    this.#instances.set(instanceKey, hosted);
    const identity = { instanceKey, definitionKey, version, businessKey, region, narrowsRegion: true, parent } as const;
    const rejection = this.#advance(
      instanceKey,
      { type: 'startInstance', ...identity, startElement, startPart, variables },
      actor,
    );
    if (rejection) this.#instances.delete(instanceKey);
    return rejection ?? { instanceKey };
  }

  #advance(instanceKey: string, command: Command, actor: string, reason: string | null = null): Rejection | null {
    const hosted = this.#instances.get(instanceKey);
    if (!hosted) return { code: 'notActive', message: 'There is no such instance.' };
    const { process, draft, facts: recorded } = hosted;
    const advanced = advance(process, draft, command, { nowMs: this.nowMs, actor, reason });
    if (!advanced.ok) return advanced.rejection;
    if (command.type === 'migrateInstance') hosted.process = command.target;
    for (const fact of advanced.facts) {
      recorded.push({ number: recorded.length + 1, atMs: this.nowMs, actor, fact });
      if (isOutward(fact)) (this.#effectOf[fact.type] as Effect<OutwardType> | null)?.(hosted, fact);
    }
    hosted.dueMs = nextDueMs(draft);
    if (draft.state.paused && draft.state.suspendedAtMs === null)
      this.#effects.push(() => void this.#advance(instanceKey, { type: 'continue' }, 'system'));
    return null;
  }

  /** Effects wait until the command is through: they are commands to other instances, or to this one. */
  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let index = 0; index < this.#effects.length; index++) {
        if (index >= limits.effectsPerCommand)
          throw new Error('The deployed processes keep each other going without end.');
        this.#effects[index]?.();
      }
    } finally {
      this.#effects.length = 0;
      this.#draining = false;
    }
  }

  #ended({ process, draft, startLock }: Hosted, outcome: ChildOutcome): void {
    this.#endChild(draft.state.parent, outcome);
    this.#releaseStart(process.processId, startLock);
  }

  /** What each fact means outside its instance; null: nothing. */
  readonly #effectOf: { readonly [T in OutwardType]: Effect<T> | null } = {
    messageSubscriptionOpened: ({ key: instanceKey }, fact) => {
      const { messageName, correlationKey, subscription, closesOnCorrelation } = fact;
      this.#messages.open(messageName, correlationKey, { instanceKey, subscription, closesOnCorrelation });
      this.#effects.push(() => this.#correlateBuffered(messageName, correlationKey));
    },
    messageSubscriptionClosed: ({ key }, { messageName, correlationKey, subscription }) =>
      this.#messages.close(messageName, correlationKey, key, subscription),
    messagePublished: ({ key }, { messageName: name, correlationKey, messageId, variables, message, timeToLiveMs }) => {
      const identity = { messageKey: keyWithin(key, message), name, correlationKey, messageId };
      const published = { ...identity, expiresMs: this.nowMs + timeToLiveMs, variables };
      this.#effects.push(() => void this.#publish(published));
    },
    signalBroadcast: ({ key }, { signal, signalName, variables }) =>
      this.#effects.push(() => this.#broadcast(signalName, keyWithin(key, signal), variables, key)),
    instanceEscalated: ({ draft }, { code, variables }) => {
      const { parent } = draft.state;
      if (!parent) return;
      const command = { type: 'throwEscalation', element: parent.element, code, variables } as const;
      this.#effects.push(() => void this.#advance(parent.instanceKey, command, 'system'));
    },
    childCalled: (hosted, fact) => this.#effects.push(() => this.#startChild(hosted, fact)),
    childCanceled: ({ key }, { element }) => this.#effects.push(() => this.#cancelChild(key, element)),
    instanceCompleted: (hosted) =>
      this.#ended(hosted, { type: 'completed', variables: hosted.draft.state.elements[0]?.variables ?? {} }),
    instanceErrored: (hosted, { code, message, variables }) =>
      this.#ended(hosted, { type: 'error', code, message, variables }),
    instanceTerminated: (hosted) => this.#ended(hosted, { type: 'terminated' }),
    jobCreated: null,
    jobCompleted: null,
    jobFailed: null,
    jobRetried: null,
    jobErrorThrown: null,
    jobCanceled: null,
    childEnded: null,
  };

  #startChild({ key: callerKey, process: caller, depth, draft }: Hosted, fact: FactOf<'childCalled'>): void {
    if (!draft.state.children[fact.element]) return;
    const rootInstanceKey = draft.state.parent?.rootInstanceKey ?? callerKey;
    const parent = { instanceKey: callerKey, processId: caller.processId, element: fact.element, rootInstanceKey };
    const versions = this.#definitions.get(fact.processId) ?? [];
    const definition = versions.findLast(({ process, version }) => {
      if (fact.binding === 'version') return version === fact.version;
      return fact.binding !== 'versionTag' || process.versionTag === fact.versionTag;
    });
    const refused =
      depth >= limits.callDepth
        ? { message: `Instances call each other more than ${limits.callDepth} levels deep.` }
        : this.#startOrRefuse(definition, fact.processId, { variables: fact.variables, parent });
    if (refused) this.#endChild(parent, { type: 'notStarted', message: refused.message });
  }

  #startOrRefuse(
    definition: Definition | undefined,
    processId: string,
    { variables, parent }: Pick<StartRequest, 'variables' | 'parent'>,
  ): { readonly message: string } | null {
    if (!definition) return { message: `There is no process '${processId}' of the wanted version.` };
    const started = this.#start(definition, {
      startElement: null,
      variables,
      parent,
      actor: 'system',
      startLock: null,
    });
    return 'instanceKey' in started ? null : started;
  }

  /** `by`: the instance that throws it and has it already; null: somebody outside. */
  #broadcast(name: string, signalKey: string, variables: Variables, by: string | null): void {
    for (const [instanceKey, { state }] of this.#active()) {
      if (instanceKey === by) continue;
      for (const subscription of receiversOf(state, name)) {
        const command = { type: 'receiveSignal', subscription, signalKey, variables } as const;
        this.#effects.push(() => void this.#advance(instanceKey, command, 'system'));
      }
    }
    for (const start of this.#starts.bySignal(name)) {
      this.#effects.push(() => this.#startBy(start, variables, null));
    }
  }

  #endChild(parent: ParentLink | null, outcome: ChildOutcome): void {
    if (!parent) return;
    const command = { type: 'endChild', element: parent.element, outcome } as const;
    this.#effects.push(() => void this.#advance(parent.instanceKey, command, 'system'));
  }

  #cancelChild(callerKey: string, element: Seq): void {
    const command = { type: 'cancelInstance', reason: 'The caller was terminated.' } as const;
    for (const [key, { state }] of this.#active()) {
      if (state.parent?.instanceKey === callerKey && state.parent.element === element) {
        this.#advance(key, command, 'system');
      }
    }
  }

  #publish(message: MemoryMessage): boolean {
    if (!this.#messages.remember(message, this.nowMs)) return false;
    if (!this.#correlate(message) && message.expiresMs > this.nowMs) this.#messages.buffer(message);
    return true;
  }

  /** To exactly one waiting instance, else one start event. */
  #correlate({ name, correlationKey, messageKey, variables }: MemoryMessage): boolean {
    const waiting = this.#messages.take(name, correlationKey);
    if (waiting) {
      const { instanceKey, subscription } = waiting;
      this.#advance(instanceKey, { type: 'correlateMessage', subscription, messageKey, variables }, 'system');
      return true;
    }
    const start = this.#starts.byMessage(name);
    if (!start || (correlationKey !== '' && this.#isLocked(start.processId, correlationKey))) return false;
    this.#startBy(start, variables, correlationKey === '' ? null : correlationKey);
    return true;
  }

  #correlateBuffered(name: string, correlationKey: string): void {
    const fits = (message: MemoryMessage): boolean =>
      message.name === name && message.correlationKey === correlationKey;
    const message = this.#messages.takeBuffered(this.nowMs, fits);
    if (message && !this.#correlate(message)) this.#messages.buffer(message);
  }

  #isLocked(processId: string, lock: string): boolean {
    return this.#active().some(
      ([key, { state }]) => state.processId === processId && this.#instances.get(key)?.startLock === lock,
    );
  }

  /** The end of an instance lets the next buffered message with its key start another. */
  #releaseStart(processId: string, lock: string | null): void {
    if (lock === null) return;
    for (const name of this.#starts.messageNames(processId)) {
      this.#effects.push(() => this.#correlateBuffered(name, lock));
    }
  }

  /** What is due starts instances; the clock stands at its time. */
  #fireStartTimers(): void {
    for (const start of this.#starts.takeDue(this.nowMs)) this.#startBy(start, {}, null);
  }

  #startBy({ processId, startElement, startPart }: Start, variables: Variables, startLock: string | null): void {
    const definition = this.#definitions.get(processId)?.at(-1);
    const request = { startElement, startPart, variables, parent: null, actor: 'system', startLock };
    if (definition) this.#start(definition, request);
  }

  #earliest(): number | null {
    let earliest = this.#starts.earliestDueMs() ?? Infinity;
    for (const { dueMs } of this.#instances.values()) earliest = Math.min(earliest, dueMs ?? Infinity);
    return earliest === Infinity ? null : earliest;
  }
}

interface StartRequest {
  readonly startElement: ElementId | null;
  readonly startPart?: number;
  readonly variables: Variables;
  readonly parent: ParentLink | null;
  readonly actor: string;
  readonly startLock: string | null;
}
