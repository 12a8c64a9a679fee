/** Looking back through the API: 1,000 finished cases run again through a candidate, moments of a case, suppositions. */
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { compileDeployment } from '#bpmn/deployment.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { recordFacts } from '#db/record-facts.ts';
import type { FactOfCommand } from '#db/projections/projection.ts';
import { MemoryHost } from '#engine/memory.ts';
import { Chance, seedOf } from '../engine/seeded.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { administrator, filesBody } from './sample-case.ts';

const day = 86_400_000;
const startMs = Date.parse('2026-03-02T01:00:00Z');

const bpmn = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:uji">
  <bpmn:process id="uji" name="Uji" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties><zeebe:property name="alur.region" value="=wilayah" /></zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="mulai" /><bpmn:sequenceFlow id="f1" sourceRef="mulai" targetRef="nilai" />
    <bpmn:businessRuleTask id="nilai"><bpmn:extensionElements><zeebe:calledDecision decisionId="layak" resultVariable="layak" /></bpmn:extensionElements></bpmn:businessRuleTask>
    <bpmn:sequenceFlow id="f2" sourceRef="nilai" targetRef="periksa" />
    <bpmn:userTask id="periksa" name="Periksa"><bpmn:extensionElements><zeebe:userTask /><zeebe:formDefinition formId="periksa" /></bpmn:extensionElements></bpmn:userTask>
    <bpmn:boundaryEvent id="tenggat" attachedToRef="periksa"><bpmn:timerEventDefinition><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:sequenceFlow id="f3" sourceRef="tenggat" targetRef="kedaluwarsa" /><bpmn:endEvent id="kedaluwarsa" />
    <bpmn:sequenceFlow id="f4" sourceRef="periksa" targetRef="putusan" />
    <bpmn:exclusiveGateway id="putusan" default="ke-tolak" />
    <bpmn:sequenceFlow id="kembali" sourceRef="putusan" targetRef="nilai"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=putusan = "kembali"</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="ke-rapat" sourceRef="putusan" targetRef="rapat"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=layak and putusan = "setuju"</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="ke-tolak" sourceRef="putusan" targetRef="tolak" />
    <bpmn:userTask id="rapat" name="Rapat"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=[1,2,3]" inputElement="kursi" outputCollection="suara" outputElement="=setuju" /></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>
    <bpmn:sequenceFlow id="f5" sourceRef="rapat" targetRef="hitung" />
    <bpmn:exclusiveGateway id="hitung" default="f7" />
    <bpmn:sequenceFlow id="f6" sourceRef="hitung" targetRef="terima"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=count(suara[item = true]) &gt;= 2</bpmn:conditionExpression></bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="f7" sourceRef="hitung" targetRef="tolak" />
    <bpmn:endEvent id="terima" /><bpmn:endEvent id="tolak" />
  </bpmn:process>
</bpmn:definitions>`;
const dmn = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="layak-file" name="layak" namespace="urn:uji">
  <decision id="layak" name="Layak"><literalExpression><text>skor &gt;= 50</text></literalExpression></decision>
</definitions>`;
const formOf = (isRequired: boolean): string =>
  JSON.stringify({
    id: 'periksa',
    type: 'default',
    components: [
      { type: 'textfield', key: 'putusan', label: 'Putusan' },
      { type: 'textfield', key: 'catatan', label: 'Catatan', validate: { required: isRequired } },
    ],
  });
const before = { 'uji.bpmn': bpmn, 'layak.dmn': dmn, 'periksa.form': formOf(false) };
/** A shorter deadline, a review for one neighbourhood, a higher threshold, a note that must be written. */
const candidate = {
  'uji.bpmn': bpmn.replace('P3D', 'P2D').replace(
    '<bpmn:sequenceFlow id="f5" sourceRef="rapat" targetRef="hitung" />',
    `<bpmn:sequenceFlow id="f5" sourceRef="rapat" targetRef="pilah" /><bpmn:exclusiveGateway id="pilah" default="f8" />
       <bpmn:sequenceFlow id="f8" sourceRef="pilah" targetRef="hitung" />
       <bpmn:sequenceFlow id="f9" sourceRef="pilah" targetRef="tinjau"><bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=rt = "099"</bpmn:conditionExpression></bpmn:sequenceFlow>
       <bpmn:userTask id="tinjau"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements></bpmn:userTask>
       <bpmn:sequenceFlow id="f10" sourceRef="tinjau" targetRef="hitung" />`,
  ),
  'layak.dmn': dmn.replace('50', '55'),
  'periksa.form': formOf(true),
};

