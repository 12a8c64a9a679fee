import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiUnderTest } from './api-under-test.ts';
import { administrator, filesBody, publishSample, sampleBpmn } from './sample-case.ts';

let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(administrator);
}, 120_000);
afterAll(() => api.stop());
const deploy = (files: Readonly<Record<string, string>>) =>
  api.ask('post', '/v2/deployments', { token, rawBody: filesBody(files) });
const broken = sampleBpmn
  .replace('<zeebe:userTask />', '')
  .replaceAll('bpmn:userTask', 'bpmn:transaction')
  .replace('sourceRef="periksa" targetRef="selesai"', 'sourceRef="periksa" targetRef="tidak-ada"');

describe('deployments', () => {
  it('publishes, and keeps key and version of what is unchanged', async () => {
    const first = await deploy({ 'contoh.bpmn': sampleBpmn });
    expect(first.status).toBe(200);
    const again = await deploy({ 'contoh.bpmn': sampleBpmn });
    expect(again.body.deployments).toEqual(first.body.deployments);
    const changed = await deploy({ 'contoh.bpmn': sampleBpmn.replace('name="Periksa"', 'name="Periksa lagi"') });
    expect(changed.body.deployments[0].processDefinition).toMatchObject({
      processDefinitionId: 'contoh',
      processDefinitionVersion: 2,
    });
    expect(Object.keys(changed.body.deployments[0]).sort()).toEqual([
      'decisionDefinition',
      'decisionRequirements',
      'form',
      'processDefinition',
      'resource',
    ]);
  });
  it('refuses a broken diagram with every element at fault, and publishes nothing of the deployment', async () => {
    const before = await api.ask('post', '/v2/process-definitions/search', { token, body: {} });
    const refused = await deploy({ 'lain.bpmn': sampleBpmn.replaceAll('contoh', 'lain'), 'rusak.bpmn': broken });
    expect(refused.status).toBe(422);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body.code).toBe('notAdmitted');
    expect(refused.body.admission.map((line: { elementId: string }) => line.elementId)).toContain('periksa');
    const after = await api.ask('post', '/v2/process-definitions/search', { token, body: {} });
    expect(after.body.page.totalItems).toBe(before.body.page.totalItems);
  });
  it('tells the admission report without publishing', async () => {
    const checked = await api.ask('post', '/v2/deployments/check', {
      token,
      rawBody: filesBody({ 'rusak.bpmn': broken }),
    });
    expect(checked.body.admitted).toBe(false);
    expect(checked.body.reports[0].problems.length).toBeGreaterThan(0);
  });
  it('gives back the document as it was published, and its report', async () => {
    const key = await publishSample(api);
    const xml = await api.ask('get', `/v2/process-definitions/${key}/xml`, { token });
    expect(xml.headers.get('content-type')).toContain('text/xml');
    expect(xml.text).toBe(sampleBpmn);
    const report = await api.ask('get', `/v2/process-definitions/${key}/admission`, { token });
    expect(report.body).toMatchObject({ processDefinitionId: 'contoh', problems: [] });
  });
  it('refuses requests without files, of another type, or with a document type declaration', async () => {
    expect((await api.ask('post', '/v2/deployments', { token, body: {} })).status).toBe(415);
    expect((await deploy({})).status).toBe(400);
    const attack = await deploy({ 'a.bpmn': `<!DOCTYPE x [<!ENTITY e "x">]>${sampleBpmn}` });
    expect(attack.status).toBe(422);
  });
  it('writes one audit row per deployment', async () => {
    const { rows } = await api.owner.query<{ count: number }>(
      "select count(*)::int as count from audit where action = 'deployment.create'",
    );
    const { rows: deployments } = await api.owner.query<{ count: number }>(
      'select count(*)::int as count from deployment',
    );
    expect(rows[0]?.count).toBe(deployments[0]?.count);
  });
});
