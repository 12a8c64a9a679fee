/**
 * Jobs of processes `hak-subjek-data` and `pelanggaran-data` (UU PDP 27/2022), and the rule that a restricted citizen's data is not processed.
 */
import { z } from 'zod';
import type { BreachScope, SubjectRights } from '#db/subject-rights.ts';
import type { JobHandler, JobOutcome } from '../job-handler.ts';
import { partOf, textOf, type ConnectorDeps } from './ports.ts';

const failed = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });
const unknownSubject = failed('WARGA_TIDAK_ADA (vault)');
const completed: JobOutcome = { outcome: 'completed', variables: {} };

/** Jobs that serve the citizen's rights, or touch no data of his: they go on while processing is restricted. */
const servesRestricted = new Set([
  'dtks.aturan',
  'dtks.gerbang',
  'dtks.kenali-subjek',
  'dtks.susun-data-subjek',
  'dtks.batasi-subjek',
  'notifikasi.kirim',
]);

type Restrictions = Pick<SubjectRights, 'isRestricted'>;
const honoursRestriction =
  (rights: Restrictions, jobType: string, handler: JobHandler): JobHandler =>
  async (request, context) => {
    const subjectKey = servesRestricted.has(jobType) ? null : textOf(request.variables['warga']);
    if (subjectKey !== null && (await rights.isRestricted(subjectKey)))
      return failed('PEMROSESAN_DIBATASI (warga; hak-subjek-data: PENCABUTAN)');
    return handler(request, context);
  };
/** No job processes the data of a restricted citizen: it becomes an incident, to be tried again when the restriction is lifted. */
export const honouringRestrictions = (
  rights: Restrictions,
  handlers: Readonly<Record<string, JobHandler>>,
): Record<string, JobHandler> =>
  Object.fromEntries(
    Object.entries(handlers).map(([jobType, handler]) => [jobType, honoursRestriction(rights, jobType, handler)]),
  );

/** Job `dtks.kenali-subjek`: whose data `usulan.nomor` is about. Result `subjek` {warga, dibatasi}; error USULAN_TIDAK_ADA. */
export const subjectLookup =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables }) => {
    const number = textOf(partOf(variables['usulan'], 'nomor'));
    const warga = number === null ? null : await deps.duplicates.recordOf(number);
    if (warga === null) return { outcome: 'error', code: 'USULAN_TIDAK_ADA', message: 'no proposal has this number' };
    const dibatasi = await deps.subjectRights.isRestricted(warga);
    return { outcome: 'completed', variables: { subjek: { warga, dibatasi } } };
  };

const purposesName = 'dtks.tujuan-data';

/** Job `dtks.susun-data-subjek`: puts together what is held about `warga`, why (setting dtks.tujuan-data), and who looked. Result `salinan` {kunci, sidik, dibuat}. */
export const subjectCopy =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, jobKey }) => {
    const subjectKey = textOf(variables['warga']);
    const purposes = await deps.readSetting(purposesName);
    if (purposes === null) return failed(`PENGATURAN_SALAH (${purposesName})`);
    const copy =
      subjectKey === null ? null : await deps.subjectRights.compileCopy(subjectKey, purposes, `job ${jobKey}`);
    if (copy === null) return unknownSubject;
    return {
      outcome: 'completed',
      variables: { salinan: { kunci: copy.copyKey, sidik: copy.sha256, dibuat: copy.createdAt } },
    };
  };

const restrictions: Readonly<Record<string, boolean>> = { DIBATASI: true, BEBAS: false };

/** Job `dtks.batasi-subjek`: header `keadaan` DIBATASI restricts the processing of `warga`, BEBAS lifts it. */
export const subjectRestriction =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, headers, jobKey, elementId }) => {
    const restricted = restrictions[headers['keadaan'] ?? ''];
    if (restricted === undefined)
      return failed(`MODEL_SALAH (header keadaan: ${Object.keys(restrictions).join(', ')})`);
    const subjectKey = textOf(variables['warga']);
    const reason = textOf(partOf(variables['hasilHak'], 'alasan')) ?? textOf(partOf(variables['permintaan'], 'uraian'));
    const command = { commandKey: `job ${jobKey}`, actor: elementId, reason: reason ?? '' };
    const isDone = subjectKey !== null && (await deps.subjectRights.restrict(subjectKey, restricted, command));
    return isDone ? completed : unknownSubject;
  };

/** Citizens told one by one; for more, an announcement. */
const concernedMost = 5_000;
const impact = z.discriminatedUnion('cakupan', [
  z.object({ cakupan: z.literal('WILAYAH') }),
  z.object({ cakupan: z.literal('AKUN'), petugas: z.string().min(1), dari: z.iso.date(), sampai: z.iso.date() }),
]);

/** Job `dtks.kumpulkan-terdampak`: by `dampak` {cakupan: WILAYAH | AKUN, petugas, dari, sampai} in the region of the case. Results `terdampak` (keys in the vault) and `lengkap`. */
export const breachConcerned =
  (deps: ConnectorDeps): JobHandler =>
  async ({ variables, region }) => {
    const parsed = impact.safeParse(variables['dampak']);
    if (!parsed.success || region === null) {
      const fields = parsed.error?.issues.map(({ path, message }) => `dampak.${path.join('.')}: ${message}`) ?? [];
      return failed(`DAMPAK_SALAH (${fields.join('; ')})`);
    }
    const { data } = parsed;
    const scope: BreachScope =
      data.cakupan === 'WILAYAH'
        ? { kind: 'region', region }
        : { kind: 'account', region, account: data.petugas, from: data.dari, to: data.sampai };
    const { subjectKeys, complete } = await deps.subjectRights.concernedBy(scope, concernedMost);
    return { outcome: 'completed', variables: { terdampak: [...subjectKeys], lengkap: complete } };
  };
