/** Plays every role: looks for open tasks of each group, takes them, reads the form, decides as the story says. Public API only. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, type Client } from '#contract/client.ts';
import { incidentEndpoints } from '#contract/incident.ts';
import { messageEndpoints } from '#contract/message.ts';
import { userTaskEndpoints, type UserTask } from '#contract/user-task.ts';
import { callSimulator, searchAll } from '../client.ts';
import { answerFor, leftToPos, type Values } from './answers.ts';
import { visitOf, type Case, type Cases } from './cases.ts';
import type { BatchPlay } from './batches.ts';
import type { Ledger } from './ledger.ts';
import { accountOfGroup, groups, type Cast } from './roles.ts';

const pageSize = 1_000;
const pauseMs = 400;
const dayMs = 24 * 3_600_000;
/** Refusals of one task after which it is left alone and told at the end. */
const refusalsMost = 5;
const resolutionsMost = 5;

export interface PlayerOptions {
  readonly cast: Cast;
  readonly cases: Cases;
  readonly batches: readonly BatchPlay[];
  readonly ledger: Ledger;
  readonly run: string;
  readonly concurrency: number;
  readonly dukcapilUrl: string;
  readonly patienceMs: number;
  /** Whether this task may be done; the demo tenant leaves cases and meetings half way. */
  readonly mayStep?: (task: UserTask) => boolean;
}

export class Player {
  readonly #options: PlayerOptions;
  /** Tasks being worked on or done. */
  readonly #taken = new Set<string>();
  readonly #refusals = new Map<string, number>();
  readonly #resolutions = new Map<string, number>();
  #running = 0;
  /** Steps done so far. */
  completed = 0;
  /** When something last went forward. */
  progressAt = Date.now();
  /** What the server refused for good, by element and code. */
  readonly refused: string[] = [];
  incidents = 0;

  constructor(options: PlayerOptions) {
    this.#options = options;
  }
  get busy(): boolean {
    return this.#running > 0;
  }