interface Planted {
  readonly kind: 'different' | 'open' | 'refused';
  readonly cause: 'threshold' | 'deadline' | 'review' | 'note';
}
/** 15 + 10 + 5 + 7 cases in which each change makes its difference. */
const planted: readonly Planted[] = [
  ...Array.from({ length: 15 }, () => ({ kind: 'different', cause: 'threshold' }) as const),
  ...Array.from({ length: 10 }, () => ({ kind: 'different', cause: 'deadline' }) as const),
  ...Array.from({ length: 5 }, () => ({ kind: 'open', cause: 'review' }) as const),
  ...Array.from({ length: 7 }, () => ({ kind: 'refused', cause: 'note' }) as const),
];
const cases = 1_000;

/** Plays one case to its end. */
function play(host: MemoryHost, chance: Chance, plant: Planted | null): void {
  const cause = plant?.cause ?? null;
  const skor = cause === 'threshold' ? 52 : cause === null && chance.once(4) ? 20 : 60 + chance.below(30);
  const rt = cause === 'review' ? '099' : `00${chance.below(9)}`;
  host.createInstance({ processId: 'uji', variables: { skor, rt, wilayah: '32.15' } });
  const task = (): string => host.userTasks()[0]?.key ?? '';
  if (cause === null && chance.once(8)) {
    host.advanceTime(host.nowMs + 4 * day);
    return;
  }
  host.advanceTime(host.nowMs + (cause === 'deadline' ? 2.5 * day : chance.below(40) * 3_600_000));
  const catatan = cause === 'note' ? {} : { catatan: 'sudah dilihat' };
  if (cause === null && chance.once(3)) host.completeUserTask(task(), { putusan: 'kembali', catatan: 'lengkapi' });
  host.completeUserTask(task(), { putusan: 'setuju', ...catatan }, 'ani');
  for (let seat = host.userTasks().length; seat > 0; seat--) {
    host.advanceTime(host.nowMs + 60_000);
    host.completeUserTask(task(), { setuju: cause !== null || !chance.once(3) }, `warga-${seat}`);
  }
}

let api: ApiUnderTest;
let token: string;
let definitionKey: string;
const planned = new Map<string, Planted>();
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(administrator);
  const answer = await api.ask('post', '/v2/deployments', { token, rawBody: filesBody(before) });
  const items = answer.body.deployments as { processDefinition: { processDefinitionKey: string } | null }[];
  definitionKey = items.find((item) => item.processDefinition)?.processDefinition?.processDefinitionKey ?? '';
  const files = Object.entries(before).map(([name, content]) => ({ name, content }));
  const compiled = await compileDeployment(files, { decisions: {}, formIds: [] });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.report));
  const chance = new Chance(seedOf('regression'), 0);
  for (let index = 0; index < cases; index++) {
    const host = new MemoryHost(startMs);
    host.deploy(compiled.processes.map(({ model }) => model));
    // spread among the others
    const plant = index % 27 === 0 ? (planted[index / 27] ?? null) : null;
    play(host, chance, plant);
    const instanceKey = await nextKey(api.worker);
    if (plant) planned.set(instanceKey, plant);
    const facts = host.factsOf(host.instanceKeys()[0] ?? '').map(({ fact, ...recorded }): FactOfCommand => ({
      ...recorded,
      commandKey: null,
      fact: fact.type === 'instanceStarted' ? { ...fact, instanceKey, definitionKey } : fact,
    }));
    await recordFacts(api.worker, {
      instanceKey,
      processId: 'uji',
      definitionKey,
      businessKey: null,
      region: '32.15',
      facts,
    });
  }
}, 240_000);
afterAll(() => api.stop());

describe('regression by history', () => {
  it(`finds exactly the ${planted.length} planted differences among ${cases} finished cases`, async () => {
    const answer = await api.ask('post', `/v2/deployments/regression?cases=${cases}`, {
      token,
      rawBody: filesBody(candidate),
    });
    const [result] = answer.body.items as [{ cases: { processInstanceKey: string; kind: string }[] }];
    expect(result).toMatchObject({
      compared: cases,
      same: cases - 37,
      different: 25,
      open: 5,
      refused: 7,
      notComparable: 0,
    });
    const found = result.cases.map(({ processInstanceKey, kind }) => `${processInstanceKey} ${kind}`);
    expect(found.toSorted()).toEqual([...planned].map(([key, { kind }]) => `${key} ${kind}`).toSorted());
    const first = (cause: Planted['cause']) => {
      const key = [...planned].find(([, plant]) => plant.cause === cause)?.[0];
      return result.cases.find(({ processInstanceKey }) => processInstanceKey === key);
    };
    expect(first('threshold')).toMatchObject({ parting: { recorded: 'layak = true', candidate: 'layak = false' } });
    expect(first('deadline')).toMatchObject({
      after: { endElements: ['kedaluwarsa'] },
      parting: { candidate: 'xperiksa' },
    });
    expect(first('review')).toMatchObject({ waitsAt: ['tinjau'] });
    expect(first('note')).toMatchObject({ elementId: 'periksa', fields: ['catatan'] });
  }, 120_000);
  it('finds none when nothing has changed', async () => {
    const answer = await api.ask('post', '/v2/deployments/regression?cases=1000', {
      token,
      rawBody: filesBody(before),
    });
    expect(answer.body.items[0]).toMatchObject({ compared: cases, same: cases, cases: [], variables: {} });
  }, 120_000);
  it('refuses a candidate that could not be published', async () => {
    const rawBody = filesBody({ 'uji.bpmn': bpmn.replace('targetRef="nilai"', 'targetRef="tidak-ada"') });
    expect((await api.ask('post', '/v2/deployments/regression', { token, rawBody })).status).toBe(422);
  });
});

