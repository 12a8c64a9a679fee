/** A copy of a case that goes on from some moment as somebody supposes. In memory; it can touch nothing outside. */
import type { Command, Rejection, Seq } from '../command.ts';
import { draftOf, stateOf } from '../draft.ts';
import type { RecordedFact } from '../fact.ts';
import type { InstanceState } from '../instance.ts';
import type { Variables } from '../json.ts';
import type { ElementId, ProcessModel } from '../model.ts';
import { advance, nextDueMs } from '../step.ts';
import { limits } from '../limits.ts';

/** Of several instances of an element the oldest is meant. */
export type Supposition =
  | {
      readonly type: 'completeUserTask' | 'completeJob' | 'completeChild' | 'receiveMessage' | 'receiveSignal';
      readonly elementId: ElementId;
      readonly variables: Variables;
    }
  | { readonly type: 'throwError'; readonly elementId: ElementId; readonly code: string; readonly variables: Variables }
  | { readonly type: 'fireTimer'; readonly elementId: ElementId }
  | { readonly type: 'setVariables'; readonly variables: Variables }
  /** Time passes: what is due by then happens, in order. */
  | { readonly type: 'waitUntil'; readonly atMs: number };

export type WhatIf =
  | { readonly ok: true; readonly facts: readonly RecordedFact[]; readonly state: InstanceState }
  /** The supposition with this 0-based index cannot be. */
  | { readonly ok: false; readonly index: number; readonly rejection: Rejection };

export interface Moment {
  readonly state: InstanceState;
  readonly nowMs: number;
  readonly actor: string;
}

export function whatIf(process: ProcessModel, from: Moment, suppositions: readonly Supposition[]): WhatIf {
  const supposing = new Supposing(process, from);
  for (const [index, supposition] of suppositions.entries()) {
    const rejection = supposing.suppose(supposition);
    if (rejection !== null) return { ok: false, index, rejection };
  }
  return { ok: true, ...supposing.result };
}

class Supposing {
  readonly #process: ProcessModel;
  readonly #draft;
  readonly #actor: string;
  readonly #facts: RecordedFact[] = [];
  #nowMs: number;

  constructor(process: ProcessModel, { state, nowMs, actor }: Moment) {
    this.#process = process;
    this.#draft = draftOf(state);
    this.#nowMs = nowMs;
    this.#actor = actor;
  }
  get result() {
    return { facts: this.#facts, state: stateOf(this.#draft) };
  }

  suppose(supposition: Supposition): Rejection | null {
    if (supposition.type === 'waitUntil') return this.#wait(supposition.atMs);
    const command = this.#commandOf(supposition);
    if (command) return this.#send(command);
    const what = 'elementId' in supposition ? `'${supposition.elementId}'` : 'the case';
    return { code: 'unknownElement', message: `Nothing at ${what} waits for this now.` };
  }

  #wait(untilMs: number): Rejection | null {
    for (let rounds = 0; rounds < limits.rerunTimers; rounds++) {
      const dueMs = nextDueMs(this.#draft);
      if (dueMs === null || dueMs > untilMs) break;
      this.#nowMs = Math.max(this.#nowMs, dueMs);
      this.#send({ type: 'fireDue' });
    }
    this.#nowMs = Math.max(this.#nowMs, untilMs);
    return null;
  }

  #send(command: Command): Rejection | null {
    const first = this.#draft.state.factNumber + 1;
    const advanced = advance(this.#process, this.#draft, command, { nowMs: this.#nowMs, actor: this.#actor });
    if (!advanced.ok) return advanced.rejection;
    for (const [index, fact] of advanced.facts.entries()) {
      this.#facts.push({ number: first + index, atMs: this.#nowMs, actor: this.#actor, fact });
    }
    const { paused, suspendedAtMs } = this.#draft.state;
    return paused !== null && suspendedAtMs === null ? this.#send({ type: 'continue' }) : null;
  }

  #commandOf(supposition: Exclude<Supposition, { readonly type: 'waitUntil' }>): Command | null {
    const { state } = this.#draft;
    if (supposition.type === 'setVariables') {
      return { type: 'setVariables', scope: 0, variables: supposition.variables, local: false };
    }
    const { type, elementId } = supposition;
    const isAt = ({ element }: { readonly element: Seq }): boolean => state.elements[element]?.elementId === elementId;
    const catches = (wait: { readonly elementId: ElementId }): boolean => wait.elementId === elementId;
    switch (type) {
      case 'completeUserTask': {
        const task = first(state.userTasks, (_, seq) => isAt({ element: seq }));
        return task === null ? null : { type, task, variables: supposition.variables };
      }
      case 'completeJob': {
        const job = first(state.jobs, isAt);
        return job === null ? null : { type, job, variables: supposition.variables };
      }
      case 'throwError': {
        const job = first(state.jobs, isAt);
        const { code, variables } = supposition;
        return job === null ? null : { type: 'throwJobError', job, code, message: '', variables };
      }
      case 'completeChild': {
        const element = first(state.children, (_, seq) => isAt({ element: seq }));
        const { variables } = supposition;
        return element === null ? null : { type: 'endChild', element, outcome: { type: 'completed', variables } };
      }
      case 'receiveMessage': {
        const subscription = first(state.subscriptions, catches);
        const { variables } = supposition;
        return subscription === null ? null : { type: 'correlateMessage', subscription, messageKey: '0', variables };
      }
      case 'receiveSignal': {
        const subscription = first(state.signalSubscriptions, catches);
        const { variables } = supposition;
        return subscription === null ? null : { type, subscription, signalKey: '0', variables };
      }
      case 'fireTimer': {
        const timer = first(state.timers, catches);
        return timer === null ? null : { type, timer };
      }
    }
  }
}

function first<T>(table: Readonly<Record<Seq, T>>, fits: (entry: T, seq: Seq) => boolean): Seq | null {
  for (const [seq, entry] of Object.entries(table)) if (fits(entry, Number(seq))) return Number(seq);
  return null;
}
