/**
 * PT Pos: mapping of a recipient's address to a post office, the appointment at its counter, the nominative list (danom) that orders a
 * payment, and the return of funds. Every call carries the job key as Idempotency-Key, so a repeated attempt orders nothing twice. Results of
 * the delivery come later as message `dtks.hasil-penyaluran`, a mapping that takes longer as `dtks.hasil-pemetaan`. Pos gets the fewest fields
 * that deliver: the NIK masked.
 */
import { z } from 'zod';
import { maskNik } from '#contract/nik.ts';
import type { Json, Variables } from '#engine/json.ts';
import { isProgramme, isRupiah, programmes } from '#registry/programmes.ts';
import type { JobHandler, JobOutcome, JobRequest } from '../job-handler.ts';
import { defaultTimeoutMs, postJson, TechnicalError } from './http.ts';
import { partOf, textOf, type ConnectorDeps } from './ports.ts';
import type { VaultFields } from './vault-fields.ts';

const mapping = z.object({
  /** DITERIMA: the answer comes later. */
  status: z.enum(['TERPETA', 'TIDAK_LENGKAP', 'LUAR_WILAYAH', 'GANDA', 'DITERIMA']),
  kprk: z.string().max(20).nullable(),
  titik: z.object({ lat: z.number(), lon: z.number() }).nullable(),
  /** From the recipient to the post office. */
  jarakKm: z.number().min(0).max(1_000).nullable().default(null),
  kurang: z.array(z.string().max(40)).max(20),
});
const receipt = z.object({ nomor: z.string().min(1).max(60) });
const refusal = z.object({ kode: z.string().max(60) });

/** An appointment of just this length. */
const appointment = (slotMs: number) =>
  z
    .object({
      mulai: z.iso.datetime({ offset: true }),
      selesai: z.iso.datetime({ offset: true }),
      tempat: z.string().min(1).max(200),
      loket: z.string().max(20).nullable(),
    })
    .refine(({ mulai, selesai }) => Date.parse(selesai) - Date.parse(mulai) === slotMs);

interface Order {
  readonly request: JobRequest;
  readonly signal: AbortSignal;
  readonly path: string;
  /** Beside the payment id. */
  readonly body: Readonly<Record<string, unknown>>;
}

const numberOf = (request: JobRequest): string | null =>
  textOf(partOf(request.variables['usulan'], 'nomor')) ?? request.businessKey;

/** Calls Pos and reads the answer; refusals by Pos become the BPMN error POS_DITOLAK. */
async function ask<T>(
  deps: ConnectorDeps,
  order: Order,
  schema: z.ZodType<T>,
  variables: (answer: T) => Variables,
): Promise<JobOutcome> {
  const idBayar = numberOf(order.request);
  if (idBayar === null) return { outcome: 'failed', message: 'USULAN_TANPA_NOMOR (pos)', retries: 0 };
  try {
    const { status, body } = await postJson({
      system: 'pos',
      url: deps.pos.url + order.path,
      headers: { 'Idempotency-Key': order.request.jobKey, Authorization: `Bearer ${deps.pos.token}` },
      body: { idBayar, ...order.body },
      timeoutMs: deps.timeoutMs ?? defaultTimeoutMs,
      signal: order.signal,
    });
    if (status === 401 || status === 403)
      return { outcome: 'failed', message: `AKSES_DITOLAK (pos, HTTP ${String(status)})`, retries: 0 };
    if (status === 422) {
      const reason = refusal.safeParse(body);
      return { outcome: 'error', code: 'POS_DITOLAK', message: reason.success ? reason.data.kode : 'POS_DITOLAK' };
    }
    const answer = schema.safeParse(body);
    if (status >= 300 || !answer.success)
      return { outcome: 'failed', message: `JAWABAN_ASING (pos, HTTP ${String(status)})` };
    return { outcome: 'completed', variables: variables(answer.data) };
  } catch (error) {
    if (error instanceof TechnicalError) return { outcome: 'failed', message: error.message };
    throw error;
  }
}

const recipient = (fields: VaultFields): Record<string, unknown> => ({
  nama: fields.nama,
  nikTersamar: maskNik(fields.nik),
  alamat: fields.alamat,
  rt: fields.rt,
  rw: fields.rw,
  penanda: fields.penanda,
  titik: fields.lat === null || fields.lon === null ? null : { lat: fields.lat, lon: fields.lon },
  kodeDesa: fields.kodeDesa,
  hp: fields.hp,
});