describe('alur regression', () => {
  it('tells it in words, and ends with 1', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'alur-regression-'));
    for (const [name, content] of Object.entries(candidate)) writeFileSync(path.join(folder, name), content);
    const told = ['regression', folder, '--cases', '1000', '--url', api.url, '--password', 'password of admin'];
    const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
      const child = execFile(process.execPath, ['--import', 'tsx', 'cli/main.ts', ...told], (_, output) =>
        resolve({ code: child.exitCode ?? -1, output }),
      );
    });
    expect(output).toContain('963 sama, 25 berakhir lain, 5 akan menunggu, 7 ditolak formulir');
    expect(output).toContain('layak = true → layak = false');
    expect(code).toBe(1);
  }, 120_000);
});

describe('time travel', () => {
  const aCase = (): string => [...planned].find(([, { cause }]) => cause === 'threshold')?.[0] ?? '';
  const moment = (factNumber: number) => api.ask('get', `/v2/cases/${aCase()}/moments/${factNumber}`, { token });

  it('shows any case at any of its facts', async () => {
    const facts = (await api.ask('get', `/v2/cases/${aCase()}/facts`, { token })).body.items as {
      number: number;
      fact: { type: string; elementId?: string };
    }[];
    const created = facts.find(({ fact }) => fact.type === 'userTaskCreated');
    const at = await moment(created?.number ?? 0);
    expect(at.body).toMatchObject({
      lastFactNumber: facts.length,
      fact: { fact: { type: 'userTaskCreated', elementId: 'periksa' } },
      state: { status: 'active', timers: [{ elementId: 'tenggat', dueDate: '2026-03-05T01:00:00.000Z' }] },
    });
    const [whole, task] = at.body.state.elements as { elementId: string; variables: object }[];
    expect(whole?.variables).toMatchObject({ skor: 52, layak: true });
    expect(task?.elementId).toBe('periksa');
    expect((await moment(facts.length)).body.state).toMatchObject({ status: 'completed', endElements: ['terima'] });
    expect((await moment(facts.length + 1)).status).toBe(404);
  });
  it('lets a copy go on otherwise, and touches nothing', async () => {
    const count = async () =>
      (await api.owner.query('select count(*)::int as facts from fact')).rows[0]?.facts as number;
    const stored = await count();
    const facts = (await api.ask('get', `/v2/cases/${aCase()}/facts`, { token })).body.items as {
      number: number;
      fact: { type: string };
    }[];
    const at = facts.find(({ fact }) => fact.type === 'userTaskCreated')?.number ?? 0;
    const suppose = (suppositions: object[]) =>
      api.ask('post', `/v2/cases/${aCase()}/moments/${at}/supposition`, { token, body: { suppositions } });
    const refused = await suppose([
      { type: 'completeUserTask', elementId: 'periksa', variables: { putusan: 'tolak' } },
    ]);
    expect(refused.body.state).toMatchObject({ status: 'completed', endElements: ['tolak'] });
    expect(refused.body.facts[0]).toMatchObject({
      number: at + 1,
      actor: 'admin',
      fact: { type: 'userTaskCompleted' },
    });
    const late = await suppose([{ type: 'waitUntil', at: '2026-03-09T00:00:00Z' }]);
    expect(late.body.state.endElements).toEqual(['kedaluwarsa']);
    const impossible = await suppose([{ type: 'completeUserTask', elementId: 'rapat' }]);
    expect(impossible.status).toBe(409);
    expect(impossible.body.detail).toContain('rapat');
    expect(await count()).toBe(stored);
  });
  it('shows a case only to those who may see it', async () => {
    const elsewhere = await api.token({ name: 'jauh', region: '31', roles: ['supervisor'] });
    expect((await api.ask('get', `/v2/cases/${aCase()}/moments/1`, { token: elsewhere })).status).toBe(404);
  });
});
