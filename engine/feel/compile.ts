/** Compilers of the syntax tree's nodes, one per kind. DMN 1.5 §10.3.2. */
import type { FeelNode, FeelType } from './ast.ts';
import { arithmetic, negateValue } from './arithmetic.ts';
import { builtins } from './builtins/index.ts';
import { callNode } from './call.ts';
import { filterNode, forNode, quantifiedNode } from './iteration.ts';
import { parseNumber } from './number.ts';
import { inputName, type Compile, type Compiler, type NodeOf, type Program, type Test } from './program.ts';
import { propertyOf } from './property.ts';
import { isUnknownZone, parseTemporal } from './temporal.ts';
import { coerce, fromJson, isInstance } from './types.ts';
import { compare, testNode, testsOf } from './unary.ts';
import { FunctionValue, Range, compareValues, setEntry, typeName } from './value.ts';
import type { Evaluation, Value } from './value.ts';
import { tableNode } from '../dmn/table.ts';

const compilers: { readonly [T in FeelNode['type']]: Compile<T> } = {
  null: () => () => null,
  boolean: (node) => constant(node.value),
  number: (node) =>
    typeof node.value === 'number'
      ? constant(node.value)
      : literal(parseNumber(node.value), 'a number is out of range'),
  string: (node) => constant(node.value),
  at: (node) => literal(parseTemporal(node.text), temporalProblem(node.text)),
  name: ({ name }) => {
    const builtin = builtins.get(name) ?? null;
    return (frame, evaluation) => {
      const found = evaluation.resolve(name, frame);
      if (found !== undefined) return found;
      return builtin ?? evaluation.warn(`variable '${name}' is not defined`, 'UNKNOWN_VARIABLE', name);
    };
  },
  input: () => (frame, evaluation) => evaluation.resolve(inputName, frame) ?? null,
  path: (node, { program }) => {
    const target = program(node.target);
    return (frame, evaluation) => propertyOf(target(frame, evaluation), node.name, evaluation);
  },
  filter: filterNode,
  call: callNode,
  list: (node, { program }) => {
    const items = node.items.map(program);
    return (frame, evaluation) => items.map((item) => item(frame, evaluation));
  },
  context: contextNode,
  function: (node) => (frame) =>
    new FunctionValue({ kind: 'closure', params: node.params, result: node.result ?? null, body: node.body, frame }),
  for: forNode,
  quantified: quantifiedNode,
  if: (node, { program }) => {
    const [condition, whenTrue, otherwise] = [program(node.condition), program(node.whenTrue), program(node.otherwise)];
    return (frame, evaluation) => {
      const verdict = condition(frame, evaluation);
      if (typeof verdict !== 'boolean' && verdict !== null)
        return evaluation.warn(`the condition of an if is ${typeName(verdict)}, not boolean`, 'INVALID_TYPE');
      return (verdict === true ? whenTrue : otherwise)(frame, evaluation);
    };
  },
  and: (node, compiler) => junction(node, compiler, false),
  or: (node, compiler) => junction(node, compiler, true),
  compare: (node, { program }) => {
    const { op } = node;
    const [left, right] = [program(node.left), program(node.right)];
    return (frame, evaluation) => compare(op, left(frame, evaluation), right(frame, evaluation), evaluation);
  },
  between: (node, { program }) => {
    const [value, low, high] = [program(node.value), program(node.low), program(node.high)];
    return (frame, evaluation) => {
      const between = value(frame, evaluation);
      const above = compareValues(between, low(frame, evaluation));
      const below = compareValues(between, high(frame, evaluation));
      if (above === null || below === null)
        return evaluation.warn('between compares values of different types', 'NOT_COMPARABLE');
      return above >= 0 && below <= 0;
    };
  },
  in: (node, compiler) => {
    const value = compiler.program(node.value);
    const tests = testsOf(node.tests, compiler);
    return (frame, evaluation) => tests(value(frame, evaluation), frame, evaluation);
  },
  arithmetic: (node, { program }) => {
    const { op } = node;
    const [left, right] = [program(node.left), program(node.right)];
    return (frame, evaluation) => arithmetic(op, left(frame, evaluation), right(frame, evaluation), evaluation);
  },
  negate: (node, { program }) => {
    const value = program(node.value);
    return (frame, evaluation) => negateValue(value(frame, evaluation), evaluation);
  },
  range: rangeNode,
  test: unaryRange,
  instanceOf: (node, { program }) => {
    const value = program(node.value);
    return (frame, evaluation) => isInstance(value(frame, evaluation), node.of);
  },
  unaryTests: asPredicate,
  predicate: (node, { program }) => program(node.value),
  convert: (node, { program }) => {
    const value = program(node.value);
    const json = node.json === true;
    return (frame, evaluation) => converted(value(frame, evaluation), node.to, json, evaluation);
  },
  table: tableNode,
  unsupported: (node) => (_frame, evaluation) => evaluation.warn(node.reason, 'NOT_SUPPORTED'),
};

const constant =
  (value: Value): Program =>
  () =>
    value;
