/** Lists by HTTP: templates, imports with their faults and corrections, the report, and what people decide. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mergeLists } from '#activities/lists/merge-lists.ts';
import { publishDecisions } from '../../bench/exchange/decisions.ts';
import { ApiUnderTest } from './api-under-test.ts';
import type { Answered } from './api-under-test.ts';
import { administrator } from './sample-case.ts';

const rina = { name: 'rina', region: '32.15', roles: ['supervisor'] } as const;
const elsewhere = { name: 'edi', region: '32.73', roles: ['supervisor'] } as const;
let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(rina);
  await publishDecisions(api.owner);
  for (const id of ['pkh', 'pos-danom']) {
    const file = path.join(process.cwd(), 'definitions', 'dtks', 'profil', `${id}.json`);
    const body = { value: JSON.parse(readFileSync(file, 'utf8')) as unknown };
    const headers = { 'If-Match': '*' };
    await api.ask('put', `/v2/settings/dtks.profil.${id}`, { token: await api.token(administrator), body, headers });
  }
}, 120_000);
afterAll(() => api.stop());

const header = [
  'NO_PESERTA_PKH',
  'NIK',
  'NO_KK',
  'NAMA_PENGURUS',
  'TANGGAL_LAHIR',
  'JENIS_KELAMIN',
  'KODE_DESA',
  'TAHAP',
  'NOMINAL',
];
const ani = [
  'P-1',
  '3215015505850007',
  '3215010101100002',
  'ANI LESTARI',
  '15-05-1985',
  'P',
  '32.15.01.1001',
  '2020-T1',
  '750000',
];
const budi = ani.with(0, 'P-2').with(1, '3215011203700001').with(2, '3215010101100003');
const lines = (...rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(';')).join('\n');
const send = (text: string, query = '?profile=pkh&fileName=pkh.csv', who = token): Promise<Answered> =>
  api.ask('post', `/v2/exchange/imports${query}`, {
    token: who,
    rawBody: text,
    headers: { 'Content-Type': 'text/csv', 'Accept-Language': 'id' },
  });
const get = (address: string, who = token): Promise<Answered> =>
  api.ask('get', `/v2/exchange/${address}`, { token: who, headers: { 'Accept-Language': 'id' } });
const merge = () => mergeLists({ pool: api.worker, vault: api.vault, rowSeal: api.rowSeal });

it('lists the profiles, and gives a workbook for each', async () => {
  const { body } = await get('profiles');
  expect(
    body.items.map(({ profileId, isImported }: { profileId: string; isImported: boolean }) => [profileId, isImported]),
  ).toEqual([
    ['pkh', true],
    ['pos-danom', false],
  ]);
  const template = await get('templates/pkh.xlsx');
  expect(template.status).toBe(200);
  expect(template.headers.get('content-type')).toContain('spreadsheetml.sheet');
  expect(template.text.startsWith('PK')).toBe(true);
  expect((await get('templates/tidak-ada.xlsx')).status).toBe(404);
});

describe('an import with rows that cannot be read', () => {
  const spoilt = budi.with(1, '3,21501E+15');
  const foreign = ani.with(0, 'P-3').with(6, '32.73.01.1001');
  let importKey: string;

  it('takes what can be read, and names the rest by line and column, with a remedy', async () => {
    const { status, body } = await send(lines(header, ani, spoilt, foreign, ani));
    expect([status, body.state, body.position, body.rowsFailed]).toEqual([202, 'MERGING', 4, 3]);
    importKey = body.importKey;
    const { body: read } = await get(`imports/${importKey}`);
    expect(
      read.faults.map(({ line, field, code }: { line: number; field: string; code: string }) => [line, field, code]),
    ).toEqual([
      [3, 'NIK', 'scientificNumber'],
      [4, 'KODE_DESA', 'outsideRegion'],
      [5, 'NO_PESERTA_PKH', 'twiceInFile'],
    ]);
    expect(read.faults[0]).toMatchObject({
      message: expect.stringContaining('Excel'),
      remedy: expect.stringContaining('Teks'),
    });
    expect(JSON.stringify(read)).not.toContain('3215015505850007');
  });
  it('gives the failed rows as they stood, each with its reason', async () => {
    const { text } = await get(`imports/${importKey}/failed-rows.csv`);
    const [head, first, ...rest] = text.replace('\uFEFF', '').trim().split('\n');
    expect(head).toBe(['BARIS', ...header, 'ALASAN_GAGAL'].join(','));
    expect(first).toMatch(/^3,P-2,"3,21501E\+15",.*NIK: .*Teks/);
    expect(rest).toHaveLength(2);
  });
  it('goes on with the corrected file: only what failed is taken, and counts as corrected', async () => {
    const corrected = lines(['BARIS', ...header], ['3', ...budi]);
    const { body } = await send(corrected, `?profile=pkh&fileName=perbaikan.csv&corrects=${importKey}`);
    expect(body).toMatchObject({ position: 1, rowsFailed: 0, rowsRepeated: 0, correctsKey: importKey });
    const { body: first } = await get(`imports/${importKey}`);
    expect([first.rowsCorrected, first.faults.length]).toEqual([1, 2]);
    const again = await send(lines(header, ani, budi));
    expect(again.body).toMatchObject({ position: 2, rowsRepeated: 2, rowsWaiting: 0 });
  });
  it('is the same import when the same file comes again', async () => {
    const { body } = await send(lines(header, ani, spoilt, foreign, ani));
    expect([body.importKey, body.position]).toEqual([importKey, 4]);
  });
  it('keeps nothing of the rows in plain text', async () => {
    const { rows } = await api.owner.query<{ text: string }>(
      `select (select string_agg(r::text, ' ') from exchange_row r) || (select string_agg(f::text, ' ') from exchange_failed_row f) as text`,
    );
    expect(rows[0]?.text).not.toMatch(/3215015505850007|ANI LESTARI|3,21501E/);
  });
  it('is not seen from another region', async () => {
    const other = await api.token(elsewhere);
    for (const address of ['', '/failed-rows.csv', '/report', '/rows', '/rows.csv'])
      expect((await get(`imports/${importKey}${address}`, other)).status).toBe(404);
    expect((await get('imports', other)).body.items).toEqual([]);
  });
});

describe('rows that people decide about', () => {
  let importKey: string;
  const twin = ani.with(0, 'P-7').with(3, 'KOMARUDIN SOLIHIN');
  const report = async (): Promise<unknown> => (await get(`imports/${importKey}/report`)).body;

  it('are reported with what they are against', async () => {
    await merge();
    const { body } = await send(lines(header, twin));
    importKey = body.importKey;
    await merge();
    expect(await report()).toEqual({
      importKey,
      outcomes: { CREATED: 0, MATCHED: 0, CONFLICT: 1, LEFT: 0 },
      conflicts: { NAME_DIFFERS: 1 },
    });
    const { body: rows } = await get(`imports/${importKey}/rows`);
    expect(rows.items).toMatchObject([{ line: 2, outcome: 'CONFLICT', conflicts: [{ kind: 'NAME_DIFFERS' }] }]);
    expect((await get(`imports/${importKey}/rows.csv`)).text).toContain('NIK sama, nama berbeda');
  });
  it('are taken in as decided, once, with a reason in the audit', async () => {
    const decide = (decision: string) =>
      api.ask('post', `/v2/exchange/imports/${importKey}/rows/2/decision`, {
        token,
        body: { decision, reason: 'KTP diperlihatkan' },
      });
    expect((await decide('NEW')).status).toBe(204);
    expect((await decide('SAME')).status).toBe(409);
    await merge();
    expect(await report()).toMatchObject({ outcomes: { CREATED: 1, CONFLICT: 0 } });
    const { rows } = await api.owner.query<{ detail: unknown }>(
      "select detail from audit where action = 'exchange.decide'",
    );
    expect(rows).toEqual([{ detail: { line: 2, decision: 'NEW', reason: 'KTP diperlihatkan' } }]);
  });
});

describe('a file that is refused', () => {
  it('says why and what to do', async () => {
    const { status, body } = await send('NIK;NAMA\n1;2');
    expect([status, body.code]).toEqual([422, 'invalidFile']);
    expect(body.detail).toMatch(/NO_PESERTA_PKH.*templat/);
  });
  it('breaks off in the middle: the import says where', async () => {
    const { body } = await send(lines(header, ani.with(0, 'P-9')) + '\n"P-10;tidak ditutup');
    expect(body).toMatchObject({
      state: 'FAILED',
      failure: { code: 'brokenCsv', remedy: expect.stringContaining('kutip') },
    });
  });
  it('has a profile that is not for imports, or none', async () => {
    expect((await send(lines(header, ani), '?profile=pos-danom')).body.code).toBe('invalidFile');
    expect((await send(lines(header, ani), '?profile=tidak-ada')).status).toBe(404);
  });
});
