/**
 * Jobs that issue papers. What is printed of citizens comes from the cases and the vault, what people say (numbers, signers) from variables and
 * from what an office says every time (setting dtks.kop). A job issues its paper once, however often it is tried.
 */
import { documentKinds, documentOrder } from '#contract/document.ts';
import type { DocumentOrder } from '#contract/document.ts';
import type { DocumentRow } from '#db/documents.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { CannotIssue } from '#issuing/cannot-issue.ts';
import type { JobOrder } from '#issuing/issue.ts';
import type { JobHandler, JobOutcome } from '../job-handler.ts';
import { partOf, textOf } from './ports.ts';

export interface PaperDeps {
  /** @throws CannotIssue */
  readonly issue: (order: JobOrder, jobKey: string) => Promise<DocumentRow>;
  /** Fields of an order that an office fills in every time. */
  readonly usualAnswers: (region: string, kind: JobOrder['kind']) => Promise<JsonObject>;
  /** Regions that get a letter each, so that none is too long. */
  readonly partsOfLetter: (caseKey: string, region: string) => Promise<readonly string[]>;
}

const completed = (variables: JsonObject): JobOutcome => ({ outcome: 'completed', variables });
/** Another attempt would come to the same. */
const hopeless = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });

/** Kinds that are drawn up from the job's own case. A dossier is a person's to ask for. */
const fromCase: ReadonlySet<string> = new Set([
  'BERITA_ACARA',
  'SPTJM',
  'SURAT_PENGESAHAN',
  'KUITANSI',
  'LAPORAN_MONEV',
]);
const issuable = documentKinds.filter((kind): kind is JobOrder['kind'] => kind !== 'BERKAS_KASUS');
const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** What is said; a null says nothing. */
const said = (value: Json | undefined): JsonObject =>
  isObject(value) ? Object.fromEntries(Object.entries(value).filter(([, given]) => given !== null)) : {};

function orderOf(fields: JsonObject): DocumentOrder | string {
  const parsed = documentOrder.safeParse(fields);
  if (parsed.success) return parsed.data;
  const wrong = [...new Set(parsed.error.issues.map(({ path }) => path.map(String).join('.')))].join(', ');
  return `DOKUMEN_TIDAK_LENGKAP (dokumen: ${wrong}; dtks.kop: isian)`;
}
/** @throws whatever is no matter of the paper */
function refusedAs(error: unknown): JobOutcome {
  if (!(error instanceof CannotIssue)) throw error;
  if (error.code !== 'letterNumberTaken') return hopeless(`DOKUMEN_TIDAK_TERBIT (${error.message})`);
  return {
    outcome: 'error',
    code: 'NOMOR_SURAT_DIPAKAI',
    message: 'the office has used this number',
    variables: { galat: { kode: 'NOMOR_SURAT_DIPAKAI', rincian: String(error.values['number']) } },
  };
}

/**
 * Job `dtks.terbitkan-dokumen`. Header `jenis`: the kind of paper. Variable `dokumen`: fields of the order as in POST /v2/documents (contract/document.ts);
 * the case is the job's own. Result `terbitan` {nomor, dokumen: [{kunci, wilayah, sidik}]}: one, but for a letter that is too long for a paper.
 * Error NOMOR_SURAT_DIPAKAI with `galat` {kode, rincian}.
 */
const issuing =
  (deps: PaperDeps): JobHandler =>
  async ({ jobKey, instanceKey, region, headers, variables }) => {
    const kind = issuable.find((known) => known === headers['jenis']);
    if (kind === undefined) return hopeless(`MODEL_SALAH (header jenis: ${issuable.join(', ')})`);
    if (region === null) return hopeless('WILAYAH_TIDAK_ADA');
    const own = fromCase.has(kind) ? { kind, caseKey: instanceKey } : { kind };
    const order = orderOf({ ...(await deps.usualAnswers(region, kind)), ...said(variables['dokumen']), ...own });
    if (typeof order === 'string') return hopeless(order);
    if (order.kind === 'BERKAS_KASUS') return hopeless('MODEL_SALAH (dokumen.kind)');
    const orders: readonly JobOrder[] =
      order.kind === 'SURAT_PENGESAHAN'
        ? (await deps.partsOfLetter(instanceKey, region)).map((part) => ({ ...order, part }))
        : [order];
    try {
      const issued: DocumentRow[] = [];
      for (const one of orders) issued.push(await deps.issue(one, jobKey));
      const dokumen = issued.map(({ documentKey: kunci, region: wilayah, hash: sidik }) => ({ kunci, wilayah, sidik }));
      return completed({ terbitan: { nomor: order.number, dokumen } });
    } catch (error) {
      return refusedAs(error);
    }
  };

/** `20261124-0800`, of `2026-11-24T08:00:00+07:00`. */
const slotOf = (from: string): string => from.slice(0, 16).replaceAll(/[-:]/g, '').replace('T', '-');

/**
 * Job `dtks.terbitkan-undangan`. Variables `usulan`, `jadwal` {mulai, selesai, tempat, loket} and `batasAmbil` (last day, YYYY-MM-DD). Result
 * `undangan` {nomor}: one number, and one paper, for an appointment.
 */
const invitation =
  (deps: PaperDeps): JobHandler =>
  async ({ jobKey, region, variables }) => {
    const { usulan, jadwal } = variables;
    const proposalNumber = textOf(partOf(usulan, 'nomor'));
    const from = textOf(partOf(jadwal, 'mulai'));
    if (region === null || proposalNumber === null || from === null)
      return hopeless('UNDANGAN_TANPA_JADWAL (usulan.nomor, jadwal.mulai)');
    const nomor = `UND-${proposalNumber}-${slotOf(from)}`;
    const slot = { from, until: partOf(jadwal, 'selesai'), place: partOf(jadwal, 'tempat') };
    const counter = textOf(partOf(jadwal, 'loket'));
    const order = documentOrder.safeParse({
      kind: 'UNDANGAN',
      number: nomor,
      region,
      lastDay: variables['batasAmbil'],
      invitations: [{ proposalNumber, ...slot, counter }],
    });
    if (!order.success || order.data.kind !== 'UNDANGAN')
      return hopeless('UNDANGAN_TANPA_JADWAL (jadwal.selesai, jadwal.tempat, batasAmbil)');
    try {
      await deps.issue(order.data, jobKey);
    } catch (error) {
      // He was invited to this very appointment before.
      if (!(error instanceof CannotIssue && error.code === 'letterNumberTaken')) return refusedAs(error);
    }
    return completed({ undangan: { nomor } });
  };

export const createPaperJobs = (deps: PaperDeps): Record<string, JobHandler> => ({
  'dtks.terbitkan-dokumen': issuing(deps),
  'dtks.terbitkan-undangan': invitation(deps),
});
