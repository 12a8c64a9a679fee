/** Job of the objections (process sanggah). */
import type { JobHandler } from '../job-handler.ts';
import { textOf, type ConnectorDeps } from './ports.ts';

/** The month began at 00:00 in the office's zone; Indonesia never changes its clocks. */
const monthBegan = (today: string): number => Date.parse(`${today.slice(0, 7)}-01T00:00:00+07:00`);

/**
 * Job `dtks.periksa-sanggah`: variables `nomorUsulan` and `pelapor` (vault record; null: staff). Result `pemeriksaan` {nomorSanggah, ditemukan,
 * usulan, warga, penyurvei, keberapa, lain}: which proposal and whose, who surveyed it, the how manieth objection of the reporter this month
 * it is (0: staff), and how many others to the same proposal are open.
 */
export const objectionCheck =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, instanceKey }) => {
    const nomor = textOf(variables['nomorUsulan']) ?? '';
    const reporter = textOf(variables['pelapor']);
    const disputed = await deps.objections.disputed(nomor);
    const pemeriksaan = {
      nomorSanggah: `SG-${instanceKey}`,
      ditemukan: disputed !== null,
      usulan: disputed && { nomor, kodeDesa: disputed.village, program: disputed.program, periode: disputed.period },
      warga: disputed?.subjectKey ?? null,
      penyurvei: [...(disputed?.surveyors ?? [])],
      keberapa: reporter === null ? 0 : await deps.objections.countOf(reporter, monthBegan(deps.today())),
      lain: await deps.objections.openAgainst(nomor, instanceKey),
    };
    return { outcome: 'completed', variables: { pemeriksaan } };
  };
