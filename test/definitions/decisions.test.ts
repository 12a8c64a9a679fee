/** The deciding tables of the DTKS definitions, row by row (domain D3, D7, D8, D9). */
import { describe, expect, test } from '@jest/globals';
import { parseDecisions } from '#bpmn/dmn.ts';
import { evaluateDecision } from '#engine/dmn/evaluate.ts';
import type { Json, Variables } from '#engine/json.ts';
import { read } from './dtks.ts';

async function decide(id: string, variables: Variables): Promise<Json> {
  const parsed = await parseDecisions(read(`${id}.dmn`));
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message.en).join('\n'));
  const model = parsed.decisions.find((decision) => decision.id === id);
  if (model === undefined) throw new Error(`no decision ${id}`);
  const lookup = (name: string): Json | undefined => variables[name];
  const result = evaluateDecision(model, { lookup, nowMs: 0 });
  if (!result.ok) throw new Error(result.message);
  expect(result.warnings).toEqual([]);
  return result.value;
}

describe('D3 overlap', () => {
  const aid = (program: string, more: object = {}) => ({
    program,
    sumber: 'APBN',
    periode: '2026-11',
    keluargaSama: true,
    daerahLain: false,
    ...more,
  });
  const reasons = async (program: string, others: readonly object[]): Promise<Json> => {
    const { boleh, larangan } = (await decide('tumpang_tindih', {
      usulan: { program },
      kepesertaan: others as never,
    })) as { boleh: boolean; larangan: { alasan: string[] }[] };
    expect(boleh).toBe(larangan.length === 0);
    return larangan.flatMap(({ alasan }) => alasan);
  };
  const forbidden: readonly (readonly [string, string])[] = [
    ...['PKH', 'SEMBAKO', 'BST', 'PRAKERJA', 'BANPROV', 'BANKAB'].map((other) => ['BLT_DD', other] as const),
    ['BST', 'PKH'],
    ['BST', 'SEMBAKO'],
    ...['PKH', 'SEMBAKO', 'BST', 'SEMBAKO_PRESIDEN', 'BANKAB'].map((other) => ['BANPROV', other] as const),
  ];
  const programs = ['PKH', 'SEMBAKO', 'BST', 'PBI_JK', 'BLT_DD', 'BANPROV', 'BANKAB', 'PRAKERJA', 'SEMBAKO_PRESIDEN'];
  test('the whole matrix, both ways round', async () => {
    for (const one of programs) {
      for (const other of programs) {
        const isForbidden =
          one === other || forbidden.some((pair) => pair.includes(one) && pair.includes(other) && one !== other);
        expect([one, other, (await reasons(one, [aid(other)])) as string[]]).toEqual([
          one,
          other,
          isForbidden ? [expect.any(String)] : [],
        ]);
      }
    }
  });
  test('the same programme for another family is none of it, but the same person paid in two districts is', async () => {
    expect(await reasons('PKH', [aid('PKH', { keluargaSama: false })])).toEqual([]);
    expect(await reasons('PKH', [aid('SEMBAKO', { keluargaSama: false, daerahLain: true })])).toEqual([
      'tunai_dua_daerah',
    ]);
  });
  test('nothing known: allowed; several: each with its reason', async () => {
    expect(await decide('tumpang_tindih', { usulan: { program: 'PKH' }, kepesertaan: null })).toEqual({
      boleh: true,
      larangan: [],
    });
    expect(await reasons('BANPROV', [aid('PKH'), aid('PBI_JK'), aid('BLT_DD')])).toEqual([
      'banprov_dan_lain',
      'blt_dd_dan_lain',
    ]);
  });
});

