/** Photos and papers of a case through the API. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { fileLimits } from '#contract/file.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { fileBody, publishSample, writeSampleCase } from './sample-case.ts';
import type { SampleCase } from './sample-case.ts';

const village = '32.15.01.1001';
const surveyor = { name: 'psm', region: village, roles: ['operator'] } as const;
const neighbour = { name: 'tetangga', region: '32.15.01.1003', roles: ['operator'] } as const;

let api: ApiUnderTest;
let here: SampleCase;
let there: SampleCase;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  const definitionKey = await publishSample(api);
  here = await writeSampleCase(api, { region: village, nik: '3215015505850001', definitionKey });
  there = await writeSampleCase(api, { region: '32.15.01.1003', nik: '3215015505850002', definitionKey });
}, 120_000);
afterAll(() => api.stop());

const photo = (background: string) =>
  sharp({ create: { width: 2_000, height: 1_000, channels: 3, background } })
    .withExif({ IFD0: { Make: 'Telepon Contoh' }, IFD2: { DateTimeOriginal: '2026:11:06 10:20:05' } })
    .jpeg()
    .toBuffer();
const upload = async (
  content: BlobPart,
  fields: Readonly<Record<string, string>> = {},
  account: Parameters<ApiUnderTest['token']>[0] = surveyor,
) =>
  api.ask('post', '/v2/files', {
    token: await api.token(account),
    rawBody: fileBody({ caseKey: here.instanceKey, kind: 'FOTO_DEPAN', ...fields }, content),
    headers: { 'Accept-Language': 'id' },
  });

describe('a photo', () => {
  it('is kept small and without EXIF; place and time are kept sealed', async () => {
    const original = await photo('#aabbcc');
    const { status, body } = await upload(original, {
      lat: '-6.3083',
      lon: '107.3',
      accuracy: '12',
      takenAt: '2026-11-06T03:20:05Z',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ mediaType: 'image/jpeg', kind: 'FOTO_DEPAN', alsoInOtherCase: false });
    const response = await fetch(`${api.url}/v2/files/${body.fileKey}`, {
      headers: { Authorization: `Bearer ${await api.token(surveyor)}` },
    });
    const kept = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get('Content-Disposition')).toBe(`attachment; filename="FOTO_DEPAN-${body.fileKey}.jpg"`);
    expect(response.headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(kept).toHaveLength(body.bytes);
    expect(await sharp(kept).metadata()).toMatchObject({ width: 1_600, height: 800 });
    expect(kept.includes('Telepon Contoh')).toBe(false);
    const row = await api.fileRegister.find(api.owner, body.fileKey);
    expect(row?.capture.client).toEqual({ lat: -6.3083, lon: 107.3, accuracyM: 12, takenAt: '2026-11-06T03:20:05Z' });
    expect(row?.capture.exif?.takenAt).toBe('2026-11-06T10:20:05');
    const { rows } = await api.owner.query<{ text: string }>('select f::text as text from file f where key = $1', [
      body.fileKey,
    ]);
    for (const secret of ['107.3', Buffer.from('107.3').toString('hex')]) expect(rows[0]?.text).not.toContain(secret);
  });
  it('that another case has too is told, not where', async () => {
    const same = await photo('#010203');
    const first = await upload(same, { caseKey: there.instanceKey }, neighbour);
    expect([first.status, first.body.alsoInOtherCase]).toEqual([201, false]);
    const second = await upload(same);
    expect([second.status, second.body.alsoInOtherCase]).toEqual([201, true]);
    expect(second.text).not.toContain(there.instanceKey);
    // Once more in the same case is no sign of anything.
    const own = await photo('#030201');
    await upload(own);
    expect((await upload(own)).body.alsoInOtherCase).toBe(false);
  });
  it('that is sent again with its Idempotency-Key is kept once', async () => {
    const content = await photo('#777777');
    const send = async () =>
      api.ask('post', '/v2/files', {
        token: await api.token(surveyor),
        rawBody: fileBody({ caseKey: here.instanceKey, kind: 'FOTO_DALAM' }, content),
        headers: { 'Idempotency-Key': 'foto-1' },
      });
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    const { rows } = await api.owner.query("select from file where kind = 'FOTO_DALAM'");
    expect(rows).toHaveLength(1);
  });
  it('is seen by its region alone, and every look is written down', async () => {
    const { body } = await upload(await photo('#ffffff'));
    const ask = async (account: Parameters<ApiUnderTest['token']>[0]) =>
      api.ask('get', `/v2/files/${body.fileKey}`, { token: await api.token(account) });
    expect((await ask(neighbour)).status).toBe(404);
    expect((await ask(surveyor)).status).toBe(200);
    const { rows } = await api.owner.query('select actor from audit where action = $1 and target = $2', [
      'file.read',
      body.fileKey,
    ]);
    expect(rows).toEqual([{ actor: 'psm' }]);
    const listed = await api.ask('get', `/v2/cases/${here.instanceKey}/files`, { token: await api.token(surveyor) });
    expect(listed.body.items.map(({ fileKey }: { fileKey: string }) => fileKey)).toContain(body.fileKey);
  });
  it('cannot be changed or taken away by the API', async () => {
    for (const statement of ['update file set kind = $1', 'delete from file where kind = $1'])
      await expect(api.app.query(statement, ['X'])).rejects.toThrow('permission denied');
  });
});

describe('a list that came back', () => {
  it('is a workbook, kept as it is and given out as one; a workbook is nothing else, and nothing else is a list', async () => {
    const workbook = Buffer.from('PK\x03\x04 isi');
    const { status, body } = await upload(workbook, { kind: 'DAFTAR_HASIL' });
    expect([status, body.bytes]).toEqual([201, workbook.length]);
    const response = await fetch(`${api.url}/v2/files/${body.fileKey}`, {
      headers: { Authorization: `Bearer ${await api.token(surveyor)}` },
    });
    expect(response.headers.get('Content-Disposition')).toContain('.xlsx"');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(workbook);
    expect((await upload(workbook)).status).toBe(415);
    const paper = await upload('%PDF-1.4', { kind: 'DAFTAR_HASIL' });
    expect([paper.status, paper.body.detail]).toEqual([415, expect.stringContaining('.xlsx')]);
  });
});

describe('what is refused', () => {
  it.each([
    ['a page', '<html><script>alert(1)</script></html>', 415, 'JPEG'],
    ['a drawing with scripts', '<svg xmlns="http://www.w3.org/2000/svg"/>', 415, 'JPEG'],
    ['an empty file', '', 415, 'JPEG'],
    ['a broken photo', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]), 422, 'rusak'],
    ['a file that is too large', Buffer.alloc(fileLimits.uploadBytes + 1), 413, String(fileLimits.uploadBytes)],
  ])('%s', async (_, content, status, words) => {
    const answer = await upload(content);
    expect([answer.status, answer.body.detail]).toEqual([status, expect.stringContaining(words)]);
  });
  it('a form without a file, or with wrong fields', async () => {
    const form = new FormData();
    form.append('caseKey', here.instanceKey);
    const token = await api.token(surveyor);
    expect((await api.ask('post', '/v2/files', { token, rawBody: form })).status).toBe(422);
    const wrong = await upload('%PDF-1.4', { kind: 'SELFIE', lat: '200' });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors.map(({ field }: { field: string }) => field)).toEqual(['kind', 'lat']);
    expect((await api.ask('post', '/v2/files', { token, body: {} })).status).toBe(415);
  });
  it('a file for a case elsewhere', async () => {
    expect((await upload('%PDF-1.4', { caseKey: there.instanceKey })).status).toBe(404);
  });
});
