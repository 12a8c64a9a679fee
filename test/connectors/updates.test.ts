/** Jobs of the monthly update: what they ask of the register and Dukcapil, and that no citizen data gets into the process. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { ConnectorDeps } from '#activities/connectors/ports.ts';
import type { VaultFields } from '#activities/connectors/vault-fields.ts';
import type { JobOutcome, JobRequest } from '#activities/job-handler.ts';
import type { Updates } from '#db/registry/updates.ts';
import { createDukcapil } from '#simulators/dukcapil.ts';
import { memoryUpdates } from '../support/memory-updates.ts';
import { citizen, depsFor, jobContext, jobRequest, listen, post } from './fixtures.ts';
import type { Running } from './fixtures.ts';

const village = '32.15.01.2001';
const family = (nomor: string, change: Partial<VaultFields> = {}) => ({
  number: nomor,
  subjectKey: `9${nomor}`,
  citizen: { ...citizen, ...change },
});

async function run(
  type: string,
  request: Partial<JobRequest>,
  { updates = {}, ...deps }: Omit<Partial<ConnectorDeps>, 'updates'> & { readonly updates?: Partial<Updates> } = {},
): Promise<JobOutcome | undefined> {
  const all = depsFor({ ...deps, updates: { ...memoryUpdates(), ...updates } });
  return createConnectors(all)[type]?.(jobRequest('77', request), jobContext());
}

describe('dtks.tarik-kependudukan', () => {
  let simulator: Running;
  beforeAll(async () => {
    simulator = await listen(createDukcapil({ seed: 1, stateDir: null }));
    const entry = { noKk: citizen.noKk, nama: citizen.nama, tanggalLahir: citizen.tanggalLahir, jenisKelamin: 'L' };
    await post(`${simulator.url}/_sim/population`, [
      { ...entry, nik: '3215011201900001' },
      { ...entry, nik: '3215011201900002', status: 'MENINGGAL' },
      { ...entry, nik: '3215011201900003', pindahKe: '32.04.05.2001' },
    ]);
  });
  afterAll(() => simulator.close());

  const families = ['1', '2', '3', '4'].map((end) => family(`A-${end}`, { nik: `321501120190000${end}` }));
  const pull = (): Promise<JobOutcome | undefined> =>
    run(
      'dtks.tarik-kependudukan',
      { variables: { kodeDesa: village } },
      {
        updates: { listed: (code) => Promise.resolve(code === village ? families : []) },
        dukcapil: {
          url: simulator.url,
          agency: 'dinsos',
          userId: 'alur',
          password: 'alur-demo',
          clientIp: '127.0.0.1',
        },
      },
    );
  test('tells by number who has died and who has moved', async () => {
    const outcome = await pull();
    expect(outcome).toEqual({
      outcome: 'completed',
      variables: {
        dariDukcapil: [
          { nomor: 'A-2', keadaan: 'MENINGGAL' },
          { nomor: 'A-3', keadaan: 'PINDAH' },
        ],
      },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/\d{16}/);
  });
  test('a used-up quota is an error of the diagram, a refused login an incident at once', async () => {
    await post(`${simulator.url}/_sim/script`, { quota: 0 });
    expect(await pull()).toMatchObject({ outcome: 'error', code: 'KUOTA_HABIS' });
    await post(`${simulator.url}/_sim/script`, { quota: null, accessDenied: true });
    expect(await pull()).toMatchObject({ outcome: 'failed', message: 'AKSES_DITOLAK (dukcapil)', retries: 0 });
  });
});

describe('dtks.susun-daftar-rt', () => {
  const none = { dariDukcapil: [], dariPenyaluran: [], dariRt: [] };
  test('groups by RT and RW whatever zeros they are written with, and tells who says what', async () => {
    const families = [
      family('A-1', { rt: '003', rw: '4' }),
      family('A-2', { rt: '3', rw: '04' }),
      family('A-3', { rt: '1', rw: '004' }),
      family('A-4', { rt: '-', rw: null }),
    ];
    const outcome = await run(
      'dtks.susun-daftar-rt',
      {
        variables: {
          kodeDesa: village,
          dariDukcapil: [{ nomor: 'A-2', keadaan: 'MENINGGAL' }],
          dariPenyaluran: [
            { nomor: 'A-1', keadaan: 'LEWAT_WAKTU' },
            { nomor: 'A-2', keadaan: 'PINDAH' },
          ],
          dariRt: [{ nomor: 'Z-9', keadaan: 'MAMPU' }],
        },
      },
      { updates: { listed: () => Promise.resolve(families) } },
    );
    expect(outcome).toEqual({
      outcome: 'completed',
      variables: {
        daftarRt: [
          { rt: '-', rw: '-', keluarga: [{ nomor: 'A-4', warga: '9A-4', tanda: [], keadaan: 'MASIH_ADA' }] },
          { rt: '1', rw: '4', keluarga: [{ nomor: 'A-3', warga: '9A-3', tanda: [], keadaan: 'MASIH_ADA' }] },
          {
            rt: '3',
            rw: '4',
            keluarga: [
              { nomor: 'A-1', warga: '9A-1', tanda: ['PENYALURAN_LEWAT_WAKTU'], keadaan: 'MASIH_ADA' },
              { nomor: 'A-2', warga: '9A-2', tanda: ['DUKCAPIL_MENINGGAL', 'PENYALURAN_PINDAH'], keadaan: 'MENINGGAL' },
            ],
          },
        ],
      },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/\d{16}|DADANG/i);
  });
  test('a variable that is not as it should be is an incident that names it', async () => {
    expect(await run('dtks.susun-daftar-rt', { variables: { ...none, kodeDesa: '3215', dariRt: null } })).toEqual({
      outcome: 'failed',
      message: 'VARIABEL_SALAH (kodeDesa, dariRt)',
      retries: 0,
    });
  });
});

test('dtks.catat-pemeriksaan: no answer is no answer, whatever the list said', async () => {
  const noted: unknown[] = [];
  const note = (basi: boolean): Promise<JobOutcome | undefined> =>
    run(
      'dtks.catat-pemeriksaan',
      {
        variables: {
          kodeDesa: village,
          periode: '2026-11',
          konfirmasi: { basi, keluarga: [{ nomor: 'A-1', keadaan: 'MASIH_ADA' }] },
        },
      },
      { updates: { noteChecks: (checks, at) => Promise.resolve(void noted.push(checks, at)) } },
    );
  await note(false);
  await note(true);
  const at = { village, period: '2026-11', commandKey: 'job 77' };
  expect(noted).toEqual([[{ number: 'A-1', answer: 'MASIH_ADA' }], at, [{ number: 'A-1', answer: null }], at]);
});

describe('a death', () => {
  const kematian = { bukti: 'AKTA', siapa: 'PENGURUS', nomorBukti: 'AK-1', tanggal: '2026-11-02' };
  const record = (left: Awaited<ReturnType<Updates['recordDeath']>>) =>
    run(
      'dtks.catat-meninggal',
      { variables: { warga: '1', kematian } },
      { updates: { recordDeath: () => Promise.resolve(left) } },
    );
  test('names who can follow by sex and age, grown-ups only', async () => {
    const person = (personKey: string, sex: 'L' | 'P', birthDate: string) => ({ personKey, sex, birthDate });
    expect(
      await record([person('5', 'P', '1985-05-15'), person('6', 'L', '2009-11-22'), person('7', 'P', '2009-11-23')]),
    ).toEqual({
      outcome: 'completed',
      variables: {
        calon: [
          { value: '5', label: '1. P · 41' },
          { value: '6', label: '2. L · 17' },
        ],
      },
    });
  });
  test('of somebody nobody has registered is an incident', async () => {
    expect(await record(null)).toMatchObject({ outcome: 'failed', retries: 0 });
  });
  test('a caretaker who is not of the family is refused', async () => {
    const outcome = await run(
      'dtks.ganti-pengurus',
      { variables: { warga: '1', pengurus: '5' } },
      { updates: { changeCaretaker: () => Promise.resolve(false) } },
    );
    expect(outcome).toMatchObject({ outcome: 'failed', retries: 0 });
  });
});

test('dtks.hentikan-kepesertaan stops each by its reason, and says how many', async () => {
  const stopped: unknown[] = [];
  const outcome = await run(
    'dtks.hentikan-kepesertaan',
    {
      elementId: 'terapkan-perubahan',
      variables: {
        penghentian: {
          butir: [
            { nomor: 'A-1', warga: '1', keadaan: 'MAMPU' },
            { nomor: 'A-2', warga: '2', keadaan: 'MENINGGAL' },
            { nomor: 'A-3', warga: '3', keadaan: 'MAMPU', program: 'PKH' },
          ],
          periode: '2026-11',
          dasar: 'BA/12',
        },
      },
    },
    {
      updates: {
        stop: (stops, terms) => {
          stopped.push([stops.map(({ number, programme }) => [number, programme]), terms.reason, terms.basis]);
          return Promise.resolve(stops.length);
        },
      },
    },
  );
  expect(outcome).toEqual({ outcome: 'completed', variables: { penghentian: { jumlah: 3 } } });
  expect(stopped).toEqual([
    [
      [
        ['A-1', null],
        ['A-3', 'PKH'],
      ],
      'MAMPU',
      'BA/12',
    ],
    [[['A-2', null]], 'MENINGGAL', 'BA/12'],
  ]);
});

test('help that was stopped is not reserved: it is told as an overlap', async () => {
  const outcome = await run(
    'dtks.pesan-kepesertaan',
    {},
    { updates: { isStopped: (subject, programme) => Promise.resolve(subject === '1' && programme === 'BANPROV') } },
  );
  expect(outcome).toMatchObject({
    outcome: 'error',
    code: 'E_TUMPANG_TINDIH',
    variables: { tumpangTindih: { larangan: [{ program: 'BANPROV', alasan: ['kepesertaan_dihentikan'] }] } },
  });
});

describe('dtks.wilayah-terdaftar', () => {
  const regions = (tingkat: string, today: string) =>
    run(
      'dtks.wilayah-terdaftar',
      { headers: { tingkat } },
      {
        today: () => today,
        updates: { regions: (segments) => Promise.resolve(segments === 4 ? [village] : ['32.15']) },
      },
    );
  test.each<[string, string, string, string]>([
    ['DESA', '2026-11-22', village, '2026-11'],
    ['KABUPATEN', '2026-11-22', '32.15', '2026-T3'],
    ['KABUPATEN', '2027-01-01', '32.15', '2026-T4'],
  ])('%s on %s: %s of %s', async (level, today, kode, periode) => {
    expect(await regions(level, today)).toEqual({
      outcome: 'completed',
      variables: { daftarWilayah: [{ kode, periode }] },
    });
  });
  test('an unknown level is the model’s fault', async () => {
    expect(await regions('RT', '2026-11-22')).toMatchObject({
      message: 'MODEL_SALAH (header tingkat: DESA, KABUPATEN)',
    });
  });
});
