/** Lists of batch cases as files: written by a profile and sealed with the case, and the file that comes back matched row by row. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { contentOf, createItemFileJobs } from '#activities/connectors/item-files.ts';
import { createListFiles, itemFileDeps } from '#activities/connectors/item-file-deps.ts';
import type { ItemFileDeps } from '#activities/connectors/item-file-deps.ts';
import type { JobOutcome } from '#activities/job-handler.ts';
import { createFileRegister } from '#db/files.ts';
import { createVault } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { keyOfNumber } from '#engine/keys.ts';
import { mapperOf } from '#exchange/mapping.ts';
import { mappingProfile } from '#exchange/profile.ts';
import type { MappingProfile } from '#exchange/profile.ts';
import { readTable } from '#exchange/reader.ts';
import { writeRecords } from '#exchange/writer.ts';
import { openStore } from '#files/open-store.ts';
import { sha256 } from '#files/store.ts';
import type { FileStore } from '#files/store.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { citizen, jobContext, jobRequest } from './fixtures.ts';

const profiles = path.join(__dirname, '../../definitions/dtks/profil');
const profileOf = async (id: string): Promise<MappingProfile> =>
  mappingProfile.parse(JSON.parse(await readFile(path.join(profiles, `${id}.json`), 'utf8')));

const list = keyOfNumber(9n);
const other = keyOfNumber(10n);
const village = '32.15.01.2001';
const today = '2026-11-23';
const nik = (index: number): string => `32150112019000${String(index).padStart(2, '0')}`;
const citizens: Readonly<Record<string, Citizen>> = Object.fromEntries(
  [1, 2, 3].map((index) => [String(index), { ...citizen, nik: nik(index), noKk: `321501010110000${index}` }]),
);

let postgres: TestPostgres;
let pool: Pool;
let folder: string;
let store: FileStore;
let deps: ItemFileDeps;
const register = createFileRegister(Buffer.alloc(32, 1));
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  folder = await mkdtemp(path.join(tmpdir(), 'alur-berkas-'));
  store = await openStore({ folder }, Buffer.alloc(32, 2));
  const owner = postgres.pool(null, 1);
  for (const id of ['siks-ng-usulan', 'siks-ng-hasil', 'pengembalian-provinsi'])
    await owner.query('insert into setting (name, value) values ($1, $2)', [
      `dtks.profil.${id}`,
      await readFile(path.join(profiles, `${id}.json`), 'utf8'),
    ]);
}, 120_000);
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  const vault = createVault(Buffer.alloc(32, 1));
  deps = {
    ...itemFileDeps({ pool, register, store, vault, today: () => today }),
    readSubject: (key) => Promise.resolve(citizens[key] ?? null),
  };
  await pool.query('delete from collected_item');
  for (const index of [1, 2, 3]) await listed(`A-${index}`, { warga: String(index), usulan });
});

const usulan = { program: 'PKH', periode: '2026-11' };
async function listed(number: string, facts: JsonObject, finding: Json = null): Promise<void> {
  await pool.query(
    'insert into collected_item (instance_key, number, region, facts, finding, flagged) values ($1, $2, $3, $4, $5, $6)',
    [list, number, village, JSON.stringify(facts), JSON.stringify(finding), finding !== null],
  );
}
const run = (job: string, headers: Record<string, string>, variables: JsonObject = {}): Promise<JobOutcome> => {
  const handler = createItemFileJobs(deps)[job];
  if (handler === undefined) throw new Error(`no job ${job}`);
  return handler(jobRequest('1', { instanceKey: list, region: '32.15', headers, variables }), jobContext());
};
const write = async (headers: Record<string, string>) => {
  const outcome = await run('dtks.buat-ekspor', headers, { kodeWilayah: '32.15' });
  if (outcome.outcome !== 'completed') throw new Error(JSON.stringify(outcome));
  return outcome.variables['ekspor'] as { berkas: string; checksum: string; jumlah: number; tanpaData: number };
};

describe('dtks.buat-ekspor', () => {
  test('the file lies with the case, has a row for each item whose data there is, and is kept once', async () => {
    await listed('A-4', { warga: '99', usulan });
    const ekspor = await write({ profil: 'siks-ng-usulan' });
    expect(ekspor).toMatchObject({ jumlah: 3, tanpaData: 1, checksum: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await write({ profil: 'siks-ng-usulan' })).toEqual(ekspor);
    const row = await register.find(pool, ekspor.berkas);
    expect(row).toMatchObject({ caseKey: list, kind: 'EKSPOR', region: '32.15', originalHash: ekspor.checksum });
    const content = await store.get(row?.storeKey ?? '');
    const file = path.join(folder, 'gelaran.xlsx');
    await writeFile(file, content ?? '');
    const { header, rows } = await readTable(file);
    const map = mapperOf(await profileOf('siks-ng-usulan'), header, today);
    const read: unknown[] = [];
    for await (const one of rows) read.push(map(one).record);
    expect(read).toEqual(
      [1, 2, 3].map((index) => expect.objectContaining({ nomorUsulan: `A-${index}`, nik: nik(index), program: 'PKH' })),
    );
  });
  test('only flagged rows with their reasons, and no number of a citizen, by a profile that carries none', async () => {
    await listed('A-5', { warga: '2', usulan }, { kode: 'C01', kelompok: 'C', alasan: 'Sudah menerima PKH' });
    const { berkas, jumlah } = await write({ profil: 'pengembalian-provinsi', hanya: 'BERTANDA' });
    expect(jumlah).toBe(1);
    const profile = await profileOf('pengembalian-provinsi');
    const rows = await createListFiles({ pool, register, store }).read(berkas, list, (header) =>
      mapperOf(profile, header, today),
    );
    expect(rows?.map(({ record }) => record)).toEqual([
      { nomorUsulan: 'A-5', kodeDesa: village, kelompok: 'C', kode: 'C01', alasan: 'Sudah menerima PKH' },
    ]);
  });
  test('an unknown profile or choice is told', async () => {
    const told = (headers: Record<string, string>) => run('dtks.buat-ekspor', headers, { kodeWilayah: '32.15' });
    expect(await told({ profil: 'asing' })).toMatchObject({
      message: 'PENGATURAN_SALAH (dtks.profil.asing)',
      retries: 0,
    });
    expect(await told({ profil: 'dtks', hanya: 'X' })).toMatchObject({
      message: 'MODEL_SALAH (header hanya: SEMUA, BERTANDA)',
    });
  });
});

describe('dtks.cocokkan-hasil', () => {
  const answer = async (rows: readonly Record<string, string | number | null>[], caseKey = list): Promise<string> => {
    const content = await contentOf(writeRecords(await profileOf('siks-ng-hasil'), rows));
    return createListFiles({ pool, register, store }).keep(content, {
      caseKey,
      region: '32.15',
      kind: 'DAFTAR_HASIL',
      format: 'xlsx',
      checksum: sha256(content),
    });
  };
  const match = (berkas: Json) =>
    run('dtks.cocokkan-hasil', { profil: 'siks-ng-hasil', tanpaBaris: 'TANPA_JAWABAN' }, { berkas });
  const row = (index: number, more: Record<string, string | number | null> = {}) => ({
    nomorUsulan: `A-${index}`,
    nik: nik(index),
    hasil: 'DITETAPKAN',
    ...more,
  });
  const results = async () =>
    (await pool.query<{ result: JsonObject }>('select result from collected_item order by number')).rows.map(
      ({ result }) => result,
    );

  test('by number and NIK, or by NIK alone; who is not answered is told so; strange rows are counted', async () => {
    const berkas = await answer([
      row(1, { idDtks: 'D-1', desil: 2 }),
      row(3, { nomorUsulan: null, hasil: 'DIKEMBALIKAN', alasan: 'KK berbeda' }),
      row(2, { nik: nik(1) }),
      row(1),
      row(9, { nomorUsulan: null }),
    ]);
    expect(await match(berkas)).toEqual({
      outcome: 'completed',
      variables: {
        pencocokan: {
          hasil: { DITETAPKAN: 1, TANPA_JAWABAN: 1, DIKEMBALIKAN: 1 },
          tidakDikenal: 3,
          tidakTerbaca: 0,
          baris: [4, 5, 6],
        },
      },
    });
    expect(await results()).toMatchObject([
      { hasil: 'DITETAPKAN', langkah: null, idDtks: 'D-1', desil: 2 },
      { hasil: 'TANPA_JAWABAN' },
      { hasil: 'DIKEMBALIKAN', langkah: 'DATA', alasan: 'KK berbeda' },
    ]);
  });
  test('another file takes the place of the first', async () => {
    await match(await answer([row(1)]));
    await match(await answer([row(2, { hasil: 'DITOLAK', alasan: 'mampu' }), row(3)]));
    expect((await results()).map(({ hasil }) => hasil)).toEqual(['TANPA_JAWABAN', 'DITOLAK', 'DITETAPKAN']);
  });
  test('no such file, one of another case, and one that is no result list are told to whoever sent it', async () => {
    const told = { outcome: 'error', code: 'BERKAS_TIDAK_SAH' };
    expect(await match('123')).toMatchObject({ ...told, variables: { galat: { kode: 'TIDAK_ADA' } } });
    expect(await match(null)).toMatchObject({ ...told, variables: { galat: { kode: 'TIDAK_ADA' } } });
    expect(await match(await answer([row(1)], other))).toMatchObject({
      ...told,
      variables: { galat: { kode: 'TIDAK_ADA' } },
    });
    const { berkas } = await write({ profil: 'pengembalian-provinsi' });
    expect(await match(berkas)).toMatchObject({
      ...told,
      variables: { galat: { kode: 'headerLacks', rincian: 'NIK, HASIL' } },
    });
  });
});
