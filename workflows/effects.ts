/** What the shell must do because of facts: jobs, called instances, messages. Alarms are the instance's own (process-instance.ts). */
import { CancellationScope, getExternalWorkflowHandle, isCancellation, sleep, startChild } from '@temporalio/workflow';
import type { MessageExchange } from '#activities/exchange-messages.ts';
import type { JobActivityResult } from '#activities/job-handler.ts';
import type { Escalations } from '#activities/escalate.ts';
import type { Command, EndChild, Seq } from '#engine/command.ts';
import type { Fact, RecordedFact } from '#engine/fact.ts';
import type { InstanceState } from '#engine/instance.ts';
import { keyWithin } from '#engine/keys.ts';
import { isOutward } from '#engine/outward.ts';
import type { OutwardFact, OutwardType } from '#engine/outward.ts';
import { visibleVariables } from '#engine/variables.ts';
import type { WorkflowClock } from './clock.ts';
import { isOpen } from './gates.ts';
import { limits } from './limits.ts';
import { detachSignal, startArguments, workflowIdOf } from './messages.ts';
import type { CalledInstance, InstanceOutcome } from './messages.ts';
import { local, remote, runJob } from './shell-activities.ts';

type FactOf<T extends Fact['type']> = Extract<Fact, { readonly type: T }>;
/** true: accepted. */
type Apply = (command: Command, key: string | null) => boolean;
type Begin = FactOf<'jobCreated' | 'jobRetried' | 'childCalled'>;
/** Something to do outside; `fact`: it may as well be begun by the next run. */
interface Work {
  readonly fact: Begin | null;
  readonly begin: () => Promise<void>;
}

export interface EffectsParts {
  /** The live state of the instance. */
  readonly state: InstanceState;
  readonly clock: WorkflowClock;
  /** See `InstanceInput.startLock`. */
  readonly startLock: string | null;
  readonly semantics: number;
  readonly children: readonly CalledInstance[];
}

