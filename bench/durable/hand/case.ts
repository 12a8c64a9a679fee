/**
 * What the hand-written workflows share: a case that keeps its rows, asks people through updates and services through Activities.
 * A completion answers when it is recorded, as with Alur; neighbouring changes of the main course go into one statement.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  proxyActivities,
  proxyLocalActivities,
  setHandler,
} from '@temporalio/workflow';
import { completeTask } from './messages.ts';
import type { CaseInput, Completion } from './messages.ts';
import type { RecordStep, Step } from './rows.ts';

type Service = (request: {
  readonly caseKey: string;
  readonly service: string;
  readonly variables: object;
}) => Promise<Readonly<Record<string, unknown>>>;

const { service } = proxyActivities<{ service: Service }>({ startToCloseTimeout: '10 minutes' });
const local = proxyLocalActivities<{ recordStep: RecordStep }>({ startToCloseTimeout: '20s' });
const remote = proxyActivities<{ recordStep: RecordStep }>({ startToCloseTimeout: '20s' });

/** The rows of a step that is not yet recorded. */
type Pending = { -readonly [P in Exclude<keyof Step, 'caseKey' | 'audit'>]?: Step[P] };

const dayMs = 24 * 3_600_000;

export class Expired extends Error {}

export class Case {
  readonly #input: CaseInput;
  readonly #process: string;
  readonly #record: RecordStep;
  readonly #open = new Set<string>();
  #variables: Record<string, unknown>;
  #pending: Pending = {};
  #audit: { type: string; actor: string; body: object }[] = [];
  #sequence = 0;
  #audited = 0;

  constructor(process: string, input: CaseInput, rowsBy: 'local' | 'remote') {
    this.#process = process;
    this.#input = input;
    this.#record = rowsBy === 'local' ? local.recordStep : remote.recordStep;
    this.#variables = { ...input.variables };
    setHandler(completeTask, (completion) => this.#complete(completion), {
      validator: ({ task }) => {
        if (!this.#open.has(task)) throw ApplicationFailure.nonRetryable(`task ${task} is not open`);
      },
    });
  }

  get variables(): Readonly<Record<string, unknown>> {
    return this.#variables;
  }

