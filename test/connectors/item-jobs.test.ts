/** Jobs of batch cases on PostgreSQL: what a list collects, what tables say of it, what is decided and announced, and that each job can be repeated. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { createItemJobs } from '#activities/connectors/item-jobs.ts';
import { itemDeps } from '#activities/connectors/item-deps.ts';
import type { ItemDeps } from '#activities/connectors/item-deps.ts';
import type { JobOutcome } from '#activities/job-handler.ts';
import { parseDecisions } from '#bpmn/dmn.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { keyOfNumber } from '#engine/keys.ts';
import { monthsOf } from '#registry/period.ts';
import type { PublishedMessage } from '#workflows/messages.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { jobContext, jobRequest } from './fixtures.ts';

const definitions = join(__dirname, '../../definitions/dtks');
async function tables(...names: readonly string[]): Promise<Record<string, DecisionModel[]>> {
  const found: Record<string, DecisionModel[]> = {};
  for (const name of names) {
    const parsed = await parseDecisions(readFileSync(join(definitions, `${name}.dmn`), 'utf8'));
    if (parsed.ok) for (const decision of parsed.decisions) (found[decision.id] ??= []).push(decision);
  }
  return found;
}

let postgres: TestPostgres;
let pool: Pool;
let versions: Record<string, DecisionModel[]>;
let sent: PublishedMessage[] = [];
let refuses = (): boolean => false;
let deps: ItemDeps;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  versions = await tables(
    'tumpang_tindih',
    'temuan_pengesahan',
    'alamat_layak_kirim',
    'alasan_provinsi',
    'kuota_prioritas',
  );
}, 120_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  sent = [];
  refuses = () => false;
  deps = {
    ...itemDeps(pool, {} as never),
    decisionVersions: () => Promise.resolve(versions),
    publish: (message) => {
      if (refuses()) return Promise.reject(new Error('Temporal is away'));
      sent.push(message);
      return Promise.resolve();
    },
  };
  await pool.query('delete from collected_item');
  await pool.query('delete from message_subscription');
  await pool.query('delete from variable');
});

const list = keyOfNumber(9n);
let cases = 100n;
/** A case that waits, with process variables. */
async function waits(number: string, region: string, variables: JsonObject = {}, message = 'dtks.hasil-pengesahan') {
  cases += 1n;
  const key = keyOfNumber(cases);
  await pool.query(
    `insert into message_subscription (key, instance_key, region, element_key, element_id, message_name, correlation_key, state, created_at)
     values ($1, $1, $2, $1, 'tunggu', $3, $4, 'OPEN', now())`,
    [key, region, message, number],
  );
  await pool.query(
    'insert into variable (instance_key, scope_key, name, value) select $1, $1, key, value from jsonb_each($2)',
    [key, JSON.stringify(variables)],
  );
}
/** D-000 and so on, all clean. */
async function manyWait(count: number): Promise<void> {
  await pool.query(
    `insert into message_subscription (key, instance_key, region, element_key, element_id, message_name, correlation_key, state, created_at)
     select n, n, $2, n, 'tunggu', 'dtks.hasil-pengesahan', 'D-' || lpad((n - 1)::text, 3, '0'), 'OPEN', now() from generate_series(1, $1::integer) n`,
    [count, village],
  );
  await pool.query(
    'insert into variable (instance_key, scope_key, name, value) select n, n, key, value from generate_series(1, $1::integer) n, jsonb_each($2)',
    [count, JSON.stringify(clean)],
  );
}
async function run(job: string, headers: Record<string, string>, variables: JsonObject = {}): Promise<JobOutcome> {
  const handler = createItemJobs(deps)[job];
  if (handler === undefined) throw new Error(`no job ${job}`);
  const request = jobRequest('1', { instanceKey: list, region: '32.15', headers, variables });
  return handler(request, jobContext());
}
async function resultOf(job: string, headers: Record<string, string>, variables: JsonObject = {}): Promise<JsonObject> {
  const outcome = await run(job, headers, variables);
  if (outcome.outcome !== 'completed') throw new Error(JSON.stringify(outcome));
  return outcome.variables;
}

