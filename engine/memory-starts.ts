/** What starts instances by itself in an in-memory host: timers, messages, signals and conditions of the latest version of each process. */
import { dueTime } from './catching.ts';
import { evaluateAny, evaluateString } from './expression.ts';
import type { Scope } from './expression.ts';
import type { Variables } from './json.ts';
import type { ConditionDefinition, ElementId, ProcessModel } from './model.ts';
import { startTriggersOf } from './start.ts';
import { nextRepetition } from './time.ts';
import { ownValue } from './variables.ts';

/** What a new instance starts with. */
export interface Start {
  readonly processId: string;
  readonly startElement: ElementId;
  readonly startPart: number;
}
interface TimerStart extends Start {
  readonly dueMs: number;
  readonly repetitions: number | null;
  readonly interval: string | null;
}
interface NamedStart extends Start {
  readonly kind: 'message' | 'signal';
  readonly name: string;
}
interface ConditionalStart extends Start {
  readonly definition: ConditionDefinition;
}

export class MemoryStarts {
  #timers: TimerStart[] = [];
  #named: NamedStart[] = [];
  #conditional: ConditionalStart[] = [];

  /** The process takes over from its earlier versions. Throws when one of its start events cannot be evaluated. */
  replace(process: ProcessModel, nowMs: number): void {
    const { processId } = process;
    const isOther = (start: Start): boolean => start.processId !== processId;
    this.#timers = this.#timers.filter(isOther);
    this.#named = this.#named.filter(isOther);
    this.#conditional = this.#conditional.filter(isOther);
    const scope: Scope = { lookup: () => undefined, nowMs };
    for (const { elementId: startElement, trigger, part: startPart } of startTriggersOf(process)) {
      const start = { processId, startElement, startPart };
      if (trigger.type === 'timer') this.#timers.push({ ...start, ...valueOf(dueTime(trigger.timer, scope)) });
      else if (trigger.type === 'message') {
        this.#named.push({ ...start, kind: 'message', name: valueOf(evaluateString(trigger.message.name, scope)) });
      } else if (trigger.type === 'signal') {
        this.#named.push({ ...start, kind: 'signal', name: valueOf(evaluateString(trigger.signal.name, scope)) });
      } else if (trigger.type === 'conditional') {
        this.#conditional.push({ ...start, definition: trigger.conditional });
      }
    }
  }

  earliestDueMs(): number | null {
    const earliest = Math.min(...this.#timers.map(({ dueMs }) => dueMs), Infinity);
    return earliest === Infinity ? null : earliest;
  }

  /** Timers that are due, each set to its next repetition. */
  takeDue(nowMs: number): readonly Start[] {
    const due = this.#timers.filter(({ dueMs }) => dueMs <= nowMs);
    this.#timers = this.#timers.filter(({ dueMs }) => dueMs > nowMs);
    for (const timer of due) {
      const { interval, repetitions } = timer;
      const dueMs = interval === null || repetitions === 0 ? null : nextRepetition(interval, timer.dueMs);
      const left = repetitions === null ? null : repetitions - 1;
      if (dueMs !== null) this.#timers.push({ ...timer, dueMs, repetitions: left });
    }
    return due;
  }

  byMessage(name: string): Start | null {
    return this.#named.find((start) => start.kind === 'message' && start.name === name) ?? null;
  }
  messageNames(processId: string): readonly string[] {
    return this.#named
      .filter((start) => start.kind === 'message' && start.processId === processId)
      .map(({ name }) => name);
  }
  bySignal(name: string): readonly Start[] {
    return this.#named.filter((start) => start.kind === 'signal' && start.name === name);
  }
  /** Start events whose condition holds for the variables. */
  byVariables(variables: Variables, nowMs: number): readonly Start[] {
    const scope: Scope = { lookup: (name) => ownValue(variables, name), nowMs };
    return this.#conditional.filter(({ definition }) => {
      const value = evaluateAny(definition.condition, scope);
      return value.ok && value.value === true;
    });
  }
}

type Evaluated<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: { readonly message: string } };

function valueOf<T>(result: Evaluated<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}
