/** What DMN 1.5 says of whole decision models: imports, services, boxed expressions, types, tables. */
import { describe, expect, test } from '@jest/globals';
import { compileDecisions, parseDecisions } from '#bpmn/dmn.ts';
import { evaluateDecision, type DecisionResult } from '#engine/dmn/evaluate.ts';
import type { Json, Variables } from '#engine/json.ts';

const model = 'https://www.omg.org/spec/DMN/20230324/MODEL/';
const file = (body: string, namespace = 'home'): string =>
  `<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="${model}" id="definitions" name="f" namespace="${namespace}">${body}</definitions>`;
const importing = (namespace: string, name: string): string =>
  `<import name="${name}" namespace="${namespace}" importType="${model}"/>`;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const literal = (text: string, attributes = ''): string =>
  `<literalExpression ${attributes}><text>${escaped(text)}</text></literalExpression>`;
const requires = (kind: 'Decision' | 'Input' | 'Knowledge', ...hrefs: readonly string[]): string => {
  const wrapper = kind === 'Knowledge' ? 'knowledgeRequirement' : 'informationRequirement';
  return hrefs.map((href) => `<${wrapper}><required${kind} href="${href}"/></${wrapper}>`).join('');
};
const decision = (name: string, logic: string, { needs = '', type = '' } = {}): string =>
  `<decision id="${name}" name="${name}"><variable name="${name}"${type === '' ? '' : ` typeRef="${type}"`}/>${needs}${logic}</decision>`;
const input = (name: string, type: string): string =>
  `<inputData id="${name}" name="${name}"><variable name="${name}" typeRef="${type}"/></inputData>`;

async function result(
  body: string,
  name: string,
  variables: Variables = {},
  others: readonly string[] = [],
): Promise<DecisionResult> {
  const compiled = await compileDecisions(file(body), others);
  const found = [...compiled.decisions, ...compiled.invocables].find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(compiled.problems.map(({ message }) => message.en).join('; '));
  const stored = JSON.parse(JSON.stringify(found)) as typeof found;
  const lookup = (variable: string): Json | undefined =>
    Object.hasOwn(variables, variable) ? variables[variable] : undefined;
  return evaluateDecision(stored, { lookup, nowMs: 0 });
}
async function valueOf(...args: Parameters<typeof result>): Promise<Json> {
  const outcome = await result(...args);
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}

describe('imports (§6.3.3)', () => {
  const base = file(
    `<itemDefinition name="tPerson"><itemComponent name="full name"><typeRef>string</typeRef></itemComponent></itemDefinition>
     ${input('Guest', 'tPerson')}
     <businessKnowledgeModel id="hello" name="Say Hello"><variable name="Say Hello"/><encapsulatedLogic>
       <formalParameter name="who" typeRef="tPerson"/>${literal('"Hello, " + who.full name')}</encapsulatedLogic></businessKnowledgeModel>
     ${decision('Greeting', literal('Say Hello(Guest)'), { needs: requires('Input', '#Guest') + requires('Knowledge', '#hello') })}
     <decisionService id="svc" name="Service"><variable name="Service"/><outputDecision href="#Greeting"/><inputData href="#Guest"/></decisionService>`,
    'base',
  );
  const guest = { Guest: { 'full name': 'Sari' } };

  test('decisions, functions and types go by the name of the import', async () => {
    const body = `${importing('base', 'b')}
      ${input('Person', 'b.tPerson')}
      ${decision('d', literal('b.Greeting + "; " + b.Say Hello(Person)'), {
        needs:
          requires('Decision', 'base#Greeting') + requires('Knowledge', 'base#hello') + requires('Input', '#Person'),
      })}`;
    const variables = { ...guest, Person: { 'full name': 'Budi' } };
    expect(await valueOf(body, 'd', variables, [base])).toBe('Hello, Sari; Hello, Budi');
  });
  test('an imported input and an imported service', async () => {
    const body = `${importing('base', 'my base')}${decision('d', literal('my base.Service(my base.Guest)'), {
      needs: requires('Knowledge', 'base#svc') + requires('Input', 'base#Guest'),
    })}`;
    expect(await valueOf(body, 'd', guest, [base])).toBe('Hello, Sari');
  });
  test('an import without a name adds plain names', async () => {
    const body = `${importing('base', '')}${decision('d', literal('Greeting + Say Hello(Guest)'), {
      needs:
        requires('Decision', 'base#Greeting') + requires('Knowledge', 'base#hello') + requires('Input', 'base#Guest'),
    })}`;
    expect(await valueOf(body, 'd', guest, [base])).toBe('Hello, SariHello, Sari');
  });
  test('files that import each other', async () => {
    const other = file(
      `${importing('home', 'h')}${decision('o', literal('h.one + 1'), { needs: requires('Decision', 'home#one') })}`,
      'other',
    );
    const body = `${importing('other', 'o')}${decision('one', literal('1'))}${decision('d', literal('o.o * 10'), {
      needs: requires('Decision', 'other#o'),
    })}`;
    expect(await valueOf(body, 'd', {}, [other])).toBe(20);
  });
  test('what is not published with it is missing', async () => {
    const outcome = await parseDecisions(file(importing('nowhere', 'x')));
    expect(outcome).toMatchObject({ ok: false, problems: [{ code: 'DMN_IMPORT_MISSING' }] });
  });
});

