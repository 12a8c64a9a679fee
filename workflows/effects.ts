/** What the shell must do because of facts: jobs, called instances, messages. Alarms are the instance's own (process-instance.ts). */
import { CancellationScope, getExternalWorkflowHandle, isCancellation, sleep, startChild } from '@temporalio/workflow';
import type { MessageExchange } from '#activities/exchange-messages.ts';
import type { JobActivityResult } from '#activities/job-handler.ts';
import type { Command, EndChild, Seq } from '#engine/command.ts';
import type { Fact } from '#engine/fact.ts';
import type { InstanceState } from '#engine/instance.ts';
import { keyWithin } from '#engine/keys.ts';
import { visibleVariables } from '#engine/variables.ts';
import { limits } from './limits.ts';
import { detachSignal, startArguments, workflowIdOf } from './messages.ts';
import type { CalledInstance, InstanceOutcome } from './messages.ts';
import { local, runJob } from './shell-activities.ts';

type FactOf<T extends Fact['type']> = Extract<Fact, { readonly type: T }>;
/** true: accepted. */
type Apply = (command: Command, key: string | null) => boolean;

export class Effects {
  readonly #state: InstanceState;
  readonly #apply: Apply;
  readonly #jobs = new Map<Seq, CancellationScope>();
  /** Called instances that run, by call activity. */
  readonly #children: Map<Seq, CalledInstance>;
  /** Keys of those whose end comes to this run as a result; the others report it as a command. */
  readonly #ours = new Set<string>();
  #holds = false;
  readonly held: Fact[] = [];
  /** Things begun in this run and not yet over, children apart. */
  inFlight = 0;

  /** `state` is the live state of the instance. */
  constructor(state: InstanceState, children: readonly CalledInstance[], apply: Apply) {
    this.#state = state;
    this.#children = new Map(children.map((child) => [child.element, child]));
    this.#apply = apply;
  }

  /** New jobs and calls are kept for the next run. */
  hold(): void {
    this.#holds = true;
  }
  /** The end of a called instance will come to this run as a result. */
  get awaitsChildren(): boolean {
    return this.#ours.size > 0;
  }
  get children(): readonly CalledInstance[] {
    return [...this.#children.values()];
  }

  async perform(facts: readonly Fact[]): Promise<void> {
    const messages: MessageExchange[] = [];
    for (const fact of facts) {
      switch (fact.type) {
        case 'jobCreated':
        case 'jobRetried':
        case 'childCalled':
          if (this.#holds) this.held.push(fact);
          else this.#begin(fact);
          break;
        case 'jobCompleted':
        case 'jobFailed':
        case 'jobErrorThrown':
        case 'jobCanceled':
          this.#jobs.get(fact.job)?.cancel();
          break;
        case 'childEnded':
          this.#children.delete(fact.element);
          break;
        case 'childCanceled':
          this.#track(this.#cancelChild(fact.element));
          break;
        case 'messageSubscriptionOpened':
        case 'messageSubscriptionClosed':
        case 'messagePublished':
          messages.push(this.#exchangeOf(fact));
          break;
        default:
      }
    }
    if (messages.length > 0) await untilDone(() => local['alur.exchangeMessages'](messages));
  }

  #begin(fact: FactOf<'jobCreated' | 'jobRetried' | 'childCalled'>): void {
    this.#track(fact.type === 'childCalled' ? this.#call(fact) : this.#run(fact.job));
  }
  #track(work: Promise<void>): void {
    this.inFlight += 1;
    void work.finally(() => {
      this.inFlight -= 1;
    });
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
    try {
      const result = await scope.run(() => runJob(job.jobType, request));
      this.#jobs.delete(seq);
      this.#finish(seq, result);
    } catch (error) {
      this.#jobs.delete(seq);
      if (isCancellation(error) && scope.consideredCancelled) return;
      this.#finish(seq, {
        outcome: 'failed',
        message: 'The worker did not finish the job: it died, or took too long.',
      });
    }
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
    const { element, processId, binding, versionTag, variables } = fact;
    const { instanceKey, definitionKey, parent, region } = this.#state;
    const found = await untilDone(() =>
      local['alur.resolveDefinition']({
        processId,
        binding,
        versionTag,
        callerDefinitionKey: definitionKey,
        callerInstanceKey: instanceKey,
      }),
    );
    // The call activity may be gone by now.
    if (!(element in this.#state.children)) return;
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
      parent: link,
      actor: 'system',
    };
    const handle = await startChild(processId, {
      workflowId,
      args: startArguments(modelSha256, start),
      // Continue-as-new closes this run; the child must outlive it. An instance that ends cancels its children by facts.
      parentClosePolicy: 'ABANDON',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
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

  #exchangeOf(
    fact: FactOf<'messageSubscriptionOpened' | 'messageSubscriptionClosed' | 'messagePublished'>,
  ): MessageExchange {
    const { instanceKey, processId } = this.#state;
    const { messageName: name, correlationKey } = fact;
    if (fact.type === 'messagePublished') {
      const { messageId, timeToLiveMs, variables } = fact;
      const message = {
        messageKey: keyWithin(instanceKey, fact.message),
        name,
        correlationKey,
        messageId,
        timeToLiveMs,
        variables,
      };
      return { type: 'publish', message };
    }
    const { subscription } = fact;
    if (fact.type === 'messageSubscriptionClosed')
      return { type: 'unsubscribe', name, correlationKey, subscription: { instanceKey, subscription } };
    const { closesOnCorrelation } = fact;
    return {
      type: 'subscribe',
      name,
      correlationKey,
      subscription: { instanceKey, processId, subscription, closesOnCorrelation },
    };
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
