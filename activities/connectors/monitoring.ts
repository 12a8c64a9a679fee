/** Jobs of quarterly monitoring (process monev). */
import { z } from 'zod';
import type { SampleGroup, Scope } from '#db/queries/monitoring.ts';
import { sampleSize } from '#registry/sampling.ts';
import type { JobHandler, JobOutcome } from '../job-handler.ts';
import type { ConnectorDeps } from './ports.ts';

/** Families of one group in a sample: a visit is a task each. */
const sampledMost = 500;

const scope = {
  kodeWilayah: z.string().regex(/^\d{2}\.\d{2}$/),
  periode: z.string().regex(/^\d{4}-T[1-4]$/),
};
const planning = z.object({ ...scope, ukuran: z.int().min(1).max(sampledMost).nullish() });
const measuring = z.object(scope);
const report = z.object({
  ...scope,
  laporan: z.object({ nomor: z.string().min(1).max(60), tanggal: z.iso.date() }),
  populasi: z.json(),
  estimasi: z.json(),
  kinerja: z.json(),
  hasilSampel: z.array(z.json()),
  daftarTemuan: z.array(z.json()),
  hasilTindakan: z.array(z.json()).nullish(),
});
const groups = [
  ['PENERIMA', 'recipients'],
  ['DITOLAK', 'rejected'],
] as const satisfies readonly (readonly [string, SampleGroup])[];

const wrong = (error: z.ZodError): JobOutcome => ({
  outcome: 'failed',
  message: `VARIABEL_SALAH (${error.issues.map(({ path }) => path.join('.')).join(', ')})`,
  retries: 0,
});
const scopeOf = ({ kodeWilayah, periode }: { readonly kodeWilayah: string; readonly periode: string }): Scope => ({
  region: kodeWilayah,
  period: periode,
});

/** Job `dtks.rencana-sampel`: variable `ukuran` (families per group; null: as many as ±10 points at 95 percent take). Results `sampel` [{nomor, kodeDesa, kelompok}] and `populasi` {penerima, ditolak}. */
export const samplingPlan =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables }) => {
    const given = planning.safeParse(variables);
    if (!given.success) return wrong(given.error);
    const about = scopeOf(given.data);
    const sampel = [];
    const populasi: Record<string, number> = {};
    for (const [kelompok, group] of groups) {
      const population = await deps.monitoring.population(group, about, deps.today());
      const size = Math.min(given.data.ukuran ?? sampleSize(population), sampledMost);
      const drawn = await deps.monitoring.sample(group, about, deps.today(), size);
      sampel.push(...drawn.map(({ number, village }) => ({ nomor: number, kodeDesa: village, kelompok })));
      populasi[kelompok.toLowerCase()] = population;
    }
    return { outcome: 'completed', variables: { sampel, populasi } };
  };

/** Job `dtks.hitung-kinerja`. Result `kinerja` {usulan, antrean, pengembalian, sanggah} of the quarter. */
export const performanceMeasurement =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables }) => {
    const given = measuring.safeParse(variables);
    if (!given.success) return wrong(given.error);
    return { outcome: 'completed', variables: { kinerja: await deps.monitoring.performance(scopeOf(given.data)) } };
  };

/** Job `dtks.simpan-monev`: keeps what was signed, for comparison and for auditors. */
export const monitoringReport =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, jobKey }) => {
    const given = report.safeParse(variables);
    if (!given.success) return wrong(given.error);
    const { laporan, populasi, estimasi, kinerja, hasilSampel, daftarTemuan, hasilTindakan } = given.data;
    const figures = {
      populasi,
      estimasi,
      kinerja,
      kunjungan: hasilSampel.length,
      temuan: daftarTemuan,
      tindakan: hasilTindakan ?? [],
    };
    await deps.monitoring.keep({
      ...scopeOf(given.data),
      number: laporan.nomor,
      signedOn: laporan.tanggal,
      figures,
      commandKey: `job ${jobKey}`,
    });
    return { outcome: 'completed', variables: {} };
  };