export class Effects {
  readonly #state: InstanceState;
  readonly #clock: WorkflowClock;
  readonly #startLock: string | null;
  readonly #apply: Apply;
  readonly #jobs = new Map<Seq, CancellationScope>();
  /** Called instances that run, by call activity. */
  readonly #children: Map<Seq, CalledInstance>;
  /** Keys of those whose end comes to this run as a result; the others report it as a command. */
  readonly #ours = new Set<string>();
  #holds = false;
  /** For the message entities, of the facts in hand. */
  #messages: MessageExchange[] = [];
  /** For the caller, of the facts in hand; `#escalated` is over when all before them have been told. */
  #escalations: Escalations['escalations'][number][] = [];
  #escalated: Promise<void> = Promise.resolve();
  readonly held: Fact[] = [];
  /** Waits until there is room for more at once. */
  #queue: Work[] = [];
  /** The same for calls, whose room is that of the instances they call. */
  #calls: Work[] = [];
  readonly #called: Set<Seq>;
  /** Things begun in this run and not yet over, children apart. */
  inFlight = 0;
  readonly #takesTurns: boolean;
  /** Over when the last local activity is. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor({ state, clock, startLock, semantics, children }: EffectsParts, apply: Apply) {
    this.#takesTurns = isOpen('localActivitiesInTurn', semantics);
    this.#state = state;
    this.#clock = clock;
    this.#startLock = startLock;
    this.#children = new Map(children.map((child) => [child.element, child]));
    this.#called = new Set(this.#children.keys());
    this.#apply = apply;
  }

  /** New jobs and calls are kept for the next run. */
  hold(): void {
    this.#holds = true;
    for (const { fact } of [...this.#queue, ...this.#calls]) if (fact !== null) this.held.push(fact);
    this.#queue = this.#queue.filter(({ fact }) => fact === null);
    this.#calls = [];
  }
  /** Local activities, one after the other. */
  inTurn<T>(localActivity: () => Promise<T>): Promise<T> {
    if (!this.#takesTurns) return localActivity();
    const turn = this.#turn.then(localActivity, localActivity);
    this.#turn = turn;
    return turn;
  }
  /** The end of a called instance will come to this run as a result. */
  get awaitsChildren(): boolean {
    return this.#ours.size > 0;
  }
  get children(): readonly CalledInstance[] {
    return [...this.#children.values()];
  }

  /** Of recorded facts, and of those kept from the last run, which have no number any more. */
  async perform(facts: readonly (Fact | RecordedFact)[]): Promise<void> {
    for (const each of facts) {
      const [fact, number] = 'fact' in each ? [each.fact, each.number] : [each, 0];
      // The table's type ties each effect to its own fact; the compiler cannot follow that through an index.
      if (isOutward(fact)) (this.#effectOf[fact.type] as (fact: OutwardFact, number: number) => void)(fact, number);
    }
    this.#escalate();
    const messages = this.#messages;
    this.#messages = [];
    for (let from = 0; from < messages.length; from += limits.messagesPerExchange) {
      const some = messages.slice(from, from + limits.messagesPerExchange);
      await untilDone(() => this.inTurn(() => local['alur.exchangeMessages'](some)));
    }
  }

  /** Timers are none of them: they ring by the instance's alarm. */
  readonly #effectOf: { readonly [T in OutwardType]: (fact: FactOf<T>, number: number) => void } = {
    instanceCompleted: () => this.#release(),
    instanceTerminated: () => this.#release(),
    instanceErrored: () => this.#release(),
    jobCreated: (fact) => this.#begin(fact),
    jobCompleted: ({ job }) => this.#jobs.get(job)?.cancel(),
    jobFailed: ({ job }) => this.#jobs.get(job)?.cancel(),
    jobRetried: (fact) => this.#begin(fact),
    jobErrorThrown: ({ job }) => this.#jobs.get(job)?.cancel(),
    jobCanceled: ({ job }) => this.#jobs.get(job)?.cancel(),
    messageSubscriptionOpened: (fact) => this.#exchange(fact),
    messageSubscriptionClosed: (fact) => this.#exchange(fact),
    messagePublished: (fact) => this.#exchange(fact),
    childCalled: (fact) => this.#begin(fact),
    childEnded: ({ element }) => {
      this.#children.delete(element);
      this.#leave(element);
    },
    childCanceled: ({ element }) => {
      this.#track(() => this.#cancelChild(element));
      this.#leave(element);
    },
    signalBroadcast: (fact) => this.#track(() => this.#broadcast(fact)),
    instanceEscalated: ({ code, variables }, number) => void this.#escalations.push({ number, code, variables }),
  };

  #begin(fact: Begin): void {
    if (this.#holds) this.held.push(fact);
    else if (fact.type !== 'childCalled') this.#track(() => this.#run(fact.job), fact);
    else {
      this.#calls.push({ fact, begin: () => this.#call(fact) });
      this.#next();
    }
  }
  /** A job that was put aside, unless it is being done already. */
  runAgain(job: Seq): void {
    const { retries } = this.#state.jobs[job] ?? { retries: 0 };
    const waits = [...this.#queue.map(({ fact }) => fact), ...this.held];
    const isBegun = this.#jobs.has(job) || waits.some((fact) => fact !== null && 'job' in fact && fact.job === job);
    if (retries > 0 && !isBegun) this.#begin({ type: 'jobRetried', job, retries });
  }
  /** A called instance is over: another may be called. */
  #leave(element: Seq): void {
    this.#called.delete(element);
    this.#next();
  }
  #track(begin: Work['begin'], fact: Work['fact'] = null): void {
    this.#queue.push({ fact, begin });
    this.#next();
  }
  /** Begins what waits, as far as there is room. */
  #next(): void {
    while (this.inFlight < limits.inFlight) {
      const work = this.#queue.shift() ?? this.#nextCall();
      if (work === undefined) return;
      this.inFlight += 1;
      void work.begin().finally(() => {
        this.inFlight -= 1;
        this.#next();
      });
    }
  }

  #nextCall(): Work | undefined {
    if (this.#called.size >= limits.calledAtOnce) return undefined;
    const call = this.#calls.shift();
    if (call?.fact?.type === 'childCalled') this.#called.add(call.fact.element);
    return call;
  }

  async #run(seq: Seq): Promise<void> {
    const job = this.#state.jobs[seq];
    // Cancelled or completed before its turn came.
    if (job === undefined || job.retryAtMs !== null || job.retries === 0) return;
    const { instanceKey, processId, businessKey, region, elements } = this.#state;
    const scope = new CancellationScope({ cancellable: true });
    this.#jobs.set(seq, scope);
    const request = {
      instanceKey,
      jobKey: keyWithin(instanceKey, seq),
      processId,
      elementId: elements[job.element]?.elementId ?? '',
      businessKey,
      region,
      headers: job.headers,
      variables: visibleVariables(this.#state, job.element),
    };
    const result = await scope
      .run(() => runJob(job.jobType, request))
      .catch((error: unknown): JobActivityResult | null =>
        isCancellation(error) && scope.consideredCancelled
          ? null
          : { outcome: 'failed', message: 'The worker did not finish the job: it died, or took too long.' },
      );
    // A later attempt may have begun: its scope stays.
    if (this.#jobs.get(seq) === scope) this.#jobs.delete(seq);
    if (result !== null) this.#finish(seq, result);
  }

  #finish(job: Seq, result: JobActivityResult): void {
    switch (result.outcome) {
      case 'completed': {
        const isAccepted = this.#apply({ type: 'completeJob', job, variables: result.variables }, null);
        // Still there, so the result itself was refused: a person must look.
        if (!isAccepted && this.#state.jobs[job] !== undefined)
          this.#fail(job, 'The result of the job was refused: it is too large.', 0, null);
        return;
      }
      case 'failed':
        this.#fail(job, result.message, result.retries ?? null, result.retryAfterMs ?? null);
        return;
      case 'error': {
        const { code, message, variables } = result;
        this.#apply({ type: 'throwJobError', job, code, message, variables: variables ?? {} }, null);
        return;
      }
      case 'parked':
    }
  }
  #fail(job: Seq, message: string, retries: number | null, retryAfterMs: number | null): void {
    this.#apply({ type: 'failJob', job, retries, message, retryAfterMs }, null);
  }

  async #call(fact: FactOf<'childCalled'>): Promise<void> {
    const { element, processId, binding, versionTag, version: wanted, variables } = fact;
    const { instanceKey, definitionKey, parent, region } = this.#state;
    const question = {
      processId,
      binding,
      versionTag,
      version: wanted,
      callerDefinitionKey: definitionKey,
      callerInstanceKey: instanceKey,
    };
    const found = await untilDone(() => this.inTurn(() => local['alur.resolveDefinition'](question)));
    // The call activity may be gone by now.
    if (!(element in this.#state.children)) {
      this.#leave(element);
      return;
    }
    if (!found.isFound) {
      this.#endChild(element, { type: 'notStarted', message: found.message }, null);
      return;
    }
    const link = {
      instanceKey,
      processId: this.#state.processId,
      element,
      rootInstanceKey: parent?.rootInstanceKey ?? instanceKey,
    };
    const { instanceKey: childKey, definitionKey: childDefinition, version, modelSha256 } = found;
    const workflowId = workflowIdOf(processId, childKey);
    const start = {
      instanceKey: childKey,
      definitionKey: childDefinition,
      version,
      startElement: null,
      variables,
      businessKey: this.#state.businessKey,
      region,
      narrowsRegion: true as const,
      parent: link,
      actor: 'system',
    };
    const handle = await startChild(processId, {
      workflowId,
      args: startArguments(modelSha256, start, this.#clock.moved),
      // Continue-as-new closes this run; the child must outlive it. An instance that ends cancels its children by facts.
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    }).catch(() => null);
    if (handle === null) {
      this.#endChild(element, { type: 'notStarted', message: `Process ${processId} could not be started.` }, null);
      return;
    }
    const child = { element, instanceKey: childKey, workflowId };
    this.#children.set(element, child);
    this.#ours.add(childKey);
    void this.#awaitEnd(child, handle.result() as Promise<InstanceOutcome>);
    // The call activity was terminated while the child started.
    if (!(element in this.#state.children)) await this.#cancelChild(element);
  }

  async #awaitEnd({ element, instanceKey }: CalledInstance, result: Promise<InstanceOutcome>): Promise<void> {
    let outcome: EndChild['outcome'];
    try {
      outcome = await result;
    } catch {
      outcome = { type: 'terminated' };
    }
    this.#ours.delete(instanceKey);
    this.#endChild(element, outcome, `child/${instanceKey}`);
  }
  #endChild(element: Seq, outcome: EndChild['outcome'], key: string | null): void {
    if (this.#apply({ type: 'endChild', element, outcome }, key) || !(element in this.#state.children)) return;
    const message = 'The result of the called process was refused: it is too large.';
    this.#apply({ type: 'endChild', element, outcome: { type: 'notStarted', message } }, key);
  }

  async #cancelChild(element: Seq): Promise<void> {
    const child = this.#children.get(element);
    this.#children.delete(element);
    // Not found: it has just ended by itself.
    if (child !== undefined)
      await getExternalWorkflowHandle(child.workflowId)
        .cancel()
        .catch(() => undefined);
  }

  /** Asks each child to report its end as a command; one that has just ended is still awaited here. */
  async detachChildren(): Promise<void> {
    for (const { instanceKey, workflowId } of this.children) {
      if (!this.#ours.has(instanceKey)) continue;
      try {
        await getExternalWorkflowHandle(workflowId).signal(detachSignal);
        this.#ours.delete(instanceKey);
      } catch {
        await sleep(limits.repeatMs);
      }
    }
  }

  #release(): void {
    const correlationKey = this.#startLock;
    if (correlationKey === null) return;
    const { instanceKey, processId } = this.#state;
    this.#track(() => untilDone(() => remote['alur.releaseStart']({ processId, correlationKey, instanceKey })));
  }

  /** Whom it reaches was written down with the fact. */
  async #broadcast({ signal, signalName: name, variables }: FactOf<'signalBroadcast'>): Promise<void> {
    const signalKey = keyWithin(this.#state.instanceKey, signal);
    await untilDone(() => remote['alur.broadcastSignal']({ signalKey, name, variables }));
  }

  /** The caller hears of them in order, and before it hears that this instance has ended. */
  #escalate(): void {
    const { parent, instanceKey } = this.#state;
    const escalations = this.#escalations;
    this.#escalations = [];
    if (parent === null || escalations.length === 0) return;
    const before = this.#escalated;
    this.#escalated = new Promise((told) =>
      this.#track(async () => {
        await before;
        await untilDone(() => remote['alur.escalate']({ parent, instanceKey, escalations }));
        told();
      }),
    );
  }

  #exchange(fact: FactOf<'messageSubscriptionOpened' | 'messageSubscriptionClosed' | 'messagePublished'>): void {
    const { instanceKey, processId } = this.#state;
    const { messageName: name, correlationKey } = fact;
    const { moved } = this.#clock;
    switch (fact.type) {
      case 'messagePublished': {
        const { messageId, timeToLiveMs, variables } = fact;
        const messageKey = keyWithin(instanceKey, fact.message);
        const message = { messageKey, name, correlationKey, messageId, timeToLiveMs, variables, ...moved };
        this.#messages.push({ type: 'publish', message });
        return;
      }
      case 'messageSubscriptionOpened': {
        const { subscription, closesOnCorrelation } = fact;
        const open = { instanceKey, processId, subscription, closesOnCorrelation, ...moved };
        this.#messages.push({ type: 'subscribe', name, correlationKey, subscription: open });
        return;
      }
      case 'messageSubscriptionClosed': {
        const subscription = { instanceKey, subscription: fact.subscription };
        this.#messages.push({ type: 'unsubscribe', name, correlationKey, subscription });
      }
    }
  }
}

/** A local activity is repeated by Temporal; whatever else goes wrong is repeated here, and nothing fails the case. */
async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await sleep(limits.repeatMs);
    }
  }
}
