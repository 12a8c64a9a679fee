/** A changed table alone: who would be answered otherwise is known before it is published, and it reaches the processes that use it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileDeployment } from '#bpmn/deployment.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { recordFacts } from '#db/record-facts.ts';
import type { FactOfCommand } from '#db/projections/projection.ts';
import { MemoryHost } from '#engine/memory.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { administrator, filesBody } from './sample-case.ts';

const bpmn = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:uji">
  <bpmn:process id="uji" name="Uji" isExecutable="true">
    <bpmn:startEvent id="mulai" /><bpmn:sequenceFlow id="f1" sourceRef="mulai" targetRef="nilai" />
    <bpmn:businessRuleTask id="nilai"><bpmn:extensionElements><zeebe:calledDecision decisionId="layak" resultVariable="layak" />
      <zeebe:ioMapping><zeebe:input source="=kunjungan.skor" target="skor" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:businessRuleTask>
    <bpmn:sequenceFlow id="f2" sourceRef="nilai" targetRef="periksa" />
    <bpmn:userTask id="periksa"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask>
    <bpmn:sequenceFlow id="f3" sourceRef="periksa" targetRef="nilai-lagi" />
    <bpmn:businessRuleTask id="nilai-lagi"><bpmn:extensionElements><zeebe:calledDecision decisionId="layak" resultVariable="layak" />
      <zeebe:ioMapping><zeebe:input source="=kunjungan.skor" target="skor" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:businessRuleTask>
    <bpmn:sequenceFlow id="f4" sourceRef="nilai-lagi" targetRef="selesai" /><bpmn:endEvent id="selesai" />
  </bpmn:process>
</bpmn:definitions>`;
const other = bpmn
  .replaceAll('"uji"', '"lain"')
  .replaceAll('calledDecision decisionId="layak"', 'calledDecision decisionId="tetap"');
const literal = (id: string, text: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="${id}-file" name="${id}" namespace="urn:${id}">
  <decision id="${id}" name="Nilai"><literalExpression><text>${text}</text></literalExpression></decision>
</definitions>`;
const threshold = (least: number): string => literal('layak', `{layak: skor &gt;= ${String(least)}}`);
const before = { 'uji.bpmn': bpmn, 'lain.bpmn': other, 'layak.dmn': threshold(50), 'tetap.dmn': literal('tetap', '1') };
/** Score when first asked and whether the case has gone on since, with another score. */
const cases = {
  ani: { skor: 52 },
  budi: { skor: 60 },
  citra: { skor: 20, again: 54 },
  dewi: { skor: 53, again: 80 },
} as const;

let api: ApiUnderTest;
let token: string;
const keys: Record<string, string> = {};
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(administrator);
  const { body } = await api.ask('post', '/v2/deployments', { token, rawBody: filesBody(before) });
  const published = (body.deployments as { processDefinition: Record<string, string> | null }[]).find(
    ({ processDefinition }) => processDefinition?.['processDefinitionId'] === 'uji',
  );
  const definitionKey = published?.processDefinition?.['processDefinitionKey'] ?? '';
  const files = Object.entries(before).map(([name, content]) => ({ name, content }));
  const compiled = await compileDeployment(files, { decisions: {} });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.report));
  for (const [name, { skor, ...more }] of Object.entries(cases)) {
    const host = new MemoryHost(Date.parse('2026-03-02T01:00:00Z') + Object.keys(keys).length * 60_000);
    host.deploy(compiled.processes.map(({ model }) => model));
    host.createInstance({ processId: 'uji', variables: { kunjungan: { skor } } });
    if ('again' in more) host.completeUserTask(host.userTasks()[0]?.key ?? '', { kunjungan: { skor: more.again } });
    const instanceKey = await nextKey(api.worker);
    keys[name] = instanceKey;
    const facts = host.factsOf(host.instanceKeys()[0] ?? '').map(({ fact, ...recorded }): FactOfCommand => ({
      ...recorded,
      commandKey: null,
      fact: fact.type === 'instanceStarted' ? { ...fact, instanceKey, definitionKey, businessKey: name } : fact,
    }));
    await recordFacts(api.worker, {
      instanceKey,
      processId: 'uji',
      definitionKey,
      businessKey: name,
      region: '32.15',
      facts,
    });
  }
}, 240_000);
afterAll(() => api.stop());