  /** One look at every group's list; works on what it finds until all of it is done. Returns how many tasks were worked on. */
  async round(): Promise<number> {
    let worked = 0;
    for (const group of groups) {
      const account = accountOfGroup[group];
      if (account === undefined) continue;
      const client = this.#options.cast.as(account);
      for (const task of await openTasks(client, group)) {
        if (this.#taken.has(task.userTaskKey) || (this.#refusals.get(task.userTaskKey) ?? 0) >= refusalsMost) continue;
        const job = this.#jobFor(task, client, account);
        if (job === null) continue;
        worked += 1;
        await this.#slot();
        this.#start(task, job);
      }
    }
    await sleep(pauseMs);
    return worked;
  }
  async #slot(): Promise<void> {
    while (this.#running >= this.#options.concurrency) await sleep(5);
  }
  async drain(): Promise<void> {
    while (this.#running > 0) await sleep(20);
  }
  #start(task: UserTask, job: () => Promise<void>): void {
    this.#running += 1;
    this.#taken.add(task.userTaskKey);
    job()
      .then(() => {
        this.completed += 1;
        this.progressAt = Date.now();
        return undefined;
      })
      .catch((error: unknown) => this.#refusedTask(task, error))
      .finally(() => {
        this.#running -= 1;
      });
  }
  /** The task may be gone (its case ended meanwhile) or not ours yet: it is looked at again if it is still listed. */
  #refusedTask(task: UserTask, error: unknown): void {
    const count = (this.#refusals.get(task.userTaskKey) ?? 0) + 1;
    this.#refusals.set(task.userTaskKey, count);
    this.#taken.delete(task.userTaskKey);
    const reason =
      error instanceof ProblemError
        ? `${error.problem.code}: ${error.problem.detail} ${JSON.stringify(error.problem.errors ?? [])}`
        : String(error);
    if (count === refusalsMost || !(error instanceof ProblemError))
      this.refused.push(`${task.elementId} ${task.userTaskKey}: ${reason}`);
  }

  #jobFor(task: UserTask, client: Client, account: string): (() => Promise<void>) | null {
    const mayStep = this.#options.mayStep?.(task) ?? true;
    const batch = this.#options.batches.find(({ owns }) => owns(task));
    if (batch !== undefined) {
      const other = batch.accountOf?.(task) ?? account;
      return mayStep ? () => this.#stepOf(batch, task, this.#options.cast.as(other), other) : null;
    }
    const one = this.#options.cases.ofTask(task);
    if (one === null || one.truth.story.abandoned || leftToPos.has(task.elementId) || !mayStep) return null;
    one.decisionPending = false;
    one.answerPending = false;
    if (one.truth.story.withdrawnAt === task.elementId) return () => this.#withdraw(one);
    return () => this.#step(one, task, client, account);
  }
  async #stepOf(batch: BatchPlay, task: UserTask, client: Client, account: string): Promise<void> {
    const values = await batch.answer(task, client);
    if (values === null) throw new Error(`a step the demo does not know: ${task.elementId}`);
    await this.#complete(task, client, account, values);
    batch.done(task);
  }
  async #step(one: Case, task: UserTask, client: Client, account: string): Promise<void> {
    const visit = visitOf(one, task.elementId, task.userTaskKey);
    const values = answerFor(task.elementId, one.truth, visit);
    if (values === null) throw new Error(`a step the demo does not know: ${task.elementId}`);
    await this.#complete(task, client, account, values);
    if (task.elementId === 'rujuk-disdukcapil') await this.#civilRegistry(one, visit);
  }

  async #complete(task: UserTask, client: Client, account: string, values: Values): Promise<void> {
    const params = { userTaskKey: task.userTaskKey };
    const keyOf = (verb: string): string => `${this.#options.run}/${verb}/${task.userTaskKey}`;
    if (task.assignee === null)
      await client(userTaskEndpoints.assignUserTask, { params, body: {} }, { idempotencyKey: keyOf('claim') });
    if (task.formKey !== null) await client(userTaskEndpoints.getUserTaskForm, { params, query: { data: 'true' } });
    const idempotencyKey = keyOf('complete');
    await client(
      userTaskEndpoints.completeUserTask,
      { params, body: { variables: values as Record<string, never> } },
      { idempotencyKey },
    );
    const { elementId, processInstanceKey, userTaskKey } = task;
    this.#options.ledger.add({
      command: 'completeUserTask',
      key: userTaskKey,
      idempotencyKey,
      account,
      elementId,
      processInstanceKey,
    });
  }

  /** The civil registry corrects its register, or not, and tells. */
  async #civilRegistry(one: Case, visit: number): Promise<void> {
    const { dukcapilUrl, patienceMs } = this.#options;
    const corrects = one.truth.story.registryCorrects;
    if (corrects) await callSimulator(`${dukcapilUrl}/_sim/population`, [one.truth.corrected], patienceMs);
    const variables = { hasilDisdukcapil: { status: corrects ? 'DIPERBAIKI' : 'TETAP' } };
    await this.#publish(this.#options.cast.registry, 'disdukcapil', {
      name: 'dtks.hasil-disdukcapil',
      one,
      id: `disdukcapil/${one.number}/${String(visit + 1)}`,
      variables,
    });
  }
  async #withdraw(one: Case): Promise<void> {
    const supervisor = this.#options.cast.as('pengawas');
    await this.#publish(supervisor, 'pengawas', {
      name: 'dtks.penarikan',
      one,
      id: `penarikan/${one.number}`,
      variables: {},
    });
  }
  async #publish(
    client: Client,
    account: string,
    message: { name: string; one: Case; id: string; variables: Values },
  ): Promise<void> {
    const { name, one, id, variables } = message;
    const idempotencyKey = `${this.#options.run}/${id}`;
    try {
      const body = {
        name,
        correlationKey: one.number,
        messageId: id,
        timeToLive: dayMs,
        variables: variables as Record<string, never>,
      };
      const { messageKey } = await client(messageEndpoints.publishMessage, { body }, { idempotencyKey });
      this.#options.ledger.add({
        command: 'publishMessage',
        key: messageKey,
        idempotencyKey,
        account,
        elementId: name,
        processInstanceKey: one.instanceKey,
      });
    } catch (error) {
      // Known under its id: an earlier attempt arrived although its answer did not.
      if (!(error instanceof ProblemError && error.problem.code === 'alreadyExists')) throw error;
    }
  }

  /** A supervisor's work: cases that got stuck are given another try. */
  async resolveIncidents(): Promise<void> {
    const supervisor = this.#options.cast.as('pengawas');
    const { items } = await supervisor(incidentEndpoints.searchIncidents, {
      body: { filter: { state: 'ACTIVE' }, page: { limit: pageSize } },
    });
    for (const incident of items) {
      const one =
        this.#options.cases.byInstance(incident.processInstanceKey) ??
        this.#options.cases.byInstance(incident.rootProcessInstanceKey);
      const isOurs = one !== null || this.#options.batches.some(({ owns }) => owns(incident));
      const tried = this.#resolutions.get(incident.elementInstanceKey) ?? 0;
      if (!isOurs || tried >= resolutionsMost) continue;
      if (tried === 0) this.incidents += 1;
      this.#resolutions.set(incident.elementInstanceKey, tried + 1);
      const idempotencyKey = `${this.#options.run}/resolve/${incident.incidentKey}`;
      await supervisor(
        incidentEndpoints.resolveIncident,
        { params: { incidentKey: incident.incidentKey }, body: { reason: 'alur demo' } },
        { idempotencyKey },
      ).catch((error: unknown) => {
        this.refused.push(
          `incident ${incident.elementId} ${incident.errorType}: ${error instanceof ProblemError ? error.problem.code : String(error)}`,
        );
      });
    }
  }
}

const openTasks = (client: Client, group: string): Promise<UserTask[]> =>
  searchAll(
    (after) =>
      client(userTaskEndpoints.searchUserTasks, {
        body: {
          filter: { state: 'CREATED', candidateGroup: group },
          include: ['case'],
          sort: [{ field: 'creationDate' }],
          page: after === null ? { limit: pageSize } : { limit: pageSize, after },
        },
      }),
    pageSize,
  );