describe('decision services and knowledge models (§6.3.9-10)', () => {
  const service = `${input('a', 'number')}
    ${decision('base', literal('a * 100'), { needs: requires('Input', '#a'), type: 'number' })}
    ${decision('sum', literal('a + base'), { needs: requires('Input', '#a') + requires('Decision', '#base') })}
    ${decision('difference', literal('base - a'), { needs: requires('Input', '#a') + requires('Decision', '#base') })}
    <decisionService id="s" name="s"><variable name="s"/><outputDecision href="#sum"/><outputDecision href="#difference"/>
      <inputDecision href="#base"/><inputData href="#a"/></decisionService>
    <decisionService id="one" name="one"><variable name="one"/><outputDecision href="#sum"/><encapsulatedDecision href="#base"/><inputData href="#a"/></decisionService>`;
  const calling = (text: string): string =>
    service + decision('d', literal(text), { needs: requires('Knowledge', '#s', '#one') });

  test.each<[string, Json]>([
    ['s(1, 2)', { sum: 3, difference: 1 }],
    ['s(base: 2, a: 1)', { sum: 3, difference: 1 }],
    ['one(1)', 101],
    ['s(1)', null],
    ['one("1")', null],
    ['one(b: 1)', null],
  ])('%s', async (text, expected) => {
    expect(await valueOf(calling(text), 'd')).toEqual(expected);
  });
  test('a service is evaluated by itself', async () => {
    expect(await valueOf(service, 's', { a: 1, base: 2 })).toEqual({ sum: 3, difference: 1 });
    expect(await valueOf(service, 'one', { a: 1, base: 2 })).toBe(101);
  });
  test('knowledge models call one another, and themselves', async () => {
    const bkm = (name: string, body: string, needs: string): string =>
      `<businessKnowledgeModel id="${name.replace(' ', '_')}" name="${name}"><variable name="${name}" typeRef="number"/><encapsulatedLogic><formalParameter name="n" typeRef="number"/>${literal(body)}</encapsulatedLogic>${needs}</businessKnowledgeModel>`;
    const body =
      bkm('fact', 'if n < 2 then 1 else n * fact(n - 1)', '') +
      bkm('even up', 'if n = 0 then 0 else odd up(n - 1)', requires('Knowledge', '#odd_up')) +
      bkm('odd up', 'if n = 0 then 1 else even up(n - 1)', requires('Knowledge', '#even_up')) +
      decision('d', literal('fact(5) + even up(3)'), { needs: requires('Knowledge', '#fact', '#even_up') });
    expect(await result(body, 'd')).toMatchObject({ value: 121, warnings: [] });
  });
  test('a service that comes back to itself through a knowledge model ends by its budget', async () => {
    const body = `<businessKnowledgeModel id="k" name="k"><variable name="k"/><encapsulatedLogic><formalParameter name="n"/>${literal('s()')}</encapsulatedLogic>${requires('Knowledge', '#s')}</businessKnowledgeModel>
      ${decision('inner', literal('k(1)'), { needs: requires('Knowledge', '#k') })}
      <decisionService id="s" name="s"><variable name="s"/><outputDecision href="#inner"/></decisionService>
      ${decision('d', literal('k(1)'), { needs: requires('Knowledge', '#k') })}`;
    expect(await result(body, 'd')).toMatchObject({ ok: false });
  });
  test('an external function is null and says why', async () => {
    const body =
      decision('d', `<invocation>${literal('f')}</invocation>`, { needs: requires('Knowledge', '#f') }) +
      `<businessKnowledgeModel id="f" name="f"><variable name="f"/><encapsulatedLogic kind="Java"><context><contextEntry><variable name="class"/>${literal('"java.lang.Runtime"')}</contextEntry></context></encapsulatedLogic></businessKnowledgeModel>`;
    const outcome = await result(body, 'd');
    expect(outcome).toMatchObject({ ok: true, value: null, warnings: ['external functions (Java) are never run'] });
    expect(await parseDecisions(file(body))).toMatchObject({ ok: true, problems: [{ code: 'DMN_EXTERNAL_FUNCTION' }] });
  });
});

