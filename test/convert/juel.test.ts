/** JUEL and simple scripts → FEEL: the text, and on samples the value. */
import { describe, expect, test } from '@jest/globals';
import { convertLimits } from '#bpmn/convert/limits.ts';
import { placeholder, splitList, translate, translateBody, translateScript } from '#bpmn/convert/translate.ts';
import { parseExpression } from '#bpmn/feel.ts';
import { evaluateAny } from '#engine/expression.ts';
import type { Json } from '#engine/json.ts';

function feelOf(juel: string): string {
  const translation = translate(juel);
  if (translation.kind !== 'feel') throw new Error(JSON.stringify(translation));
  return translation.source;
}
function valueOf(juel: string, variables: Record<string, Json>): Json {
  const source = feelOf(juel);
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.message);
  const result = evaluateAny(
    { kind: 'feel', source, ast: parsed.ast },
    { lookup: (name) => variables[name], nowMs: 0 },
  );
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result.value;
}

describe('text', () => {
  test.each([
    ['${a.b}', 'a.b'],
    ['#{a}', 'a'],
    ['${a == 1 && !b || c != null}', 'a = 1 and not(b) or c != null'],
    ['${a eq 1 and not b or c ne null}', 'a = 1 and not(b) or c != null'],
    ['${a && (b || c)}', 'a and (b or c)'],
    ['${(a == b) == c}', '(a = b) = c'],
    ['${a - (b - c) * -d}', 'a - (b - c) * -d'],
    ['${a div 2 mod 3}', 'a / 2 - 3 * round down(a / 2 / 3, 0)'],
    ['${i % 2 == 0}', 'modulo(i, 2) = 0'],
    ['${ok ? "yes" : \'no\'}', 'if ok then "yes" else "no"'],
    ['${(ok ? 1 : 2) + 1}', '(if ok then 1 else 2) + 1'],
    ['${.5 + 1.}', '0.5 + 1'],
    ['${empty list}', 'list contains([null, "", [], {}], list)'],
    ["${execution.getVariable('order').total}", 'order.total'],
    ["${execution.hasVariable('x')}", 'is defined(x)'],
    ['${map["key"].list[0]}', 'map.key.list[1]'],
    ['${order.in}', 'order.`in`'],
    ['${loopCounter == 0}', 'loopCounter - 1 = 0'],
    ['${name.equals("a") && name.startsWith("b")}', 'name = "a" and starts with(name, "b")'],
    ['${items.size() > 0}', 'count(items) > 0'],
    ['${customer.prop("name").stringValue()}', 'customer.name'],
    ['${S(customer).prop("first name").value()}', 'customer.`first name`'],
    ['${dateTime().plusWeeks(2).minusHours(1).toDate()}', 'now() + duration("P14D") - duration("PT1H")'],
    ['${now()}', 'now()'],
    ['Order ${number} of ${name}', 'string join(["Order ", string(number), " of ", string(name)])'],
    ["${'a' + b + 'c'}", 'string join(["a", string(b), "c"])'],
    ['${"}"}', '"}"'],
  ])('%s', (juel, feel) => {
    expect(feelOf(juel)).toBe(feel);
  });

  test('without an expression, or with an escaped one, stays a text', () => {
    expect(translate('plain')).toEqual({ kind: 'static', value: 'plain' });
    expect(translate('costs \\${5}')).toEqual({ kind: 'static', value: 'costs ${5}' });
  });
  test('counters of a multi-instance activity are renamed where they exist', () => {
    const juel = '${nrOfCompletedInstances / nrOfInstances >= 0.6 && nrOfActiveInstances < 3}';
    expect(translate(juel, { insideCompletionCondition: true })).toEqual({
      kind: 'feel',
      source: 'numberOfCompletedInstances / numberOfInstances >= 0.6 and numberOfActiveInstances < 3',
    });
    expect(translate(juel)).toMatchObject({ kind: 'untranslatable', code: 'LOOP_VARIABLE' });
  });
});

