/** One evaluation: its budgets, its warnings, and the handlers of the syntax tree's nodes. */
import type { FeelContext } from './context.ts';
import type { FeelNode } from './ast.ts';
import { arithmetic, negateValue } from './arithmetic.ts';
import { builtins } from './builtins/index.ts';
import { callNode, invoke } from './call.ts';
import { filterNode, forNode, quantifiedNode } from './iteration.ts';
import { parseNumber } from './number.ts';
import { propertyOf } from './property.ts';
import { isUnknownZone, parseTemporal } from './temporal.ts';
import { conforms, convertTo, fromJson, isInstance } from './types.ts';
import { compare, inputName, passes, passesAny } from './unary.ts';
import {
  BudgetExceeded,
  FunctionValue,
  Range,
  compareValues,
  entryOf,
  isContext,
  setEntry,
  typeName,
} from './value.ts';
import type { Evaluation, Frame, TableMatch, Value } from './value.ts';
import { evaluateTable } from '../dmn/table.ts';
import { limits } from '../limits.ts';

type NodeOf<T extends FeelNode['type']> = FeelNode & { readonly type: T };
type Handler<T extends FeelNode['type']> = (node: NodeOf<T>, frame: Frame | null, evaluation: Evaluation) => Value;

const handlers: { readonly [T in FeelNode['type']]: Handler<T> } = {
  null: () => null,
  boolean: (node) => node.value,
  number: (node, _frame, evaluation) =>
    typeof node.value === 'number'
      ? node.value
      : (parseNumber(node.value) ?? evaluation.warn('a number is out of range')),
  string: (node) => node.value,
  at: (node, _frame, evaluation) => parseTemporal(node.text) ?? evaluation.warn(temporalProblem(node.text)),
  name: (node, frame, evaluation) => {
    const found = evaluation.resolve(node.name, frame);
    if (found !== undefined) return found;
    return builtins.get(node.name) ?? evaluation.warn(`variable '${node.name}' is not defined`);
  },
  input: (_node, frame, evaluation) => evaluation.resolve(inputName, frame) ?? null,
  path: (node, frame, evaluation) => propertyOf(evaluation.evaluate(node.target, frame), node.name, evaluation),
  filter: filterNode,
  call: callNode,
  list: (node, frame, evaluation) => node.items.map((item) => evaluation.evaluate(item, frame)),
  context: contextNode,
  function: (node, frame) =>
    new FunctionValue({ kind: 'closure', params: node.params, result: node.result ?? null, body: node.body, frame }),
  for: forNode,
  quantified: quantifiedNode,
  if: (node, frame, evaluation) => {
    const condition = evaluation.evaluate(node.condition, frame);
    if (typeof condition !== 'boolean' && condition !== null)
      return evaluation.warn(`the condition of an if is ${typeName(condition)}, not boolean`);
    return evaluation.evaluate(condition === true ? node.whenTrue : node.otherwise, frame);
  },
  and: (node, frame, evaluation) => junction(node, frame, evaluation, false),
  or: (node, frame, evaluation) => junction(node, frame, evaluation, true),
  compare: (node, frame, evaluation) => {
    const left = evaluation.evaluate(node.left, frame);
    return compare(node.op, left, evaluation.evaluate(node.right, frame), evaluation);
  },
  between: (node, frame, evaluation) => {
    const value = evaluation.evaluate(node.value, frame);
    const low = compareValues(value, evaluation.evaluate(node.low, frame));
    const high = compareValues(value, evaluation.evaluate(node.high, frame));
    if (low === null || high === null) return evaluation.warn('between compares values of different types');
    return low >= 0 && high <= 0;
  },
  in: (node, frame, evaluation) => passesAny(node.tests, evaluation.evaluate(node.value, frame), frame, evaluation),
  arithmetic: (node, frame, evaluation) => {
    const left = evaluation.evaluate(node.left, frame);
    return arithmetic(node.op, left, evaluation.evaluate(node.right, frame), evaluation);
  },
  negate: (node, frame, evaluation) => negateValue(evaluation.evaluate(node.value, frame), evaluation),
  range: (node, frame, evaluation) => {
    const low = evaluation.evaluate(node.low, frame);
    const high = evaluation.evaluate(node.high, frame);
    if (low !== null && high !== null && compareValues(low, high) === null)
      return evaluation.warn('the ends of a range are not comparable');
    if (low === null || high === null) return evaluation.warn('an end of a range is null');
    return new Range(low, high, node.lowClosed, node.highClosed);
  },
  test: testValue,
  instanceOf: (node, frame, evaluation) => isInstance(evaluation.evaluate(node.value, frame), node.of),
  unaryTests: (node, frame, evaluation) => evaluation.test(node, evaluation.resolve(inputName, frame) ?? null, frame),
  predicate: (node, frame, evaluation) => evaluation.evaluate(node.value, frame),
  convert: (node, frame, evaluation) => {
    const value = evaluation.evaluate(node.value, frame);
    const given = node.json === true ? fromJson(value, node.to) : value;
    if (conforms(given, node.to, (allowed, item) => evaluation.test(allowed, item, null) === true)) return given;
    const converted = convertTo(given, node.to, (allowed, item) => evaluation.test(allowed, item, null) === true);
    return converted === undefined
      ? evaluation.warn(`a ${typeName(given)} does not conform to the declared type`)
      : converted;
  },
  table: (node, frame, evaluation) => evaluateTable(node.table, frame, evaluation),
};