const literal =
  (value: Value, problem: string): Program =>
  (_frame, evaluation) =>
    value ?? evaluation.warn(problem, 'OUT_OF_RANGE');

function temporalProblem(text: string): string {
  const zone = text.includes('@') ? text.slice(text.indexOf('@') + 1) : '';
  return isUnknownZone(zone) ? `time zone '${zone}' is not known` : `'${text}' is no date, time or duration`;
}

function converted(value: Value, to: FeelType, json: boolean, evaluation: Evaluation): Value {
  const given = json && !evaluation.typed ? fromJson(value, to) : value;
  return coerce(given, to, evaluation, `a ${typeName(given)} does not conform to the declared type`);
}

function rangeNode(node: NodeOf<'range'>, { program }: Compiler): Program {
  const { lowClosed, highClosed } = node;
  const [lowOf, highOf] = [program(node.low), program(node.high)];
  return (frame, evaluation) => {
    const [low, high] = [lowOf(frame, evaluation), highOf(frame, evaluation)];
    if (low === null || high === null) return evaluation.warn('an end of a range is null');
    if (compareValues(low, high) === null)
      return evaluation.warn('the ends of a range are not comparable', 'NOT_COMPARABLE');
    return new Range(low, high, lowClosed, highClosed);
  };
}

/** `<5` as a value: a range open on one side; `=5` and `!=5` are ranges of their own kind. DMN 1.5 grammar rule 7. */
function unaryRange(node: NodeOf<'test'>, { program }: Compiler): Program {
  const bound = program(node.value);
  const { op } = node;
  const closed = op === '<=' || op === '>=';
  return (frame, evaluation) => {
    const end = bound(frame, evaluation);
    if (end === null) return evaluation.warn('a range has no ends');
    if (op === '=') return new Range(end, end, true, true, 'equal');
    if (op === '!=') return new Range(end, end, false, false, 'unequal');
    return op === '<' || op === '<='
      ? new Range(null, end, false, closed, 'test')
      : new Range(end, null, closed, false, 'test');
  };
}

/** Unary tests where an expression stands: whether `?` passes them. */
function asPredicate(node: NodeOf<'unaryTests'>, { test }: Compiler): Program {
  const passes = test(node);
  return (frame, evaluation) => passes(evaluation.resolve(inputName, frame) ?? null, frame, evaluation);
}

/** Three-valued `and` (deciding value false) and `or` (deciding value true). DMN 1.5 table 49. */
function junction(node: NodeOf<'and' | 'or'>, { program }: Compiler, deciding: boolean): Program {
  const [leftOf, rightOf] = [program(node.left), program(node.right)];
  return (frame, evaluation) => {
    const left = leftOf(frame, evaluation);
    if (left === deciding) return deciding;
    const right = rightOf(frame, evaluation);
    if (right === deciding) return deciding;
    return typeof left === 'boolean' && typeof right === 'boolean' ? !deciding : null;
  };
}

/** Entries see those before them; a function sees itself, so that it can call itself. DMN 1.5 §10.3.2.6. */
function contextNode(node: NodeOf<'context'>, { program }: Compiler): Program {
  const entries = node.entries.map(({ key, value }) => ({
    key,
    value: program(value),
    isFunction: isFunctionNode(value),
  }));
  const resultOf = node.result === undefined ? null : program(node.result);
  const keys = node.entries.map(({ key }) => key);
  const repeated = keys.find((key, index) => keys.indexOf(key) < index);
  return (frame, evaluation) => {
    if (repeated !== undefined) return evaluation.warn(`the context has two entries '${repeated}'`);
    const result: Record<string, Value> = {};
    let scope = frame;
    for (const { key, value, isFunction } of entries) {
      const own = isFunction ? { parent: scope, name: key, value: null as Value } : null;
      const entry = value(own ?? scope, evaluation);
      if (own !== null) own.value = entry;
      if (!setEntry(result, key, entry)) return evaluation.warn(`'${key}' is no name for a context entry`);
      scope = own ?? { parent: scope, name: key, value: entry };
    }
    return resultOf === null ? result : resultOf(scope, evaluation);
  };
}
const isFunctionNode = (node: FeelNode): boolean =>
  node.type === 'function' || (node.type === 'convert' && node.value.type === 'function');

const programs = new WeakMap<FeelNode, Program>();
const tests = new WeakMap<FeelNode, Test>();
const compiler: Compiler = { program: programOf, test: testOf };

/** The compiled form of an expression; made on first use. */
export function programOf(node: FeelNode): Program {
  const known = programs.get(node);
  if (known !== undefined) return known;
  // The registry's keys are the union's tags, so the compiler found takes exactly this node.
  const run = (compilers[node.type] as Compile<FeelNode['type']>)(node, compiler);
  const program: Program = (frame, evaluation) => {
    evaluation.enter(node);
    const value = run(frame, evaluation);
    evaluation.leave(node, value);
    return value;
  };
  programs.set(node, program);
  return program;
}

/** The compiled form of a unary test. */
export function testOf(node: FeelNode): Test {
  const known = tests.get(node);
  if (known !== undefined) return known;
  const test = testNode(node, compiler);
  tests.set(node, test);
  return test;
}
