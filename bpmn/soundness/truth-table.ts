/**
 * What can be said of conditions without running anything. Each is reduced to its logic over subjects (a variable, a call, whatever is
 * compared); a subject is tried with the values that the conditions compare it with, and with one on each side of them. So `x > 5` and
 * `x <= 5` are seen to leave nothing out, `x = "a"` and `x = "b"` never to hold together, and `true` always to hold.
 */
import type { FeelNode } from '#engine/feel/ast.ts';
import { evaluate } from '#engine/feel/evaluate.ts';
import type { Json } from '#engine/json.ts';
import { limits } from './limits.ts';

/** Values a variable is known to take, by its path; a variable that is not listed may take any. */
export type KnownValues = ReadonlyMap<string, readonly Json[]>;
/** One row per combination of values tried: which conditions hold. Equal rows once; null: too many combinations. */
export type TruthTable = readonly (readonly boolean[])[] | null;

interface Subject {
  readonly name: string;
  /** Dotted path when it is a plain variable, else null. */
  readonly path: string | null;
  readonly compared: Set<Json>;
}
type Subjects = Map<string, Subject>;

export function truthTable(conditions: readonly FeelNode[], known: KnownValues): TruthTable {
  const subjects: Subjects = new Map();
  const logic = conditions.map((condition) => reduce(condition, subjects));
  const all = [...subjects.values()];
  const samples = all.map((subject) => samplesOf(subject, known));
  if (samples.reduce((product, { length }) => product * length, 1) > limits.samples) return null;
  const rows = new Map<string, readonly boolean[]>();
  for (const values of combinations(samples)) {
    const variables = new Map(all.map(({ name }, index) => [name, values[index] ?? null]));
    const row = logic.map((node) => holds(node, variables));
    rows.set(row.join(), row);
  }
  return [...rows.values()];
}

function holds(node: FeelNode, variables: ReadonlyMap<string, Json>): boolean {
  const result = evaluate(node, { lookup: (name) => variables.get(name), nowMs: 0 });
  return result.ok && result.value === true;
}

/** The logic of a condition, with every subject replaced by a name. Recursion is bounded by limits.feelDepth of the parser. */
function reduce(node: FeelNode, subjects: Subjects): FeelNode {
  switch (node.type) {
    case 'boolean':
      return node;
    case 'and':
    case 'or':
      return { type: node.type, left: reduce(node.left, subjects), right: reduce(node.right, subjects) };
    case 'call':
      return isNegation(node)
        ? { ...node, args: node.args.map((part) => reduce(part, subjects)) }
        : truthOf(node, subjects);
    case 'compare':
      return reduceComparison(node, subjects);
    case 'between':
      if (literalsOf(node.low) === null || literalsOf(node.high) === null) return truthOf(node, subjects);
      return { ...node, value: subjectOf(node.value, subjects, [node.low, node.high]) };
    case 'in':
      if (node.tests.some((test) => literalsOf(test) === null)) return truthOf(node, subjects);
      return { ...node, value: subjectOf(node.value, subjects, node.tests) };
    default:
      return truthOf(node, subjects);
  }
}

const isNegation = (node: Extract<FeelNode, { type: 'call' }>): boolean =>
  node.target.type === 'name' && node.target.name === 'not' && node.args.length === 1;

function reduceComparison(node: Extract<FeelNode, { type: 'compare' }>, subjects: Subjects): FeelNode {
  if (literalsOf(node.right) !== null) return { ...node, left: subjectOf(node.left, subjects, [node.right]) };
  if (literalsOf(node.left) !== null) return { ...node, right: subjectOf(node.right, subjects, [node.left]) };
  // Two subjects: only how they compare matters, less, equal or greater.
  const zero: FeelNode = { type: 'number', value: 0 };
  return { ...node, left: subjectOf({ type: 'list', items: [node.left, node.right] }, subjects, [zero]), right: zero };
}

/** A part that is true or false by itself. */
const truthOf = (node: FeelNode, subjects: Subjects): FeelNode =>
  subjectOf(node, subjects, [{ type: 'boolean', value: true }]);

function subjectOf(node: FeelNode, subjects: Subjects, comparedWith: readonly FeelNode[]): FeelNode {
  const key = JSON.stringify(node, (name, part: unknown) => (name === 'at' ? undefined : part));
  const subject = subjects.get(key) ?? { name: `s${subjects.size}`, path: pathOf(node), compared: new Set<Json>() };
  subjects.set(key, subject);
  for (const value of comparedWith.flatMap((part) => literalsOf(part) ?? [])) subject.compared.add(value);
  return { type: 'name', name: subject.name };
}

/** `a.b` of a plain variable, else null. */
export function pathOf(node: FeelNode): string | null {
  if (node.type === 'name') return node.name;
  const target = node.type === 'path' ? pathOf(node.target) : null;
  return node.type === 'path' && target !== null ? `${target}.${node.name}` : null;
}

/** The literal values in a part that consists of nothing else; null: it reads something. */
function literalsOf(node: FeelNode): readonly Json[] | null {
  switch (node.type) {
    case 'null':
      return [null];
    case 'boolean':
    case 'number':
    case 'string':
      return [node.value];
    case 'negate':
      return literalsOf(node.value)?.map((value) => -Number(value)) ?? null;
    case 'list':
      return allLiterals(node.items);
    case 'range':
      return allLiterals([node.low, node.high]);
    case 'test':
      return literalsOf(node.value);
    case 'unaryTests':
      return allLiterals(node.tests);
    default:
      return null;
  }
}

function allLiterals(nodes: readonly FeelNode[]): readonly Json[] | null {
  const parts = nodes.map(literalsOf);
  return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
}

/** A text that no condition names. */
const otherText = '\u0000';

function samplesOf({ path, compared }: Subject, known: KnownValues): readonly Json[] {
  const listed = path === null ? undefined : known.get(path);
  if (listed !== undefined) return listed;
  const values = [...compared];
  const samples = new Set<Json>(compared);
  const numbers = values.filter((value) => typeof value === 'number').sort((one, other) => one - other);
  for (const [index, number] of numbers.entries()) samples.add((number + (numbers[index + 1] ?? number + 2)) / 2);
  if (numbers[0] !== undefined) samples.add(numbers[0] - 1);
  if (values.some((value) => typeof value === 'boolean')) samples.add(true).add(false);
  else if (numbers.length === 0) samples.add(otherText);
  return [...samples];
}

function* combinations(lists: readonly (readonly Json[])[], from = 0): Generator<readonly Json[]> {
  const list = lists[from];
  if (list === undefined) {
    yield [];
    return;
  }
  for (const value of list) for (const rest of combinations(lists, from + 1)) yield [value, ...rest];
}
