/** Decisions that take effect on a day, and version tags: which version a case is judged by. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileDeployment } from '#bpmn/deployment.ts';
import type { DeploymentFile } from '#bpmn/deployment.ts';
import { publishedDecisions } from '#db/deployments.ts';
import type { PublishedDecisions } from '#db/deployments.ts';
import type { Fact } from '#engine/fact.ts';
import type { Variables } from '#engine/json.ts';
import type { ProcessModel } from '#engine/model.ts';
import { initialState, step } from '#engine/step.ts';
import { ApiUnderTest } from '../api/api-under-test.ts';
import { administrator, filesBody } from '../api/sample-case.ts';
import { bpmn } from '../bpmn/support.ts';

let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(administrator);
}, 120_000);
afterAll(() => api.stop());

interface Version {
  readonly result: string;
  readonly validFrom?: string;
  readonly tag?: string;
}
const dmn = ({ result, validFrom, tag }: Version): string =>
  `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="dmn" name="dmn" namespace="n">
  <decision id="bantuan" name="Bantuan"><extensionElements>
    ${tag === undefined ? '' : `<zeebe:versionTag value="${tag}" />`}
    ${validFrom === undefined ? '' : `<zeebe:properties><zeebe:property name="alur.validFrom" value="${validFrom}" /></zeebe:properties>`}
  </extensionElements><variable name="bantuan" /><literalExpression><text>"${result}"</text></literalExpression></decision>
</definitions>`;
const process = (attributes = '', properties = ''): string =>
  bpmn(`<bpmn:startEvent id="s" /><bpmn:businessRuleTask id="nilai"><bpmn:extensionElements>
    <zeebe:calledDecision decisionId="bantuan" resultVariable="hasil" ${attributes} />${properties}</bpmn:extensionElements></bpmn:businessRuleTask>
  <bpmn:userTask id="t"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask><bpmn:endEvent id="e" />
  ${['s>nilai', 'nilai>t', 't>e']
    .map((line) => line.split('>'))
    .map(([from, to]) => `<bpmn:sequenceFlow id="${from}-${to}" sourceRef="${from}" targetRef="${to}" />`)
    .join('')}`);
const dated = '<zeebe:properties><zeebe:property name="alur.decisionDate" value="=tanggal" /></zeebe:properties>';

async function publish(files: Readonly<Record<string, string>>): Promise<void> {
  const answer = await api.ask('post', '/v2/deployments', { token, rawBody: filesBody(files) });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
}
const published = (): Promise<PublishedDecisions> => publishedDecisions(api.owner);
async function modelOf(content: string): Promise<ProcessModel> {
  const files: DeploymentFile[] = [{ name: 'p.bpmn', content }];
  const deployment = await compileDeployment(files, await published());
  const model = deployment.ok ? deployment.processes[0]?.model : undefined;
  if (model === undefined) throw new Error(JSON.stringify(deployment.report));
  return model;
}
/** What a case that begins at a time decides, with the fact that tells why. */
function decide(model: ProcessModel, at: string, variables: Variables = {}) {
  const start = {
    instanceKey: '1',
    definitionKey: '2',
    version: 1,
    startElement: null,
    businessKey: null,
    region: null,
  };
  const command = { type: 'startInstance', ...start, parent: null, variables } as const;
  const context = { nowMs: Date.parse(at), actor: 'ani', reason: null };
  const stepped = step(model, initialState(), command, context);
  if (!stepped.ok) throw new Error(stepped.rejection.message);
  const decided = stepped.facts.find(
    (fact): fact is Extract<Fact, { type: 'decisionEvaluated' }> => fact.type === 'decisionEvaluated',
  );
  const incident = stepped.facts.find(
    (fact): fact is Extract<Fact, { type: 'incidentRaised' }> => fact.type === 'incidentRaised',
  );
  return { result: decided?.explanation.output ?? incident?.message, explanation: decided?.explanation };
}

describe('a decision', () => {
  it('is the version in force when it is asked, or on the day the model names', async () => {
    await publish({ 'a.dmn': dmn({ result: 'lama' }) });
    expect((await modelOf(process())).decisionVersions).toBeUndefined();
    await publish({ 'a.dmn': dmn({ result: '2028', validFrom: '2028-01-01T00:00:00+07:00' }) });
    await publish({ 'a.dmn': dmn({ result: '2027', validFrom: '2027-01-01T00:00:00+07:00', tag: 'perda-7' }) });
    const model = await modelOf(process());
    // In Jakarta the new year has begun at 17:00 UTC.
    expect(decide(model, '2026-12-31T16:59:59Z')).toMatchObject({ result: 'lama' });
    expect(decide(model, '2026-12-31T17:00:00Z')).toMatchObject({
      result: '2027',
      explanation: { validFromMs: Date.parse('2027-01-01T00:00:00+07:00'), versionTag: 'perda-7' },
    });
    expect(decide(model, '2028-06-01T00:00:00Z').result).toBe('2028');
    const byDay = await modelOf(process('', dated));
    expect(decide(byDay, '2028-06-01T00:00:00Z', { tanggal: '2027-02-01T08:00:00+07:00' }).result).toBe('2027');
    expect(decide(byDay, '2028-06-01T00:00:00Z', { tanggal: 'kemarin' }).result).toMatch(/decision date/);
  });

  it('of the same day is replaced by what is published later, and all of them by one without a day', async () => {
    await publish({ 'a.dmn': dmn({ result: '2027 diperbaiki', validFrom: '2027-01-01T00:00:00+07:00' }) });
    expect(decide(await modelOf(process()), '2027-02-01T00:00:00Z').result).toBe('2027 diperbaiki');
    await publish({ 'a.dmn': dmn({ result: 'baru' }) });
    const model = await modelOf(process());
    expect([model.decisionVersions, decide(model, '2028-06-01T00:00:00Z').result]).toEqual([undefined, 'baru']);
  });

  it('is found by its tag, whatever is in force', async () => {
    const model = await modelOf(process('bindingType="versionTag" versionTag="perda-7"'));
    expect(decide(model, '2026-01-01T00:00:00Z').result).toBe('2027');
    const missing = await compileDeployment(
      [{ name: 'p.bpmn', content: process('bindingType="versionTag" versionTag="tidak-ada"') }],
      await published(),
    );
    expect(JSON.stringify(missing.report)).toContain('DECISION_NOT_FOUND');
  });

  it('that is not in force yet is an incident, and a day that is none is refused', async () => {
    const later = dmn({ result: 'nanti', validFrom: '2030-01-01T00:00:00+07:00' }).replaceAll('bantuan', 'kelak');
    await publish({ 'b.dmn': later });
    const model = await modelOf(process().replaceAll('bantuan', 'kelak'));
    expect(decide(model, '2026-01-01T00:00:00Z').result).toMatch(/No version of decision 'kelak' is in force/);
    const wrong = await compileDeployment([{ name: 'c.dmn', content: dmn({ result: 'x', validFrom: '2027-01-01' }) }], {
      decisions: {},
    });
    expect([wrong.ok, JSON.stringify(wrong.report)]).toEqual([false, expect.stringContaining('DMN_VERSION_PROPERTY')]);
  });
});
