/** Every kind of document with its sample, by file name. */
import { renderBeritaAcara } from '#documents/berita-acara.ts';
import { renderBerkasKasus } from '#documents/berkas-kasus.ts';
import { renderDaftarNominatif } from '#documents/daftar-nominatif.ts';
import { renderKuitansi } from '#documents/kuitansi.ts';
import { renderLaporan } from '#documents/laporan.ts';
import { renderLaporanMonev } from '#documents/laporan-monev.ts';
import { renderPapanPengumuman } from '#documents/papan-pengumuman.ts';
import { renderSptjm } from '#documents/sptjm.ts';
import { renderSuratPengesahan } from '#documents/surat-pengesahan.ts';
import { renderUndangan } from '#documents/undangan.ts';
import type { Wording } from '#documents/wording.ts';
import * as samples from './samples.ts';

export const kinds = {
  'berita-acara': (wording: Wording) => renderBeritaAcara(samples.beritaAcara, wording),
  sptjm: (wording: Wording) => renderSptjm(samples.sptjm, wording),
  'surat-pengesahan': (wording: Wording) => renderSuratPengesahan(samples.suratPengesahan, wording),
  'daftar-nominatif': (wording: Wording) => renderDaftarNominatif(samples.daftarNominatif, wording),
  undangan: (wording: Wording) => renderUndangan(samples.undangan, wording),
  kuitansi: (wording: Wording) => renderKuitansi(samples.kuitansi, wording),
  'papan-pengumuman': (wording: Wording) => renderPapanPengumuman(samples.papanPengumuman, wording),
  'laporan-monev': (wording: Wording) => renderLaporanMonev(samples.laporanMonev, wording),
  'berkas-kasus': (wording: Wording) => renderBerkasKasus(samples.berkasKasus, wording),
  laporan: (wording: Wording) => renderLaporan(samples.laporan, wording),
} as const;
export type Kind = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as Kind[];
