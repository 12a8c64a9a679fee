import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { proposalColumns } from '#contract/proposal.ts';
import type { JsonObject } from '#engine/json.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { proposalIn } from './route-requests.ts';
import { administrator, publishSample, sampleBpmn } from './sample-case.ts';

const village = '32.15.01.1001';
const ani = { name: 'ani', region: '32.15', roles: ['operator'], groups: ['operator-desa'] } as const;
const nik = '3215015505850007';
let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(ani);
  await publishSample(api, {
    'usulan.bpmn': sampleBpmn.replaceAll('contoh', 'usulan-dtks').replace('=wilayah', '=usulan.kodeDesa'),
  });
  const headers = { 'If-Match': '*' };
  await api.ask('put', '/v2/settings/dtks.tenggat', {
    token: await api.token(administrator),
    body: { value: { baku: { survei: 'P7D' } } },
    headers,
  });
}, 120_000);
afterAll(() => api.stop());

const row = (source: string, more: Readonly<Record<string, string>> = {}): string => {
  const values: Record<string, string> = {
    id_sumber: source,
    nik,
    no_kk: '3215010101100002',
    nama: '"WARGA, KOMA"',
    tanggal_lahir: '1985-05-15',
    jenis_kelamin: 'P',
    kode_desa: village,
    jumlah_anggota: '3',
    pekerjaan: 'BURUH',
    program_diterima: 'PKH;SEMBAKO',
    program_usulan: 'PKH',
    kanal: 'IMPOR',
    profil_tenggat: 'baku',
    ...more,
  };
  return proposalColumns.map((column) => values[column] ?? '').join(',');
};
const send = (text: string, query = '') =>
  api.ask('post', `/v2/proposals/imports?fileName=uji.csv${query}`, {
    token,
    rawBody: text,
    headers: { 'Content-Type': 'text/csv', 'Accept-Language': 'id' },
  });
const header = proposalColumns.join(',');

describe('importing', () => {
  const file = [
    header,
    row('S1'),
    row('S2', { jenis_kelamin: 'X', kode_desa: '99' }),
    row('S3', { kode_desa: '31.71.01.1001' }),
    row('S1'),
    row('S4', { jumlah_anggota: 'tiga' }),
    row('S5'),
  ].join('\n');
  let importKey: string;

  it('takes the good rows and names the bad ones by line and field', async () => {
    const { status, body } = await send(file);
    expect(status).toBe(202);
    importKey = body.importKey;
    expect(body).toMatchObject({ state: 'RUNNING', rowsRead: 6, rowsRejected: 4, rowsImported: 0 });
    await api.settle();
    const done = await api.ask('get', `/v2/proposals/imports/${importKey}`, { token });
    expect(done.body).toMatchObject({ state: 'COMPLETED', rowsImported: 2 });
    expect(done.body.problems.map(({ line, field }: { line: number; field: string }) => [line, field])).toEqual([
      [3, 'jenis_kelamin'],
      [3, 'kode_desa'],
      [4, 'kode_desa'],
      [5, 'id_sumber'],
      [6, 'jumlah_anggota'],
    ]);
  });
  it('doubles nothing when the file is sent again', async () => {
    const starts = api.temporal.starts.length;
    const { body } = await send(file);
    await api.settle();
    expect(body).toMatchObject({ rowsRepeated: 2 });
    expect(api.temporal.starts.length).toBe(starts);
    const { rows } = await api.owner.query<{ count: number }>('select count(*)::int as count from subject');
    expect(rows[0]?.count).toBe(2);
  });
  it('gives the case a number and derived facts, nothing of the citizen', async () => {
    const start = api.temporal.starts[0]?.start;
    expect(start?.variables).toMatchObject({
      usulan: {
        nomor: expect.stringMatching(/^3215011001-\d{6}-000001$/),
        kodeDesa: village,
        program: 'PKH',
        jenis: 'BARU',
      },
      warga: expect.stringMatching(/^\d+$/),
      rumahTangga: { jumlahAnggota: 3, pekerjaan: 'BURUH', desil: null, programDiterima: ['PKH', 'SEMBAKO'] },
      alamat: { adaJalan: false, adaTitik: false },
      tenggat: { survei: 'P7D' },
    });
    expect(JSON.stringify(start)).not.toMatch(/3215015505850007|WARGA|1985/);
    const { rows } = await api.owner.query<{ text: string }>("select string_agg(p::text, ' ') as text from proposal p");
    expect(rows[0]?.text).not.toContain(nik);
  });
  it('refuses a file without its columns, and one that breaks off in a quotation', async () => {
    expect((await send('nik,nama\n1,2')).body.detail).toContain('id_sumber');
    const broken = await send(`${header}\n${row('S8')}\n"S9,xx`);
    expect([broken.status, broken.body.code]).toEqual([422, 'invalidProposal']);
  });
});

