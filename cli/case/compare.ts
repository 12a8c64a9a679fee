/** What was expected of an instance against what it is. */
import type { Json, JsonObject, Variables } from '#engine/json.ts';
import { text } from '../texts.ts';
import type { CaseInstance } from './engine.ts';
import type { ExpectedInstance } from './format.ts';

/** Numbers that differ by less are equal: cases are written with decimal fractions. */
const tolerance = 1e-9;

/** Order of names does not matter, order of lists does. */
export function same(actual: Json | undefined, expected: Json | undefined): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') return Math.abs(actual - expected) < tolerance;
  if (Array.isArray(actual) && Array.isArray(expected)) {
    return (
      actual.length === expected.length && actual.every((item, index) => same(item as Json, expected[index] as Json))
    );
  }
  if (!isObject(actual) || !isObject(expected)) return actual === expected;
  const names = Object.keys(actual);
  return (
    names.length === Object.keys(expected).length &&
    names.every((name) => Object.hasOwn(expected, name) && same(actual[name], expected[name]))
  );
}
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether all of `subset` is there. */
export const holds = (actual: Variables, subset: Variables = {}): boolean =>
  Object.keys(subset).every((name) => Object.hasOwn(actual, name) && same(actual[name], subset[name]));

/** One problem per variable that is not as expected. */
export const compareVariables = (actual: Variables, expected: Variables = {}): string[] =>
  Object.entries(expected).flatMap(([name, wanted]) =>
    Object.hasOwn(actual, name) && same(actual[name], wanted)
      ? []
      : [text('caseVariable', { name, is: JSON.stringify(actual[name]) ?? '-', wanted: JSON.stringify(wanted) })],
  );
export const presentVariables = (actual: Variables, unwanted: readonly string[] = []): string[] =>
  unwanted.filter((name) => Object.hasOwn(actual, name)).map((name) => text('caseVariablePresent', { name }));

/** As multisets; null: alike. */
export function compareIds(what: string, is: readonly string[], wanted: readonly string[]): string | null {
  const [a, b] = [is, wanted].map((ids) => [...ids].toSorted().join(' '));
  return a === b ? null : differs(what, is, wanted);
}
const differs = (what: string, is: readonly string[], wanted: readonly string[]): string =>
  text('caseDiffers', { what, is: is.join(' ') || '-', wanted: wanted.join(' ') || '-' });

/** Empty: as expected. `ignored`: element ids that are not compared. */
export function compareInstance(
  actual: CaseInstance,
  expected: ExpectedInstance,
  ignored: ReadonlySet<string>,
): string[] {
  const counted = (ids: readonly string[]): string[] => ids.filter((id) => !ignored.has(id));
  const problems: (string | null)[] = [];
  const check = (what: string, is: readonly string[], wanted: readonly string[] | undefined): void => {
    if (wanted) problems.push(compareIds(what, counted(is), counted(wanted)));
  };
  if (expected.processId !== undefined) check('processId', [actual.processId], [expected.processId]);
  const state = actual.state === 'active' && actual.incidents.length > 0 ? 'incident' : actual.state;
  if (expected.endState !== undefined && state !== expected.endState) {
    problems.push(differs('endState', [state], [expected.endState]));
  }
  check('completedElementIds', actual.completed, expected.completedElementIds);
  check('terminatedElementIds', actual.terminated, expected.terminatedElementIds);
  check('activeElementIds', actual.active, expected.activeElementIds);
  if (expected.incidents) {
    const [is, wanted] = [actual.incidents, expected.incidents].map((list) =>
      list.map(({ elementId, errorType }) => `${elementId}:${errorType}`),
    );
    problems.push(compareIds('incidents', is ?? [], wanted ?? []));
  }
  return [
    ...problems.filter((problem) => problem !== null),
    ...compareVariables(actual.variables, expected.variables),
    ...presentVariables(actual.variables, expected.absentVariables),
    ...compareOrder(counted(actual.completed), counted(expected.completedElementIds ?? []), expected),
  ];
}

function compareOrder(is: readonly string[], wanted: readonly string[], expected: ExpectedInstance): string[] {
  const problems: string[] = [];
  const isOtherOrder = is.join(' ') !== wanted.join(' ') && compareIds('', is, wanted) === null;
  if (expected.strictOrder === true && isOtherOrder) problems.push(differs('order', is, wanted));
  for (const [before, after] of expected.happensBefore ?? []) {
    const [a, b] = [is.indexOf(before), is.indexOf(after)];
    if (a < 0 || b < 0 || a > b) problems.push(text('caseNotBefore', { before, after }));
  }
  return problems;
}