/** Whose proposal it is in the register. */
async function isOf(number: string, person: bigint, family: bigint): Promise<void> {
  const [subjectKey, personKey, familyKey] = [person + 500n, person + 600n, family + 700n].map(keyOfNumber);
  await pool.query("insert into person (key, region) values ($1, '32.16.01.2001')", [personKey]);
  await pool.query(
    "insert into family (key, region, card_hash) values ($1, '32.16.01.2001', $2) on conflict do nothing",
    [familyKey, Buffer.from(String(familyKey))],
  );
  await pool.query(
    "insert into family_member (family_key, person_key, region, valid_from) values ($1, $2, '32.16.01.2001', '2020-01-01')",
    [familyKey, personKey],
  );
  await pool.query(
    `insert into subject (key, region, wrapped_key, ciphertext, nik_masked, person_key) values ($1, '32.15.01.2001', '', '', '', $2)`,
    [subjectKey, personKey],
  );
  await pool.query(
    `insert into proposal (number, source_id, subject_key, instance_key, region, created_by) values ($1, $1, $2, $2, '32.15.01.2001', 'test')`,
    [number, subjectKey],
  );
}
async function isHelped(
  person: bigint,
  family: bigint,
  programme: string,
  period: string,
  region = '32.15.09.2001',
): Promise<void> {
  const months = monthsOf(period);
  await pool.query(
    `insert into participation (key, region, family_key, person_key, unit, programme, source, period, months, amount, state)
     values ($1, $8, $2, $3, 'KK', $4, 'APBN', $5, int4range($6, $7, '[]'), 200000, 'PAID')`,
    [
      keyOfNumber(person + 800n),
      keyOfNumber(family + 700n),
      keyOfNumber(person + 600n),
      programme,
      period,
      months?.first,
      months?.last,
      region,
    ],
  );
}

const village = '32.15.01.2001';
const clean: JsonObject = {
  usulan: { program: 'PKH' },
  musyawarah: { beritaAcara: 'BA/1' },
  berkas: { hasil: 'LENGKAP' },
  hasilNik: { status: 'PADAN' },
  kelayakan: { saran: 'LAYAK', skor: 4, alasan: ['kriteria_a'] },
};
const names = 'usulan,musyawarah,berkas,hasilNik,kelayakan';
const collect = (batas = '10000') =>
  resultOf(
    'dtks.kumpulkan-menunggu',
    { pesan: 'dtks.hasil-pengesahan', batas, variabel: names },
    { periode: '2026-11' },
  );
const assess = () => resultOf('dtks.nilai-butir', { keputusan: 'tumpang_tindih,temuan_pengesahan', per: 'desa' });
const shown = (percent = '5') => resultOf('dtks.butir-wilayah', { contohPersen: percent }, { kodeWilayah: village });
const record = (putusan: Json, ditampilkan: readonly string[] = []) =>
  run('dtks.catat-hasil', { bersih: 'SAH' }, { kodeWilayah: village, putusan, ditampilkan });