describe('value', () => {
  test.each<[string, Record<string, Json>, Json]>([
    ['${a % 3}', { a: -7 }, -1],
    ['${empty x}', { x: [] }, true],
    ['${empty x}', { x: {} }, true],
    ['${empty x}', { x: '' }, true],
    ['${empty x}', { x: null }, true],
    ['${empty x}', { x: 0 }, false],
    ['${not empty x}', { x: 'a' }, true],
    ['a${x}b', { x: null }, 'ab'],
    ['${l[1]}', { l: ['first', 'second'] }, 'second'],
    ['${x.contains("b")}', { x: 'abc' }, true],
    ['${x.contains("b")}', { x: ['a', 'b'] }, true],
    ['${dateTime().plusDays(1).toDate()}', {}, '1970-01-02T00:00:00Z'],
    ['${a > 5 ? a - 5 : 0}', { a: 7 }, 2],
  ])('%s with %j', (juel, variables, expected) => {
    expect(valueOf(juel, variables)).toEqual(expected);
  });
});

describe('left for a person', () => {
  test.each([
    ['${bean.method(x)}', 'METHOD'],
    ['${list[i]}', 'INDEX'],
    ['${list[i + 1]}', 'INDEX'],
    ['${execution.processBusinessKey}', 'PLATFORM_OBJECT'],
    ['${task.assignee}', 'PLATFORM_OBJECT'],
    ['${currentUser()}', 'METHOD'],
    ['${a', 'SYNTAX'],
    ['${}', 'SYNTAX'],
    ['${a b}', 'SYNTAX'],
    ['${"a}', 'SYNTAX'],
    ['${fn:join(a)}', 'SYNTAX'],
    ["${'5' + 1}", 'TRUTHINESS'],
    [`\${${'('.repeat(1_000)}a}`, 'TOO_LONG'],
    [`\${${'!'.repeat(1_000)}a}`, 'SYNTAX'],
    [`\${a${'+a'.repeat(4_000)}}`, 'TOO_LONG'],
    [`\${a${'.a'.repeat(4_000)}}`, 'TOO_LONG'],
    [`\${${'a'.repeat(convertLimits.expressionLength)}}`, 'TOO_LONG'],
  ])('%s', (juel, code) => {
    expect(translate(juel)).toMatchObject({ kind: 'untranslatable', code });
  });

  test.each(['${a.b()}', 'a || b', 'Hello ${x.y()}', '1', '', 'def x = "a"; x }'])(
    '%j: no FEEL stands there',
    (text) => {
      expect(parseExpression(placeholder(text).slice(1)).ok).toBe(false);
    },
  );
  test('hostile lengths take no time', () => {
    const began = Date.now();
    for (const text of ['${'.repeat(100_000), `\${${'['.repeat(9_000)}`, ' '.repeat(1_000_000), '{,'.repeat(100_000)]) {
      expect(['static', 'untranslatable']).toContain(translate(text).kind);
      expect(splitList(text).length).toBeGreaterThanOrEqual(0);
    }
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe('scripts', () => {
  test.each([
    ['groovy', 'amount * 1.1', 'amount * 1.1', null],
    ['Groovy', 'execution.setVariable("x", a + 1);', 'a + 1', 'x'],
    ['javascript', 'return a === "s" && b !== 2;', 'a = "s" and b != 2', null],
    ['juel', '${execution.setVariable("x", a)}', 'a', 'x'],
    ['juel', '${a + 1}', 'a + 1', null],
    ['feel', '= a + 1', 'a + 1', null],
  ])('%s: %s', (format, script, source, target) => {
    const { value, target: variable } = translateScript(script, format);
    expect(value.kind === 'feel' ? value.source.trim() : value).toBe(source);
    expect(variable).toBe(target);
  });
  test.each([
    ['groovy', 'def x = 1; x', 'STATEMENTS'],
    ['groovy', 'a = b', 'STATEMENTS'],
    ['javascript', 'a || 0', 'TRUTHINESS'],
    ['javascript', 'list.length', 'METHOD'],
    ['python', 'a + 1', 'SCRIPT_LANGUAGE'],
    ['', 'a + 1', 'SCRIPT_LANGUAGE'],
  ])('%s: %s is left', (format, script, code) => {
    expect(translateScript(script, format).value).toMatchObject({ kind: 'untranslatable', code });
  });
  test('bodies of decisions have no braces', () => {
    expect(translateBody("status == 'open'", 'juel')).toEqual({ kind: 'feel', source: 'status = "open"' });
  });
});
