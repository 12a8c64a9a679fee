import { describe, expect, test } from '@jest/globals';
import { addressFacts } from '#activities/connectors/dtks.ts';
import { createConnectors } from '#activities/connectors/index.ts';
import type { EarlierProposal } from '#activities/connectors/ports.ts';
import { comparableAddress } from '#registry/addresses.ts';
import { citizen, depsFor, jobContext, jobRequest } from './fixtures.ts';

const check = (earlier: EarlierProposal[], self = citizen) =>
  createConnectors(
    depsFor({ readSubject: () => Promise.resolve(self), findEarlierProposals: () => Promise.resolve(earlier) }),
  )['dtks.periksa-usulan']?.(jobRequest('1'), jobContext());

describe('dtks.periksa-usulan', () => {
  test('tells which facts a candidate shares, and no citizen data', async () => {
    const other = {
      ...citizen,
      nik: '3215011201900002',
      nama: 'Dadang Kurniawan',
      rt: '3',
      rw: '04',
      alamat: 'Kampung Sukamaju nomor 12',
      hp: '+62 812 0000 0001',
    };
    const outcome = await check([{ number: 'A-1', fields: other }]);
    expect(outcome).toEqual({
      outcome: 'completed',
      variables: {
        pemeriksaan: {
          nikSah: true,
          peringatan: [],
          kandidat: [
            {
              usulan: 'A-1',
              nikSama: false,
              kkSama: true,
              tanggalSama: true,
              ibuSama: true,
              desaSama: true,
              alamatSama: true,
              hpSama: true,
              skorNama: 1,
            },
          ],
        },
        alamat: { adaJalan: true, adaRt: true, adaRw: true, adaPenanda: true, adaTitik: false },
      },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/\d{16}|DADANG|Sukamaju/i);
  });
  test('at most five candidates, the closest first, strangers never', async () => {
    const stranger = {
      ...citizen,
      nik: '3215011201900077',
      noKk: '3215010101100099',
      nama: 'UJANG SOLIHIN',
      tanggalLahir: '1970-02-02',
      ibuKandung: 'X',
      alamat: 'Dusun Lain',
      hp: '0813',
    };
    const same = Array.from({ length: 7 }, (_, index) => ({
      number: `A-${index}`,
      fields: { ...citizen, nik: `321501120190001${index}` },
    }));
    const outcome = await check([{ number: 'Z', fields: stranger }, ...same, { number: 'B', fields: citizen }]);
    const kandidat =
      outcome?.outcome === 'completed'
        ? (outcome.variables['pemeriksaan'] as { kandidat: { usulan: string }[] }).kandidat
        : [];
    expect(kandidat.map((candidate) => candidate.usulan)).toEqual(['B', 'A-0', 'A-1', 'A-2', 'A-3']);
  });
  test('a NIK with a fault is told, not refused', async () => {
    const outcome = await check([], { ...citizen, nik: '3215011213900001' });
    expect(outcome).toMatchObject({ variables: { pemeriksaan: { nikSah: false, peringatan: ['NIK_MONTH'] } } });
  });
});

test('address facts read placeholders as absent', () => {
  expect(addressFacts({ ...citizen, rt: '000', rw: '-', alamat: '12', penanda: ' ' })).toEqual({
    adaJalan: false,
    adaRt: false,
    adaRw: false,
    adaPenanda: false,
    adaTitik: false,
  });
  expect(comparableAddress({ ...citizen, alamat: null })).toBeNull();
});
test('dtks.kumpulkan-agenda lists what waits in the village', async () => {
  const known = { kelayakan: { saran: 'LAYAK', skor: 5 }, rumahTangga: { jumlahAnggota: 4 } };
  const waiting = [
    { correlationKey: 'A-1', region: '32.15.01.2001', variables: known },
    { correlationKey: 'A-2', region: '32.15.01.2001', variables: {} },
  ];
  const collect = createConnectors(
    depsFor({
      waitingCases: ({ messageName, region, limit }) =>
        Promise.resolve(
          messageName === 'dtks.hasil-musyawarah' && region === '32.15.01.2001' ? waiting.slice(0, limit) : [],
        ),
    }),
  )['dtks.kumpulkan-agenda'];
  expect(await collect?.(jobRequest('1', { variables: { kodeDesa: '32.15.01.2001' } }), jobContext())).toEqual({
    outcome: 'completed',
    variables: {
      agenda: [
        { nomor: 'A-1', saran: 'LAYAK', skor: 5, anggota: 4 },
        { nomor: 'A-2', saran: null, skor: null, anggota: null },
      ],
    },
  });
});
