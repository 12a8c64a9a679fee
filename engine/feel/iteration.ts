/** Filters, `for` and quantified expressions. DMN 1.5 §10.3.2.5, §10.3.2.14-15. */
import type { FeelIterator } from './ast.ts';
import { compareNumbers, integerOf, isNumber } from './number.ts';
import type { Compiler, NodeOf, Program } from './program.ts';
import { FeelDate } from './temporal.ts';
import { BudgetExceeded, Range, isContext, isList, typeName } from './value.ts';
import type { Evaluation, Frame, Value } from './value.ts';
import { limits } from '../limits.ts';

const tests: ReadonlySet<string> = new Set([
  'and',
  'or',
  'compare',
  'between',
  'in',
  'quantified',
  'instanceOf',
  'boolean',
]);

/** `list[condition]` or `list[index]`: an index counts from 1, or from the end when negative. A single value is a list of one. */
export function filterNode(node: NodeOf<'filter'>, { program }: Compiler): Program {
  const [targetOf, conditionOf] = [program(node.target), program(node.condition)];
  const byIndex = node.condition.type === 'number';
  const isTest = tests.has(node.condition.type);
  return (frame, evaluation) => {
    const target = targetOf(frame, evaluation);
    const items = isList(target) ? target : target === null ? [] : [target];
    if (byIndex) return itemAt(items, conditionOf(frame, evaluation), evaluation);
    const kept: Value[] = [];
    for (const item of items) {
      const verdict = conditionOf(itemFrame(item, frame), evaluation);
      if (verdict === true) kept.push(item);
      else if (isNumber(verdict)) return itemAt(items, verdict, evaluation);
      else if (verdict !== false && verdict !== null)
        return evaluation.warn(`a filter is ${typeName(verdict)}, not boolean or number`, 'INVALID_TYPE');
    }
    // of an empty list an index is null; what can only be true or false need not be asked about nothing
    if (items.length === 0 && !isTest && isNumber(conditionOf(itemFrame(null, frame), evaluation))) return null;
    return kept;
  };
}

function itemFrame(item: Value, frame: Frame | null): Frame {
  const named: Frame = { parent: frame, name: 'item', value: item };
  return isContext(item) ? { parent: named, name: null, value: item } : named;
}

function itemAt(items: readonly Value[], index: Value, evaluation: Evaluation): Value {
  const position = isNumber(index) ? integerOf(index) : null;
  if (position === null || position === 0) return evaluation.warn('an index is not a whole number other than 0');
  const item = items[position > 0 ? position - 1 : items.length + position];
  return item === undefined ? evaluation.warn(`the list of ${items.length} has no item ${position}`) : item;
}

interface Iterator {
  readonly name: string;
  readonly source: Program;
  readonly end: Program | null;
}
const iteratorOf = ({ name, source, end }: FeelIterator, { program }: Compiler): Iterator => ({
  name,
  source: program(source),
  end: end === null ? null : program(end),
});

/** The values an iterator runs through; null: it cannot run. */
function valuesOf(iterator: Iterator, frame: Frame | null, evaluation: Evaluation): readonly Value[] | null {
  const source = iterator.source(frame, evaluation);
  if (iterator.end !== null) return sequence(source, iterator.end(frame, evaluation), evaluation);
  if (source instanceof Range) return rangeItems(source, evaluation);
  if (source === null) return evaluation.warn(`'${iterator.name}' iterates over null`);
  return isList(source) ? source : [source];
}