  begin(): void {
    const { caseKey: key, variables } = this.#input;
    this.#pending.opened = {
      key,
      process_id: this.#process,
      definition_key: 1,
      version: 1,
      region: '',
      root_key: key,
      state: 'ACTIVE',
      started_at: now(),
      end_elements: [],
      incident_count: 0,
      last_fact: 1,
    };
    this.#pending.variables = this.#variableRows(variables);
    this.#event('start', 'startEvent');
    this.#note('started', 'ani', { variables });
  }

  /** Calls a service and merges what it answers into the variables. */
  async serve(name: string): Promise<void> {
    const { caseKey } = this.#input;
    const element = this.#activity(name, 'serviceTask');
    const job = this.#key();
    const row = { key: job, ...this.#of(element, name), type: 'bench', kind: 'BPMN_ELEMENT' };
    this.#pending.jobsBegun = [
      { ...row, listener_event: 'UNSPECIFIED', headers: {}, state: 'CREATED', retries: 3, created_at: now() },
    ];
    this.#note('serviceCalled', 'system', { name, job });
    await this.#flush();
    const result = await service({ caseKey, service: name, variables: this.#variables });
    this.#set(result);
    this.#pending.variables = this.#variableRows(result);
    this.#pending.jobsEnded = [{ key: job, at: now() }];
    this.#end([element]);
    this.#note('serviceAnswered', 'system', { name, job, result });
  }

  /** Opens a task of a group for each item and waits till all are completed. Throws Expired when that takes longer than the limit. */
  async ask(name: string, group: string, { times = 1, limitMs }: { times?: number; limitMs?: number }): Promise<void> {
    const { caseKey } = this.#input;
    const body = this.#activity(name, times > 1 ? 'multiInstanceBody' : 'userTask');
    const elements = times > 1 ? Array.from({ length: times }, (_, loop) => this.#inner(body, name, loop + 1)) : [body];
    const tasks = elements.map(() => this.#key());
    this.#pending.tasksOpened = tasks.map((key) => ({
      key,
      instance_key: caseKey,
      process_id: this.#process,
      definition_key: 1,
      region: '',
      element_id: name,
      candidate_groups: [group],
      candidate_users: [],
      excluded_users: [],
      state: 'CREATED',
      priority: 50,
      headers: {},
      properties: {},
      created_at: now(),
    }));
    const timer = limitMs === undefined ? null : this.#key();
    if (timer !== null && limitMs !== undefined) {
      const due_at = new Date(Date.now() + limitMs).toISOString();
      this.#pending.timersSet = [{ key: timer, ...this.#of(body, `late-${name}`), due_at, state: 'ACTIVE' }];
    }
    for (const task of tasks) this.#open.add(task);
    this.#note('tasksOpened', 'system', { name, tasks, timer });
    await this.#flush();
    const isDone = (): boolean => tasks.every((task) => !this.#open.has(task));
    if (limitMs === undefined) await condition(isDone);
    else if (!(await condition(isDone, limitMs))) throw new Expired(name);
    if (timer !== null) this.#pending.timersCanceled = [{ key: timer }];
    this.#end(times > 1 ? [body, ...elements] : elements);
    this.#note('tasksDone', 'system', { name });
  }

  async #complete({ task, by, variables }: Completion): Promise<void> {
    this.#open.delete(task);
    this.#set(variables);
    const { caseKey } = this.#input;
    await this.#record({
      caseKey,
      tasksCompleted: [{ key: task, at: now(), by }],
      ...(Object.keys(variables).length === 0 ? {} : { variables: this.#variableRows(variables) }),
      audit: [this.#auditRow({ type: 'taskCompleted', actor: by, body: { task, variables } })],
    });
  }

  async end(name: string): Promise<void> {
    const { caseKey: key } = this.#input;
    this.#event(name, 'endEvent');
    this.#note('ended', 'system', { name });
    this.#pending.ended = { key, at: now(), end_elements: [name], last_fact: this.#audited + this.#audit.length };
    await this.#flush();
    await condition(allHandlersFinished);
  }

  /** Records what the main course has come to since the last time. */
  async #flush(): Promise<void> {
    const { caseKey } = this.#input;
    const audit = this.#audit.map((entry) => this.#auditRow(entry));
    const pending = this.#pending;
    this.#pending = {};
    this.#audit = [];
    await this.#record({ caseKey, ...pending, audit });
  }

  #note(type: string, actor: string, body: object): void {
    this.#audit.push({ type, actor, body });
  }
  #auditRow({ type, actor, body }: { type: string; actor: string; body: object }): Record<string, unknown> {
    this.#audited += 1;
    return { instance_key: this.#input.caseKey, number: this.#audited, at: now(), actor, type, body };
  }
  #key(): string {
    this.#sequence += 1;
    return String(BigInt(this.#input.caseKey) + BigInt(this.#sequence));
  }
  #of(element: string, name: string): Record<string, unknown> {
    return { instance_key: this.#input.caseKey, region: '', element_key: element, element_id: name };
  }
  #activity(name: string, type: string): string {
    return this.#begin({ element_id: name, type, scope_key: this.#input.caseKey });
  }
  #inner(body: string, name: string, loop: number): string {
    return this.#begin({ element_id: name, type: 'userTask', scope_key: body, loop_counter: loop });
  }
  #begin(row: Record<string, unknown>): string {
    const key = this.#key();
    const begun = { key, instance_key: this.#input.caseKey, ...row, state: 'ACTIVE', started_at: now() };
    this.#pending.activitiesBegun = [...(this.#pending.activitiesBegun ?? []), begun];
    return key;
  }
  #event(name: string, type: string): void {
    const row = { key: this.#key(), instance_key: this.#input.caseKey, element_id: name, type };
    const done = { ...row, scope_key: this.#input.caseKey, state: 'COMPLETED', started_at: now(), ended_at: now() };
    this.#pending.activitiesBegun = [...(this.#pending.activitiesBegun ?? []), done];
  }
  #end(elements: readonly string[]): void {
    const rows = elements.map((key) => ({ key, at: now() }));
    this.#pending.activitiesEnded = [...(this.#pending.activitiesEnded ?? []), ...rows];
  }
  #set(variables: Readonly<Record<string, unknown>>): void {
    this.#variables = { ...this.#variables, ...variables };
  }
  #variableRows(variables: Readonly<Record<string, unknown>>): readonly Record<string, unknown>[] {
    const instance_key = this.#input.caseKey;
    return Object.entries(variables).map(([name, value]) => ({ instance_key, scope_key: instance_key, name, value }));
  }
}

const now = (): string => new Date().toISOString();
export const oneDay = { limitMs: dayMs } as const;