describe('an import for a month', () => {
  /** `2026-11`, so many months from now, on clocks of western Indonesia. */
  const month = (from: number): string => {
    const local = new Date(Date.now() + 7 * 3_600_000);
    return new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + from)).toISOString().slice(0, 7);
  };
  const periods = () =>
    api.temporal.starts.flatMap(({ start }) =>
      start === undefined ? [] : [(start.variables['usulan'] as JsonObject)['periode']],
    );

  it('lets the proposals count for the month it names, else for the present one', async () => {
    const from = api.temporal.starts.length;
    await send([header, row('M1', { kode_desa: '32.15.01.1005' })].join('\n'), `&period=${month(-12)}`);
    await send([header, row('M2', { kode_desa: '32.15.01.1005' })].join('\n'));
    await api.settle();
    expect(new Set(periods().slice(from))).toEqual(new Set([month(-12), month(0)]));
    const found = await api.ask('post', '/v2/proposals/search', { token, body: { filter: { sourceId: 'M1' } } });
    expect(found.body.items[0].proposalNumber).toBe(`3215011005-${month(-12).replace('-', '')}-000001`);
  });
  it.each([month(1), month(-13)])('refuses %s, and names the months that are open', async (period) => {
    const { status, body } = await send([header, row('M3')].join('\n'), `&period=${period}`);
    expect([status, body.code, body.errors[0].field]).toEqual([422, 'invalidProposal', 'period']);
    expect(body.detail).toContain(`${month(-12)} sampai ${month(0)}`);
  });
  it.each(['2026-13', '2026-T4', 'nopember'])('refuses %s, which is no month', async (period) => {
    const { status, body } = await send([header, row('M3')].join('\n'), `&period=${period}`);
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'period', message: expect.stringContaining('bukan bulan') }],
    ]);
  });
});

describe('one proposal', () => {
  it('is started once, whoever sends it again', async () => {
    const first = await api.ask('post', '/v2/proposals', { token, body: proposalIn(village, 'T1') });
    expect([first.status, first.body.repeated]).toEqual([201, false]);
    const again = await api.ask('post', '/v2/proposals', { token, body: proposalIn(village, 'T1') });
    expect(again.body).toEqual({ ...first.body, repeated: true });
    const found = await api.ask('post', '/v2/proposals/search', { token, body: { filter: { sourceId: 'T1' } } });
    expect(found.body.items).toMatchObject([
      { proposalNumber: first.body.proposalNumber, started: true, state: 'ACTIVE' },
    ]);
  });
  it('is started by the next process when the first one died in between', async () => {
    const { body } = await api.ask('post', '/v2/proposals', { token, body: proposalIn(village, 'T2') });
    await api.owner.query('update proposal set started = false where number = $1', [body.proposalNumber]);
    await api.settle();
    const { rows } = await api.owner.query<{ started: boolean }>('select started from proposal where number = $1', [
      body.proposalNumber,
    ]);
    expect(rows[0]?.started).toBe(true);
  });
  it('gets numbers without gaps or doubles when many come at once', async () => {
    const sources = Array.from({ length: 12 }, (_, index) => `P${index}`);
    const answers = await Promise.all(
      sources.map((source) => api.ask('post', '/v2/proposals', { token, body: proposalIn('32.15.01.1003', source) })),
    );
    const numbers = answers.map(({ body }) => Number(body.proposalNumber.slice(-6))).sort((a, b) => a - b);
    expect(numbers).toEqual(sources.map((_, index) => index + 1));
  });
  it('must be of the region and of a village that exists', async () => {
    expect((await api.ask('post', '/v2/proposals', { token, body: proposalIn('31.71.01.1001', 'T3') })).status).toBe(
      403,
    );
    expect((await api.ask('post', '/v2/proposals', { token, body: proposalIn('32.15.01.9999', 'T4') })).status).toBe(
      422,
    );
  });
});

describe('settings', () => {
  it('are changed only by who saw them', async () => {
    const admin = await api.token(administrator);
    const read = await api.ask('get', '/v2/settings/dtks.tenggat', { token: admin });
    const etag = read.headers.get('etag') ?? '';
    const put = (match?: string) =>
      api.ask('put', '/v2/settings/dtks.tenggat', {
        token: admin,
        body: { value: { baku: {} } },
        headers: match === undefined ? {} : { 'If-Match': match },
      });
    expect((await put()).status).toBe(428);
    expect((await put(etag)).status).toBe(200);
    expect((await put(etag)).status).toBe(412);
  });
});
