/** One case of the load, as its driver sees it. */
import { messageEndpoints } from '#contract/message.ts';
import { processInstanceEndpoints } from '#contract/process-instance.ts';
import { userTaskEndpoints } from '#contract/user-task.ts';
import type { Variables } from '#engine/json.ts';
import type { Random } from '../random.ts';
import type { Caller } from './caller.ts';
import type { Expectation, Ledger } from './ledger.ts';
import type { OpenTask, Watcher } from './watcher.ts';

export interface CaseParts {
  readonly caller: Caller;
  readonly watcher: Watcher;
  readonly ledger: Ledger;
  readonly random: Random;
  /** How long the driver waits for one step. */
  readonly patienceMs: number;
}

export class Case {
  readonly ref: string;
  readonly experiment: string;
  readonly parts: CaseParts;
  readonly #known = new Set<string>();
  #instanceKey: string | null = null;

  constructor(ref: string, experiment: string, parts: CaseParts) {
    this.ref = ref;
    this.experiment = experiment;
    this.parts = parts;
  }

  get random(): Random {
    return this.parts.random;
  }
  get instanceKey(): string {
    if (this.#instanceKey === null) throw new Error(`${this.ref} has not begun`);
    return this.#instanceKey;
  }

  /** Written down before the first command: whatever comes then is held against it. */
  expects(kind: string, expects: Expectation): void {
    this.parts.ledger.write({ type: 'case', ref: this.ref, kind, experiment: this.experiment, expects });
  }

  async start(processDefinitionId: string, variables: Variables = {}): Promise<void> {
    const order = { key: `${this.ref}.start`, ref: this.ref, kind: 'start', instanceKey: null } as const;
    const given: Variables = { ref: this.ref, ...variables };
    const body = { processDefinitionId, variables: given as Record<string, never> };
    const { processInstanceKey } = await this.parts.caller.command(
      order,
      processInstanceEndpoints.createProcessInstance,
      {
        body,
      },
    );
    this.#instanceKey = processInstanceKey;
  }

  nextTask(): Promise<OpenTask> {
    return this.parts.watcher.task(this.instanceKey, this.#known, this.parts.patienceMs);
  }
  openTasks(count: number): Promise<readonly OpenTask[]> {
    return this.parts.watcher.tasks(this.instanceKey, count, this.parts.patienceMs);
  }
  /** Resolves when it waits at a timer. */
  timed(): Promise<void> {
    return this.parts.watcher.timed(this.instanceKey, this.parts.patienceMs);
  }

  async complete({ key: userTaskKey }: OpenTask, variables: Variables = {}, caller = this.parts.caller): Promise<void> {
    const order = { key: `task-${userTaskKey}`, ref: this.ref, kind: 'task', instanceKey: this.instanceKey } as const;
    await caller.command(order, userTaskEndpoints.completeUserTask, {
      params: { userTaskKey },
      body: { variables: variables as Record<string, never> },
    });
  }
  async assign({ key: userTaskKey }: OpenTask): Promise<void> {
    const order = {
      key: `assign-${userTaskKey}`,
      ref: this.ref,
      kind: 'assign',
      instanceKey: this.instanceKey,
    } as const;
    await this.parts.caller.command(order, userTaskEndpoints.assignUserTask, { params: { userTaskKey }, body: {} });
  }
  async cancel(): Promise<void> {
    const order = { key: `${this.ref}.cancel`, ref: this.ref, kind: 'cancel', instanceKey: this.instanceKey } as const;
    const params = { processInstanceKey: this.instanceKey };
    await this.parts.caller.command(order, processInstanceEndpoints.cancelProcessInstance, {
      params,
      body: { reason: 'chaos load' },
    });
  }
  async publish(name: string, messageId: string, timeToLive: number, variables: Variables = {}): Promise<void> {
    const order = { key: `${this.ref}.${messageId}`, ref: this.ref, kind: 'message', instanceKey: null } as const;
    await this.parts.caller.command(order, messageEndpoints.publishMessage, {
      body: {
        name,
        correlationKey: this.ref,
        messageId: `${this.ref}.${messageId}`,
        timeToLive,
        variables: variables as Record<string, never>,
      },
    });
  }
  async ended(): Promise<void> {
    await this.parts.watcher.ended(this.instanceKey, this.parts.patienceMs);
  }
}
