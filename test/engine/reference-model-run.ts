/** One instance in the reference model: what commands do to it, and how it looks. */
import type { BlockProcess } from './block-process.ts';
import type { View } from './properties-view.ts';
import { Program } from './reference-model-blocks.ts';
import { Machine } from './reference-model.ts';
import type { Frame, Values, Wait } from './reference-model.ts';

export interface Start {
  readonly startMs: number;
  /** By another process. */
  readonly isCalled: boolean;
}

export class ReferenceRun {
  readonly #machine: Machine;
  readonly #startMs: number;

  constructor(process: BlockProcess, variables: Values, { startMs, isCalled }: Start) {
    this.#machine = new Machine(startMs, isCalled);
    this.#startMs = startMs;
    new Program(this.#machine).start(process, variables);
    this.#machine.settle();
  }

  get isActive(): boolean {
    return this.#machine.status === 'active';
  }

  /** Everything that may happen next, oldest first. */
  waits(): Wait[] {
    return [...this.#machine.waits].filter((wait) => wait.frame.parent !== null || wait.kind !== 'incident');
  }

  happen(wait: Wait, variables: Values): void {
    this.#machine.trigger(wait, variables);
    this.#machine.settle();
  }

  /** From outside: every subscriber gets it in a command of its own. */
  broadcast(name: string): void {
    for (const wait of this.#machine.waitsFor('signal', name)) if (this.#machine.waits.has(wait)) this.happen(wait, {});
  }

  setVariables(variables: Values): void {
    this.#machine.set(this.#machine.root, variables);
    this.#machine.settle();
  }

  cancel(): void {
    this.#machine.end('terminated');
  }

  escalate(from: Frame, code: string): void {
    this.#machine.throw('escalation', from, code);
    this.#machine.settle();
  }

  /** Everything due by the earliest due time happens, in order of due times. */
  passTime(): void {
    const machine = this.#machine;
    machine.nowMs = Math.min(...this.#due().map(({ dueMs }) => dueMs ?? Infinity));
    for (let next = this.#nextDue(); next !== undefined; next = this.#nextDue()) {
      if (next.kind === 'timer') machine.trigger(next, {});
      else next.dueMs = null;
      machine.settle();
    }
    this.#machine.settle();
  }
  #due(): Wait[] {
    return [...this.#machine.waits].filter(({ dueMs }) => dueMs !== null);
  }
  #nextDue(): Wait | undefined {
    const due = this.#due().filter(({ dueMs }) => (dueMs ?? 0) <= this.#machine.nowMs);
    return due.toSorted((a, b) => (a.dueMs ?? 0) - (b.dueMs ?? 0))[0];
  }

  completeJob(job: Wait, variables: Values): void {
    this.#closeIncidents(job.frame);
    this.happen(job, variables);
  }

  failJob(job: Wait, retries: number, retryAfterMs: number): void {
    const machine = this.#machine;
    this.#closeIncidents(job.frame);
    job.retries = retries;
    job.dueMs = retries === 0 || retryAfterMs === 0 ? null : machine.nowMs + retryAfterMs;
    if (retries === 0) machine.incident(job.frame, 'JOB_NO_RETRIES', () => void (job.retries = 1));
  }

  /** Uncaught, the job is offered anew once its incident is resolved. */
  throwJobError(job: Wait, code: string): void {
    const machine = this.#machine;
    this.#closeIncidents(job.frame);
    machine.waits.delete(job);
    const { frame, fire, label } = job;
    machine.throwError(frame, code, () => void machine.wait('job', frame, fire, { label }));
    this.#machine.settle();
  }

  /** null: it was terminated. */
  failChild(child: Wait, code: string | null): void {
    const machine = this.#machine;
    machine.waits.delete(child);
    const again = (): void => void machine.wait('child', child.frame, child.fire);
    if (code === null) machine.incident(child.frame, 'CALLED_ELEMENT_ERROR', again);
    else machine.throwError(child.frame, code, again);
    this.#machine.settle();
  }

  /** Whether no other active element has the frame's label. */
  isAlone(frame: Frame): boolean {
    return this.#active(this.#machine.root).filter((label) => label === frame.label).length === 1;
  }

  /** Ad-hoc sub-processes that may be told what to do, and the elements they may begin. */
  adHocs(): Frame[] {
    const within = (frame: Frame): Frame[] => [
      ...(frame.choose ? [frame] : []),
      ...[...frame.children].flatMap(within),
    ];
    return within(this.#machine.root);
  }
  choose(adHoc: Frame, parts: readonly number[], instead: boolean): void {
    adHoc.choose?.(parts, instead);
    this.#machine.settle();
  }

  #closeIncidents(frame: Frame): void {
    for (const wait of this.#machine.waitsFor('incident')) if (wait.frame === frame) this.#machine.waits.delete(wait);
  }

  look(): View {
    const machine = this.#machine;
    const { completed, terminated } = machine;
    [machine.completed, machine.terminated] = [[], []];
    const labels = (kind: Wait['kind'], text = ({ label }: Wait): string => label): string[] =>
      machine.waitsFor(kind).map(text);
    return {
      status: machine.status,
      active: this.#active(machine.root),
      completed,
      terminated,
      jobs: labels('job', ({ label, retries, dueMs }) => `${label} #${retries}${dueMs === null ? '' : ' later'}`),
      tasks: labels('task'),
      messages: labels('message'),
      signals: labels('signal'),
      conditions: labels('condition'),
      timers: labels('timer', ({ label, dueMs }) => `${label} ${(dueMs ?? 0) - this.#startMs}`),
      children: labels('child'),
      incidents: labels('incident'),
      variables: machine.root.vars,
    };
  }

  #active(frame: Frame): string[] {
    const within = [...frame.children].flatMap((child) => this.#active(child));
    return frame.shown ? [frame.label, ...within] : within;
  }
}