const changed = filesBody({ 'layak.dmn': threshold(55), 'tetap.dmn': literal('tetap', '1') });
const ask = (where: string, rawBody = changed) => api.ask('post', `/v2/deployments${where}`, { token, rawBody });

describe('a changed threshold alone', () => {
  it('is asked again what the old one was asked, with what each task saw: who would be answered otherwise', async () => {
    const { status, body } = await ask('/decisions');
    expect(status).toBe(200);
    const place = { decisionDefinitionId: 'layak', name: 'Nilai' };
    const otherwise = { before: { output: { layak: true } }, after: { output: { layak: false } }, message: null };
    const running = { ...otherwise, processDefinitionId: 'uji', state: 'ACTIVE' };
    expect(body.items).toMatchObject([
      {
        ...place,
        changes: [{ ...place, rule: null, column: null, before: '{layak: skor >= 50}', after: '{layak: skor >= 55}' }],
        recorded: 6,
        compared: 6,
        same: 3,
        different: 3,
        failed: 0,
        cases: [
          { ...running, processInstanceKey: keys['dewi'], businessId: 'dewi', elementId: 'nilai', state: 'COMPLETED' },
          { ...running, processInstanceKey: keys['citra'], elementId: 'nilai-lagi', state: 'COMPLETED' },
          { ...running, processInstanceKey: keys['ani'], elementId: 'nilai' },
        ],
      },
    ]);
  });
  it('is asked no more often than wanted, the newest first', async () => {
    expect((await ask('/decisions?evaluations=2')).body.items).toMatchObject([{ recorded: 6, compared: 2 }]);
    expect((await ask('/decisions?evaluations=0')).status).toBe(400);
  });
  it('may have no answer at all', async () => {
    const endless = filesBody({ 'layak.dmn': literal('layak', 'for a in 1..1000000 return a') });
    expect((await ask('/decisions?evaluations=1', endless)).body.items).toMatchObject([
      { compared: 1, different: 0, failed: 1, cases: [{ after: null, message: expect.any(String) }] },
    ]);
  });
  it('is nobody else’s to ask', async () => {
    const ofElsewhere = await api.token({ name: 'admin-lain', region: '31.71', roles: ['administrator'] });
    const { body } = await api.ask('post', '/v2/deployments/decisions', { token: ofElsewhere, rawBody: changed });
    expect(body.items).toMatchObject([{ recorded: 0, cases: [] }]);
  });
  it('is told with the processes that come along, and published with them', async () => {
    const uji = { processDefinitionId: 'uji', name: 'Uji', version: 1, resourceName: 'uji.bpmn' };
    expect((await ask('/check')).body).toMatchObject({ admitted: true, dependents: [] });
    const { body: check } = await ask('/check?dependents=true');
    expect(check).toMatchObject({ admitted: true, dependents: [uji] });
    expect((await ask('/impact')).body.impacts).toEqual([]);
    expect((await ask('/impact?dependents=true')).body.impacts).toMatchObject([
      {
        processDefinitionId: 'uji',
        sourceVersion: 1,
        changes: [{ kind: 'decision', change: 'changed', id: 'layak' }],
        counts: { safe: 2, needsMapping: 0, blocked: 0 },
      },
    ]);
    expect((await ask('/regression?dependents=true')).body.items).toMatchObject([
      { processDefinitionId: 'uji', compared: 2 },
    ]);
    const versions = async (where: string) =>
      ((await ask(where)).body.deployments as { processDefinition: Record<string, unknown> | null }[]).flatMap(
        ({ processDefinition: one }) =>
          one === null ? [] : [[one['processDefinitionId'], one['processDefinitionVersion']]],
      );
    expect(await versions('')).toEqual([]);
    // published alone it reaches nobody; what does not use what has changed stays as it is
    expect(await versions('?dependents=true')).toEqual([['uji', 2]]);
    expect(await versions('?dependents=true')).toEqual([]);
    expect((await ask('/decisions')).body).toEqual({ items: [] });
  });
});
