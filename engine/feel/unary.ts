/** Unary tests: does a value pass? DMN 1.5 grammar rules 7 and 15-17, §10.3.2.6-8. */
import type { CompareOperator, FeelNode } from './ast.ts';
import { Range, compareValues, equalValues, isList, rangeContains, typeName } from './value.ts';
import type { Environment, Evaluation, Frame, Value } from './value.ts';

/** Name under which `?` is bound. */
export const inputName = '?';

export function passes(node: FeelNode, input: Value, frame: Frame | null, evaluation: Evaluation): boolean | null {
  switch (node.type) {
    case 'unaryTests': {
      if (node.tests.length === 0) return true;
      const passed = passesAny(node.tests, input, frame, evaluation);
      return node.negated && passed !== null ? !passed : passed;
    }
    case 'test':
      return passesComparison(node, input, frame, evaluation);
    case 'predicate': {
      const result = evaluation.evaluate(node.value, withInput(input, frame));
      if (typeof result === 'boolean') return result;
      if (result === null) return null;
      return matches(input, result, evaluation);
    }
    case 'range': {
      const range = evaluation.evaluate(node, withInput(input, frame));
      if (range === null) return null;
      return range instanceof Range && !(input instanceof Range) && !isList(input)
        ? rangeContains(range, input)
        : matches(input, range, evaluation);
    }
    default:
      return matches(input, evaluation.evaluate(node, withInput(input, frame)), evaluation);
  }
}

function passesComparison(
  node: FeelNode & { type: 'test' },
  input: Value,
  frame: Frame | null,
  evaluation: Evaluation,
): boolean | null {
  const bound = evaluation.evaluate(node.value, withInput(input, frame));
  if (bound instanceof Range && (node.op === '=' || node.op === '!=') && !(input instanceof Range)) {
    const inside = rangeContains(bound, input);
    return node.op === '!=' && inside !== null ? !inside : inside;
  }
  return compare(node.op, input, bound, evaluation);
}

const withInput = (input: Value, frame: Frame | null): Frame => ({ parent: frame, name: inputName, value: input });

/** true if any passes; null if none passes and one is undefined. */
export function passesAny(
  tests: readonly FeelNode[],
  input: Value,
  frame: Frame | null,
  evaluation: Evaluation,
): boolean | null {
  let outcome: boolean | null = false;
  for (const test of tests) {
    const passed = evaluation.test(test, input, frame);
    if (passed === true) return true;
    if (passed === null) outcome = null;
  }
  return outcome;
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
  if (op === '=' || op === '!=') {
    const equal = equalValues(left, right, env);
    if (equal === null) return env.warn(`cannot compare ${typeName(left)} with ${typeName(right)}`);
    return op === '=' ? equal : !equal;
  }
  const order = compareValues(left, right);
  if (order === null) return env.warn(`cannot compare ${typeName(left)} with ${typeName(right)}`);
  switch (op) {
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
