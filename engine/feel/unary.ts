/** Unary tests: does a value pass? DMN 1.5 grammar rules 7 and 15-17, §10.3.2.6-8. */
import type { CompareOperator, FeelNode } from './ast.ts';
import { inputName, type Compiler, type NodeOf, type Test } from './program.ts';
import { parseTemporal } from './temporal.ts';
import { Range, compareValues, equalValues, isList, rangeContains, typeName } from './value.ts';
import type { Environment, Frame, Value } from './value.ts';

const withInput = (input: Value, frame: Frame | null): Frame => ({ parent: frame, name: inputName, value: input });

/** Compiles one test, or unary tests as a whole. */
export function testNode(node: FeelNode, compiler: Compiler): Test {
  switch (node.type) {
    case 'unaryTests':
      return unaryTests(node, compiler);
    case 'test':
      return comparison(node, compiler);
    case 'predicate':
      return predicate(node, compiler);
    case 'range':
      return inRange(node, compiler);
    default:
      return plain(node, compiler);
  }
}

/** An expression: most cells of decision tables are constants, for which there is nothing to evaluate and no scope to make. */
function plain(node: FeelNode, compiler: Compiler): Test {
  const value = constantOf(node);
  if (value !== undefined) {
    const kind = typeof value;
    return (input, _frame, evaluation) =>
      typeof input === kind && kind !== 'object' ? input === value : matches(input, value, evaluation);
  }
  const expected = compiler.program(node);
  return (input, frame, evaluation) => matches(input, expected(withInput(input, frame), evaluation), evaluation);
}

function unaryTests(node: NodeOf<'unaryTests'>, compiler: Compiler): Test {
  const { negated } = node;
  const tests = node.tests.map(compiler.test);
  const [only] = tests;
  if (only === undefined) return () => true;
  const anyOf = tests.length === 1 ? only : any(tests);
  if (!negated) return anyOf;
  return (input, frame, evaluation) => {
    const passed = anyOf(input, frame, evaluation);
    return passed === null ? null : !passed;
  };
}

/** true if any passes; null if none passes and one is undefined. */
const any =
  (tests: readonly Test[]): Test =>
  (input, frame, evaluation) => {
    let outcome: boolean | null = false;
    for (const test of tests) {
      const passed = test(input, frame, evaluation);
      if (passed === true) return true;
      if (passed === null) outcome = null;
    }
    return outcome;
  };

/** Several tests, of which one must pass. */
export const testsOf = (nodes: readonly FeelNode[], compiler: Compiler): Test => any(nodes.map(compiler.test));

/** A test that mentions `?`. */
function predicate(node: NodeOf<'predicate'>, compiler: Compiler): Test {
  const value = compiler.program(node.value);
  return (input, frame, evaluation) => {
    const result = value(withInput(input, frame), evaluation);
    if (typeof result === 'boolean' || result === null) return result;
    return matches(input, result, evaluation);
  };
}

function inRange(node: NodeOf<'range'>, compiler: Compiler): Test {
  const [low, high] = [constantOf(node.low), constantOf(node.high)];
  if (low !== undefined && high !== undefined && low !== null && compareValues(low, high) !== null) {
    const range = new Range(low, high, node.lowClosed, node.highClosed);
    if (typeof low === 'number' && typeof high === 'number') {
      const { lowClosed, highClosed } = node;
      return (input, _frame, evaluation) =>
        typeof input === 'number'
          ? (input > low || (lowClosed && input === low)) && (input < high || (highClosed && input === high))
          : insideOf(range, input, evaluation);
    }
    return (input, _frame, evaluation) => insideOf(range, input, evaluation);
  }
  const rangeOf = compiler.program(node);
  return (input, frame, evaluation) => {
    const range = rangeOf(withInput(input, frame), evaluation);
    return range === null ? null : insideOf(range, input, evaluation);
  };
}
const insideOf = (range: Value, input: Value, env: Environment): boolean | null =>
  range instanceof Range && !(input instanceof Range) && !isList(input)
    ? rangeContains(range, input)
    : matches(input, range, env);

/** The value of a literal; undefined: the node must be evaluated. */
function constantOf(node: FeelNode): Value | undefined {
  switch (node.type) {
    case 'number':
      return typeof node.value === 'number' ? node.value : undefined;
    case 'string':
    case 'boolean':
      return node.value;
    case 'at':
      return parseTemporal(node.text) ?? undefined;
    case 'negate': {
      const value = constantOf(node.value);
      return typeof value === 'number' ? 0 - value : undefined;
    }
    default:
      return undefined;
  }
}

function comparison(node: NodeOf<'test'>, compiler: Compiler): Test {
  const { op } = node;
  const limit = constantOf(node.value);
  if (limit !== undefined) {
    return (input, _frame, evaluation) => compare(op, input, limit, evaluation);
  }
  const boundOf = compiler.program(node.value);
  return (input, frame, evaluation) => {
    const bound = boundOf(withInput(input, frame), evaluation);
    if (bound instanceof Range && (op === '=' || op === '!=') && !(input instanceof Range)) {
      const inside = rangeContains(bound, input);
      return op === '!=' && inside !== null ? !inside : inside;
    }
    return compare(op, input, bound, evaluation);
  };
}

/** A plain expression as a test: equal, member of the list, inside the range, or true by itself. */
function matches(input: Value, expected: Value, env: Environment): boolean | null {
  env.charge(1);
  if (typeof expected === 'boolean' && typeof input !== 'boolean') return input === null ? false : expected;
  if (expected instanceof Range && !(input instanceof Range)) return rangeContains(expected, input) ?? false;
  if (isList(expected)) {
    if (isList(input) && equalValues(input, expected, env) === true) return true;
    return expected.some(
      (item) =>
        (item instanceof Range && rangeContains(item, input) === true) || equalValues(input, item, env) === true,
    );
  }
  return equalValues(input, expected, env) ?? false;
}

export function compare(op: CompareOperator, left: Value, right: Value, env: Environment): boolean | null {
  if (typeof left === 'number' && typeof right === 'number') return ordered(op, left - right);
  if (op === '=' || op === '!=') {
    const equal = equalValues(left, right, env);
    if (equal === null) return incomparable(left, right, env);
    return op === '=' ? equal : !equal;
  }
  const order = compareValues(left, right);
  return order === null ? incomparable(left, right, env) : ordered(op, order);
}
const incomparable = (left: Value, right: Value, env: Environment): null =>
  env.warn(`cannot compare ${typeName(left)} with ${typeName(right)}`, 'NOT_COMPARABLE');

function ordered(op: CompareOperator, order: number): boolean {
  switch (op) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}