/** `a..b` up or down, of whole numbers or dates. */
function sequence(from: Value, to: Value, evaluation: Evaluation): readonly Value[] | null {
  const dates = from instanceof FeelDate && to instanceof FeelDate;
  const start = dates ? from.epochDays : isNumber(from) ? integerOf(from) : null;
  const end = dates ? to.epochDays : isNumber(to) ? integerOf(to) : null;
  if (start === null || end === null || dates !== to instanceof FeelDate)
    return evaluation.warn('an iteration needs whole numbers or dates');
  const count = Math.abs(end - start) + 1;
  if (count > limits.feelListLength)
    throw new BudgetExceeded(`an iteration has more than ${limits.feelListLength} items`);
  evaluation.charge(count);
  const step = start <= end ? 1 : -1;
  const values: Value[] = [];
  for (let i = 0; i < count; i++) values.push(dates ? FeelDate.ofDays(start + i * step) : start + i * step);
  return values;
}
function rangeItems(range: Range, evaluation: Evaluation): readonly Value[] | null {
  const all = sequence(range.low, range.high, evaluation);
  if (all === null) return null;
  const closed = all.slice(range.lowClosed ? 0 : 1);
  return range.highClosed ? closed : closed.slice(0, -1);
}

/** Runs `body` for every combination; stops when it answers false. false: an iterator cannot run. */
function iterate(
  iterators: readonly Iterator[],
  index: number,
  frame: Frame | null,
  evaluation: Evaluation,
  body: (frame: Frame | null) => boolean,
): boolean {
  const iterator = iterators[index];
  if (iterator === undefined) return body(frame);
  if (index > limits.feelDepth) throw new BudgetExceeded(`more than ${limits.feelDepth} iterators`);
  const values = valuesOf(iterator, frame, evaluation);
  if (values === null) return false;
  for (const value of values) {
    if (!iterate(iterators, index + 1, { parent: frame, name: iterator.name, value }, evaluation, body)) return false;
  }
  return true;
}

/** `partial`: the results so far; copied when it is read, because it goes on growing. */
class PartialFrame implements Frame {
  readonly name = 'partial';
  readonly parent: Frame | null;
  readonly #results: readonly Value[];
  readonly #evaluation: Evaluation;
  constructor(parent: Frame | null, results: readonly Value[], evaluation: Evaluation) {
    this.parent = parent;
    this.#results = results;
    this.#evaluation = evaluation;
  }
  get value(): Value {
    this.#evaluation.charge(this.#results.length >> 3);
    return this.#results.slice();
  }
}

export function forNode(node: NodeOf<'for'>, compiler: Compiler): Program {
  const iterators = node.iterators.map((iterator) => iteratorOf(iterator, compiler));
  const body = compiler.program(node.body);
  return (frame, evaluation) => {
    const results: Value[] = [];
    const whole = iterate(iterators, 0, new PartialFrame(frame, results, evaluation), evaluation, (scope) => {
      if (results.length >= limits.feelListLength)
        throw new BudgetExceeded(`a list has more than ${limits.feelListLength} items`);
      results.push(body(scope, evaluation));
      return true;
    });
    return whole ? results : null;
  };
}

/** `some` and `every`, three-valued. */
export function quantifiedNode(node: NodeOf<'quantified'>, compiler: Compiler): Program {
  const iterators = node.iterators.map((iterator) => iteratorOf(iterator, compiler));
  const body = compiler.program(node.body);
  const deciding = !node.every;
  return (frame, evaluation) => {
    let outcome: boolean | null = node.every;
    let decided = false;
    const whole = iterate(iterators, 0, frame, evaluation, (scope) => {
      const verdict = body(scope, evaluation);
      decided = verdict === deciding;
      if (typeof verdict !== 'boolean') outcome = null;
      return !decided;
    });
    if (decided) return deciding;
    return whole ? outcome : null;
  };
}

/** Sort by a comparison that answers whether the first comes first; stable, and bounded whatever it answers. */
export function sorted(items: readonly Value[], precedes: (left: Value, right: Value) => boolean): Value[] {
  if (items.length < 2) return items.slice();
  const middle = items.length >> 1;
  const left = sorted(items.slice(0, middle), precedes);
  const right = sorted(items.slice(middle), precedes);
  const merged: Value[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    const takesRight = precedes(right[r] ?? null, left[l] ?? null);
    merged.push((takesRight ? right[r++] : left[l++]) ?? null);
  }
  return merged.concat(left.slice(l), right.slice(r));
}

export const byNumber = (left: Value, right: Value): boolean =>
  isNumber(left) && isNumber(right) && compareNumbers(left, right) < 0;
