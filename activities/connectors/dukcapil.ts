/**
 * Dukcapil (population register), element verification as publicly known: POST …/dukcapil/get_json/{agency}/CALL_VERIFY_BY_ELEMEN with
 * capital field names, dates DD-MM-YYYY and TRESHOLD (spelled so). Answers per element "Sesuai", "Tidak Sesuai" or "Sesuai (92)"; faults
 * come with HTTP 200 and a text in RESPON or RESPONSE. Business answers complete the job, technical ones fail the attempt.
 */
import { z } from 'zod';
import type { JobHandler, JobOutcome } from '../job-handler.ts';
import { defaultTimeoutMs, postJson, TechnicalError } from './http.ts';
import { textOf, type ConnectorDeps } from './ports.ts';
import type { VaultFields } from './vault-fields.ts';

/** Below it Dukcapil says "Tidak Sesuai" for a name; between it and 92 a person looks (decision hasil_nik). */
const nameThreshold = 80;

const element = z.string().max(100);
const record = z.object({
  NIK: element.optional(),
  NO_KK: element.optional(),
  NAMA_LGKP: element.optional(),
  TGL_LHR: element.optional(),
  JENIS_KLMIN: element.optional(),
  RESPONSE_CODE: z.union([z.string(), z.number()]).optional(),
  RESPONSE: z.string().optional(),
  RESPON: z.string().optional(),
});
const answer = z.union([z.object({ content: z.union([z.array(record).min(1), record]) }), record]);

export type DukcapilCode =
  | 'ADA'
  | 'TIDAK_DITEMUKAN'
  | 'MENINGGAL'
  | 'GANDA'
  | 'NONAKTIF'
  | 'FORMAT_SALAH'
  | 'PARAMETER_KURANG';
type Reading = { readonly code: DukcapilCode } | { readonly code: 'KUOTA_HABIS' | 'AKSES_DITOLAK' | 'JAWABAN_ASING' };

/** Texts as seen in the wild, first match wins: access faults also say "tidak aktif", so they come before the data faults. */
const texts: readonly (readonly [RegExp, Reading['code']])[] = [
  [/kuota/, 'KUOTA_HABIS'],
  [/login gagal|ip address|ip client|ip tidak sesuai|user id|user.*kosong|password|instansi/, 'AKSES_DITOLAK'],
  [/meninggal/, 'MENINGGAL'],
  [/ganda/, 'GANDA'],
  [/tidak ditemukan|not found/, 'TIDAK_DITEMUKAN'],
  [/in ?active|non ?-?aktif|tidak aktif/, 'NONAKTIF'],
  [/parameter/, 'PARAMETER_KURANG'],
  [/format|16 digit/, 'FORMAT_SALAH'],
];

function readText(text: string): Reading['code'] {
  const lower = text.toLowerCase();
  return texts.find(([pattern]) => pattern.test(lower))?.[1] ?? 'JAWABAN_ASING';
}

/** "Sesuai (92)" → 92; a bare "Sesuai" → 100, "Tidak Sesuai" → 0. */
export function scoreOf(text: string | undefined): number {
  if (text === undefined) return 0;
  const score = /\((\d{1,3})\)/.exec(text)?.[1];
  if (score !== undefined) return Math.min(100, Number(score));
  return agrees(text) ? 100 : 0;
}
const agrees = (text: string | undefined): boolean => text !== undefined && /^sesuai\b/i.test(text.trim());

const noElements = { nikSesuai: false, kkSesuai: false, tanggalSesuai: false, kelaminSesuai: false, skorNama: 0 };

function interpret(body: unknown): JobOutcome | null {
  const parsed = answer.safeParse(body);
  if (!parsed.success) return null;
  const content = 'content' in parsed.data ? parsed.data.content : parsed.data;
  const found = Array.isArray(content) ? content[0] : content;
  if (found === undefined) return null;
  const text = found.RESPONSE ?? found.RESPON;
  if (text !== undefined) return outcomeOf(readText(text));
  if (found.NIK === undefined) return null;
  const jawaban = {
    kode: 'ADA',
    nikSesuai: agrees(found.NIK),
    kkSesuai: agrees(found.NO_KK),
    tanggalSesuai: agrees(found.TGL_LHR),
    kelaminSesuai: agrees(found.JENIS_KLMIN),
    skorNama: scoreOf(found.NAMA_LGKP),
  };
  return { outcome: 'completed', variables: { jawaban } };
}

function outcomeOf(code: Reading['code']): JobOutcome | null {
  switch (code) {
    case 'JAWABAN_ASING':
      return null;
    case 'KUOTA_HABIS':
      return { outcome: 'error', code: 'KUOTA_HABIS', message: 'KUOTA_HABIS (dukcapil)' };
    case 'AKSES_DITOLAK':
      // Repeating a refused login may lock the agency out: no further attempt, a person looks.
      return { outcome: 'failed', message: 'AKSES_DITOLAK (dukcapil)', retries: 0 };
    case 'ADA':
    case 'TIDAK_DITEMUKAN':
    case 'MENINGGAL':
    case 'GANDA':
    case 'NONAKTIF':
    case 'FORMAT_SALAH':
    case 'PARAMETER_KURANG':
      return { outcome: 'completed', variables: { jawaban: { kode: code, ...noElements } } };
  }
}

