/** Several files published together: bound to each other, all or none. */
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { canonicalJson } from '#bpmn/canonical-json.ts';
import { compileDeployment } from '#bpmn/deployment.ts';
import { bpmn, problemLines } from './support.ts';

const ext = (content: string): string => `<bpmn:extensionElements>${content}</bpmn:extensionElements>`;
const flow = (from: string, to: string): string =>
  `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}" />`;
const caller = bpmn(
  `<bpmn:startEvent id="s">${ext('<zeebe:formDefinition formId="start" />')}</bpmn:startEvent>
<bpmn:startEvent id="m"><bpmn:messageEventDefinition messageRef="message" /></bpmn:startEvent>
<bpmn:startEvent id="t"><bpmn:timerEventDefinition><bpmn:timeCycle>R/P1D</bpmn:timeCycle></bpmn:timerEventDefinition></bpmn:startEvent>
<bpmn:businessRuleTask id="decide">${ext('<zeebe:calledDecision decisionId="total" resultVariable="r" bindingType="deployment" />')}</bpmn:businessRuleTask>
<bpmn:callActivity id="call">${ext('<zeebe:calledElement processId="called" bindingType="deployment" />')}</bpmn:callActivity>
<bpmn:endEvent id="e" />
${flow('s', 'decide')}${flow('m', 'decide')}${flow('t', 'decide')}${flow('decide', 'call')}${flow('call', 'e')}`,
  '<bpmn:message id="message" name="masuk" />',
);
const called = bpmn(
  '<bpmn:startEvent id="s" /><bpmn:endEvent id="e" /><bpmn:sequenceFlow id="f" sourceRef="s" targetRef="e" />',
).replace('process id="p"', 'process id="called"');
const decisions = `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="dmn" name="dmn" namespace="https://example.org/dmn">
  <decision id="total" name="total"><variable name="total" />
    <informationRequirement id="i"><requiredDecision href="#part" /></informationRequirement>
    <literalExpression><text>part * 2</text></literalExpression></decision>
  <decision id="part" name="part"><variable name="part" /><literalExpression><text>21</text></literalExpression></decision>
</definitions>`;
const form = JSON.stringify({ type: 'default', id: 'start', components: [{ type: 'textfield', key: 'nama' }] });
const files = [
  { name: 'a.bpmn', content: caller },
  { name: 'start.form', content: form },
  { name: 'b.bpmn', content: called },
  { name: 'c.dmn', content: decisions },
];

