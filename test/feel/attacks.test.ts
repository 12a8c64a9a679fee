/** What a hostile model could try: each ends soon, with an error or null, and touches nothing outside. */
import { describe, expect, test } from '@jest/globals';
import { parseExpression } from '#bpmn/feel.ts';
import { limits } from '#engine/limits.ts';
import { feel, valueOf } from './evaluating.ts';

/** Milliseconds one attack may take on a slow machine. */
const patience = 15_000;

const quickly = <T>(run: () => T): T => {
  const start = Date.now();
  const result = run();
  expect(Date.now() - start).toBeLessThan(patience);
  return result;
};
const nested = (depth: number, inner: string, open: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);

describe('budgets', () => {
  test.each([
    ['nested loops', 'for a in 1..1000, b in 1..1000, c in 1..1000 return a'],
    ['a long range', 'for a in 1..1000000000 return a'],
    ['growing lists', 'count({a: for x in 1..1000 return x, b: for x in a return a, c: flatten(b)}.c)'],
    [
      'growing text',
      `{a0: "${'x'.repeat(1000)}", ${Array.from({ length: 30 }, (_, i) => `a${i + 1}: a${i} + a${i}`).join(', ')}}.a30`,
    ],
    ['quantifiers', 'every a in 1..1000, b in 1..1000 satisfies a > 0'],
    ['partial results', 'for a in 1..100000 return count(partial)'],
    ['a function that calls what it is given', '{f: function(g, n) g(g, n), r: f(f, 1)}.r'],
    ['distinct contexts', 'distinct values(for a in 1..5000 return {a: a})'],
    ['patterns on long texts', 'matches(string join(for a in 1..20000 return "aaaaaaaaaa"), "(a?){500}b")'],
  ])('%s', (_, source) => {
    expect(quickly(() => feel(source)).ok).toBe(false);
  });

  test('depth is refused when the expression is parsed', () => {
    for (const source of [
      nested(5_000, '1', '(', ')'),
      nested(3_000, '1', '[', ']'),
      nested(1_000, '1', '{a:', '}'),
      `1${' + 1'.repeat(3_000)}`,
    ]) {
      expect(quickly(() => parseExpression(source)).ok).toBe(false);
    }
    expect(parseExpression('x'.repeat(limits.feelSourceLength + 1)).ok).toBe(false);
  });

  test('huge numbers stay numbers or become null', () => {
    expect(quickly(() => feel('10 ** 6000 * 10 ** 6000'))).toMatchObject({ value: null });
    expect(quickly(() => feel('2 ** 999999999'))).toMatchObject({ value: null });
    expect(quickly(() => valueOf('(10 ** 6000 + 1) / 10 ** 6000'))).toBe(1);
    expect(quickly(() => feel('10 ** 400'))).toMatchObject({ value: null, warnings: ['a number is out of range'] });
  });
});

describe('patterns', () => {
  test.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(.*)*x', '((a*)*)*b'])('%s takes linear time', (pattern) => {
    expect(quickly(() => valueOf(`matches("${'a'.repeat(2_000)}!", "${pattern}")`))).toBe(false);
  });
  test.each(['(a)\\\\1', '(?=a)', '(?<!a)b', 'a{1000000}', '(', '[a', '*'])('%s is refused', (pattern) => {
    expect(feel(`matches("a", "${pattern}")`)).toMatchObject({ ok: true, value: null });
  });
  test('ordinary patterns work', () => {
    expect(valueOf('matches("32.15.01.2001", "^\\\\d{2}(\\\\.\\\\d{2}){2}\\\\.\\\\d{4}$")')).toBe(true);
    expect(valueOf('replace("2026-01-31", "(\\\\d+)-(\\\\d+)-(\\\\d+)", "$3/$2/$1")')).toBe('31/01/2026');
    expect(valueOf('split("a, b;c", "[,;]\\\\s*")')).toEqual(['a', 'b', 'c']);
    expect(valueOf('matches("ABC", "^abc$", "i")')).toBe(true);
    expect(valueOf('replace("aaa", "a*?", "x")')).toBe('xaxaxax');
  });
});

describe('the host is out of reach', () => {
  test.each([
    'constructor',
    'a.constructor',
    '{}.constructor',
    '{}.__proto__',
    'toString',
    '[].length',
    '"".length',
    'a["constructor"].name',
  ])('%s', (source) => {
    const value = valueOf(source, { a: { b: 1 } });
    expect(value === null || (Array.isArray(value) && value.every((item) => item === null))).toBe(true);
  });
  test('prototypes cannot be set', () => {
    for (const source of [
      '{"__proto__": {polluted: 1}}',
      'context put({}, "__proto__", {polluted: 1})',
      'context([{key: "__proto__", value: {polluted: 1}}])',
    ]) {
      expect(feel(source)).toMatchObject({ value: null });
    }
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "b": 2}') as { b: number };
    const merged = valueOf('context merge([a, {c: 3}])', { a: hostile });
    expect(merged).toEqual({ b: 2, c: 3 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((merged as { polluted?: number }).polluted).toBeUndefined();
  });
});
