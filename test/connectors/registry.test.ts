/** The jobs of the register, on a real PostgreSQL and with the real matrix. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Pool } from 'pg';
import { createConnectors } from '#activities/connectors/index.ts';
import { overlapMatrixOf } from '#activities/connectors/overlap-matrix.ts';
import type { JobHandler, JobOutcome } from '#activities/job-handler.ts';
import { parseDecisions } from '#bpmn/dmn.ts';
import { createRegister } from '#db/registry/register.ts';
import { createVault } from '#db/vault.ts';
import type { Citizen } from '#db/vault.ts';
import type { JsonObject } from '#engine/json.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { citizen, depsFor, jobContext, jobRequest } from './fixtures.ts';

const vault = createVault(randomBytes(32));
const wife: Citizen = { ...citizen, nik: '3215015201920003', nama: 'ENTIN HANDAYANI', jenisKelamin: 'P' };
let postgres: TestPostgres;
let pool: Pool;
let owner: Pool;
let jobs: Record<string, JobHandler>;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  owner = postgres.pool(null, 1);
  const parsed = await parseDecisions(await readFile('definitions/dtks/tumpang_tindih.dmn', 'utf8'));
  const decision = parsed.ok ? parsed.decisions.find(({ id }) => id === 'tumpang_tindih') : undefined;
  if (decision === undefined) throw new Error('the matrix');
  jobs = createConnectors(
    depsFor({
      register: createRegister(pool, vault),
      overlapMatrix: () => Promise.resolve(overlapMatrixOf(decision)),
    }),
  );
}, 120_000);
afterAll(() => postgres.stop());
beforeEach(() => owner.query('truncate subject, person, family, participation cascade').then(() => undefined));

let jobKey = 0;
const run = (
  type: string,
  warga: string,
  given: { readonly usulan?: JsonObject; readonly headers?: Record<string, string>; readonly jobKey?: string } = {},
): Promise<JobOutcome | undefined> => {
  const { usulan = {}, headers = {}, ...rest } = given;
  jobKey += 1;
  const meant = { nomor: 'A-1', program: 'PKH', periode: '2026-T4', kodeDesa: citizen.kodeDesa, ...usulan };
  return (
    jobs[type]?.(
      jobRequest(rest.jobKey ?? String(jobKey), { variables: { warga, usulan: meant }, headers }),
      jobContext(),
    ) ?? Promise.resolve(undefined)
  );
};
const registered = async (person: Citizen): Promise<string> => {
  const warga = await vault.create(pool, person);
  expect(await run('dtks.daftarkan-orang', warga)).toMatchObject({ outcome: 'completed' });
  return warga;
};

describe('dtks.daftarkan-orang', () => {
  test('two proposals of one person are one person; nothing of it identifies anybody', async () => {
    const [first, second] = [await vault.create(pool, citizen), await vault.create(pool, citizen)];
    const outcome = await run('dtks.daftarkan-orang', first);
    expect(outcome).toMatchObject({ variables: { orang: { baru: true, nikDipakai: false } } });
    expect(JSON.stringify(outcome)).not.toMatch(/\d{16}(?!\d)|DADANG/);
    const orang = outcome?.outcome === 'completed' ? (outcome.variables['orang'] as JsonObject) : {};
    expect(await run('dtks.daftarkan-orang', second)).toEqual({
      outcome: 'completed',
      variables: { orang: { ...orang, baru: false } },
    });
    expect(await run('dtks.daftarkan-orang', '1')).toMatchObject({ outcome: 'failed', retries: 0 });
  });
});

describe('help', () => {
  test('is reserved once for a family; the same job and the same proposal answer the same', async () => {
    const [warga, istri] = [await registered(citizen), await registered(wife)];
    const first = await run('dtks.pesan-kepesertaan', warga, { jobKey: '900' });
    expect(first).toMatchObject({ outcome: 'completed', variables: { pesanan: { jumlah: 750_000 } } });
    expect(await run('dtks.pesan-kepesertaan', warga, { jobKey: '900' })).toEqual(first);
    expect(await run('dtks.pesan-kepesertaan', warga)).toEqual(first);
    expect(await run('dtks.pesan-kepesertaan', istri, { usulan: { nomor: 'B-1' } })).toMatchObject({
      outcome: 'error',
      code: 'E_TUMPANG_TINDIH',
      variables: { tumpangTindih: { boleh: false, larangan: [{ program: 'PKH', alasan: ['program_sama'] }] } },
    });
  });
  test('that the matrix allows is reserved beside, that it forbids is not, also when both come at once', async () => {
    const warga = await registered(citizen);
    const ask = (program: string) => run('dtks.pesan-kepesertaan', warga, { usulan: { nomor: program, program } });
    expect(await ask('PKH')).toMatchObject({ outcome: 'completed' });
    expect(await ask('SEMBAKO')).toMatchObject({ outcome: 'completed' });
    expect(await ask('BLT_DD')).toMatchObject({ outcome: 'error', code: 'E_TUMPANG_TINDIH' });
    const other = await registered({ ...wife, noKk: '3215010101250009' });
    const both = await Promise.all(
      ['BST', 'BLT_DD'].map((program) => run('dtks.pesan-kepesertaan', other, { usulan: { nomor: program, program } })),
    );
    expect(both.map((one) => String(one?.outcome)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      'completed',
      'error',
    ]);
  });
  test('dtks.periksa-kepesertaan tells what meets the period', async () => {
    const [warga, istri] = [await registered(citizen), await registered(wife)];
    await run('dtks.pesan-kepesertaan', istri, { usulan: { nomor: 'B-1', program: 'SEMBAKO', periode: '2026-11' } });
    expect(await run('dtks.periksa-kepesertaan', warga)).toEqual({
      outcome: 'completed',
      variables: {
        kepesertaan: [
          {
            program: 'SEMBAKO',
            sumber: 'APBN',
            periode: '2026-11',
            hubungan: 'KK',
            keluargaSama: true,
            daerahLain: false,
          },
        ],
      },
    });
    expect(await run('dtks.periksa-kepesertaan', warga, { usulan: { periode: '2026-10' } })).toMatchObject({
      variables: { kepesertaan: [] },
    });
  });
  test('is paid once, comes back, and a payment looks at the matrix again', async () => {
    const [warga, istri] = [await registered(citizen), await registered({ ...wife, noKk: '3215010101250009' })];
    await run('dtks.pesan-kepesertaan', warga);
    await run('dtks.pesan-kepesertaan', istri, { usulan: { nomor: 'B-1', program: 'BLT_DD' } });
    expect(await run('dtks.tetapkan-kepesertaan', warga, { jobKey: '901' })).toMatchObject({ outcome: 'completed' });
    // The wife's family becomes his: her reservation is forbidden from then on, what is paid stays paid.
    await vault.update(pool, istri, { noKk: citizen.noKk });
    await run('dtks.daftarkan-orang', istri);
    expect(
      await run('dtks.tetapkan-kepesertaan', istri, { usulan: { nomor: 'B-1', program: 'BLT_DD' } }),
    ).toMatchObject({ outcome: 'error', code: 'E_TUMPANG_TINDIH' });
    expect(await run('dtks.tetapkan-kepesertaan', warga, { jobKey: '901' })).toMatchObject({ outcome: 'completed' });
    expect(
      await run('dtks.batalkan-kepesertaan', istri, {
        usulan: { nomor: 'B-1', program: 'BLT_DD' },
        headers: { keadaan: 'CANCELLED' },
      }),
    ).toMatchObject({ outcome: 'completed' });
    expect(await run('dtks.tetapkan-kepesertaan', warga)).toMatchObject({ outcome: 'error', code: 'E_BAYAR_GANDA' });
    const back = await run('dtks.batalkan-kepesertaan', warga, {
      usulan: { jumlah: 50_000 },
      headers: { keadaan: 'RETURNED' },
    });
    expect(back).toMatchObject({ outcome: 'completed' });
    const { rows } = await owner.query('select state, amount::int from participation_change order by at, key');
    expect(rows.at(-1)).toEqual({ state: 'RETURNED', amount: 50_000 });
    expect(await run('dtks.tetapkan-kepesertaan', warga)).toMatchObject({
      outcome: 'failed',
      message: 'KEPESERTAAN_TIDAK_SESUAI (WRONG_STATE RETURNED)',
    });
  });
  test.each<[string, JsonObject, RegExp]>([
    ['a programme nobody knows', { program: 'LAIN' }, /^PROGRAM_TIDAK_DIKENAL \(usulan\.program: PKH/],
    ['no period', { periode: '2026' }, /^PERIODE_SALAH \(usulan\.periode/],
    ['funds nobody knows', { sumber: 'KAS' }, /^SUMBER_TIDAK_DIKENAL \(usulan\.sumber: APBN/],
    ['half a rupiah', { jumlah: 0.5 }, /^JUMLAH_SALAH/],
  ])('%s is told, and tried no further', async (_, usulan, message) => {
    const warga = await registered(citizen);
    expect(await run('dtks.pesan-kepesertaan', warga, { usulan })).toEqual({
      outcome: 'failed',
      retries: 0,
      message: expect.stringMatching(message),
    });
  });
  test('somebody who is not registered, and a release that says not which', async () => {
    const warga = await vault.create(pool, citizen);
    for (const type of ['dtks.pesan-kepesertaan', 'dtks.tetapkan-kepesertaan', 'dtks.periksa-kepesertaan'])
      expect(await run(type, warga)).toMatchObject({ message: expect.stringMatching(/^ORANG_BELUM_TERDAFTAR/) });
    expect(await run('dtks.batalkan-kepesertaan', warga)).toMatchObject({
      message: expect.stringMatching(/^MODEL_SALAH \(header keadaan/),
    });
  });
});