describe('compileDeployment', () => {
  test('binds processes, decisions with what they require, and forms', async () => {
    const deployment = await compileDeployment(files, { decisions: {}, formIds: [] });
    expect(problemLines(deployment.report)).toEqual([]);
    if (!deployment.ok) throw new Error('refused');
    const [process, other] = deployment.processes;
    expect(deployment.processes.map(({ model }) => model.processId)).toEqual(['p', 'called']);
    expect(process?.startFormId).toBe('start');
    expect(process?.model.startElements).toEqual(['s', 'm', 't']);
    expect(Object.keys(process?.model.decisions ?? {})).toEqual(['total']);
    expect(Object.keys(process?.model.decisions['total']?.nodes ?? {}).sort()).toEqual(['part', 'total']);
    expect(other?.model.decisions).toEqual({});
    expect(deployment.decisions.map(({ model }) => model.id)).toEqual(['total', 'part']);
    expect(deployment.forms.map(({ formId }) => formId)).toEqual(['start']);
    expect(process?.sha256).toBe(createHash('sha256').update(canonicalJson(process?.model)).digest('hex'));
    expect(deployment.report.resources.map(({ resourceName }) => resourceName)).toEqual(files.map(({ name }) => name));
  });

  test('is all or nothing', async () => {
    const broken = [...files, { name: 'd.form', content: '{}' }];
    const deployment = await compileDeployment(broken, { decisions: {}, formIds: [] });
    expect(deployment.ok).toBe(false);
    expect('processes' in deployment).toBe(false);
    expect(deployment.report.resources.filter((report) => !report.ok).map((report) => report.resourceName)).toEqual([
      'd.form',
    ]);
  });

  test('finds decisions that were published before, but not for a binding to this deployment', async () => {
    const first = await compileDeployment(files, { decisions: {} });
    if (!first.ok) throw new Error('refused');
    const existing = { decisions: Object.fromEntries(first.decisions.map(({ model }) => [model.id, model])) };
    const latest = files.slice(0, 3).map(({ name, content }) => ({
      name,
      content: content.replace('resultVariable="r" bindingType="deployment"', 'resultVariable="r"'),
    }));
    const again = await compileDeployment(latest, existing);
    expect(problemLines(again.report)).toEqual([]);
    expect(again.ok && again.processes[0]?.model.decisions['total']).toBeTruthy();
    const bound = await compileDeployment(files.slice(0, 3), existing);
    expect(problemLines(bound.report).join()).toContain('DECISION_NOT_IN_DEPLOYMENT');
  });

  test('publishes the forms embedded in a process with it', async () => {
    const content = bpmn(`${ext(`<zeebe:userTaskForm id="inner">${form}</zeebe:userTaskForm>`)}
<bpmn:startEvent id="s" /><bpmn:userTask id="u">${ext('<zeebe:formDefinition formKey="camunda-forms:bpmn:inner" />')}</bpmn:userTask>
<bpmn:endEvent id="e" />${flow('s', 'u')}${flow('u', 'e')}`);
    const deployment = await compileDeployment([{ name: 'a.bpmn', content }], { decisions: {}, formIds: [] });
    expect(problemLines(deployment.report)).toEqual([]);
    expect(deployment.ok && deployment.forms.map(({ formId }) => formId)).toEqual(['p.inner']);
  });

  test('binds forms to the deployment by their content, and to a version tag', async () => {
    const task = (id: string, binding: string): string =>
      `<bpmn:userTask id="${id}">${ext(`<zeebe:formDefinition formId="start" ${binding} />`)}</bpmn:userTask>`;
    const content = bpmn(
      `<bpmn:startEvent id="s" />${task('u', 'bindingType="deployment"')}${task('v', 'bindingType="versionTag" versionTag="2026"')}<bpmn:endEvent id="e" />${flow('s', 'u')}${flow('u', 'v')}${flow('v', 'e')}`,
    );
    const tagged = JSON.stringify({ ...(JSON.parse(form) as object), versionTag: '2026' });
    const bound = [
      { name: 'a.bpmn', content },
      { name: 'start.form', content: tagged },
    ];
    const deployment = await compileDeployment(bound, { decisions: {}, formIds: [] });
    expect(problemLines(deployment.report)).toEqual([]);
    if (!deployment.ok) throw new Error('refused');
    const nodes = deployment.processes[0]?.model.nodes ?? {};
    const formIds = ['u', 'v'].map((id) => (nodes[id]?.type === 'userTask' ? nodes[id].task.formId : null));
    expect(formIds).toEqual([expect.stringMatching(/^start@[0-9a-f]{16}$/), 'start#2026']);
    expect(deployment.forms.map(({ formId }) => formId)).toEqual(['start', formIds[0], 'start#2026']);
    const without = await compileDeployment(bound.slice(0, 1), { decisions: {}, formIds: ['start', 'start#2026'] });
    expect(problemLines(without.report).join()).toContain('FORM_NOT_IN_DEPLOYMENT');
  });

  test('reports what is wrong with a decision at its place', async () => {
    const content = decisions.replace('part * 2', 'part *');
    const { ok, report } = await compileDeployment([{ name: 'c.dmn', content }], { decisions: {} });
    expect(ok).toBe(false);
    expect(problemLines(report)).toHaveLength(1);
    expect(problemLines(report)[0]).toMatch(/^c\.dmn:2 error total DMN_FEEL_SYNTAX/);
  });
});

describe('canonicalJson', () => {
  test('orders keys at every depth and nothing else', () => {
    expect(canonicalJson({ b: [2, 1, { z: 1, a: 2 }], a: null, B: 'x' })).toBe(
      '{"B":"x","a":null,"b":[2,1,{"a":2,"z":1}]}',
    );
    expect(canonicalJson(JSON.parse('{"10":1,"9":2}'))).toBe('{"10":1,"9":2}');
  });
});
