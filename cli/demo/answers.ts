/** What each person enters into the form of a step, by the story of the household. Values fit the forms of definitions/dtks. */
import type { TruthCase } from '../generate/generate.ts';
import { amounts } from '../generate/help.ts';
import type { MeetingResult, Story } from '../generate/story.ts';

export type Values = Readonly<Record<string, unknown>>;
/** @param visit how often this step has been asked of this case before, from 0. */
type Answer = (truth: TruthCase, visit: number) => Values;

export const today = (): string => new Date().toISOString().slice(0, 10);

/** The last answer repeats. */
export function at<T>(answers: readonly T[], index: number): T {
  const found = answers[Math.min(index, answers.length - 1)];
  if (found === undefined) throw new Error('a story without an answer');
  return found;
}

const noAssets = { mobil: false, ac: false, daya2200: false, emas: false };
const poor = { a: true, b: true, c: true, d: false, e: true, f: false, g: false, h: true };
/** Less in need: over the quota the table of priorities puts them behind the others. */
const lessPoor = { ...poor, e: false, h: false };
const dwelling = {
  rumah: { status: 'MILIK', lantai: 'TANAH', dinding: 'ANYAMAN' },
  air: { minum: 'SUMUR_TERLINDUNG', jamban: 'BERSAMA' },
  listrik: { penerangan: 'PLN_METERAN', daya: 450 },
};

function survey({ story, place }: TruthCase, visit: number): Values {
  const keberadaan = at(story.visits, visit);
  const proof = keberadaan === 'MENINGGAL' ? { buktiMeninggal: 'PERNYATAAN_RT' } : {};
  if (keberadaan !== 'ADA') return { survei: { keberadaan, ...proof, catatan: 'Kunjungan sesuai jadwal' } };
  const isLocated = place.lat !== '' && place.lon !== '';
  return {
    survei: {
      keberadaan,
      tanpaTempatTinggal: false,
      kriteria: story.grants.provinsi === 'DAFTAR_TUNGGU' ? lessPoor : poor,
      aset: noAssets,
      ...dwelling,
      titikAda: isLocated,
      lamaMenit: story.hasty && visit === 0 ? 2 : 25,
      catatan: 'Bertemu kepala keluarga',
    },
    ...(isLocated ? { surveiLat: Number(place.lat), surveiLon: Number(place.lon) } : {}),
  };
}

/** Data as the family knows it now; the next version of the story. */
function repair({ story, versions }: TruthCase, visit: number): Values {
  if (story.givesUp) return { tindakan: 'DIBATALKAN', alasan: 'Keluarga tidak melanjutkan' };
  const { nik, no_kk: noKk, nama, tanggal_lahir: tanggalLahir, jenis_kelamin: jenisKelamin } = at(versions, visit + 1);
  return { nik, noKk, nama, tanggalLahir, jenisKelamin, tindakan: 'DIPERBAIKI' };
}

function completeAddress({ story, place }: TruthCase, visit: number): Values {
  const { alamat, rt, rw, penanda, lat, lon } = place;
  const complete = story.address === 'LENGKAP' || visit + 1 >= story.addressRepairs;
  // An unfinished repair brings a landmark, but still no RT and RW.
  if (!complete) return { penanda: penanda === '' ? 'DEKAT BALAI DESA' : penanda };
  const point = lat === '' || lon === '' ? {} : { lat: Number(lat), lon: Number(lon) };
  return { alamat, rt, rw, penanda: penanda === '' ? 'DEKAT BALAI DESA' : penanda, ...point };
}

const grant = (hasil: Story['grants']['pusat']): Values =>
  hasil === 'DITETAPKAN' ? { hasil } : { hasil, alasan: 'Kuota periode ini terpenuhi' };

