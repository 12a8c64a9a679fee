/**
 * What a hostile model could try. Each attack ends soon and in the way it says: refused when parsed (`syntax`), stopped by a budget
 * (`budget`) or an assertion (`failure`), null with a reason as the standard wants it (`null`), or a plain value.
 */
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseExpression, parseUnaryTests } from '#bpmn/feel.ts';
import { evaluate, evaluateUnaryTests } from '#engine/feel/evaluate.ts';
import { traceFeel } from '#engine/feel/trace.ts';
import type { Json, Variables } from '#engine/json.ts';
import { limits } from '#engine/limits.ts';
import { contextOf } from './evaluating.ts';

/** CPU milliseconds one attack may take: on any machine far more than it needs. */
const patience = 4_000;

type Outcome = 'syntax' | 'budget' | 'null' | 'failure' | { readonly value: Json };
type Attack = readonly [name: string, source: string, outcome: Outcome, variables?: Variables];

let attacks = 0;
function outcomeOf(source: string, variables: Variables): Outcome {
  const parsed = parseExpression(source, { names: Object.keys(variables) });
  if (!parsed.ok) return 'syntax';
  const result = evaluate(parsed.ast, contextOf(variables));
  if (result.ok) return result.value === null ? 'null' : { value: result.value };
  return /more than|longer than|deeper than|nested/.test(result.message) ? 'budget' : 'failure';
}
const withstands = (list: readonly Attack[]): void => {
  test.each(list)('%s', (_, source, expected, variables = {}) => {
    attacks++;
    const start = process.cpuUsage();
    const outcome = outcomeOf(source, variables);
    const used = process.cpuUsage(start);
    expect(outcome).toEqual(expected);
    expect((used.user + used.system) / 1000).toBeLessThan(patience);
  });
};

const nested = (depth: number, inner: string, open: string, close: string): string =>
  open.repeat(depth) + inner + close.repeat(depth);
const doubling = (count: number, first: string, next: (name: string) => string): string =>
  `{a0: ${first}, ${Array.from({ length: count }, (_, i) => `a${i + 1}: ${next(`a${i}`)}`).join(', ')}}.a${count}`;
