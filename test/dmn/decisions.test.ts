import { describe, expect, test } from '@jest/globals';
import { parseDecisions } from '#bpmn/dmn.ts';
import { evaluateDecision, type DecisionResult } from '#engine/dmn/evaluate.ts';
import type { Variables } from '#engine/json.ts';

const file = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="n">${body}</definitions>`;

type Row = readonly [when: string, then: string];
const table = (policy: string, rows: readonly Row[], outputValues = ''): string => `<decisionTable id="t" ${policy}>
  <input id="i" label="Skor"><inputExpression typeRef="number"><text>skor</text></inputExpression></input>
  <output id="o" name="hasil" typeRef="string">${outputValues === '' ? '' : `<outputValues><text>${outputValues}</text></outputValues>`}</output>
  ${rows.map(([when, then], i) => `<rule id="r${i + 1}"><description>aturan ${i + 1}</description><inputEntry><text>${when}</text></inputEntry><outputEntry><text>${then}</text></outputEntry></rule>`).join('')}
</decisionTable>`;
const decision = (logic: string, id = 'd', requirements = ''): string =>
  `<decision id="${id}" name="${id}"><variable name="${id}"/>${requirements}${logic}</decision>`;
const overlapping: readonly Row[] = [
  ['&gt;= 10', '"rendah"'],
  ['&gt;= 50', '"tinggi"'],
  ['&gt;= 50', '"tinggi"'],
];

async function decide(body: string, variables: Variables, id = 'd'): Promise<DecisionResult> {
  const parsed = await parseDecisions(file(body));
  if (!parsed.ok) throw new Error(parsed.problems.map((problem) => problem.message.en).join('\n'));
  const model = parsed.decisions.find((candidate) => candidate.id === id);
  if (model === undefined) throw new Error(`no decision ${id}`);
  const stored = JSON.parse(JSON.stringify(model)) as typeof model;
  return evaluateDecision(stored, {
    lookup: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    nowMs: 0,
  });
}

describe('hit policies', () => {
  test.each<[string, number, unknown]>([
    ['', 20, 'rendah'],
    ['', 5, null],
    ['hitPolicy="FIRST"', 60, 'rendah'],
    ['hitPolicy="PRIORITY"', 60, 'tinggi'],
    ['hitPolicy="RULE ORDER"', 60, ['rendah', 'tinggi', 'tinggi']],
    ['hitPolicy="OUTPUT ORDER"', 60, ['tinggi', 'tinggi', 'rendah']],
    ['hitPolicy="COLLECT"', 60, ['rendah', 'tinggi', 'tinggi']],
    ['hitPolicy="COLLECT"', 5, []],
    ['hitPolicy="COLLECT" aggregation="COUNT"', 60, 3],
    ['hitPolicy="COLLECT" aggregation="MIN"', 60, 'rendah'],
    ['hitPolicy="ANY"', 20, 'rendah'],
  ])('%s of %d', async (policy, skor, expected) => {
    expect(await decide(decision(table(policy, overlapping, '"tinggi","rendah"')), { skor })).toMatchObject({
      ok: true,
      value: expected,
    });
  });

  test('sums and extremes of numbers', async () => {
    const rows: readonly Row[] = [
      ['&gt; 1', '0.1'],
      ['&gt; 2', '0.2'],
    ];
    const numeric = (aggregation: string): string =>
      decision(table(`hitPolicy="COLLECT" aggregation="${aggregation}"`, rows).replace('typeRef="string"', ''));
    expect(await decide(numeric('SUM'), { skor: 3 })).toMatchObject({ value: 0.3 });
    expect(await decide(numeric('MAX'), { skor: 3 })).toMatchObject({ value: 0.2 });
  });

  test('a unique table where two rules match fails, and shows which', async () => {
    expect(await decide(decision(table('', overlapping)), { skor: 60 })).toMatchObject({
      ok: false,
      message: 'rules 1, 2, 3 of a unique decision table all match',
      explanation: { decisionId: 'd', matchedRules: [{ rule: 1 }, { rule: 2 }, { rule: 3 }] },
    });
    expect(await decide(decision(table('hitPolicy="ANY"', overlapping)), { skor: 60 })).toMatchObject({ ok: false });
  });
});

test('a decision explains itself, with the decisions it requires', async () => {
  const graph =
    decision(
      `<literalExpression><text>if tingkat = "tinggi" then penghasilan + 1 else 0</text></literalExpression>`,
      'bantuan',
      '<informationRequirement><requiredDecision href="#tingkat"/></informationRequirement>',
    ) + decision(table('hitPolicy="FIRST"', [['&gt; 50', '"tinggi"']]), 'tingkat');
  const result = await decide(graph, { skor: 60, penghasilan: 5 }, 'bantuan');
  expect(result).toMatchObject({
    value: 6,
    explanation: {
      decisionId: 'bantuan',
      inputs: { tingkat: 'tinggi' },
      required: [
        {
          decisionId: 'tingkat',
          inputs: { Skor: 60 },
          matchedRules: [{ rule: 1, annotation: 'aturan 1' }],
          output: 'tinggi',
        },
      ],
    },
  });
});

test('knowledge models, invocations, contexts and typed inputs', async () => {
  const graph = `<inputData id="in" name="tanggal lahir"><variable name="tanggal lahir" typeRef="date"/></inputData>
    <businessKnowledgeModel id="k" name="usia"><variable name="usia"/><encapsulatedLogic><formalParameter name="lahir" typeRef="date"/>
      <literalExpression><text>years and months duration(lahir, date("2026-01-01")).years</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
    <decision id="d" name="d"><variable name="d"/>
      <informationRequirement><requiredInput href="#in"/></informationRequirement>
      <knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>
      <context>
        <contextEntry><variable name="u"/><invocation><literalExpression><text>usia</text></literalExpression>
          <binding><parameter name="lahir"/><literalExpression><text>tanggal lahir</text></literalExpression></binding></invocation></contextEntry>
        <contextEntry><literalExpression><text>u &gt;= 60</text></literalExpression></contextEntry>
      </context></decision>`;
  expect(await decide(graph, { 'tanggal lahir': '1960-05-01' })).toMatchObject({ ok: true, value: true });
});

describe('what cannot be published', () => {
  test.each([
    [
      'FEEL that is wrong',
      decision('<literalExpression id="e"><text>1 +</text></literalExpression>'),
      'e',
      'DMN_FEEL_SYNTAX',
    ],
    [
      'another language',
      decision('<literalExpression id="e" expressionLanguage="javascript"><text>1</text></literalExpression>'),
      'e',
      'DMN_UNSUPPORTED',
    ],
    [
      'decisions in a circle',
      decision(
        '<literalExpression><text>1</text></literalExpression>',
        'd',
        '<informationRequirement><requiredDecision href="#d"/></informationRequirement>',
      ),
      'd',
      'DMN_CYCLE',
    ],
    [
      'a broken requirement',
      decision(
        '<literalExpression><text>1</text></literalExpression>',
        'd',
        '<informationRequirement><requiredDecision href="#x"/></informationRequirement>',
      ),
      'd',
      'DMN_BROKEN_REFERENCE',
    ],
    ['an import of something else', '<import id="m" name="m" namespace="x" importType="y"/>', 'm', 'DMN_UNSUPPORTED'],
    [
      'an import that is not at hand',
      '<import id="m" name="m" namespace="x" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>',
      'm',
      'DMN_IMPORT_MISSING',
    ],
    [
      'an unknown type',
      '<inputData id="in" name="a"><variable id="v" name="a" typeRef="tX"/></inputData>' +
        decision(
          '<literalExpression><text>a</text></literalExpression>',
          'd',
          '<informationRequirement><requiredInput href="#in"/></informationRequirement>',
        ),
      'v',
      'DMN_UNKNOWN_TYPE',
    ],
  ])('%s', async (_, body, elementId, code) => {
    const outcome = await parseDecisions(file(body));
    expect(outcome.ok).toBe(false);
    expect(outcome.problems).toEqual(expect.arrayContaining([expect.objectContaining({ elementId, code })]));
  });

  test('text that is no DMN', async () => {
    expect(await parseDecisions('<!DOCTYPE x [<!ENTITY a "b">]><definitions/>')).toMatchObject({ ok: false });
    expect(await parseDecisions('nothing')).toMatchObject({ ok: false });
    expect(await parseDecisions('<a/>')).toMatchObject({ ok: false });
  });
});