describe('boxed expressions (§7.3)', () => {
  test.each<[string, string, Json]>([
    [
      'conditional',
      `<conditional><if>${literal('1 > 0')}</if><then>${literal('"a"')}</then><else>${literal('"b"')}</else></conditional>`,
      'a',
    ],
    ['filter', `<filter><in>${literal('[1, 2, 3]')}</in><match>${literal('item > 1')}</match></filter>`, [2, 3]],
    [
      'filter by entry',
      `<filter><in>${literal('[{a b: 1}, {a b: 2}]')}</in><match>${literal('item.a b = 2')}</match></filter>`,
      [{ 'a b': 2 }],
    ],
    [
      'for',
      `<for iteratorVariable="i"><in>${literal('[1, 2]')}</in><return>${literal('i * 2')}</return></for>`,
      [2, 4],
    ],
    [
      'some',
      `<some iteratorVariable="i"><in>${literal('[1, 2]')}</in><satisfies>${literal('i > 1')}</satisfies></some>`,
      true,
    ],
    [
      'every',
      `<every iteratorVariable="i"><in>${literal('[1, 2]')}</in><satisfies>${literal('i > 1')}</satisfies></every>`,
      false,
    ],
    ['list', `<list>${literal('1')}${literal('"a"')}</list>`, [1, 'a']],
    [
      'relation',
      `<relation><column name="a"/><column name="b"/><row>${literal('1')}${literal('2')}</row><row>${literal('3')}${literal('4')}</row></relation>`,
      [
        { a: 1, b: 2 },
        { a: 3, b: 4 },
      ],
    ],
    [
      'context',
      `<context><contextEntry><variable name="x y"/>${literal('2')}</contextEntry><contextEntry><variable name="z"/>${literal('x y + 1')}</contextEntry></context>`,
      { 'x y': 2, z: 3 },
    ],
    [
      'context with a result',
      `<context><contextEntry><variable name="x"/>${literal('2')}</contextEntry><contextEntry>${literal('x * 2')}</contextEntry></context>`,
      4,
    ],
    [
      'function',
      `<context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="n" typeRef="number"/>${literal('n + 1')}</functionDefinition></contextEntry><contextEntry>${literal('f(1)')}</contextEntry></context>`,
      2,
    ],
    [
      'invocation',
      `<context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="n"/>${literal('n + 1')}</functionDefinition></contextEntry><contextEntry><invocation>${literal('f')}<binding><parameter name="n"/>${literal('5')}</binding></invocation></contextEntry></context>`,
      6,
    ],
  ])('%s', async (_, logic, expected) => {
    expect(await valueOf(decision('d', logic), 'd')).toEqual(expected);
  });
});

describe('types (§7.3.2, §10.3.2.9.4)', () => {
  const types = `<itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"a","b"</text></allowedValues></itemDefinition>
    <itemDefinition name="tGrades" isCollection="true"><typeRef>tGrade</typeRef></itemDefinition>
    <itemDefinition name="tPair" isCollection="true"><typeRef>number</typeRef><typeConstraint><text>count(?) = 2</text></typeConstraint></itemDefinition>
    <itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent><itemComponent name="age"><typeRef>number</typeRef></itemComponent></itemDefinition>
    <itemDefinition name="tAge"><typeRef>number</typeRef><allowedValues><text>[0..150]</text></allowedValues></itemDefinition>`;
  test.each<[string, string, Json]>([
    ['"a"', 'tGrade', 'a'],
    ['"c"', 'tGrade', null],
    ['["a", "b"]', 'tGrades', ['a', 'b']],
    ['["a", "c"]', 'tGrades', null],
    ['"a"', 'tGrades', ['a']],
    ['["a"]', 'tGrade', 'a'],
    ['["a", "b"]', 'string', null],
    ['[1, 2]', 'tPair', [1, 2]],
    ['[1]', 'tPair', null],
    ['{name: "x", age: 1}', 'tPerson', { name: 'x', age: 1 }],
    ['{name: "x", age: 1, more: 2}', 'tPerson', { name: 'x', age: 1, more: 2 }],
    ['{name: "x"}', 'tPerson', null],
    ['{name: "x", age: "1"}', 'tPerson', null],
    ['151', 'tAge', null],
    ['@"2020-01-01"', 'date and time', '2020-01-01T00:00:00Z'],
    ['"1"', 'number', null],
    ['null', 'number', null],
  ])('%s as %s', async (text, type, expected) => {
    expect(await valueOf(types + decision('d', literal(text), { type }), 'd')).toEqual(expected);
  });
  test('inputs are checked as well', async () => {
    const body = types + input('g', 'tGrade') + decision('d', literal('g'), { needs: requires('Input', '#g') });
    expect(await valueOf(body, 'd', { g: 'a' })).toBe('a');
    expect(await valueOf(body, 'd', { g: 'x' })).toBeNull();
    expect(await valueOf(body, 'd', {})).toBeNull();
  });
  test('a decision without logic is null', async () => {
    expect(await result(decision('d', ''), 'd')).toMatchObject({
      ok: true,
      value: null,
      warnings: ["decision 'd' has no logic"],
    });
  });
  test('an expression that is wrong makes its own decision null, and no other', async () => {
    const body = decision('bad', literal('1 +')) + decision('good', literal('1'));
    expect(await valueOf(body, 'bad')).toBeNull();
    expect(await valueOf(body, 'good')).toBe(1);
    expect(await parseDecisions(file(body))).toMatchObject({ ok: false });
  });
});

