/** Citizens without an account: number and code show how far a proposal is and take what they tell; nothing tells a wrong number from a wrong code. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { citizenLimits } from '#contract/citizen.ts';
import { ApiUnderTest } from './api-under-test.ts';
import type { Answered } from './api-under-test.ts';
import { filesBody, publishSample, writeSampleCase } from './sample-case.ts';
import type { SampleCase } from './sample-case.ts';

const region = '32.15.01.1001';
let api: ApiUnderTest;
let sample: SampleCase;
let neighbour: SampleCase;
let operator = '';
let code = '';
beforeAll(async () => {
  api = await ApiUnderTest.start();
  const definitionKey = await publishSample(api);
  sample = await writeSampleCase(api, { region, nik: '3215015505850001', definitionKey });
  neighbour = await writeSampleCase(api, { region, nik: '3215015505850002', definitionKey });
  operator = await api.token({ name: 'operator', region, roles: ['operator'], groups: ['operator-desa'] });
  const admin = await api.token({ name: 'admin', region: '*', roles: ['administrator'] });
  const process = (id: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="f-${id}" targetNamespace="https://example.org/alur">
  <bpmn:process id="${id}" isExecutable="true"><bpmn:startEvent id="a" /><bpmn:endEvent id="z" />
    <bpmn:sequenceFlow id="f1" sourceRef="a" targetRef="z" /></bpmn:process></bpmn:definitions>`;
  const files = { 'hak.bpmn': process('hak-subjek-data'), 'sanggah.bpmn': process('sanggah') };
  expect((await api.ask('post', '/v2/deployments', { token: admin, rawBody: filesBody(files) })).status).toBe(200);
}, 120_000);
afterAll(() => api.stop());
beforeEach(() => {
  api.temporal.receivers = {};
});

const look = (proposalNumber: string, given: string): Promise<Answered> =>
  api.ask('post', '/v2/public/proposals/status', { body: { proposalNumber, code: given } });
const tellOf = (proposalNumber: string, given: string, report: unknown, idempotencyKey: string): Promise<Answered> =>
  api.ask('post', '/v2/public/proposals/reports', {
    body: { proposalNumber, code: given, report },
    headers: { 'Idempotency-Key': idempotencyKey },
  });
const tell = (report: unknown, idempotencyKey: string, given = code): Promise<Answered> =>
  tellOf(sample.proposalNumber, given, report, idempotencyKey);
const audited = async (action: string): Promise<{ actor: string; target: string; detail: unknown }[]> =>
  (await api.owner.query('select actor, target, detail from audit where action = $1 order by at', [action])).rows;

describe('the code', () => {
  const path = (): string => `/v2/proposals/${sample.proposalNumber}/citizen-code`;
  test('is given out by an official of the region, always the same, and written down for the citizen', async () => {
    const first = await api.ask('post', path(), { token: operator });
    expect([first.status, first.body]).toEqual([
      200,
      {
        code: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/),
        url: 'http://alur.contoh/status',
      },
    ]);
    ({ code } = first.body);
    expect((await api.ask('post', path(), { token: operator })).body.code).toBe(code);
    const { proposalNumber: number } = sample;
    expect((await audited('subject.code'))[0]).toEqual({
      actor: 'operator',
      target: sample.subjectKey,
      detail: { number },
    });
    const far = await api.token({ name: 'jauh', region: '32.73', roles: ['operator'] });
    expect((await api.ask('post', path(), { token: far })).status).toBe(404);
  });
});

describe('the status', () => {
  test('shows the masked name, the step and what is waited for; nothing else of the person', async () => {
    const { status, body, text } = await look(sample.proposalNumber, ` ${code.toLowerCase().replace('-', ' ')}`);
    expect([status, body]).toEqual([
      200,
      {
        proposalNumber: sample.proposalNumber,
        nameMasked: 'W*** C***',
        regionName: expect.stringContaining('Karawang'),
        submittedAt: expect.any(String),
        status: null,
        step: 0,
        endElements: [],
        next: { kind: 'incident', until: null, groups: [] },
      },
    ]);
    for (const secret of ['3215015505850001', '321501', 'WARGA', 'Jalan', sample.subjectKey, sample.instanceKey])
      expect(text.replaceAll(sample.proposalNumber, '')).not.toContain(secret);
  });
  test('a wrong number and a wrong code are answered alike', async () => {
    const wrongCode = await look(sample.proposalNumber, '00000-00000');
    const wrongNumber = await look('3215011001-202611-999999', code);
    expect([wrongCode.status, wrongCode.body]).toEqual([404, { ...wrongNumber.body }]);
    expect(wrongCode.body.title).toContain('tidak cocok');
    // The right code of a number that was never given.
    const none = '3215011001-202611-999999';
    expect((await look(none, api.publicTokens.codeOf(none))).body).toEqual(wrongCode.body);
  });
});

describe('a report', () => {
  const objection = {
    kind: 'OBJECTION',
    against: 'PENOLAKAN',
    ground: 'SALAH_TOLAK',
    statement: 'Rumah kami belum pernah dikunjungi, tetapi usulan ditolak.',
  };
  test('an objection is a case of the district with the citizen as its reporter, once however often it is sent', async () => {
    const first = await tell(objection, 'k1');
    expect([first.status, first.body]).toEqual([202, { reference: expect.any(String) }]);
    expect((await tell(objection, 'k1')).body).toEqual(first.body);
    const started = api.temporal.starts.filter(({ processId }) => processId === 'sanggah');
    expect(started).toHaveLength(1);
    expect(started[0]?.start).toMatchObject({
      instanceKey: first.body.reference,
      region: '32.15',
      actor: '(warga)',
      variables: {
        nomorUsulan: sample.proposalNumber,
        terhadap: 'PENOLAKAN',
        dasar: 'SALAH_TOLAK',
        kanal: 'WARGA',
        keterangan: objection.statement,
        warga: sample.subjectKey,
      },
    });
    expect((await audited('proposal.report')).at(-1)).toEqual({
      actor: '(warga)',
      target: first.body.reference,
      detail: { kind: 'OBJECTION', number: sample.proposalNumber },
    });
  });
  test('a data request is a case of its own', async () => {
    const sent = await tell({ kind: 'DATA_REQUEST', right: 'AKSES', reason: 'ingin tahu data saya' }, 'k2');
    expect(sent.status).toBe(202);
    expect(api.temporal.starts.at(-1)).toMatchObject({
      processId: 'hak-subjek-data',
      start: { instanceKey: sent.body.reference, region, variables: { permintaan: { jenis: 'AKSES' } } },
    });
  });
  test('a death reaches the open case, else the next monthly update; a move likewise', async () => {
    const { proposalNumber } = neighbour;
    const tellNeighbour = (report: unknown, key: string): Promise<Answered> =>
      tellOf(proposalNumber, api.publicTokens.codeOf(proposalNumber), report, key);
    api.temporal.receivers = { 'dtks.laporan-meninggal': neighbour.instanceKey };
    const death = { kind: 'DEATH', date: '2026-11-20', reason: 'meninggal di rumah' };
    expect((await tellNeighbour(death, 'k3')).body).toEqual({ reference: neighbour.instanceKey });
    expect(api.temporal.messages.at(-1)).toMatchObject({
      name: 'dtks.laporan-meninggal',
      correlationKey: neighbour.proposalNumber,
      variables: { laporan: { tanggal: '2026-11-20', uraian: 'meninggal di rumah' } },
    });
    api.temporal.receivers = { 'dtks.temuan-penyaluran': '42' };
    const move = { kind: 'MOVE', date: '2026-11-20', reason: 'ikut anak ke kota' };
    expect((await tellNeighbour(move, 'k4')).body).toEqual({ reference: '42' });
    expect(api.temporal.messages.at(-1)?.variables).toMatchObject({
      usulan: { nomor: neighbour.proposalNumber, kodeDesa: region },
      warga: neighbour.subjectKey,
      temuan: { jenis: 'PINDAH' },
    });
    api.temporal.receivers = {};
    const nobody = await tellNeighbour(move, 'k5');
    expect([nobody.status, nobody.body.code]).toEqual([409, 'wrongState']);
  });
  test('with a wrong code, a citizen number or too few words is refused, and nothing is sent', async () => {
    const before = [api.temporal.starts.length, api.temporal.messages.length];
    expect((await tell(objection, 'k6', '00000-00000')).status).toBe(404);
    const numbered = await tell({ ...objection, statement: `${objection.statement} NIK 3215015505850001` }, 'k7');
    expect([numbered.status, numbered.text.includes('3215015505850001')]).toEqual([422, false]);
    const short = await tell({ ...objection, statement: 'salah' }, 'k8');
    expect([short.status, short.body.errors[0].field]).toEqual([400, 'report.statement']);
    expect([api.temporal.starts.length, api.temporal.messages.length]).toEqual(before);
  });
  test('only so many of one proposal are taken in a day', async () => {
    for (let sent = 0; sent < citizenLimits.reportsPerDay; sent += 1)
      await tell({ kind: 'DATA_REQUEST', right: 'AKSES', reason: 'ingin tahu data saya' }, `hari-${sent}`);
    const refused = await tell(objection, 'k9');
    expect([refused.status, refused.body.code]).toEqual([429, 'tooManyRequests']);
  });
});

describe('guessing', () => {
  test('ends after so many wrong codes from one address, for looking and telling together', async () => {
    for (let wrong = 0; wrong < citizenLimits.wrongMost; wrong += 1) await look(sample.proposalNumber, '00000-00000');
    const stopped = await look(sample.proposalNumber, code);
    expect([stopped.status, stopped.headers.get('retry-after')]).toEqual([
      429,
      String(citizenLimits.windowMinutes * 60),
    ]);
    expect((await tell({ kind: 'DATA_REQUEST', right: 'AKSES', reason: 'ingin tahu' }, 'k10')).status).toBe(429);
  });
});
