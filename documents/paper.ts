/** Every kind of paper by one name: data in, PDF out. Plain values, so that printing can be done in another thread. */
import { renderBeritaAcara } from './berita-acara.ts';
import type { BeritaAcara } from './berita-acara.ts';
import { renderBerkasKasus } from './berkas-kasus.ts';
import type { BerkasKasus } from './berkas-kasus.ts';
import { renderDaftarNominatif } from './daftar-nominatif.ts';
import type { DaftarNominatif } from './daftar-nominatif.ts';
import { renderKuitansi } from './kuitansi.ts';
import type { Kuitansi } from './kuitansi.ts';
import { renderLaporan } from './laporan.ts';
import type { Laporan } from './laporan.ts';
import { renderLaporanMonev } from './laporan-monev.ts';
import type { LaporanMonev } from './laporan-monev.ts';
import type { Issue, Office } from './layout.ts';
import { renderPapanPengumuman } from './papan-pengumuman.ts';
import type { PapanPengumuman } from './papan-pengumuman.ts';
import { renderSptjm } from './sptjm.ts';
import type { Sptjm } from './sptjm.ts';
import { renderSuratPengesahan } from './surat-pengesahan.ts';
import type { SuratPengesahan } from './surat-pengesahan.ts';
import { renderUndangan } from './undangan.ts';
import type { Undangan } from './undangan.ts';
import { wordingOf } from './wording.ts';
import type { Language } from './wording.ts';

interface Papers {
  readonly BERITA_ACARA: BeritaAcara;
  readonly SPTJM: Sptjm;
  readonly SURAT_PENGESAHAN: SuratPengesahan;
  readonly DAFTAR_NOMINATIF: DaftarNominatif;
  readonly UNDANGAN: Undangan;
  readonly KUITANSI: Kuitansi;
  readonly PAPAN_PENGUMUMAN: PapanPengumuman;
  readonly BERKAS_KASUS: BerkasKasus;
  readonly LAPORAN_MONEV: LaporanMonev;
  readonly LAPORAN: Laporan;
}
/** What a paper says, before it has a letterhead and a number. */
export type Paper = {
  readonly [K in keyof Papers]: { readonly kind: K; readonly body: Omit<Papers[K], 'office' | 'issue'> };
}[keyof Papers];
export interface PrintOrder {
  readonly paper: Paper;
  readonly office: Office;
  readonly issue: Issue;
  readonly language: Language;
}

export function printPaper({ paper, office, issue, language }: PrintOrder): Promise<Uint8Array> {
  const wording = wordingOf(language, office.zone);
  const head = { office, issue };
  switch (paper.kind) {
    case 'BERITA_ACARA':
      return renderBeritaAcara({ ...paper.body, ...head }, wording);
    case 'SPTJM':
      return renderSptjm({ ...paper.body, ...head }, wording);
    case 'SURAT_PENGESAHAN':
      return renderSuratPengesahan({ ...paper.body, ...head }, wording);
    case 'DAFTAR_NOMINATIF':
      return renderDaftarNominatif({ ...paper.body, ...head }, wording);
    case 'UNDANGAN':
      return renderUndangan({ ...paper.body, ...head }, wording);
    case 'KUITANSI':
      return renderKuitansi({ ...paper.body, ...head }, wording);
    case 'PAPAN_PENGUMUMAN':
      return renderPapanPengumuman({ ...paper.body, ...head }, wording);
    case 'LAPORAN_MONEV':
      return renderLaporanMonev({ ...paper.body, ...head }, wording);
    case 'BERKAS_KASUS':
      return renderBerkasKasus({ ...paper.body, ...head }, wording);
    case 'LAPORAN':
      return renderLaporan({ ...paper.body, ...head }, wording);
  }
}