describe('decision tables (§8)', () => {
  const rule = (when: readonly string[], then: readonly string[]): string =>
    `<rule>${when.map((text) => `<inputEntry><text>${escaped(text)}</text></inputEntry>`).join('')}${then.map((text) => `<outputEntry><text>${escaped(text)}</text></outputEntry>`).join('')}</rule>`;
  const two = (attributes: string, rules: string): string => `<decisionTable ${attributes}>
      <input><inputExpression><text>x</text></inputExpression></input>
      <output name="a"><outputValues><text>"high","low"</text></outputValues><defaultOutputEntry><text>"low"</text></defaultOutputEntry></output>
      <output name="b"><outputValues><text>2,1</text></outputValues><defaultOutputEntry><text>1</text></defaultOutputEntry></output>${rules}</decisionTable>`;
  const rules = rule(['> 1'], ['"low"', '2']) + rule(['> 2'], ['"high"', '1']) + rule(['> 3'], ['"high"', '2']);
  test.each<[string, number, unknown]>([
    ['hitPolicy="UNIQUE"', 2, { a: 'low', b: 2 }],
    ['hitPolicy="UNIQUE"', 0, { a: 'low', b: 1 }],
    ['hitPolicy="FIRST"', 9, { a: 'low', b: 2 }],
    ['hitPolicy="PRIORITY"', 9, { a: 'high', b: 2 }],
    ['hitPolicy="PRIORITY"', 3, { a: 'high', b: 1 }],
    [
      'hitPolicy="OUTPUT ORDER"',
      9,
      [
        { a: 'high', b: 2 },
        { a: 'high', b: 1 },
        { a: 'low', b: 2 },
      ],
    ],
    [
      'hitPolicy="RULE ORDER"',
      3,
      [
        { a: 'low', b: 2 },
        { a: 'high', b: 1 },
      ],
    ],
    ['hitPolicy="COLLECT"', 2, [{ a: 'low', b: 2 }]],
    ['hitPolicy="COLLECT" aggregation="COUNT"', 9, 3],
  ])('%s of %d', async (attributes, x, expected) => {
    expect(await valueOf(decision('d', two(attributes, rules)), 'd', { x })).toEqual(expected);
  });

  const one = (
    text: string,
  ): string => `<decisionTable hitPolicy="FIRST"><input><inputExpression><text>x</text></inputExpression></input>
    <output/>${rule([text], ['true'])}${rule(['-'], ['false'])}</decisionTable>`;
  test.each<[string, Json, boolean]>([
    ['"a", "b"', 'b', true],
    ['not("a", "b")', 'c', true],
    ['< 3, > 5', 6, true],
    ['[1..3]', 3, true],
    ['(1..3)', 3, false],
    ['? * 2 = 4', 2, true],
    ['list contains(?, "a")', ['a', 'b'], true],
    ['count(?) > 1', ['a', 'b'], true],
    ['["a", "b"]', 'a', true],
    ['x', 7, true],
    ['date("2020-01-01")', '2020-01-01', false],
    ['null', null, true],
    ['"a"', null, false],
    ['-', null, true],
    ['', 1, true],
    ['starts with(?, "ab")', 'abc', true],
    ['some i in ? satisfies i > 2', [1, 3], true],
    ['> y', 5, true],
  ])('%s of %j', async (text, x, expected) => {
    expect(await valueOf(decision('d', one(text)), 'd', { x, y: 4 })).toBe(expected);
  });
});
