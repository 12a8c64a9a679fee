/** One evaluation: its variables, its budgets, its warnings. */
import type { FeelContext } from './context.ts';
import type { FeelNode } from './ast.ts';
import { invoke } from './call.ts';
import { programOf, testOf } from './compile.ts';
import { BudgetExceeded, entryOf } from './value.ts';
import type { Context, Evaluation, Frame, FunctionValue, TableMatch, Value, WarningCode } from './value.ts';
import { limits } from '../limits.ts';

/** Sees every node as it begins and with its value, and every warning: for traces. */
export interface Observer {
  readonly enter: (node: FeelNode) => void;
  readonly leave: (node: FeelNode, value: Value) => void;
  readonly warn: (message: string, code: WarningCode, name: string | null) => void;
}

class Running implements Evaluation {
  readonly nowMs: number;
  readonly zone: string;
  readonly typed: boolean;
  readonly warnings: string[] = [];
  /** Tables evaluated so far, in order. */
  readonly matches: TableMatch[] = [];
  readonly #context: FeelContext;
  readonly #observer: Observer | null;
  #steps = 0;
  #depth = 0;

  constructor(context: FeelContext, observer: Observer | null) {
    this.#context = context;
    this.#observer = observer;
    this.nowMs = context.nowMs;
    this.zone = context.zone ?? 'UTC';
    this.typed = context.typed ?? false;
  }

  charge(steps: number): void {
    this.#steps += steps;
    if (this.#steps > limits.feelSteps)
      throw new BudgetExceeded(`the expression takes more than ${limits.feelSteps} steps`);
  }

  enter(node: FeelNode): void {
    if (++this.#steps > limits.feelSteps)
      throw new BudgetExceeded(`the expression takes more than ${limits.feelSteps} steps`);
    if (++this.#depth > limits.feelEvaluationDepth)
      throw new BudgetExceeded(`the evaluation is nested deeper than ${limits.feelEvaluationDepth} levels`);
    if (this.#observer !== null) this.#observer.enter(node);
  }

  leave(node: FeelNode, value: Value): void {
    this.#depth--;
    if (this.#observer !== null) this.#observer.leave(node, value);
  }

  warn(message: string, code: WarningCode = 'INVALID_ARGUMENT', name?: string): null {
    const text = message.slice(0, limits.messageLength);
    if (this.warnings.length < limits.feelWarnings && !this.warnings.includes(text)) this.warnings.push(text);
    this.#observer?.warn(text, code, name ?? null);
    return null;
  }

  report(match: TableMatch): void {
    this.matches.push(match);
  }

  invoke(callee: FunctionValue, args: readonly Value[]): Value {
    return invoke(callee, args, this);
  }

  test(node: FeelNode, input: Value, frame: Frame | null): boolean | null {
    return testOf(node)(input, frame, this);
  }

  resolve(name: string, frame: Frame | null): Value | undefined {
    for (let scope = frame; scope !== null; scope = scope.parent) {
      if (scope.name === name) return scope.value;
      if (scope.name === null) {
        // a frame without a name is made of a context, nothing else
        const entry = entryOf(scope.value as Context, name);
        if (entry !== undefined) return entry;
      }
    }
    return this.#context.lookup(name);
  }

  evaluate(node: FeelNode, frame: Frame | null): Value {
    return programOf(node)(frame, this);
  }
}

export type RunningEvaluation = Evaluation & {
  readonly warnings: readonly string[];
  readonly matches: readonly TableMatch[];
};
export const createEvaluation = (context: FeelContext, observer: Observer | null = null): RunningEvaluation =>
  new Running(context, observer);