describe('D7 what a delivery came to', () => {
  const nothing = { pindai: false, skorWajah: null, tandaTangan: false };
  const handed = { keadaan: 'HADIR', pindai: true, skorWajah: 0.9, tandaTangan: true };
  test.each<[object, string, string, boolean]>([
    [handed, 'TERBAYAR', 'KONFIRMASI', false],
    [{ ...handed, skorWajah: 0.8 }, 'TERBAYAR', 'KONFIRMASI', false],
    [{ ...handed, skorWajah: 0.79 }, 'TINJAU', 'PETUGAS_KEDUA', false],
    [{ ...handed, skorWajah: null }, 'TINJAU', 'PETUGAS_KEDUA', false],
    [{ ...handed, tandaTangan: false }, 'TINJAU', 'LENGKAPI_BUKTI', false],
    [{ ...handed, pindai: false }, 'TINJAU', 'LENGKAPI_BUKTI', false],
    [{ ...handed, keadaan: 'DIWAKILKAN' }, 'TERBAYAR', 'KONFIRMASI', false],
    [{ keadaan: 'DIWAKILKAN' }, 'TINJAU', 'VERIFIKATOR', false],
    [{ keadaan: 'TIDAK_DI_TEMPAT' }, 'TERTUNDA', 'AMBIL_KANTOR', false],
    [{ keadaan: 'MENINGGAL' }, 'MENINGGAL', 'AHLI_WARIS', false],
    [{ keadaan: 'PINDAH' }, 'PINDAH', 'KEMBALIKAN', true],
    [{ keadaan: 'TIDAK_DITEMUKAN' }, 'TIDAK_DITEMUKAN', 'KEMBALIKAN', true],
    [{ keadaan: 'MENOLAK' }, 'MENOLAK', 'KEMBALIKAN', true],
    [{ keadaan: 'GANDA' }, 'GANDA', 'KEMBALIKAN', true],
    [{ keadaan: 'ALAMAT_TIDAK_LENGKAP' }, 'ALAMAT_TIDAK_LENGKAP', 'LENGKAPI_ALAMAT', false],
    [{ keadaan: 'MAMPU' }, 'TINJAU', 'VERIFIKATOR', false],
  ])('%j: %s', async (bukti, hasil, langkah, kembalikanDana) => {
    expect(await decide('hasil_salur', { bukti: { ...nothing, ...bukti } })).toEqual({
      hasil,
      langkah,
      kembalikanDana,
    });
  });
});

describe('D8 who comes first when a village has a quota', () => {
  const family = (nomor: string, more: object = {}) => ({
    nomor,
    tanpaTempatTinggal: false,
    desil: 4,
    lansiaTunggal: false,
    disabilitasBerat: false,
    balitaHamil: false,
    janda: false,
    skor: 3,
    tanggal: '2026-11-05',
    ...more,
  });
  const ranked = (usulan: readonly object[], kuota: number) =>
    decide('kuota_prioritas', { usulan: usulan as never, kuota }) as Promise<{
      terpilih: string[];
      cadangan: string[];
      seri: string[];
    }>;
  test('groups in their order, then the score, then who has waited longest', async () => {
    const families = [
      family('a', { skor: 5 }),
      family('b', { janda: true }),
      family('c', { balitaHamil: true }),
      family('d', { disabilitasBerat: true }),
      family('e', { lansiaTunggal: true }),
      family('f', { desil: 3 }),
      family('g', { desil: 2 }),
      family('h', { desil: 1 }),
      family('i', { tanpaTempatTinggal: true, desil: 10 }),
      family('j', { tanggal: '2026-11-01' }),
      family('k'),
    ];
    expect(await ranked(families, 10)).toMatchObject({
      terpilih: ['i', 'h', 'g', 'f', 'e', 'd', 'c', 'b', 'a', 'j'],
      cadangan: ['k'],
      seri: [],
    });
  });
  test('equal at the limit: the meeting votes', async () => {
    const families = [family('a', { desil: 1 }), family('b'), family('c'), family('d', { skor: 1 })];
    expect(await ranked(families, 2)).toMatchObject({ terpilih: ['a'], seri: ['b', 'c'], cadangan: ['d'] });
  });
  test('nobody, no quota, room for all', async () => {
    expect(await ranked([], 3)).toMatchObject({ terpilih: [], cadangan: [], seri: [] });
    expect(await ranked([family('a')], 0)).toMatchObject({ terpilih: [], cadangan: ['a'], seri: [] });
    expect(await ranked([family('a'), family('b')], 5)).toMatchObject({ terpilih: ['a', 'b'], cadangan: [] });
  });
});

describe('D9 where it is handed over', () => {
  const someone = { umur: 40, disabilitasBerat: false, sakit: false, jarakKm: 2 };
  test.each<[object, number, string]>([
    [{ ...someone, umur: 70 }, 10, 'RUMAH'],
    [{ ...someone, umur: 69 }, 10, 'KANTOR'],
    [{ ...someone, disabilitasBerat: true }, 200, 'RUMAH'],
    [{ ...someone, sakit: true }, 10, 'RUMAH'],
    [{ ...someone, jarakKm: 5.1 }, 10, 'KOMUNITAS'],
    [{ ...someone, jarakKm: 5 }, 100, 'KANTOR'],
    [someone, 101, 'KOMUNITAS'],
  ])('%j, %d in the village: %s', async (penerima, jumlahPenerima, metode) => {
    expect(await decide('metode_salur', { penerima: penerima as never, desa: { jumlahPenerima } })).toBe(metode);
  });
});

