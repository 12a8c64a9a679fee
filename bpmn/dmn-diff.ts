/** What has changed in the decisions of a file, cell by cell and as it was written: for people who compare two tables. */
import { readSource } from './dmn-files.ts';
import { childOf, childrenOf, kindOf, textOf, type DmnElement } from './dmn-metamodel.ts';

export interface DecisionChange {
  readonly decisionId: string;
  readonly name: string | null;
  /** 1-based; of a rule that was removed, in the old table; null: not of a rule. */
  readonly rule: number | null;
  /** Label of the column; null: the whole rule, or the expression. */
  readonly column: string | null;
  /** As written; null: not there. */
  readonly before: string | null;
  readonly after: string | null;
}
type Change = Omit<DecisionChange, 'decisionId' | 'name'>;

/** `ids`: the decisions to look at, those of the new file. Files that cannot be read have no changes. */
export async function diffDecisions(
  before: string,
  after: string,
  ids: readonly string[],
): Promise<readonly DecisionChange[]> {
  const [olds, wanted] = [await decisionsOf(before), await decisionsOf(after)];
  return ids.flatMap((decisionId) => {
    const decision = wanted.get(decisionId);
    if (decision === undefined) return [];
    const old = olds.get(decisionId) ?? null;
    const changes = logicChanges(old && childOf(old, 'decisionLogic'), childOf(decision, 'decisionLogic'));
    return changes.map((change) => ({ decisionId, name: textOf(decision, 'name'), ...change }));
  });
}

async function decisionsOf(xml: string): Promise<ReadonlyMap<string, DmnElement>> {
  const { definitions } = await readSource(xml);
  const elements = definitions === null ? [] : childrenOf(definitions, 'drgElement');
  return new Map(elements.flatMap((element) => (element.id === undefined ? [] : [[element.id, element] as const])));
}

const isTable = (logic: DmnElement | null): logic is DmnElement => logic !== null && kindOf(logic) === 'DecisionTable';

function logicChanges(before: DmnElement | null, after: DmnElement | null): readonly Change[] {
  if (isTable(before) && isTable(after)) return tableChanges(before, after);
  const change = { rule: null, column: null, before: written(before), after: written(after) };
  return change.before === change.after ? [] : [change];
}

function tableChanges(before: DmnElement, after: DmnElement): readonly Change[] {
  const [olds, wanted] = [headOf(before), headOf(after)];
  const columns = [...new Set([...olds.keys(), ...wanted.keys()])];
  const head = columns.flatMap((column): Change[] => {
    const [was, is] = [olds.get(column) ?? null, wanted.get(column) ?? null];
    return was === is ? [] : [{ rule: null, column, before: was, after: is }];
  });
  return [...head, ...ruleChanges(before, after)];
}

/** What is said of the columns, by label; and how rules that match together are used. */
function headOf(table: DmnElement): ReadonlyMap<string, string> {
  const columns = [...childrenOf(table, 'input'), ...childrenOf(table, 'output')];
  const policy = [textOf(table, 'hitPolicy') ?? 'UNIQUE', textOf(table, 'aggregation') ?? ''].join(' ').trim();
  return new Map([...columns.map((column) => [labelOf(column), written(column) ?? ''] as const), ['', policy]]);
}
const labelOf = (column: DmnElement): string =>
  textOf(column, 'label') ?? textOf(column, 'name') ?? written(column) ?? '';

/** A rule is known by its id; without one by its place. */
function ruleChanges(before: DmnElement, after: DmnElement): readonly Change[] {
  const [olds, wanted] = [childrenOf(before, 'rule'), childrenOf(after, 'rule')];
  const keyOf = (rule: DmnElement, index: number): string => rule.id ?? String(index);
  const known = new Map(olds.map((rule, index) => [keyOf(rule, index), rule]));
  const labels = [...childrenOf(after, 'input'), ...childrenOf(after, 'output')].map(labelOf);
  const changes = wanted.flatMap((rule, index): readonly Change[] => {
    const old = known.get(keyOf(rule, index));
    known.delete(keyOf(rule, index));
    if (old === undefined) return [{ rule: index + 1, column: null, before: null, after: cellsOf(rule).join(' | ') }];
    const [were, are] = [cellsOf(old), cellsOf(rule)];
    return are.flatMap((cell, at) =>
      were[at] === cell ? [] : [{ rule: index + 1, column: labels[at] ?? null, before: were[at] ?? null, after: cell }],
    );
  });
  const gone = [...known.values()].map((rule) => {
    return { rule: olds.indexOf(rule) + 1, column: null, before: cellsOf(rule).join(' | '), after: null };
  });
  return [...changes, ...gone];
}
const cellsOf = (rule: DmnElement): readonly string[] =>
  [...childrenOf(rule, 'inputEntry'), ...childrenOf(rule, 'outputEntry')].map((cell) => written(cell) ?? '');

/** All expressions below an element, in the order of the file; null: none. */
function written(element: DmnElement | null): string | null {
  if (element === null) return null;
  const texts = textsIn(element);
  return texts.length === 0 ? null : texts.join('; ');
}
function textsIn(element: DmnElement): readonly string[] {
  return Object.entries(element).flatMap(([name, value]) => {
    if (name === 'text') return typeof value === 'string' && value.trim() !== '' ? [value.trim()] : [];
    const children = Array.isArray(value) ? value : [value];
    return name.startsWith('$') ? [] : children.filter(isElement).flatMap(textsIn);
  });
}
const isElement = (value: unknown): value is DmnElement =>
  typeof value === 'object' && value !== null && '$type' in value;