const answers: Readonly<Record<string, Answer>> = {
  'periksa-kemiripan': ({ story }) => ({ orangSama: story.clerkSaysSame, catatan: 'Sudah ditanyakan ke RT' }),
  'konfirmasi-ganda': ({ story }) => ({
    ganda: story.verifierSaysDuplicate,
    alasan: 'Dokumen kedua usulan dibandingkan',
  }),
  'konfirmasi-ganda-salur': ({ story }) => ({
    ganda: story.paidTwice,
    ...(story.paidTwice ? { nomorPembanding: '3215012001-202601-000001', kodeDesaPembanding: '32.15.01.2001' } : {}),
    alasan: 'Daftar bayar dibandingkan',
  }),
  'perbaiki-data': repair,
  'tinjau-nama': ({ story }) => ({ namaSama: story.sameName, alasan: 'Dibandingkan dengan KTP' }),
  'rujuk-disdukcapil': (_, visit) => ({ nomorSurat: `470/${String(visit + 1)}/DUKCAPIL`, catatan: 'Mohon diperiksa' }),
  'konfirmasi-meninggal': ({ story }) => ({ meninggal: story.deathConfirmed, alasan: 'Menurut keterangan RT' }),
  kunjungan: survey,
  'verifikasi-ulang': ({ story }, visit) =>
    story.hasty && visit === 0
      ? { sesuai: false, catatan: 'Rumah belum didatangi' }
      : { sesuai: true, catatan: 'Sesuai keadaan' },
  'tinjau-lapangan': ({ story }, visit) => ({
    keputusan: at(story.fieldDecisions, visit),
    alasan: 'Menurut laporan petugas',
  }),
  'usulan-awal': ({ story }) =>
    story.operatorCancels ? { tindakan: 'DIBATALKAN', alasan: 'Diajukan lewat program lain' } : { tindakan: 'AJUKAN' },
  'eskalasi-camat': () => ({ catatan: 'Desa diminta bermusyawarah' }),
  'berkas-ba': ({ story }, visit) =>
    visit < story.papersReturned ? { hasil: 'KEMBALIKAN', catatan: 'Tanda tangan kurang' } : { hasil: 'LENGKAP' },
  'lengkapi-berkas': () => ({ catatan: 'Berkas dilengkapi' }),
  'penetapan-daerah': ({ story }) => grant(story.grants.daerah),
  'lengkapi-alamat': completeAddress,
  'tinjau-pemetaan': () => ({ keputusan: 'GAGAL', alasan: 'Alamat tidak dapat diantar' }),
  'pilih-pengganti': () => ({ alasan: 'Tempat dibiarkan kosong' }),
  'tinjau-tumpang-tindih': () => ({ keputusan: 'LANJUT', alasan: 'Bantuan lain sudah berhenti' }),
  'konfirmasi-penerimaan': ({ story }) =>
    story.received ? { diterima: true } : { diterima: false, catatan: 'Warga mengaku belum menerima' },
  'periksa-pengaduan': ({ story }) => ({
    hasil: story.complaintRefuted ? 'TERBUKTI_DITERIMA' : 'DIKEMBALIKAN',
    alasan: 'Foto serah terima diperiksa',
  }),
  'verifikasi-ahli-waris': ({ story }) => ({ ahliWaris: story.heirs, alasan: 'Menurut kartu keluarga' }),
  'bayar-ahli-waris': ({ story }) => ({
    diserahkan: true,
    jumlahDiserahkan: amounts[story.program],
    direkamPada: new Date().toISOString(),
  }),
  'catat-setoran': ({ story }, visit) => ({
    jenisSetoran: 'NTPN',
    nomorSetoran: `NTPN-${String(visit + 1)}`,
    tanggalSetoran: today(),
    jumlahSetoran: amounts[story.program],
  }),
};

/** Steps of PT Pos's paymasters: its own system reports what comes of them. */
export const leftToPos: ReadonlySet<string> = new Set(['serahkan', 'ambil-di-kantor']);

/** Values for the step's form; null: a step the demo does not know. */
export function answerFor(elementId: string, truth: TruthCase, visit: number): Values | null {
  return answers[elementId]?.(truth, visit) ?? null;
}

/** The village's decision on one item of the agenda, by consensus or counted vote. */
export function meetingAnswer(result: MeetingResult, byVote: boolean): Values {
  if (!byVote) return { cara: 'MUFAKAT', hasil: result, alasan: 'Menurut hasil pembahasan' };
  const votes = { TERIMA: [4, 1, 1], TOLAK: [1, 4, 1], TUNDA: [2, 2, 1] }[result];
  return {
    cara: 'SUARA',
    suara: 'RAHASIA',
    setuju: votes[0],
    tolak: votes[1],
    abstain: votes[2],
    alasan: 'Menurut penghitungan suara',
  };
}
