/** Rights of the people whose data is kept: restricted data is read by nobody but the officer, copies are his to hand out, reports find their case. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSubjectRights } from '#db/subject-rights.ts';
import type { SubjectRights } from '#db/subject-rights.ts';
import { ApiUnderTest } from './api-under-test.ts';
import type { Answered } from './api-under-test.ts';
import { filesBody, publishSample, writeSampleCase } from './sample-case.ts';
import type { SampleCase } from './sample-case.ts';

const region = '32.15.01.2001';
let api: ApiUnderTest;
let sample: SampleCase;
let rights: SubjectRights;
let officer = '';
let operator = '';
beforeAll(async () => {
  api = await ApiUnderTest.start();
  sample = await writeSampleCase(api, { region, nik: '3215015505850001', definitionKey: await publishSample(api) });
  rights = createSubjectRights(api.worker, api.vault);
  officer = await api.token({ name: 'pejabat', region: '32.15', roles: ['operator'], groups: ['pejabat-data'] });
  operator = await api.token({ name: 'operator', region, roles: ['operator'], groups: ['operator-desa'] });
}, 120_000);
afterAll(() => api.stop());

const get = (path: string, token: string): Promise<Answered> => api.ask('get', path, { token });
const post = (path: string, token: string, body: unknown, idempotencyKey?: string): Promise<Answered> =>
  api.ask('post', path, {
    token,
    body,
    headers: idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey },
  });
const audited = async (action: string): Promise<number> =>
  (await api.owner.query('select from audit where action = $1', [action])).rowCount ?? 0;

describe('a restricted citizen', () => {
  const command = (commandKey: string) => ({ commandKey, actor: 'x', reason: 'diperselisihkan' });
  test('is seen and revealed by the officer only, until it is lifted', async () => {
    const subject = `/v2/subjects/${sample.subjectKey}`;
    expect((await get(subject, operator)).status).toBe(200);
    await rights.restrict(sample.subjectKey, true, command('r1'));
    const refused = await get(subject, operator);
    expect([refused.status, refused.body.code]).toEqual([403, 'notAllowed']);
    expect(refused.body.detail).toContain('dibatasi');
    expect((await post(`${subject}/reveal`, operator, { reason: 'memeriksa KTP' })).status).toBe(403);
    expect(await audited('subject.reveal')).toBe(0);
    expect((await get(subject, officer)).status).toBe(200);
    await rights.restrict(sample.subjectKey, false, command('r2'));
    expect((await get(subject, operator)).status).toBe(200);
  });
});

describe('a copy', () => {
  test('is listed and read by the officer, and each reading is audited', async () => {
    const copy = await rights.compileCopy(sample.subjectKey, { dasar: 'UU 13/2011' }, 'job 1');
    const path = `/v2/subjects/${sample.subjectKey}/copies`;
    expect((await get(path, officer)).body).toEqual({ items: [copy] });
    const { status, body } = await get(`${path}/${copy?.copyKey ?? ''}`, officer);
    expect([status, body.data.nama, body.tujuan]).toEqual([200, 'WARGA CONTOH', { dasar: 'UU 13/2011' }]);
    expect(await audited('subject.copy')).toBe(1);
    expect((await get(`${path}/${sample.definitionKey}`, officer)).status).toBe(404);
    expect([
      (await get(path, operator)).status,
      (await get(`${path}/${copy?.copyKey ?? ''}`, operator)).status,
    ]).toEqual([403, 403]);
  });
});

describe('a report', () => {
  const path = (): string => `/v2/proposals/${sample.proposalNumber}/reports`;
  test.each([
    [
      { kind: 'WITHDRAWAL', reason: 'tidak jadi mengajukan' },
      'dtks.penarikan',
      { penarikan: { alasan: 'tidak jadi mengajukan' } },
    ],
    [
      { kind: 'DEATH', date: '2026-11-20', reason: 'kata ketua RT' },
      'dtks.laporan-meninggal',
      { laporan: { tanggal: '2026-11-20', uraian: 'kata ketua RT' } },
    ],
    [
      { kind: 'MOVE', date: '2026-11-20', reason: 'ke desa lain' },
      'dtks.laporan-pindah',
      { laporan: { tanggal: '2026-11-20', uraian: 'ke desa lain' } },
    ],
  ])('%j reaches the case by its number', async (body, name, variables) => {
    const before = await audited('proposal.report');
    api.temporal.receiver = null;
    const over = await post(path(), operator, body);
    expect([over.status, over.body.code, await audited('proposal.report')]).toEqual([409, 'wrongState', before]);
    api.temporal.receiver = sample.instanceKey;
    const told = await post(path(), operator, body);
    expect([told.status, told.body]).toEqual([201, { processInstanceKey: sample.instanceKey }]);
    expect(api.temporal.messages.at(-1)).toMatchObject({ name, correlationKey: sample.proposalNumber, variables });
    expect(await audited('proposal.report')).toBe(before + 1);
  });
  test('with a citizen number in its words, of another region or of nothing is refused', async () => {
    const sent = api.temporal.messages.length;
    const body = { kind: 'WITHDRAWAL', reason: 'NIK 3215015505850001 salah' };
    expect((await post(path(), operator, body)).status).toBeGreaterThanOrEqual(400);
    const far = await api.token({ name: 'jauh', region: '32.73', roles: ['operator'] });
    expect((await post(path(), far, { ...body, reason: 'tidak jadi' })).status).toBe(404);
    const missing = await post(path(), operator, { kind: 'DEATH', reason: 'kata ketua RT' });
    expect([missing.status, missing.body.errors[0].field]).toEqual([400, 'date']);
    expect(api.temporal.messages).toHaveLength(sent);
  });
  test('a data request is a case of its own, once however often it is sent', async () => {
    const body = { kind: 'DATA_REQUEST', right: 'AKSES', reason: 'ingin tahu data saya' };
    const none = await post(path(), operator, body);
    expect([none.status, none.body.code]).toEqual([422, 'noStartEvent']);
    const admin = await api.token({ name: 'admin', region: '*', roles: ['administrator'] });
    const xml = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="f" targetNamespace="https://example.org/alur">
  <bpmn:process id="hak-subjek-data" isExecutable="true"><bpmn:startEvent id="a" /><bpmn:endEvent id="z" />
    <bpmn:sequenceFlow id="f1" sourceRef="a" targetRef="z" /></bpmn:process></bpmn:definitions>`;
    const published = await api.ask('post', '/v2/deployments', {
      token: admin,
      rawBody: filesBody({ 'hak.bpmn': xml }),
    });
    expect(published.status).toBe(200);
    const first = await post(path(), operator, body, 'permintaan-1');
    const again = await post(path(), operator, body, 'permintaan-1');
    expect([first.status, again.body]).toEqual([201, first.body]);
    const started = api.temporal.starts.filter(({ processId }) => processId === 'hak-subjek-data');
    expect(started).toHaveLength(1);
    expect(started[0]?.start).toMatchObject({
      instanceKey: first.body.processInstanceKey,
      region,
      variables: {
        usulan: { nomor: sample.proposalNumber, kodeDesa: region },
        permintaan: { jenis: 'AKSES', uraian: 'ingin tahu data saya' },
      },
    });
  });
});