/** A pattern within a FEEL string. */
const quoted = (pattern: string): string => `"${pattern.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

describe('explosion', () => {
  withstands([
    ['nested loops', 'for a in 1..1000, b in 1..1000, c in 1..1000 return a', 'budget'],
    [
      'ten iterators',
      `for ${'abcdefghij'
        .split('')
        .map((x) => `${x} in 1..10`)
        .join(', ')} return 1`,
      'budget',
    ],
    ['a long range', 'for a in 1..1000000000 return a', 'budget'],
    ['a range of all safe integers', 'for a in -9007199254740991..9007199254740991 return a', 'budget'],
    ['a range beyond the safe integers', 'for a in 1..10 ** 30 return a', 'null'],
    ['a range of dates', 'for d in @"-999999999-01-01"..@"999999999-12-31" return d', 'budget'],
    ['a range of fractions', 'for a in 0.1..0.2 return a', 'null'],
    ['a range value', 'for a in [1..1000000000] return a', 'budget'],
    ['a range of times', 'for a in @"10:00:00"..@"11:00:00" return a', 'null'],
    ['loops in loops', 'for a in 1..1000 return for b in 1..1000 return for c in 1..1000 return 1', 'budget'],
    ['quantifiers', 'every a in 1..1000, b in 1..1000 satisfies a > 0', 'budget'],
    ['some of nothing found', 'some a in 1..1000, b in 1..1000 satisfies a < 0', 'budget'],
    ['partial results', 'for a in 1..100000 return count(partial)', 'budget'],
    ['partial results kept', 'for a in 1..5000 return partial', 'budget'],
    [
      'filters in filters',
      'count((for a in 1..3000 return a)[count((for b in 1..3000 return b)[item > 0]) > 0])',
      'budget',
    ],
    ['growing lists', doubling(40, '[1, 2]', (a) => `concatenate(${a}, ${a})`), 'budget'],
    ['growing lists by flatten', doubling(40, '[1, 2]', (a) => `flatten([${a}, ${a}])`), 'budget'],
    ['growing lists by append', doubling(40, '[1, 2]', (a) => `concatenate(append(${a}, 1), ${a})`), 'budget'],
    ['growing lists by union', 'count(union(for a in 1..60000 return a, for a in 60001..120000 return a))', 'budget'],
    ['lists of lists', doubling(200, '[1, 2]', (a) => `[${a}, ${a}]`), 'budget'],
    ['contexts of contexts', doubling(200, '{x: 1}', (a) => `{l: ${a}, r: ${a}}`), 'budget'],
    ['flattening what shares itself', `count(flatten(${doubling(40, '[1]', (a) => `[${a}, ${a}]`)}))`, 'budget'],
    ['comparing what shares itself', `{l: ${doubling(40, '[1]', (a) => `[${a}, ${a}]`)}, e: l = l}.e`, 'budget'],
    ['the text of what shares itself', `string(${doubling(40, '[1]', (a) => `[${a}, ${a}]`)})`, 'budget'],
    ['json of what shares itself', `to json(${doubling(40, '[1]', (a) => `[${a}, ${a}]`)})`, 'budget'],
    ['distinct contexts', 'distinct values(for a in 1..5000 return {a: a})', 'budget'],
    ['duplicate contexts', 'duplicate values(for a in 1..5000 return {a: a})', 'budget'],
    ['duplicates of many', 'count(duplicate values(for a in 1..50000 return a))', 'budget'],
    ['index of contexts', 'for a in 1..3000 return index of(for b in 1..300 return {b: b}, {b: a})', 'budget'],
    [
      'sorting for ever',
      'sort(for a in 1..20000 return a, function(x, y) count(for z in 1..100 return z) > 0)',
      'budget',
    ],
    [
      'a comparison that always says yes',
      'count(sort(for a in 1..1000 return a, function(x, y) true))',
      { value: 1000 },
    ],
    [
      'a comparison that always says no',
      'count(sort(for a in 1..1000 return a, function(x, y) false))',
      { value: 1000 },
    ],
    [
      'a comparison that contradicts itself',
      'count(sort(for a in 1..1000 return a, function(x, y) modulo(x * 7 + y * 13, 3) = 0))',
      { value: 1000 },
    ],
    ['a comparison that is null', 'count(sort([3, 1, 2], function(x, y) null))', { value: 3 }],
    ['a comparison that is no function', 'sort([3, 1, 2], "x")', 'null'],
    [
      'merging',
      'context merge(for a in 1..2000 return context([for b in 1..300 return {key: string(a * b), value: b}][1]))',
      'budget',
    ],
    [
      'entries one by one',
      `count(get entries(${doubling(190, '{a: 1}', (a) => `context put(${a}, "k", ${a})`)}))`,
      { value: 2 },
    ],
    [
      'replacing in long lists',
      'for a in 1..1000 return list replace(for b in 1..1000 return b, function(i, n) true, 0)',
      'budget',
    ],
    ['removing one by one', 'for a in 1..10000 return remove(for b in 1..1000 return b, 1)', 'budget'],
    ['partitions', 'for a in 1..10000 return partition(for b in 1..100 return b, 1)', 'budget'],
    ['modes of many', 'for a in 1..10000 return mode(for b in 1..1000 return b)', 'budget'],
  ]);
});

describe('recursion', () => {
  withstands([
    ['a function that calls itself', '{f: function(n) f(n), r: f(1)}.r', 'budget'],
    ['a function that calls what it is given', '{f: function(g, n) g(g, n), r: f(f, 1)}.r', 'budget'],
    ['two functions', '{f: function(g, h) g(h, g), r: f(f, f)}.r', 'budget'],
    ['a fixed point', '(function(x) x(x))(function(x) x(x))', 'budget'],
    ['fibonacci', '{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(40)}.r', 'budget'],
    [
      'ackermann',
      '{a: function(m, n) if m = 0 then n + 1 else if n = 0 then a(m - 1, 1) else a(m - 1, a(m, n - 1)), r: a(3, 5)}.r',
      'budget',
    ],
    ['deep but finite', '{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(50)}.r', { value: 50 }],
    ['too deep', '{f: function(n) if n = 0 then 0 else 1 + f(n - 1), r: f(100000)}.r', 'budget'],
    ['through sort', '{f: function(l) sort(l, function(x, y) count(f(l)) > 0), r: f([2, 1])}.r', 'budget'],
    [
      'through list replace',
      '{f: function(l) list replace(l, function(i, n) count(f(l)) > 0, 1), r: f([2, 1])}.r',
      'budget',
    ],
    ['through for', '{f: function(n) for x in [1] return f(n), r: f(1)}.r', 'budget'],
    ['through a filter', '{f: function(n) [1][f(n) = 1], r: f(1)}.r', 'budget'],
    ['through some', '{f: function(n) some x in [1] satisfies f(n), r: f(1)}.r', 'budget'],
    ['through a named argument', '{f: function(n) f(n: n), r: f(1)}.r', 'budget'],
    ['closures that keep closures', '{f: function(g) function(x) f(g)(x), r: f(function(x) x)(1)}.r', 'budget'],
    [
      'closures that keep lists',
      'count(for a in 1..10000 return function(x) for b in 1..10000 return a)',
      { value: 10_000 },
    ],
    ['a function as the result', 'function(x) x', 'null'],
    ['a list of functions as the result', '[function(x) x]', { value: [null] }],
  ]);
});

describe('depth and size of the source', () => {
  withstands([
    ['parentheses', nested(5_000, '1', '(', ')'), 'syntax'],
    ['lists', nested(3_000, '1', '[', ']'), 'syntax'],
    ['contexts', nested(1_000, '1', '{a:', '}'), 'syntax'],
    ['sums', `1${' + 1'.repeat(3_000)}`, 'syntax'],
    ['powers', `1${' ** 1'.repeat(2_000)}`, 'syntax'],
    ['negations', `${'-'.repeat(5_000)}1`, 'syntax'],
    ['conjunctions', `true${' and true'.repeat(1_500)}`, 'syntax'],
    ['ifs', `${'if true then '.repeat(1_000)}1${' else 1'.repeat(1_000)}`, 'syntax'],
    ['loops', `${'for a in 1..2 return '.repeat(700)}1`, 'syntax'],
    ['functions', `${'function(a) '.repeat(1_000)}1`, 'syntax'],
    ['calls', nested(2_000, '1', 'abs(', ')'), 'syntax'],
    ['paths', `a${'.a'.repeat(5_000)}`, 'syntax'],
    ['filters', `a${'[1]'.repeat(4_000)}`, 'syntax'],
    ['a long source', 'x'.repeat(limits.feelSourceLength + 1), 'syntax'],
    ['a long text', `"${'x'.repeat(limits.feelSourceLength)}"`, 'syntax'],
    ['a long comment', `/*${'*'.repeat(limits.feelSourceLength)}*/ 1`, 'syntax'],
    ['an open comment', '1 /* never closed', 'syntax'],
    ['an open text', '"never closed', 'syntax'],
    ['an open bracket', '[1, 2', 'syntax'],
    ['nothing', '', 'syntax'],
    ['control characters', '\u0000\u0001', 'syntax'],
    ['half a surrogate pair', '"\ud83d"', 'syntax'],
    ['right-to-left marks', '"\u202ea" = "a"', { value: false }],
    ['deep data', 'string(x)', 'budget', { x: JSON.parse(nested(5_000, '1', '[', ']')) as Json }],
    ['deep data as the result', 'x', 'budget', { x: JSON.parse(nested(5_000, '1', '[', ']')) as Json }],
    [
      'deep data compared',
      'x = y',
      'budget',
      { x: JSON.parse(nested(5_000, '1', '[', ']')) as Json, y: JSON.parse(nested(5_000, '1', '[', ']')) as Json },
    ],
    ['deep data by name', 'x.a', 'budget', { x: JSON.parse(nested(5_000, '1', '[', ']')) as Json }],
    ['deep data flattened', 'count(flatten(x))', { value: 1 }, { x: JSON.parse(nested(5_000, '1', '[', ']')) as Json }],
    ['deep json', `from json(${quoted(nested(3_000, '1', '[', ']'))})`, 'null'],
  ]);
});

describe('texts', () => {
  withstands([
    ['doubling', doubling(40, `"${'x'.repeat(100)}"`, (a) => `${a} + ${a}`), 'budget'],
    ['joining', doubling(40, '"xx"', (a) => `string join([${a}, ${a}])`), 'budget'],
    [
      'joining with a long delimiter',
      'string join(for a in 1..2000 return "x", string join(for a in 1..2000 return "y"))',
      'budget',
    ],
    ['replacing by more', doubling(20, '"aa"', (a) => `replace(${a}, "a", "aaaa")`), 'budget'],
    ['splitting to characters', 'count(split(string join(for a in 1..60000 return "abc"), ""))', 'budget'],
    ['upper case that grows', 'string length(upper case(string join(for a in 1..1000 return "ß")))', { value: 2000 }],
    ['a place beyond the end', 'substring("abc", 10 ** 30)', 'null'],
    ['a length beyond the end', 'substring("abc", 1, 10 ** 30)', { value: 'abc' }],
    ['a negative length', 'substring("abc", 1, -1)', 'null'],
    ['base64 of much', doubling(40, '"xx"', (a) => `to base64(${a} + ${a})`), 'budget'],
  ]);
});

describe('patterns', () => {
  const many = (text: string, count: number): string => `string join(for i in 1..${count} return "${text}")`;
  const evil = (pattern: string, flags = ''): string =>
    `matches(${many('a', 2000)} + "!", ${quoted(pattern)}${flags === '' ? '' : `, "${flags}"`})`;
  withstands([
    ...[
      '^(a+)+$',
      '^(a|a)*$',
      '^(a|aa)+$',
      '(.*)*x',
      '((a*)*)*b',
      '^(a?){50}a{50}$x',
      '(a*)*(a*)*(a*)*$b',
      '([a-z]+)*[0-9]',
      '^(([a-z])+.)+[A-Z]([a-z])+$',
      '(x+x+)+y',
    ].map((pattern): Attack => [`${pattern} takes linear time`, evil(pattern), { value: false }]),
    ['ignoring case', evil('^(A|a|aA)+$', 'i'), { value: false }],
    ['with dots for all', evil('^(.|\\n)*\\d$', 's'), { value: false }],
    ...[
      '(?=a)',
      '(?<!a)b',
      '(?<name>a)',
      '(?i)a',
      'a{1000000}',
      'a{5,2}',
      '(',
      ')',
      '[a',
      '[z-a]',
      '*',
      'a**',
      '\\',
      '\\2(a)',
      '\\p{Nope}',
      '\\p{IsNowhere}',
      '(((((a{99}){99}){99}){99}){99})',
      nested(60, 'a', '(', ')'),
    ].map((pattern): Attack => [`${pattern.slice(0, 40)} is refused`, `matches("a", ${quoted(pattern)})`, 'null']),
    ['back-references that explode', evil('^(a*)(a*)(a*)(a*)\\1\\2\\3\\4b'), 'budget'],
    ['back-references in repetitions', evil('(a*)*\\1b'), 'budget'],
    ['a back-reference', 'matches("abab", "^(ab)\\\\1$")', { value: true }],
    ['a back-reference that fails', 'matches("abac", "^(ab)\\\\1$")', { value: false }],
    ['many patterns', `for i in 1..100000 return matches("a", "a{900}")`, 'budget'],
    ['replacing nothing', `string length(replace(${many('a', 500)}, "x*", "-"))`, { value: 1001 }],
    ['a group that is not there', 'replace("abc", "b", "$9")', { value: 'ac' }],
    ['a malformed replacement', 'replace("abc", "b", "$")', 'null'],
    ['unknown flags', 'matches("a", "a", "z")', 'null'],
    ['extracting everywhere', `count(extract(${many('a', 20_000)}, "a*?"))`, { value: 20_001 }],
    ['splitting by a hostile pattern', `count(split(${many('a', 2000)}, "(a+)+b"))`, { value: 1 }],
  ]);
});

describe('numbers', () => {
  withstands([
    ['a huge power', '2 ** 999999999', 'null'],
    ['a huge negative power', '2 ** -999999999', 'null'],
    ['a power of powers', '10 ** 10 ** 10 ** 10', 'null'],
    ['powers of nearly one', '1.000000001 ** 1000000000', 'null'],
    ['a huge product', '10 ** 6000 * 10 ** 6000', 'null'],
    ['a number beyond JSON', '10 ** 400', 'null'],
    ['a huge quotient', '(10 ** 6000 + 1) / 10 ** 6000', { value: 1 }],
    ['a far sum', '10 ** 6000 + 1 - 10 ** 6000', { value: 0 }],
    ['a tiny number', '10 ** -6000 * 10 ** -6000', { value: 0 }],
    ['a literal with a huge exponent', '1e99999', 'null'],
    ['a literal with thousands of digits', `${'9'.repeat(5_000)} - ${'9'.repeat(5_000)}`, 'null'],
    ['the exponential of much', 'exp(10 ** 30)', 'null'],
    ['the exponential of little', 'exp(-(10 ** 30))', { value: 0 }],
    ['the logarithm of much', 'log(10 ** 6000) > 13815', { value: true }],
    ['the root of much', 'sqrt(10 ** 6000) = 10 ** 3000', { value: true }],
    ['a scale beyond decimal128', 'decimal(1, 10 ** 9)', 'null'],
    ['a modulo of much', 'modulo(10 ** 6000, 7) >= 0', { value: true }],
    ['a text that is no number', `number("${'1'.repeat(2_000)}")`, 'null'],
    ['not a number', 'number("NaN")', 'null'],
    ['infinity', 'number("Infinity")', 'null'],
    ['hexadecimal', 'number("0xff")', 'null'],
    ['division by zero', '0 / 0', 'null'],
    ['an index that is no whole number', '[1, 2][1.5]', 'null'],
    ['an index beyond all lists', '[1, 2][10 ** 30]', 'null'],
    ['a deviation of one number', 'stddev([1])', 'null'],
  ]);
});

describe('dates', () => {
  withstands([
    ['the last year and one', '@"999999999-12-31" + @"P1Y"', 'null'],
    ['the last day and one', '@"999999999-12-31" + @"P1D"', 'null'],
    ['the first day less one', '@"-999999999-01-01" - @"P1D"', 'null'],
    ['a duration of many years', '@"2020-01-01" + @"P999999999999Y"', 'null'],
    ['a duration of many days', 'date and time("2020-01-01T00:00:00") + @"P999999999999D"', 'null'],
    ['a product of durations', '@"P999999999999D" * 10 ** 30', 'null'],
    ['a quotient of durations', '@"P1D" / @"PT0S"', 'null'],
    ['a zone with a path', '@"2020-01-01T00:00:00@../../etc/passwd"', 'null'],
    ['a zone named like a property', '@"2020-01-01T00:00:00@constructor"', 'null'],
    ['an offset beyond the day', '@"2020-01-01T00:00:00+99:00"', 'null'],
    ['a fraction of many digits', `@"10:00:00.${'1'.repeat(3_000)}"`, 'null'],
    ['a long text', `date("${'1'.repeat(10_000)}-01-01")`, 'null'],
    ['a time stamp beyond all years', 'from unix timestamp(10 ** 30)', 'null'],
  ]);
});

describe('the host is out of reach', () => {
  withstands([
    ...[
      'constructor',
      'a.constructor',
      '{}.constructor',
      '{}.__proto__',
      'toString',
      'hasOwnProperty("a")',
      '{}.toString()',
      '"".length',
      '(1).constructor',
      'a["constructor"].name',
      'globalThis',
      'process',
      'process.env',
      'require("fs")',
      'eval("1")',
      'Function("return 1")()',
      '(function(x) x).constructor("return 1")()',
      '(function(x) x).call',
      'abs.constructor',
      'get value({}, "constructor")',
      'get value({}, ["__proto__", "polluted"])',
      '@"2020-01-01".constructor',
      '[1..2].constructor',
      'duration("P1D").nanos',
      'import("x")',
      'this',
    ].map((source): Attack => [source, source, 'null', { a: { b: 1 } }]),
    [
      'external functions',
      '{f: function(x) external {java: {class: "java.lang.Runtime", method signature: "exec(java.lang.String)"}}, r: f("id")}.r',
      'null',
    ],
    ['a literal that sets a prototype', '{"__proto__": {polluted: 1}}', 'null'],
    ['context put', 'context put({}, "__proto__", {polluted: 1})', 'null'],
    ['context put by path', 'context put({}, ["__proto__", "polluted"], 1)', 'null'],
    ['context()', 'context([{key: "__proto__", value: {polluted: 1}}])', 'null'],
    ['from json', 'from json("{\\"__proto__\\": {\\"polluted\\": 1}}").polluted', 'null'],
    [
      'context merge',
      'context merge([a, {c: 3}])',
      { value: { b: 2, c: 3 } },
      { a: JSON.parse('{"__proto__": {"polluted": 1}, "b": 2}') as Json },
    ],
    ['the clock of the host', 'now()', { value: '2026-02-01T03:00:00+07:00' }],
    ['chance', 'random number()', 'null'],
    ['unique names', 'uuid()', 'null'],
    ['an assertion that fails', 'assert(1, false, "stop")', 'failure'],
  ]);
  test('no prototype was changed', () => {
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(([] as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('other ways in', () => {
  test.each(['for a in 1..100000, b in 1..100000 return a', '{f: function(n) f(n), r: f(1)}.r'])(
    'a trace of %s',
    (source) => {
      const parsed = parseExpression(source);
      if (!parsed.ok) throw new Error(parsed.message);
      const { ok, trace, truncated } = traceFeel(parsed.ast, contextOf({}));
      expect(ok).toBe(false);
      expect(truncated || trace.length < limits.feelTraceSteps).toBe(true);
    },
  );
  test.each(['some a in 1..1000, b in 1..1000 satisfies a = ?', 'count(for a in 1..1000000000 return a) > ?'])(
    'unary tests: %s',
    (source) => {
      const parsed = parseUnaryTests(source);
      if (!parsed.ok) throw new Error(parsed.message);
      expect(evaluateUnaryTests(parsed.ast, -1, contextOf({})).ok).toBe(false);
    },
  );
  afterAll(() => expect(attacks).toBeGreaterThanOrEqual(200));
});