const reversedDate = (date: string): string => date.split('-').toReversed().join('-');

function requestBody(fields: VaultFields, deps: ConnectorDeps): Record<string, string | number> {
  const [province = '', regency = '', district = '', village = ''] = fields.kodeDesa.split('.');
  return {
    NIK: fields.nik,
    NO_KK: fields.noKk,
    NAMA_LGKP: fields.nama,
    TMPT_LHR: fields.tempatLahir ?? '',
    TGL_LHR: reversedDate(fields.tanggalLahir),
    JENIS_KLMIN: fields.jenisKelamin === 'L' ? 'LAKI-LAKI' : 'PEREMPUAN',
    ALAMAT: fields.alamat ?? '',
    NO_RT: fields.rt ?? '',
    NO_RW: fields.rw ?? '',
    NO_PROP: province,
    NO_KAB: regency,
    NO_KEC: district,
    NO_KEL: village,
    TRESHOLD: nameThreshold,
    ...login(deps),
  };
}
const login = ({ dukcapil }: ConnectorDeps): Record<string, string> => ({
  user_id: dukcapil.userId,
  password: dukcapil.password,
  IP_USER: dukcapil.clientIp,
});

/** One call; what is no answer of the service is an outcome. */
async function ask(
  deps: ConnectorDeps,
  service: string,
  { id, body, signal }: { readonly id: string; readonly body: unknown; readonly signal: AbortSignal },
): Promise<{ readonly body: unknown } | JobOutcome> {
  try {
    const answer = await postJson({
      system: 'dukcapil',
      url: `${deps.dukcapil.url}/dukcapil/get_json/${encodeURIComponent(deps.dukcapil.agency)}/${service}`,
      headers: { 'X-Request-Id': id },
      body,
      timeoutMs: deps.timeoutMs ?? defaultTimeoutMs,
      signal,
    });
    if (answer.status === 200) return answer;
    const what = `(dukcapil, HTTP ${String(answer.status)})`;
    return answer.status === 401 || answer.status === 403
      ? { outcome: 'failed', message: `AKSES_DITOLAK ${what}`, retries: 0 }
      : { outcome: 'failed', message: `JAWABAN_ASING ${what}` };
  } catch (error) {
    if (error instanceof TechnicalError) return { outcome: 'failed', message: error.message };
    throw error;
  }
}

/** Numbers in one request for changes. */
const changesAtOnce = 500;
const changes = z.object({
  content: z.array(z.object({ NIK: element, STATUS: element, KODE_WILAYAH: element.optional() })),
});
/** What a person's entry says today; absent: nothing that matters to a list of recipients. */
export type PopulationChange = 'MENINGGAL' | 'PINDAH';
const changeOf = (status: string): PopulationChange | null => {
  const text = status.toUpperCase();
  return text === 'MENINGGAL' || text === 'PINDAH' ? text : null;
};

/**
 * What has changed about people, by NIK: CALL_MUTASI_NIK, many numbers at once (ours: no batch service of Dukcapil is published). Answers an
 * outcome instead when the register could not be asked.
 */
export async function populationChanges(
  deps: ConnectorDeps,
  niks: readonly string[],
  { jobKey, signal }: { readonly jobKey: string; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, PopulationChange> | JobOutcome> {
  const found = new Map<string, PopulationChange>();
  for (let from = 0; from < niks.length; from += changesAtOnce) {
    const answer = await ask(deps, 'CALL_MUTASI_NIK', {
      id: `${jobKey}-${from}`,
      body: { NIK: niks.slice(from, from + changesAtOnce), ...login(deps) },
      signal,
    });
    if ('outcome' in answer) return answer;
    const parsed = changes.safeParse(answer.body);
    if (!parsed.success) return refusalIn(answer.body);
    for (const { NIK, STATUS } of parsed.data.content) {
      const change = changeOf(STATUS);
      if (change !== null) found.set(NIK, change);
    }
  }
  return found;
}

/** A fault told with HTTP 200: the quota is an error that a diagram may catch, all else fails the attempt. */
const refusalIn = (body: unknown): JobOutcome => {
  const outcome = interpret(body);
  return outcome === null || outcome.outcome === 'completed'
    ? { outcome: 'failed', message: 'JAWABAN_ASING (dukcapil, HTTP 200)' }
    : outcome;
};

/** Job `dukcapil.verifikasi`. Result `jawaban`; error KUOTA_HABIS; refused access ends the attempts at once. */
export const dukcapilVerification =
  (deps: ConnectorDeps): JobHandler =>
  async (request, { signal }) => {
    const subjectKey = textOf(request.variables['warga']);
    const fields = subjectKey === null ? null : await deps.readSubject(subjectKey);
    if (fields === null) return { outcome: 'failed', message: 'WARGA_TIDAK_ADA (vault)', retries: 0 };
    const answer = await ask(deps, 'CALL_VERIFY_BY_ELEMEN', {
      id: request.jobKey,
      body: requestBody(fields, deps),
      signal,
    });
    if ('outcome' in answer) return answer;
    return interpret(answer.body) ?? { outcome: 'failed', message: 'JAWABAN_ASING (dukcapil, HTTP 200)' };
  };
