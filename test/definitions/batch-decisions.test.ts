/** Tables of the batch processes: findings before sign-off, and the 27 reasons of a province (domain §2.7). */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseDecisions } from '#bpmn/dmn.ts';
import { evaluateDecision } from '#engine/dmn/evaluate.ts';
import type { DecisionModel } from '#engine/dmn/model.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { read } from './dtks.ts';

async function table(id: string): Promise<DecisionModel> {
  const parsed = await parseDecisions(read(`${id}.dmn`));
  const model = parsed.ok ? parsed.decisions.find((decision) => decision.id === id) : undefined;
  if (model === undefined) throw new Error(`no decision ${id}`);
  return model;
}
function decide(model: DecisionModel, variables: JsonObject): Json {
  const result = evaluateDecision(model, { lookup: (name) => variables[name], nowMs: 0 });
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

describe('temuan_pengesahan', () => {
  let model: DecisionModel;
  beforeAll(async () => {
    model = await table('temuan_pengesahan');
  });
  const clean: JsonObject = {
    musyawarah: { beritaAcara: 'BA/1' },
    berkas: { hasil: 'LENGKAP' },
    hasilNik: { status: 'PADAN' },
    kelayakan: { alasan: ['kriteria_a'] },
    gandaDengan: [],
    tumpang_tindih: { boleh: true },
  };
  test.each<[string, JsonObject, Json]>([
    ['nothing', {}, null],
    ['no minutes', { musyawarah: null }, ['BA_TIDAK_ADA']],
    ['papers not looked at', { berkas: null }, ['BERKAS_TIDAK_LENGKAP']],
    ['NIK matched in part', { hasilNik: { status: 'PADAN_SEBAGIAN' } }, ['NIK_BELUM_PADAN']],
    ['twice on the list', { gandaDengan: ['A-2'] }, ['GANDA_DALAM_DAFTAR']],
    ['other help', { tumpang_tindih: { boleh: false } }, ['TUMPANG_TINDIH']],
    ['an excluded occupation', { kelayakan: { alasan: ['pekerjaan_dikecualikan'] } }, ['PEKERJAAN_DIKECUALIKAN']],
    ['several', { musyawarah: null, gandaDengan: ['A-2'] }, ['BA_TIDAK_ADA', 'GANDA_DALAM_DAFTAR']],
  ])('%s', (_, more, findings) => {
    expect(decide(model, { ...clean, ...more })).toEqual(findings);
  });
});

describe('alasan_provinsi', () => {
  let model: DecisionModel;
  beforeAll(async () => {
    model = await table('alasan_provinsi');
  });
  const clean: JsonObject = {
    usulan: { kodeDesa: '32.15.01.2001' },
    rumahTangga: { pekerjaan: 'BURUH', umurPengurus: 40, programDiterima: [] },
    pemeriksaan: { kandidat: [], peringatan: [] },
    gandaDengan: [],
    hasilNik: { elemen: [] },
    kepesertaan: [],
    pengesahan: { hasil: 'SAH' },
    musyawarah: { hasil: 'TERIMA' },
    pembersihan: null,
    alamat_layak_kirim: { status: 'LAYAK' },
    survei: { keberadaan: 'ADA' },
    penyaluran: null,
  };
  const works = (pekerjaan: string): JsonObject => ({ rumahTangga: { pekerjaan } });
  const gets = (program: string): JsonObject => ({ kepesertaan: [{ program, keluargaSama: true }] });
  const reasons: readonly (readonly [string, JsonObject, string])[] = [
    ['A01', { rumahTangga: { umurPengurus: 16 } }, 'DIKEMBALIKAN'],
    ['A02', { gandaDengan: ['A-2'] }, 'DIKEMBALIKAN'],
    ['A03', works('BPK'), 'DITOLAK'],
    ['A04', works('DPRD'), 'DITOLAK'],
    ['A05', works('MK'), 'DITOLAK'],
    ['A06', works('POLRI'), 'DITOLAK'],
    ['A07', works('TNI'), 'DITOLAK'],
    ['A08', { pemeriksaan: { kandidat: [{ nikSama: true, kkSama: true }] } }, 'DITOLAK'],
    ['A09', { pemeriksaan: { kandidat: [{ nikSama: false, kkSama: true }] } }, 'DITOLAK'],
    ['A10', { hasilNik: { elemen: ['nama'] } }, 'DIKEMBALIKAN'],
    ['A11', { hasilNik: { elemen: ['nama', 'alamat'] } }, 'DIKEMBALIKAN'],
    ['B01', { pengesahan: { hasil: 'TOLAK' } }, 'DITOLAK'],
    ['B02', { musyawarah: { hasil: 'TOLAK' } }, 'DITOLAK'],
    ['B03', { pembersihan: { tidakLayak: true } }, 'DITOLAK'],
    ['C01', { rumahTangga: { programDiterima: ['PKH'] } }, 'DITOLAK'],
    ['C02', gets('SEMBAKO'), 'DITOLAK'],
    ['C03', gets('BPNT_PERLUASAN'), 'DITOLAK'],
    ['C04', gets('BST'), 'DITOLAK'],
    ['C05', gets('SEMBAKO_PRESIDEN'), 'DITOLAK'],
    ['C06', gets('BANPROV'), 'DITOLAK'],
    ['C07', gets('BANKAB'), 'DITOLAK'],
    ['C08', gets('BLT_DD'), 'DITOLAK'],
    ['D01', { usulan: { kodeDesa: '3215012001' } }, 'DIKEMBALIKAN'],
    ['D02', { pemeriksaan: { peringatan: ['NAMA_TIDAK_TERBACA'] } }, 'DIKEMBALIKAN'],
    ['E01', { alamat_layak_kirim: { status: 'KEMBALIKAN' } }, 'DIKEMBALIKAN'],
    ['E02', { survei: { keberadaan: 'PINDAH' } }, 'DIKEMBALIKAN'],
    ['E03', { penyaluran: { hasil: 'DIKEMBALIKAN' } }, 'DIKEMBALIKAN'],
  ];
  test('there are 27, each with words in both languages', () => {
    expect(reasons).toHaveLength(27);
    for (const language of ['id', 'en']) {
      const { provinceReasons } = JSON.parse(read(`texts.${language}.json`)) as { provinceReasons: JsonObject };
      expect(Object.keys(provinceReasons).toSorted()).toEqual(reasons.map(([kode]) => kode));
    }
  });
  test.each(reasons)('%s', (kode, more, hasil) => {
    const langkah = hasil === 'DITOLAK' ? null : expect.stringMatching(/^(DATA|SURVEI)$/);
    const alasan = expect.stringMatching(/.{5,}/);
    expect(decide(model, { ...clean, ...more })).toEqual({ kode, kelompok: kode[0], hasil, langkah, alasan });
  });
  test('nothing against it, or nothing known but the village: clean', () => {
    expect(decide(model, clean)).toBeNull();
    expect(
      decide(model, {
        ...Object.fromEntries(Object.keys(clean).map((name) => [name, null])),
        usulan: clean['usulan'] ?? null,
      }),
    ).toBeNull();
  });
  test('the first reason counts', () => {
    expect(decide(model, { ...clean, ...gets('PKH'), usulan: null })).toMatchObject({ kode: 'D01' });
  });
});