describe('an objection: what has to be clarified, and who decides', () => {
  test.each<[string, string, boolean, boolean]>([
    ['MAMPU', 'WARGA', true, true],
    ['LAIN', 'PETUGAS', true, true],
    ['POTONGAN', 'WARGA', true, true],
    ['PINDAH', 'WARGA', true, true],
    ['GANDA', 'WARGA', true, false],
    ['ASN_TNI_POLRI', 'PEMERIKSA', true, false],
    ['SALAH_TOLAK', 'WARGA', false, true],
    ['MENINGGAL', 'WARGA', false, true],
    ['MENINGGAL', 'PEMERIKSA', false, false],
  ])('%s by %s: answer %s, field %s', async (dasar, kanal, hakJawab, lapangan) => {
    expect(await decide('langkah_sanggah', { sanggahan: { dasar, kanal } })).toEqual({ hakJawab, lapangan });
  });
  test.each<[string, string | null, string | null, string]>([
    ['POTONGAN', 'MENGAKUI', 'TERBUKTI', 'INSPEKTORAT'],
    ['MENINGGAL', null, null, 'DINSOS'],
    ['GANDA', 'MEMBANTAH', null, 'DINSOS'],
    ['MAMPU', 'MENGAKUI', 'TIDAK_JELAS', 'DINSOS'],
    ['MAMPU', 'MEMBANTAH', 'TERBUKTI', 'DINSOS'],
    ['MAMPU', 'TIDAK_MENJAWAB', 'TIDAK_TERBUKTI', 'DINSOS'],
    ['MAMPU', 'MEMBANTAH', 'TIDAK_JELAS', 'MUSYAWARAH'],
    ['LAIN', 'TIDAK_MENJAWAB', 'TIDAK_JELAS', 'MUSYAWARAH'],
    ['SALAH_TOLAK', null, 'TIDAK_JELAS', 'MUSYAWARAH'],
  ])('%s, answer %s, finding %s: %s', async (dasar, jawaban, temuan, pemutus) => {
    expect(await decide('arah_sanggah', { sanggahan: { dasar }, klarifikasi: { jawaban, temuan } })).toBe(pemutus);
  });
});

describe('D1 and D2 under both regimes', () => {
  const none = { a: false, b: false, c: false, d: false, e: false, f: false, g: false, h: false };
  const aset = { mobil: false, ac: false, daya2200: false, emas: false };
  const poor = { tanpaTempatTinggal: false, kriteria: { ...none, a: true, b: true, c: true }, aset };
  const advice = async (rezim: string, program: string, known: object): Promise<Json> => {
    const { rumahTangga = {}, hasilPusat = null, survei = poor } = known as Record<string, Json>;
    const household = { pekerjaan: 'BURUH', ...Object(rumahTangga) };
    const given = { usulan: { program }, kebijakan: { rezim }, rumahTangga: household, hasilPusat, survei };
    return ((await decide('kelayakan', given)) as { saran: Json }).saran;
  };
  test.each<[string, string, object, string]>([
    ['DTSEN', 'PKH', { rumahTangga: { desil: 4 } }, 'LAYAK'],
    ['DTSEN', 'PKH', { rumahTangga: { desil: 5 } }, 'TINJAU_DESIL'],
    ['DTSEN', 'SEMBAKO', { rumahTangga: { desil: 5 } }, 'LAYAK'],
    ['DTSEN', 'PBI_JK', { rumahTangga: { desil: 6 } }, 'TINJAU_DESIL'],
    ['DTSEN', 'BLT_DD', { rumahTangga: { desil: 10 } }, 'LAYAK'],
    ['DTSEN', 'PKH', {}, 'LAYAK'],
    ['DTSEN', 'PKH', { rumahTangga: { desil: 8 }, hasilPusat: { desil: 3 } }, 'LAYAK'],
    ['DTKS', 'PKH', { rumahTangga: { desil: 10 } }, 'LAYAK'],
    ['DTSEN', 'PKH', { rumahTangga: { desil: 10 }, survei: { ...poor, tanpaTempatTinggal: true } }, 'LAYAK_LANGSUNG'],
  ])('advice under %s for %s with %j: %s', async (rezim, program, known, saran) => {
    expect(await advice(rezim, program, known)).toBe(saran);
  });

  test.each<[string | null, string, readonly string[]]>([
    ['DTKS', 'REGISTER_SAJA', ['pusat']],
    ['DTSEN', 'REGISTER_SAJA', []],
    [null, 'REGISTER_SAJA', []],
    ['DTKS', 'PKH', ['pusat']],
    ['DTSEN', 'PBI_JK', ['pusat', 'provinsi']],
    ['DTKS', 'BANKAB', ['daerah']],
  ])('route under %s of %s: %j', async (rezim, program, routes) => {
    const route = (await decide('jalur', { usulan: { program }, kebijakan: { rezim } })) as Record<string, boolean>;
    expect(Object.keys(route).filter((name) => route[name])).toEqual(routes);
  });
});