describe('dtks.kumpulkan-menunggu', () => {
  test('what waits for the message in the area and below it, once each, the longest wait first', async () => {
    await waits('A-1', village);
    await waits('A-2', '32.15.02.2001');
    await waits('A-3', '32.1');
    await waits('A-4', '32.16.01.2001');
    await waits('A-5', village, {}, 'dtks.hasil-musyawarah');
    await waits('A-6', '32.15');
    expect(await collect()).toEqual({ butir: { jumlah: 3 } });
    expect(await collect('2')).toEqual({ butir: { jumlah: 2 } });
    const { rows } = await pool.query('select number from collected_item order by number');
    expect(rows).toEqual([{ number: 'A-1' }, { number: 'A-2' }]);
  });
  test('collected again, what is unchanged keeps its decision; what changed, or came to wait since, has none', async () => {
    await waits('A-1', village, clean);
    await waits('A-2', village, clean);
    await collect();
    await assess();
    await record([]);
    await pool.query(`update variable set value = '{"beritaAcara":"BA/2"}' where name = 'musyawarah' and instance_key in
      (select instance_key from message_subscription where correlation_key = 'A-2')`);
    await waits('A-3', village, clean);
    await collect();
    const { rows } = await pool.query("select number, result ->> 'hasil' as hasil from collected_item order by number");
    expect(rows).toEqual([
      { number: 'A-1', hasil: 'SAH' },
      { number: 'A-2', hasil: null },
      { number: 'A-3', hasil: null },
    ]);
  });
  test('a model that names no message, too large a list or no period is told', async () => {
    const fault = { outcome: 'failed', retries: 0 };
    expect(await run('dtks.kumpulkan-menunggu', {}, { periode: '2026-11' })).toMatchObject(fault);
    expect(await run('dtks.kumpulkan-menunggu', { pesan: 'm', batas: '10001' }, { periode: '2026-11' })).toMatchObject({
      ...fault,
      message: 'MODEL_SALAH (header batas: 1 … 10000)',
    });
    expect(await run('dtks.kumpulkan-menunggu', { pesan: 'm' }, { periode: '2026' })).toMatchObject({
      ...fault,
      message: 'PERIODE_SALAH (periode: 2026-11, 2026-T4)',
    });
  });
});

describe('dtks.nilai-butir', () => {
  test('each item is seen by the tables; who has a finding is flagged, nobody is refused', async () => {
    await waits('A-1', village, clean);
    await waits('A-2', village, {
      ...clean,
      kelayakan: { saran: 'TINJAU_PEKERJAAN', skor: 1, alasan: ['pekerjaan_dikecualikan'] },
    });
    await waits('A-3', '32.15.02.2001', { ...clean, musyawarah: null, berkas: null });
    await collect();
    expect(await assess()).toEqual({
      penilaian: {
        jumlah: 3,
        ditandai: 2,
        wilayah: [
          { kode: village, jumlah: 2, bersih: 1, ditandai: 1, sisa: 2 },
          { kode: '32.15.02.2001', jumlah: 1, bersih: 0, ditandai: 1, sisa: 1 },
        ],
      },
    });
    const { rows } = await pool.query('select number, finding, result from collected_item order by number');
    expect(rows).toEqual([
      { number: 'A-1', finding: null, result: null },
      { number: 'A-2', finding: ['PEKERJAAN_DIKECUALIKAN'], result: null },
      { number: 'A-3', finding: ['BA_TIDAK_ADA', 'BERKAS_TIDAK_LENGKAP'], result: null },
    ]);
  });
  test('the same family twice on the list, and help that may not go together, are found in the register', async () => {
    await waits('A-1', village, { ...clean, usulan: { program: 'BLT_DD' } });
    await waits('A-2', '32.15.02.2001', clean);
    await waits('A-3', village, clean);
    await isOf('A-1', 1n, 1n);
    await isOf('A-2', 2n, 1n);
    await isOf('A-3', 3n, 2n);
    await isOf('A-4', 4n, 2n);
    await isHelped(2n, 1n, 'SEMBAKO', '2026-11');
    await isHelped(3n, 2n, 'SEMBAKO', '2026-11', '32.16.01.2001');
    await isHelped(4n, 2n, 'BST', '2026-12');
    await collect();
    await assess();
    const { rows } = await pool.query('select number, finding, known from collected_item order by number');
    const sembako = { program: 'SEMBAKO', sumber: 'APBN', periode: '2026-11', keluargaSama: true, daerahLain: false };
    expect(rows).toEqual([
      {
        number: 'A-1',
        finding: ['GANDA_DALAM_DAFTAR', 'TUMPANG_TINDIH'],
        known: { gandaDengan: ['A-2'], kepesertaan: [sembako] },
      },
      {
        number: 'A-2',
        finding: ['GANDA_DALAM_DAFTAR'],
        known: { gandaDengan: ['A-1'], kepesertaan: [sembako] },
      },
      {
        number: 'A-3',
        finding: ['TUMPANG_TINDIH'],
        known: { gandaDengan: [], kepesertaan: [{ ...sembako, daerahLain: true }] },
      },
    ]);
  });
  test('a table that is not published, or fails, is an incident that names it', async () => {
    await waits('A-1', village, clean);
    await collect();
    expect(await run('dtks.nilai-butir', { keputusan: 'asing', per: 'desa' })).toMatchObject({
      message: 'MODEL_SALAH (header keputusan: KEPUTUSAN_TIDAK_ADA)',
      retries: 0,
    });
    expect(await run('dtks.nilai-butir', { keputusan: 'tumpang_tindih', per: 'rt' })).toMatchObject({ retries: 0 });
  });
});

