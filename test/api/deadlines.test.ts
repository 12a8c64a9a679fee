/** Other default deadlines: before they are saved an administrator sees who keeps the old one and what runs by it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileDeployment } from '#bpmn/deployment.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { recordFacts } from '#db/record-facts.ts';
import type { FactOfCommand } from '#db/projections/projection.ts';
import { MemoryHost } from '#engine/memory.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { administrator, filesBody } from './sample-case.ts';

const startMs = Date.parse('2026-03-02T01:00:00Z');
const inDays = (days: number): string => new Date(startMs + days * 86_400_000).toISOString();
const duration = (id: string, name: string): string =>
  `<bpmn:timerEventDefinition id="${id}"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">=duration(tenggat.${name})</bpmn:timeDuration></bpmn:timerEventDefinition>`;
const bpmn = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:uji">
  <bpmn:process id="kunjungan" name="Kunjungan" isExecutable="true">
    <bpmn:startEvent id="mulai" /><bpmn:sequenceFlow id="f1" sourceRef="mulai" targetRef="kunjungi" />
    <bpmn:userTask id="kunjungi" name="Kunjungi"><bpmn:extensionElements><zeebe:userTask /><zeebe:taskSchedule dueDate="=now() + duration(tenggat.survei)" />
      <zeebe:ioMapping><zeebe:input source="=tenggat.surveiKedua" target="lain" /></zeebe:ioMapping></bpmn:extensionElements></bpmn:userTask>
    <bpmn:boundaryEvent id="ingatkan" name="Ingatkan" attachedToRef="kunjungi" cancelActivity="false">${duration('t1', 'survei')}</bpmn:boundaryEvent>
    <bpmn:boundaryEvent id="lewat" attachedToRef="kunjungi">${duration('t2', 'surveiKedua')}</bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f2" sourceRef="kunjungi" targetRef="selesai" /><bpmn:endEvent id="selesai" />
    <bpmn:sequenceFlow id="f3" sourceRef="ingatkan" targetRef="diingatkan" /><bpmn:endEvent id="diingatkan" />
    <bpmn:sequenceFlow id="f4" sourceRef="lewat" targetRef="terlewat" /><bpmn:endEvent id="terlewat" />
  </bpmn:process>
</bpmn:definitions>`;

let api: ApiUnderTest;
let token: string;
const keys: Record<string, string> = {};
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(administrator);
  const rawBody = filesBody({ 'kunjungan.bpmn': bpmn });
  const { body } = await api.ask('post', '/v2/deployments', { token, rawBody });
  const [published] = body.deployments as [{ processDefinition: { processDefinitionKey: string } }];
  const definitionKey = published.processDefinition.processDefinitionKey;
  const compiled = await compileDeployment([{ name: 'kunjungan.bpmn', content: bpmn }], { decisions: {} });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.report));
  const cases = { ani: 'P7D', budi: 'P7D', citra: 'P5D', dewi: 'P7D' };
  for (const [name, survei] of Object.entries(cases)) {
    const host = new MemoryHost(startMs + Object.keys(keys).length * 86_400_000);
    host.deploy(compiled.processes.map(({ model }) => model));
    host.createInstance({ processId: 'kunjungan', variables: { tenggat: { survei, surveiKedua: 'P30D' } } });
    if (name === 'dewi') host.completeUserTask(host.userTasks()[0]?.key ?? '', {});
    const instanceKey = await nextKey(api.worker);
    keys[name] = instanceKey;
    const facts = host.factsOf(host.instanceKeys()[0] ?? '').map(({ fact, ...recorded }): FactOfCommand => ({
      ...recorded,
      commandKey: null,
      fact: fact.type === 'instanceStarted' ? { ...fact, instanceKey, definitionKey } : fact,
    }));
    const about = { instanceKey, processId: 'kunjungan', definitionKey, businessKey: name, region: '32.15' };
    await recordFacts(api.worker, { ...about, facts });
  }
  await put({ baku: { survei: 'P7D', surveiKedua: 'P30D' }, singkat: { survei: 'PT1M' } });
}, 240_000);
afterAll(() => api.stop());

const put = (value: object) =>
  api.ask('put', '/v2/settings/dtks.tenggat', { token, body: { value }, headers: { 'If-Match': '*' } });
const check = (value: object) => api.ask('post', '/v2/deadlines/impact', { token, body: { value } });

describe('other default deadlines', () => {
  it('tell of each that differs how many running cases keep it, and what runs by it', async () => {
    const { status, body } = await check({
      baku: { survei: 'P10D', surveiKedua: 'P30D', baru: 'P1D' },
      singkat: { survei: 'PT1M' },
    });
    expect(status).toBe(200);
    const step = { processDefinitionId: 'kunjungan', processDefinitionVersion: 1, count: 2 };
    const due = { firstDueDate: inDays(7), lastDueDate: inDays(8), examples: [keys['ani'], keys['budi']] };
    expect(body.items).toEqual([
      {
        profile: 'baku',
        name: 'survei',
        before: 'P7D',
        after: 'P10D',
        running: 2,
        waits: [
          { ...step, kind: 'timer', elementId: 'ingatkan', elementName: 'Ingatkan', ...due },
          { ...step, kind: 'userTask', elementId: 'kunjungi', elementName: 'Kunjungi', ...due },
        ],
      },
      { profile: 'baku', name: 'baru', before: null, after: 'P1D', running: 0, waits: [] },
    ]);
  });
  it('tell of those that are gone', async () => {
    const { body } = await check({ baku: { survei: 'P7D', surveiKedua: 'P30D' } });
    expect(body.items).toEqual([
      { profile: 'singkat', name: 'survei', before: 'PT1M', after: null, running: 0, waits: [] },
    ]);
  });
  it('show nobody the cases of another region', async () => {
    const elsewhere = await api.token({ name: 'admin-lain', region: '31.71', roles: ['administrator'] });
    const { body } = await api.ask('post', '/v2/deadlines/impact', {
      token: elsewhere,
      body: { value: { baku: { survei: 'P10D', surveiKedua: 'P30D' }, singkat: { survei: 'PT1M' } } },
    });
    expect(body.items).toMatchObject([{ name: 'survei', running: 0, waits: [] }]);
  });
  it('are refused where they say nothing, by name: to be looked at and to be saved', async () => {
    const value = { baku: { survei: 'tujuh hari', surveiKedua: 'P1M' } };
    const looked = await check(value);
    expect([looked.status, JSON.stringify(looked.body.errors)]).toEqual([400, expect.stringContaining('survei')]);
    const saved = await put(value);
    expect(saved.status).toBe(400);
    expect(saved.body.errors).toMatchObject([{ field: 'value.baku.survei' }, { field: 'value.baku.surveiKedua' }]);
    expect((await put({ baku: 'P7D' })).status).toBe(400);
  });
});
