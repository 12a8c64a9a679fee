/** Jobs around a delivery. */
import { describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { ConnectorDeps } from '#activities/connectors/ports.ts';
import type { Deliveries } from '#db/registry/deliveries.ts';
import type { Json } from '#engine/json.ts';
import { noDeliveries } from '../support/no-deliveries.ts';
import { citizen, depsFor, jobContext, jobRequest } from './fixtures.ts';

const base = jobRequest('1').variables;
const deliveries = (change: Partial<Deliveries>): Partial<ConnectorDeps> => ({
  deliveries: { ...noDeliveries, ...change },
});
const run = (
  type: string,
  deps: Partial<ConnectorDeps>,
  variables: object = {},
  headers: Record<string, string> = {},
) =>
  createConnectors(depsFor(deps))[type]?.(
    jobRequest('1', { headers, variables: { ...base, ...(variables as Record<string, Json>) } }),
    jobContext(),
  );

describe('dtks.fakta-penerima', () => {
  const facts = (born: string, variables: object = {}, deps: Partial<ConnectorDeps> = {}) =>
    run(
      'dtks.fakta-penerima',
      { readSubject: () => Promise.resolve({ ...citizen, tanggalLahir: born }), ...deps },
      variables,
    );
  test.each([
    ['1956-11-22', 70],
    ['1956-11-23', 69],
    ['2026-11-01', 0],
  ])('born %s: %d years on 22 November 2026', async (born, umur) => {
    expect(await facts(born)).toMatchObject({ variables: { penerima: { umur } } });
  });
  test('the caller tells of illness, Pos of the distance, the cases of the village how many are handed over together', async () => {
    const asked: unknown[] = [];
    const mappedSince = (village: string, since: Date) => {
      asked.push(village, since.toISOString());
      return Promise.resolve(120);
    };
    const known = { penerima: { sakit: true }, jawabanPos: { jarakKm: 6.2 } };
    expect(await facts('1990-01-12', known, deliveries({ mappedSince }))).toEqual({
      outcome: 'completed',
      variables: {
        penerima: { umur: 36, disabilitasBerat: false, sakit: true, jarakKm: 6.2 },
        desa: { jumlahPenerima: 120 },
      },
    });
    expect(asked).toEqual(['32.15.01.2001', '2026-10-22T03:00:00.000Z']);
  });
  test('nobody in the vault is no matter of time', async () => {
    expect(await run('dtks.fakta-penerima', { readSubject: () => Promise.resolve(null) })).toMatchObject({
      retries: 0,
    });
  });
});

describe('dtks.daftar-tunggu', () => {
  test('families of the village that wait for a place in this programme, with what ranks them', async () => {
    const waits: object[] = [];
    const waitingCases: ConnectorDeps['waitingCases'] = (wait) => {
      waits.push(wait);
      const region = '32.15.01.2001';
      return Promise.resolve([
        { correlationKey: 'A-2', region, variables: { usulan: { program: 'BANPROV' }, kelayakan: { skor: 4 } } },
        { correlationKey: 'A-3', region, variables: { usulan: { program: 'PKH' } } },
        {
          correlationKey: 'A-1',
          region,
          variables: {
            usulan: { program: 'BANPROV' },
            survei: { tanpaTempatTinggal: true, keluarga: { janda: true } },
            hasilPusat: { desil: 2 },
          },
        },
      ]);
    };
    const nothing = { lansiaTunggal: false, disabilitasBerat: false, balitaHamil: false };
    expect(await run('dtks.daftar-tunggu', { waitingCases })).toEqual({
      outcome: 'completed',
      variables: {
        daftarTunggu: [
          { nomor: 'A-2', tanggal: 'A-2', tanpaTempatTinggal: false, desil: null, skor: 4, ...nothing, janda: false },
          { nomor: 'A-1', tanggal: 'A-1', tanpaTempatTinggal: true, desil: 2, skor: null, ...nothing, janda: true },
        ],
      },
    });
    expect(waits).toMatchObject([{ messageName: 'dtks.pengganti', region: '32.15.01.2001', limit: 300 }]);
    expect(await run('dtks.daftar-tunggu', { waitingCases }, { usulan: { nomor: 'X' } })).toMatchObject({
      retries: 0,
      message: expect.stringContaining('usulan.program'),
    });
  });
});

describe('dtks.keadaan-kepesertaan', () => {
  const penetapan = { program: 'BANPROV', periode: '2026-12', sumber: 'APBD_PROV', jumlah: 500_000 };
  test('says what the ledger says of the help that was decided, and whether the delivery waits', async () => {
    const asked: unknown[] = [];
    const known = deliveries({
      stateOf: (help) => {
        asked.push(help);
        return Promise.resolve({ state: 'RETURNED', amount: 500_000 });
      },
      isAwaited: (name, key) => Promise.resolve(name === 'dtks.hasil-penyaluran' && key.endsWith('000001')),
    });
    const answer = await run('dtks.keadaan-kepesertaan', known, { penetapan }, { bantuan: 'penetapan' });
    expect(answer).toEqual({
      outcome: 'completed',
      variables: { buku: { keadaan: 'RETURNED', jumlah: 500_000, menunggu: true } },
    });
    expect(asked).toMatchObject([
      { programme: 'BANPROV', source: 'APBD_PROV', period: '2026-12', proposalNumber: '3215012001-202611-000001' },
    ]);
  });
  test('knows of nothing, and names what it does not understand', async () => {
    expect(await run('dtks.keadaan-kepesertaan', {})).toMatchObject({
      variables: { buku: { keadaan: null, jumlah: null, menunggu: false } },
    });
    const wrong = { penetapan: { ...penetapan, periode: 'November' } };
    expect(await run('dtks.keadaan-kepesertaan', {}, wrong, { bantuan: 'penetapan' })).toMatchObject({
      retries: 0,
      message: expect.stringContaining('penetapan.periode'),
    });
  });
});

describe('dtks.rekonsiliasi', () => {
  test('hands on the sums; a region or period that is missing is named', async () => {
    const sums = {
      dialokasikan: 5,
      terbayar: 3,
      dikembalikan: 1,
      tertunda: 1,
      selisih: 0,
      jumlahTertunda: 1,
      jumlahSelisih: 0,
    };
    const lists = {
      daftarTertunda: [{ nomor: 'A', kodeDesa: 'B', jumlah: 1, sejak: '2026-11-20' }],
      daftarSelisih: [],
    };
    const reconcile = (region: string, period: string) =>
      region === '32.15' && period === '2026-T4'
        ? Promise.resolve({ ...sums, ...lists })
        : Promise.reject(new Error(region));
    const known = deliveries({ reconcile });
    expect(await run('dtks.rekonsiliasi', known, { kodeWilayah: '32.15', periode: '2026-T4' })).toEqual({
      outcome: 'completed',
      variables: { rekonsiliasi: { ...sums, ...lists } },
    });
    expect(await run('dtks.rekonsiliasi', known, { periode: '2026-T4' })).toMatchObject({
      message: expect.stringContaining('kodeWilayah'),
    });
    expect(await run('dtks.rekonsiliasi', known, { kodeWilayah: '32.15', periode: 'T4' })).toMatchObject({
      message: expect.stringContaining('periode'),
    });
  });
});

describe('dtks.koreksi-jumlah', () => {
  const known = { kodeWilayah: '32.15', periode: '2026-11', koreksi: { nomor: 'A', jumlah: 500_000 } };
  test('corrects one help under the job’s key; what cannot be corrected is an error of the process', async () => {
    const asked: unknown[] = [];
    const correct: Deliveries['correct'] = (correction, change) => {
      asked.push(correction, change.key);
      return Promise.resolve(correction.proposalNumber === 'A');
    };
    expect(await run('dtks.koreksi-jumlah', deliveries({ correct }), known)).toEqual({
      outcome: 'completed',
      variables: {},
    });
    expect(asked).toEqual([{ region: '32.15', period: '2026-11', proposalNumber: 'A', amount: 500_000 }, 'job 1']);
    const strange = { ...known, koreksi: { nomor: 'B', jumlah: 1 } };
    expect(await run('dtks.koreksi-jumlah', deliveries({ correct }), strange)).toMatchObject({
      code: 'KOREKSI_DITOLAK',
    });
    const wrong = { ...known, koreksi: { nomor: 'A', jumlah: 0.5 } };
    expect(await run('dtks.koreksi-jumlah', deliveries({ correct }), wrong)).toMatchObject({
      retries: 0,
      message: expect.stringContaining('koreksi.jumlah'),
    });
  });
});