describe('one area at a time', () => {
  beforeEach(async () => {
    for (let index = 0; index < 30; index += 1)
      await waits(`B-${String(index).padStart(2, '0')}`, village, index < 3 ? { ...clean, berkas: null } : clean);
    await waits('C-00', '32.15.01.2002', clean);
    await collect();
    await assess();
  });
  test('flagged items one by one, the others as a number and a sample that stays the same', async () => {
    const { butirWilayah } = (await shown()) as {
      butirWilayah: { bersih: number; tandai: JsonObject[]; contoh: string[] };
    };
    expect(butirWilayah.bersih).toBe(27);
    expect(butirWilayah.tandai).toEqual(
      ['B-00', 'B-01', 'B-02'].map((nomor) => ({ nomor, temuan: ['BERKAS_TIDAK_LENGKAP'], saran: 'LAYAK', skor: 4 })),
    );
    expect(butirWilayah.contoh).toHaveLength(2);
    expect(((await shown()) as typeof butirWilayah & JsonObject)['butirWilayah']).toEqual(butirWilayah);
    expect(await shown('0')).toMatchObject({ butirWilayah: { contoh: [] } });
  });
  test('named ones as decided, the rest of the area in order; the same again changes nothing', async () => {
    const putusan = [
      { nomor: 'B-00', hasil: 'KEMBALI', langkah: 'BA', alasan: 'berkas kurang' },
      { nomor: 'B-01', hasil: 'TOLAK', kode: 'PINDAH', alasan: 'sudah pindah' },
      { nomor: 'B-02', hasil: 'SAH' },
      { nomor: 'B-05', hasil: 'TOLAK', kode: 'MAMPU', alasan: 'punya mobil' },
    ];
    const rekap = { rekap: { wilayah: village, hasil: { KEMBALI: 1, SAH: 27, TOLAK: 2 }, sisa: 0 } };
    for (const _ of [1, 2])
      expect(await record(putusan, ['B-00', 'B-01', 'B-02'])).toEqual({ outcome: 'completed', variables: rekap });
    expect(await shown()).toEqual({ butirWilayah: { bersih: 0, tandai: [], contoh: [] } });
    const { rows } = await pool.query(
      "select result from collected_item where number in ('B-01', 'C-00') order by number",
    );
    expect(rows).toEqual([
      { result: { hasil: 'TOLAK', langkah: null, kode: 'PINDAH', alasan: 'sudah pindah' } },
      { result: null },
    ]);
  });
  test.each<[string, Json, string, string[]]>([
    ['a number of another area', [{ nomor: 'C-00', hasil: 'SAH' }], 'NOMOR_ASING', ['C-00']],
    [
      'a number twice',
      [
        { nomor: 'B-00', hasil: 'SAH' },
        { nomor: 'B-00', hasil: 'TOLAK' },
      ],
      'NOMOR_GANDA',
      ['B-00'],
    ],
    ['a flagged one left out', [{ nomor: 'B-00', hasil: 'SAH' }], 'BELUM_DIPUTUS', ['B-01', 'B-02']],
  ])('%s is told to whoever decides, and nothing is taken down', async (_, putusan, kode, nomor) => {
    const outcome = await record(
      putusan,
      ['B-00', 'B-01', 'B-02'].filter(() => kode === 'BELUM_DIPUTUS'),
    );
    expect(outcome).toMatchObject({ outcome: 'error', code: 'BUTIR_TIDAK_SAH', variables: { galat: { kode, nomor } } });
    const { rows } = await pool.query('select 1 from collected_item where result is not null');
    expect(rows).toEqual([]);
  });
  test('areas can be opened again', async () => {
    await record([{ nomor: 'B-00', hasil: 'SAH' }]);
    expect(await resultOf('dtks.buka-hasil', {}, { wilayah: ['32.15.01.2002'] })).toEqual({ dibuka: 0 });
    expect(await resultOf('dtks.buka-hasil', {}, { wilayah: [village] })).toEqual({ dibuka: 28 });
    expect(await shown('0')).toMatchObject({ butirWilayah: { bersih: 27 } });
  });
});

