/** Every problem the compiler can report, each by a small model that has it; and several at once. */
import { afterAll, describe, expect, test } from '@jest/globals';
import catalog from '#bpmn/messages.json' with { type: 'json' };
import { compile } from '#bpmn/compile.ts';
import { compileDeployment, type DeploymentFile } from '#bpmn/deployment.ts';
import { limits } from '#bpmn/limits.ts';
import { elementProblems } from './element-problem-cases.ts';
import { ext, flow, task } from './model-text.ts';
import { generalProblems } from './problem-cases.ts';
import { bpmn, codes, problemLines } from './support.ts';

const seen = new Set<string>();
afterAll(() => {
  // Run as a whole, no message is left without an example.
  if (seen.size > 60) expect(Object.keys(catalog).filter((code) => !seen.has(code))).toEqual([]);
});

describe('one problem each', () => {
  // Rows of equal length: jest would pass a missing last argument as its `done` callback.
  test.each([...generalProblems, ...elementProblems].map((row) => ({ row })))(
    '$row.0 on $row.1',
    async ({ row: [code, elementId, process, beside] }) => {
      const { report } = await compile(bpmn(process, beside));
      expect(codes(report)).toContain(`${code} ${elementId}`);
      seen.add(code);
      for (const problem of report.entries.flatMap((entry) => entry.problems)) {
        for (const text of [problem.message, problem.remedy]) {
          expect(text.id).not.toMatch(/\{\w+\}/);
          expect(text.en).not.toMatch(/\{\w+\}/);
        }
        expect(problem.line).not.toBeNull();
      }
    },
  );
});

/** Code and the raw text of a file. */
const files: readonly (readonly [code: string, source: string])[] = [
  ['XML_TOO_LARGE', bpmn(`<!-- ${'x'.repeat(limits.sourceBytes)} -->`)],
  ['XML_DOCTYPE', `<!DOCTYPE a [<!ENTITY b "c">]>${bpmn(task('task', ''))}`],
  ['XML_ENTITY', bpmn(task('task', '<bpmn:documentation>&nbsp;</bpmn:documentation>'))],
  ['XML_LIMIT', bpmn('<bpmn:subProcess id="a">'.repeat(limits.depth + 1))],
  ['XML_MALFORMED', bpmn('<bpmn:task id="x">')],
  ['XML_NOT_BPMN', '<html><body /></html>'],
  ['XML_ENCODING', bpmn(task('task', '')).replace('UTF-8', 'ISO-8859-1')],
  [
    'DIAGRAM_CONTENT_UNKNOWN',
    bpmn(task('task', '')).replace(
      '</bpmn:definitions>',
      '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"><bpmndi:Fancy /></bpmndi:BPMNDiagram></bpmn:definitions>',
    ),
  ],
  [
    'PROBLEMS_OMITTED',
    bpmn(Array.from({ length: limits.problems }, (_, i) => `<bpmn:scriptTask id="t${i}" />`).join('')),
  ],
  ['NO_EXECUTABLE_PROCESS', bpmn(task('task', '')).replace('isExecutable="true"', '')],
];

describe('the file as a whole', () => {
  test.each(files)('%s', async (code, source) => {
    const { report } = await compile(source);
    const found = report.entries.flatMap((entry) => entry.problems.map((problem) => problem.code));
    expect(found).toContain(code);
    seen.add(code);
  });
});

const process = (content: string, id = 'p'): string => bpmn(content).replace('process id="p"', `process id="${id}"`);
const file = (name: string, content: string): DeploymentFile => ({ name, content });
const form = (components: unknown, id = 'f'): string => JSON.stringify({ type: 'default', id, components });
const field = { type: 'textfield', key: 'a' };

const deployments: readonly (readonly [code: string, files: readonly DeploymentFile[]])[] = [
  ['DEPLOYMENT_EMPTY', []],
  ['DEPLOYMENT_TOO_LARGE', Array.from({ length: limits.deploymentFiles + 1 }, (_, i) => file(`${i}.form`, form([])))],
  ['FILE_DUPLICATE', [file('a.bpmn', ''), file('a.bpmn', '')]],
  ['FILE_UNKNOWN', [file('a.exe', '')]],
  ['PROCESS_ID_DUPLICATE', [file('a.bpmn', process(task('task', ''))), file('b.bpmn', process(task('task', '')))]],
  [
    'CALLED_PROCESS_NOT_IN_DEPLOYMENT',
    [
      file(
        'a.bpmn',
        process(task('callActivity', ext('<zeebe:calledElement processId="q" bindingType="deployment" />'))),
      ),
    ],
  ],
  ['FORM_NOT_FOUND', [file('a.bpmn', process(task('userTask', ext('<zeebe:formDefinition formId="gone" />'))))]],
  [
    'FORM_NOT_IN_DEPLOYMENT',
    [file('a.bpmn', process(task('userTask', ext('<zeebe:formDefinition formId="f" bindingType="deployment" />'))))],
  ],
  ['FORM_INVALID', [file('a.form', '{')]],
  ['FORM_INVALID', [file('a.form', '{"type":"default","id":"f"}')]],
  ['FORM_FIELD_DUPLICATE', [file('a.form', form([field, { type: 'group', components: [field] }]))]],
  ['FORM_FIELD_UNKNOWN', [file('a.form', form([{ type: 'hologram' }]))]],
  ['FORM_DUPLICATE', [file('a.form', form([])), file('b.form', form([]))]],
  ['DECISION_DUPLICATE', ['a.dmn', 'b.dmn'].map((name) => file(name, dmn('d')))],
];

function dmn(id: string): string {
  return `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="dmn" name="dmn" namespace="https://example.org/dmn">
  <decision id="${id}" name="${id}"><variable name="${id}" /><literalExpression><text>1 + 1</text></literalExpression></decision>
</definitions>`;
}

describe('a deployment', () => {
  test.each(deployments)('%s', async (code, given) => {
    const { report } = await compileDeployment(given, { decisions: {}, formIds: [] });
    expect(problemLines(report).join('\n')).toContain(` ${code}: `);
    seen.add(code);
  });
});

test('all problems of a file are reported at once, each at its element and line', async () => {
  const { ok, report } = await compile(
    bpmn(`<bpmn:startEvent id="s" />
<bpmn:serviceTask id="a" />
<bpmn:receiveTask id="b" />
<bpmn:scriptTask id="c">${ext('<zeebe:script expression="=1 +" resultVariable="r" />')}</bpmn:scriptTask>
<bpmn:complexGateway id="d" />
<bpmn:task id="a" />
${flow('s', 'a')}${flow('a', 'b')}${flow('b', 'c')}${flow('c', 'd')}${flow('d', 'nowhere')}`),
  );
  expect(ok).toBe(false);
  expect(problemLines(report, 'error').map((line) => line.replace(/: .*$/, ''))).toEqual([
    ':11 error a DUPLICATE_ID',
    ':7 error a IMPLEMENTATION_MISSING',
    ':8 error b MESSAGE_MISSING',
    ':9 error c FEEL_SYNTAX',
    ':10 error d ACTIVATION_CONDITION_MISSING',
    ':12 error d-nowhere REFERENCE_UNRESOLVED',
  ]);
});
