/** Decision tables. DMN 1.5 clause 8. */
import type { DecisionTable, FeelNode, FeelType, TableInput, TableOutput } from '../feel/ast.ts';
import { maximum, minimum, sum } from '../feel/builtins/aggregates.ts';
import { sorted } from '../feel/iteration.ts';
import type { Compiler, NodeOf, Program } from '../feel/program.ts';
import { convertTo, fromJson } from '../feel/types.ts';
import { EvaluationFailure, equalValues, isContext, textOf } from '../feel/value.ts';
import type { Evaluation, Frame, Value } from '../feel/value.ts';

/** The value a table decides on. Throws EvaluationFailure where the table breaks its own promise. */
export function tableNode({ table }: NodeOf<'table'>, { program, test }: Compiler): Program {
  const columns = table.inputs.map((input) => ({ input, valueOf: program(input.expression) }));
  // cells that accept anything are not asked
  const rules = table.rules.map((rule) =>
    rule.tests.flatMap((cell, column) => (isAny(cell) ? [] : [{ column, passes: test(cell) }])),
  );
  const cost = rules.reduce((sum, cells) => sum + cells.length, 1);
  return (frame, evaluation) => {
    const inputs = columns.map(({ input, valueOf }) =>
      inputValue(input, valueOf(frame, evaluation), frame, evaluation),
    );
    const matched: number[] = [];
    evaluation.charge(cost);
    rules.some((cells, index) => {
      for (const { column, passes } of cells)
        if (passes(inputs[column] ?? null, frame, evaluation) !== true) return false;
      matched.push(index);
      return table.hitPolicy === 'F';
    });
    evaluation.report({ table, inputs, rules: matched });
    return decide(table, matched, frame, evaluation);
  };
}
const isAny = (cell: FeelNode): boolean => cell.type === 'unaryTests' && cell.tests.length === 0;

function inputValue(input: TableInput, value: Value, frame: Frame | null, evaluation: Evaluation): Value {
  const typed = input.type === null ? value : typedInput(value, input.type, evaluation);
  if (input.allowed !== null && typed !== null && evaluation.test(input.allowed, typed, frame) !== true) {
    throw new EvaluationFailure(
      `input '${input.label}' has a value that is not allowed: ${textOf(typed, evaluation, true).slice(0, 200)}`,
    );
  }
  return typed;
}

/** Variables of processes are JSON: a declared temporal type makes their ISO strings temporal. */
function typedInput(value: Value, type: FeelType, evaluation: Evaluation): Value {
  const given = evaluation.typed ? value : fromJson(value, type);
  return convertTo(given, type, (allowed, item) => evaluation.test(allowed, item, null) === true) ?? given;
}

function decide(table: DecisionTable, rules: readonly number[], frame: Frame | null, evaluation: Evaluation): Value {
  if (rules.length === 0) return noMatch(table, frame, evaluation);
  const result = (rule: number): Value => outputOf(table, rule, frame, evaluation);
  const [first = 0] = rules;
  switch (table.hitPolicy) {
    case 'U':
      if (rules.length > 1) throw new EvaluationFailure(`rules ${numbers(rules)} of a unique decision table all match`);
      return result(first);
    case 'A': {
      const results = rules.map(result);
      const [agreed = null] = results;
      if (!results.every((other) => equalValues(other, agreed, evaluation) === true)) {
        throw new EvaluationFailure(`rules ${numbers(rules)} match and give different results`);
      }
      return agreed;
    }
    case 'F':
      return result(first);
    case 'P':
      return byPriority(table, rules.map(result), frame, evaluation)[0] ?? null;
    case 'R':
      return rules.map(result);
    case 'O':
      return byPriority(table, rules.map(result), frame, evaluation);
    case 'C':
      return aggregate(table, rules.map(result), evaluation);
  }
}
const numbers = (rules: readonly number[]): string => rules.map((rule) => rule + 1).join(', ');

function noMatch(table: DecisionTable, frame: Frame | null, evaluation: Evaluation): Value {
  if (table.outputs.some((output) => output.default !== null)) {
    const values = table.outputs.map((output) =>
      output.default === null ? null : evaluation.evaluate(output.default, frame),
    );
    const value = compose(table.outputs, values);
    return table.hitPolicy === 'R' || table.hitPolicy === 'O' || (table.hitPolicy === 'C' && table.aggregation === null)
      ? [value]
      : value;
  }
  if (table.aggregation === '#') return 0;
  if (table.hitPolicy === 'C' && table.aggregation === null) return [];
  return evaluation.warn('no rule of the decision table matches');
}

function outputOf(table: DecisionTable, rule: number, frame: Frame | null, evaluation: Evaluation): Value {
  const cells: readonly FeelNode[] = table.rules[rule]?.outputs ?? [];
  const values = table.outputs.map((output, column) => {
    const cell = cells[column];
    const value = cell === undefined ? null : evaluation.evaluate(cell, frame);
    return output.type === null
      ? value
      : (convertTo(value, output.type, (allowed, item) => evaluation.test(allowed, item, null) === true) ?? value);
  });
  return compose(table.outputs, values);
}
function compose(outputs: readonly TableOutput[], values: readonly Value[]): Value {
  const [only] = outputs;
  if (outputs.length === 1 && (only === undefined || only.name === null)) return values[0] ?? null;
  return Object.fromEntries(
    outputs.map((output, column) => [output.name ?? `output ${column + 1}`, values[column] ?? null]),
  );
}

/** Results in the order of the outputs' allowed values, the first output weighing most. DMN 1.5 §8.2.10. */
function byPriority(
  table: DecisionTable,
  results: readonly Value[],
  frame: Frame | null,
  evaluation: Evaluation,
): Value[] {
  const ranked = results.map((value) => ({
    value,
    ranks: table.outputs.map((output) => rankOf(output, value, frame, evaluation)),
  }));
  return sorted(
    ranked.map((_, index) => index),
    (left, right) => precedes(ranked[left as number]?.ranks ?? [], ranked[right as number]?.ranks ?? []),
  ).map((index) => ranked[index as number]?.value ?? null);
}
function precedes(left: readonly number[], right: readonly number[]): boolean {
  const column = left.findIndex((rank, index) => rank !== right[index]);
  return column >= 0 && (left[column] ?? 0) < (right[column] ?? 0);
}
function rankOf(output: TableOutput, result: Value, frame: Frame | null, evaluation: Evaluation): number {
  const value = output.name !== null && isContext(result) ? (result[output.name] ?? null) : result;
  const tests = output.allowed?.type === 'unaryTests' ? output.allowed.tests : [];
  const rank = tests.findIndex((test) => evaluation.test(test, value, frame) === true);
  return rank < 0 ? tests.length : rank;
}

function aggregate(table: DecisionTable, results: readonly Value[], evaluation: Evaluation): Value {
  switch (table.aggregation) {
    case null:
      return results;
    case '+':
      return sum(results, evaluation);
    case '<':
      return minimum(results, evaluation);
    case '>':
      return maximum(results, evaluation);
    case '#':
      return results.length;
  }
}