describe('dtks.umumkan-hasil', () => {
  const announce = (more: Record<string, string> = {}) =>
    run(
      'dtks.umumkan-hasil',
      { pesan: 'dtks.hasil-pengesahan', variabel: 'pengesahan', ...more },
      { bersama: { nomorSurat: '460/1' } },
    );
  beforeEach(async () => {
    await manyWait(450);
    await collect();
    await assess();
    await record([{ nomor: 'D-000', hasil: 'TOLAK', kode: 'MAMPU', alasan: 'mampu' }]);
  }, 60_000);
  test('one message for each item, with its result and what is common to all', async () => {
    expect(await announce()).toEqual({ outcome: 'completed', variables: { diumumkan: 450 } });
    expect(new Set(sent.map(({ correlationKey }) => correlationKey)).size).toBe(450);
    expect(new Set(sent.map(({ messageKey }) => messageKey)).size).toBe(450);
    expect(sent.find(({ correlationKey }) => correlationKey === 'D-000')).toMatchObject({
      name: 'dtks.hasil-pengesahan',
      messageId: `${list}/D-000`,
      timeToLiveMs: 604_800_000,
      variables: { pengesahan: { hasil: 'TOLAK', langkah: null, kode: 'MAMPU', alasan: 'mampu', nomorSurat: '460/1' } },
    });
  });
  test('an attempt that failed is gone on with: what went out is not sent again', async () => {
    refuses = () => sent.length >= 230;
    await expect(announce()).rejects.toThrow('Temporal is away');
    expect(sent).toHaveLength(230);
    refuses = () => false;
    expect(await announce()).toEqual({ outcome: 'completed', variables: { diumumkan: 450 } });
    // The page under way is sent again, under the same message ids.
    const ids = sent.map(({ messageId }) => messageId);
    expect(ids.length).toBeLessThanOrEqual(480);
    expect(new Set(ids).size).toBe(450);
  });
  test('another message of the same list goes to those who were decided so', async () => {
    await announce();
    sent = [];
    const withdrawal = { pesan: 'dtks.pengesahan-dibatalkan', variabel: 'pembatalan', hasil: 'SAH' };
    expect(await announce({ ...withdrawal, berlaku: 'selamanya' })).toMatchObject({
      message: 'MODEL_SALAH (header berlaku: P7D)',
    });
    expect(await announce({ ...withdrawal, berlaku: 'PT0S' })).toEqual({
      outcome: 'completed',
      variables: { diumumkan: 449 },
    });
    expect(sent.some(({ correlationKey }) => correlationKey === 'D-000')).toBe(false);
    expect(sent[0]?.timeToLiveMs).toBe(0);
  });
});

