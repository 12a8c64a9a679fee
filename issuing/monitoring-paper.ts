/** The report of quarterly monitoring, from what was signed and kept. */
import { z } from 'zod';
import type { OrderOf } from '#contract/document.ts';
import { findMonitoringReport } from '#db/queries/monitoring.ts';
import { regionNames } from '#db/regions.ts';
import { CannotIssue } from './cannot-issue.ts';
import { assertVisible, caseData, fit } from './desk.ts';
import type { Desk, Draft } from './desk.ts';

const monitored = z.object({ kodeWilayah: z.string(), periode: z.string() });
const count = z.int().nonnegative();
const figure = z.number().nullish().default(null);
const estimate = z
  .object({ n: count, salah: count, persen: figure, dari: figure, sampai: figure })
  .transform(({ n, salah, persen, dari, sampai }) => ({
    visited: n,
    wrong: salah,
    percent: persen,
    from: dari,
    to: sampai,
  }));
/** Figures as job dtks.simpan-monev keeps them. */
const figures = z.object({
  populasi: z.object({ penerima: count, ditolak: count }),
  estimasi: z.object({ inklusi: estimate, eksklusi: estimate }),
  kunjungan: count,
  kinerja: z.object({
    usulan: z.object({ masuk: count, selesai: count, tepatWaktu: count, medianHari: figure, p90Hari: figure }),
    antrean: z.array(z.object({ kelompok: z.string(), jumlah: count, terlambat: count, medianJam: figure })),
    pengembalian: z.array(z.object({ sebab: z.string(), jumlah: count })),
    sanggah: z.object({ masuk: count, diterima: count, dipertahankan: count }),
  }),
  temuan: z.array(z.object({ judul: z.string(), sebab: z.string(), pemilik: z.string(), hari: count })),
  tindakan: z.array(z.object({ judul: z.string(), pemilik: z.string(), tindakan: z.string() })),
});

export async function drawLaporanMonev(desk: Desk, order: OrderOf<'LAPORAN_MONEV'>): Promise<Draft> {
  await assertVisible(desk.db, order.caseKey);
  const { kodeWilayah: region, periode: period } = await caseData(desk.db, order.caseKey, monitored);
  const kept = await findMonitoringReport(desk.db, { region, period });
  if (kept === null) throw new CannotIssue('caseWithoutData', { missing: 'laporan' });
  const { populasi, estimasi, kunjungan, kinerja, temuan, tindakan } = fit(figures, kept.figures);
  const { usulan, antrean, pengembalian, sanggah } = kinerja;
  const body = {
    regionName: (await regionNames())(region) ?? region,
    period,
    signedOn: kept.signedOn,
    population: { recipients: populasi.penerima, rejected: populasi.ditolak },
    visits: kunjungan,
    inclusion: estimasi.inklusi,
    exclusion: estimasi.eksklusi,
    proposals: {
      received: usulan.masuk,
      ended: usulan.selesai,
      inTime: usulan.tepatWaktu,
      medianDays: usulan.medianHari,
      p90Days: usulan.p90Hari,
    },
    queues: antrean.map(({ kelompok, jumlah, terlambat, medianJam }) => ({
      group: kelompok,
      count: jumlah,
      late: terlambat,
      medianHours: medianJam,
    })),
    returns: pengembalian.map(({ sebab, jumlah }) => ({ cause: sebab, count: jumlah })),
    objections: { received: sanggah.masuk, accepted: sanggah.diterima, upheld: sanggah.dipertahankan },
    findings: temuan.map(({ judul, sebab, pemilik, hari }) => ({
      title: judul,
      cause: sebab,
      owner: pemilik,
      days: hari,
    })),
    actions: tindakan.map(({ judul, pemilik, tindakan: action }) => ({ title: judul, owner: pemilik, action })),
    signer: order.signer,
  };
  return { region, caseKey: order.caseKey, period, paper: { kind: order.kind, body } };
}
