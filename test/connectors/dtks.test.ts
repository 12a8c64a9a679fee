import { describe, expect, test } from '@jest/globals';
import { addressFacts } from '#activities/connectors/dtks.ts';
import { createConnectors } from '#activities/connectors/index.ts';
import type { EarlierProposal } from '#activities/connectors/ports.ts';
import type { Variables } from '#engine/json.ts';
import { limits } from '#engine/limits.ts';
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
describe('dtks.kumpulkan-agenda', () => {
  const collect = async (waiting: readonly { readonly correlationKey: string; readonly variables: Variables }[]) => {
    const handler = createConnectors(
      depsFor({
        waitingCases: ({ messageName, region, limit }) =>
          Promise.resolve(
            messageName === 'dtks.hasil-musyawarah' && region === '32.15.01.2001'
              ? waiting.slice(0, limit).map((one) => ({ region, ...one }))
              : [],
          ),
      }),
    )['dtks.kumpulkan-agenda'];
    const outcome = await handler?.(jobRequest('1', { variables: { kodeDesa: '32.15.01.2001' } }), jobContext());
    return outcome?.outcome === 'completed' ? outcome.variables['agenda'] : outcome;
  };
  const facts = { lansiaTunggal: false, disabilitasBerat: false, balitaHamil: false, janda: false };

  test('lists the proposals that wait in the village, with what the meeting weighs and what ranks them', async () => {
    const variables = {
      usulan: { nomor: 'A-1', program: 'PKH', periode: '2026-10' },
      kelayakan: { saran: 'LAYAK', skor: 5, alasan: ['kriteria_a'] },
      rumahTangga: { jumlahAnggota: 4, desil: 2 },
      survei: { tanpaTempatTinggal: true, keluarga: { janda: true } },
      lapangan: { hasil: 'SELESAI' },
    };
    const nothing = { program: null, anggota: null, lapangan: null, saran: null, skor: null, desil: null, alasan: [] };
    expect(
      await collect([
        { correlationKey: 'A-1', variables },
        { correlationKey: 'A-2', variables: {} },
      ]),
    ).toEqual([
      {
        ...facts,
        nomor: 'A-1',
        tanggal: '2026-10',
        jenis: 'USULAN',
        program: 'PKH',
        anggota: 4,
        lapangan: 'SELESAI',
        saran: 'LAYAK',
        skor: 5,
        desil: 2,
        alasan: ['kriteria_a'],
        tanpaTempatTinggal: true,
        janda: true,
      },
      { ...facts, ...nothing, nomor: 'A-2', tanggal: 'A-2', jenis: 'USULAN', tanpaTempatTinggal: false },
    ]);
  });

  test('an objection shows its summary, a block of updates its changes without citizens', async () => {
    const perkara = { nomor: 'SG-1', usulan: { nomor: 'A-9' }, warga: '7', ringkasan: 'Sudah mampu menurut cek ulang' };
    const blok = Array.from({ length: 120 }, (_, index) => ({
      nomor: `A-${index}`,
      warga: String(index),
      keadaan: 'PINDAH',
      jenis: 'PINDAH',
    }));
    const agenda = await collect([
      { correlationKey: 'SG-1', variables: { perkara } },
      { correlationKey: 'PB-32.15.01.2001/2026-11', variables: { blok } },
      { correlationKey: 'PB-32.15.01.2001/2026-10', variables: {} },
    ]);
    expect(agenda).toEqual([
      { nomor: 'SG-1', jenis: 'SANGGAH', usulan: 'A-9', ringkasan: 'Sudah mampu menurut cek ulang' },
      {
        nomor: 'PB-32.15.01.2001/2026-11',
        jenis: 'PEMBARUAN',
        jumlah: 120,
        perubahan: blok.slice(0, 100).map(({ nomor, keadaan }) => ({ nomor, keadaan })),
      },
      { nomor: 'PB-32.15.01.2001/2026-10', jenis: 'PEMBARUAN', jumlah: 0, perubahan: [] },
    ]);
  });

  test('the fullest agenda fits into one variable', async () => {
    const alasan = ['pekerjaan_dikecualikan', ...Array.from('abcdefgh', (letter) => `kriteria_${letter}`)];
    const waiting = Array.from({ length: 600 }, (_, index) => ({
      correlationKey: `3215012001-202611-${String(index).padStart(6, '0')}`,
      variables: { usulan: { program: 'SEMBAKO' }, kelayakan: { saran: 'TINJAU_PEKERJAAN', skor: 8, alasan } },
    }));
    const agenda = await collect(waiting);
    expect(agenda).toHaveLength(300);
    expect(JSON.stringify(agenda).length).toBeLessThan(limits.variableBytes);
  });
});