const unknownSubject: JobOutcome = { outcome: 'failed', message: 'WARGA_TIDAK_ADA (vault)', retries: 0 };

async function subjectOf(deps: ConnectorDeps, request: JobRequest): Promise<VaultFields | null> {
  const subjectKey = textOf(request.variables['warga']);
  return subjectKey === null ? null : deps.readSubject(subjectKey);
}

/** Job `pos.petakan`. Result `pemetaan` {status, kprk, titik, jarakKm, kurang}; error POS_DITOLAK. */
export const posMapping =
  (deps: ConnectorDeps): JobHandler =>
  async (request, { signal }) => {
    const fields = await subjectOf(deps, request);
    if (fields === null) return unknownSubject;
    return ask(deps, { request, signal, path: '/v1/pemetaan', body: recipient(fields) }, mapping, (pemetaan) => ({
      pemetaan,
    }));
  };

const slotPattern = /^PT([1-9]\d{0,2})M$/;
const wrongHeader = (name: string, allowed: string): JobOutcome => ({
  outcome: 'failed',
  message: `MODEL_SALAH (header ${name}: ${allowed})`,
  retries: 0,
});

/**
 * Job `pos.jadwalkan`. Headers `slot` (PT1M … PT999M) and `kapasitas` (recipients per counter and slot); variables `metode` and `jawabanPos.kprk`.
 * Result `jadwal` {mulai, selesai, tempat, loket}. An appointment of another length is not understood.
 */
export const posAppointment =
  (deps: ConnectorDeps): JobHandler =>
  async (request, { signal }) => {
    const minutes = Number(slotPattern.exec(request.headers['slot'] ?? '')?.[1]);
    if (!Number.isInteger(minutes)) return wrongHeader('slot', 'PT1M … PT999M');
    const kapasitas = Number(request.headers['kapasitas']);
    if (!Number.isInteger(kapasitas) || kapasitas < 1) return wrongHeader('kapasitas', '1 …');
    const body = {
      kprk: textOf(partOf(request.variables['jawabanPos'], 'kprk')),
      metode: textOf(request.variables['metode']),
      kodeDesa: textOf(partOf(request.variables['usulan'], 'kodeDesa')),
      menit: minutes,
      kapasitas,
    };
    const schema = appointment(minutes * 60_000);
    return ask(deps, { request, signal, path: '/v1/jadwal', body }, schema, (jadwal) => ({ jadwal }));
  };

/** What was decided for the recipient, else what was proposed. */
const decided = ({ variables }: JobRequest, name: string): Json | undefined =>
  partOf(variables['penetapan'], name) ?? partOf(variables['usulan'], name);

/** What was reserved, else what the programme usually pays. */
function amountOf(request: JobRequest, program: string): number {
  const reserved = partOf(request.variables['pesanan'], 'jumlah');
  if (isRupiah(reserved)) return reserved;
  return isProgramme(program) ? programmes[program].amount : 0;
}

/** Job `pos.kirim-danom`. Result `danom` {nomor, jumlah}; error POS_DITOLAK. */
export const posPaymentOrder =
  (deps: ConnectorDeps): JobHandler =>
  async (request, { signal }) => {
    const fields = await subjectOf(deps, request);
    if (fields === null) return unknownSubject;
    const program = textOf(decided(request, 'program')) ?? '';
    const periode = textOf(decided(request, 'periode'));
    const jumlah = amountOf(request, program);
    const kprk = textOf(partOf(request.variables['pemetaan'], 'kprk'));
    const body = { ...recipient(fields), program, periode, jumlah, kprk };
    return ask(deps, { request, signal, path: '/v1/danom', body }, receipt, ({ nomor }) => ({
      danom: { nomor, jumlah },
    }));
  };

/** Job `pos.kembalikan-dana`. Result `pengembalian` {nomor}. */
export const posRefund =
  (deps: ConnectorDeps): JobHandler =>
  async (request, { signal }) => {
    const { variables } = request;
    const danom = textOf(partOf(variables['danom'], 'nomor'));
    const alasan = textOf(partOf(variables['salur'], 'hasil') ?? partOf(variables['penyaluran'], 'hasil'));
    return ask(deps, { request, signal, path: '/v1/pengembalian', body: { danom, alasan } }, receipt, ({ nomor }) => ({
      pengembalian: { nomor },
    }));
  };