function temporalProblem(text: string): string {
  const zone = text.includes('@') ? text.slice(text.indexOf('@') + 1) : '';
  return isUnknownZone(zone) ? `time zone '${zone}' is not bundled yet` : `'${text}' is no date, time or duration`;
}

/** `<5` as a value: a range open on one side. */
function testValue(node: NodeOf<'test'>, frame: Frame | null, evaluation: Evaluation): Value {
  const bound = evaluation.evaluate(node.value, frame);
  if (bound === null) return evaluation.warn('a range has no ends');
  switch (node.op) {
    case '=':
      return new Range(bound, bound, true, true);
    case '!=':
      return evaluation.warn('!= is no range');
    case '<':
    case '<=':
      return new Range(null, bound, false, node.op === '<=');
    case '>':
    case '>=':
      return new Range(bound, null, node.op === '>=', false);
  }
}

/** Three-valued `and` (deciding value false) and `or` (deciding value true). DMN 1.5 table 49. */
function junction(node: NodeOf<'and' | 'or'>, frame: Frame | null, evaluation: Evaluation, deciding: boolean): Value {
  const left = evaluation.evaluate(node.left, frame);
  if (left === deciding) return deciding;
  const right = evaluation.evaluate(node.right, frame);
  if (right === deciding) return deciding;
  return typeof left === 'boolean' && typeof right === 'boolean' ? !deciding : null;
}

function contextNode(node: NodeOf<'context'>, frame: Frame | null, evaluation: Evaluation): Value {
  const result: Record<string, Value> = {};
  let scope = frame;
  for (const entry of node.entries) {
    const value = evaluation.evaluate(entry.value, scope);
    if (Object.hasOwn(result, entry.key)) return evaluation.warn(`the context has two entries '${entry.key}'`);
    if (!setEntry(result, entry.key, value)) return evaluation.warn(`'${entry.key}' is no name for a context entry`);
    scope = { parent: scope, name: entry.key, value };
  }
  return node.result === undefined ? result : evaluation.evaluate(node.result, scope);
}

/** Sees every node's value: for explanations. */
export type Observer = (node: FeelNode, value: Value) => void;

class Running implements Evaluation {
  readonly nowMs: number;
  readonly zone: string;
  readonly warnings: string[] = [];
  /** Tables evaluated so far, in order. */
  readonly matches: TableMatch[] = [];
  readonly #context: FeelContext;
  readonly #observe: Observer | undefined;
  #steps = 0;
  #depth = 0;

  constructor(context: FeelContext, observe?: Observer) {
    this.#context = context;
    this.#observe = observe;
    this.nowMs = context.nowMs;
    this.zone = context.zone ?? 'UTC';
  }

  charge(steps: number): void {
    this.#steps += steps;
    if (this.#steps > limits.feelSteps)
      throw new BudgetExceeded(`the expression takes more than ${limits.feelSteps} steps`);
  }

  warn(message: string): null {
    if (this.warnings.length < limits.feelWarnings && !this.warnings.includes(message))
      this.warnings.push(message.slice(0, limits.messageLength));
    return null;
  }

  report(match: TableMatch): void {
    this.matches.push(match);
  }

  invoke(callee: FunctionValue, args: readonly Value[]): Value {
    return invoke(callee, args, this);
  }

  test(node: FeelNode, input: Value, frame: Frame | null): boolean | null {
    this.charge(1);
    return passes(node, input, frame, this);
  }

  resolve(name: string, frame: Frame | null): Value | undefined {
    for (let scope = frame; scope !== null; scope = scope.parent) {
      if (scope.name === name) return scope.value;
      if (scope.name === null && isContext(scope.value)) {
        const entry = entryOf(scope.value, name);
        if (entry !== undefined) return entry;
      }
    }
    return this.#context.lookup(name);
  }

  evaluate(node: FeelNode, frame: Frame | null): Value {
    this.charge(1);
    if (++this.#depth > limits.feelDepth)
      throw new BudgetExceeded(`the expression is nested deeper than ${limits.feelDepth} levels`);
    // The registry's keys are the union's tags, so the handler found takes exactly this node.
    const value = (handlers[node.type] as Handler<FeelNode['type']>)(node, frame, this);
    this.#depth--;
    this.#observe?.(node, value);
    return value;
  }
}

export type RunningEvaluation = Evaluation & {
  readonly warnings: readonly string[];
  readonly matches: readonly TableMatch[];
};
export const createEvaluation = (context: FeelContext, observe?: Observer): RunningEvaluation =>
  new Running(context, observe);