describe('a province', () => {
  const complete = { adaJalan: true, adaRt: true, adaRw: true, adaPenanda: true, adaTitik: false };
  const fit = (more: JsonObject = {}): JsonObject => ({
    usulan: { kodeDesa: village, tanggal: '2026-11-05' },
    rumahTangga: { pekerjaan: 'BURUH', programDiterima: [] },
    alamat: complete,
    kelayakan: { saran: 'LAYAK', skor: 4 },
    ...more,
  });
  const waitsFor = (number: string, region: string, variables: JsonObject) =>
    waits(number, region, variables, 'dtks.hasil-provinsi');
  const begin = async (): Promise<void> => {
    await resultOf(
      'dtks.kumpulkan-menunggu',
      { pesan: 'dtks.hasil-provinsi', variabel: 'usulan,rumahTangga,alamat,kelayakan,survei' },
      { periode: '2026-11' },
    );
    await resultOf('dtks.nilai-butir', { keputusan: 'alamat_layak_kirim,alasan_provinsi', per: 'kabupaten' });
  };
  const take = (putusan: Json = [], headers: Record<string, string> = { bersih: 'LAYAK', bertanda: 'TEMUAN' }) =>
    resultOf('dtks.catat-hasil', headers, { kodeWilayah: '32.15', putusan, ditampilkan: [] });

  test('flagged rows get what their reason says once a person has confirmed, but for those named', async () => {
    await waitsFor('P-1', village, fit());
    await waitsFor('P-2', village, fit({ rumahTangga: { pekerjaan: 'BURUH', programDiterima: ['PKH'] } }));
    await waitsFor('P-3', village, fit({ alamat: { ...complete, adaJalan: false } }));
    await begin();
    expect(await take([{ nomor: 'P-3', hasil: 'LAYAK' }])).toEqual({
      rekap: { wilayah: '32.15', hasil: { DITOLAK: 1, LAYAK: 2 }, sisa: 0 },
    });
    const { rows } = await pool.query("select result from collected_item where number = 'P-2'");
    expect(rows).toEqual([{ result: { hasil: 'DITOLAK', langkah: null, kode: 'C01', alasan: 'Sudah menerima PKH' } }]);
  });
  test('a rule for flagged rows that nobody knows is told', async () => {
    expect(
      await run('dtks.catat-hasil', { bersih: 'LAYAK', bertanda: 'SEMUA' }, { kodeWilayah: '32.15' }),
    ).toMatchObject({
      message: 'MODEL_SALAH (header bertanda: SATU_PER_SATU, TEMUAN)',
    });
  });
  test('a quota goes to those whom D8 puts first; other quotas share out anew', async () => {
    await waitsFor('P-1', village, fit());
    await waitsFor('P-2', village, fit({ kelayakan: { saran: 'LAYAK', skor: 6 } }));
    await waitsFor('P-3', village, fit({ survei: { tanpaTempatTinggal: true } }));
    await waitsFor('P-4', village, fit({ survei: { tanpaTempatTinggal: false, keluarga: { lansiaTunggal: true } } }));
    await waitsFor('P-5', '32.15.02.2001', fit({ usulan: { kodeDesa: village, tanggal: '2026-10-05' } }));
    await begin();
    await take();
    const share = (jumlah: number) =>
      resultOf(
        'dtks.bagi-kuota',
        { keputusan: 'kuota_prioritas', dari: 'LAYAK', terpilih: 'DITETAPKAN', cadangan: 'DAFTAR_TUNGGU' },
        { kuota: [{ kode: '32.15', jumlah }] },
      );
    const chosen = async () =>
      (
        await pool.query("select number from collected_item where result ->> 'hasil' = 'DITETAPKAN' order by number")
      ).rows.map(({ number }: { number: string }) => number);
    expect(await share(3)).toEqual({ rekapKuota: [{ kode: '32.15', kuota: 3, terpilih: 3, cadangan: 2 }] });
    expect(await chosen()).toEqual(['P-2', 'P-3', 'P-4']);
    await share(4);
    expect(await chosen()).toEqual(['P-2', 'P-3', 'P-4', 'P-5']);
    await share(0);
    expect(await chosen()).toEqual([]);
  });
});
