/**
 * Simulated Dukcapil: element verification (CALL_VERIFY_BY_ELEMEN) over a register that POST /_sim/population fills. Faults answer with
 * HTTP 200 and a text, as the real one does. The register keeps NIK and KK as hashes only; nothing personal is logged.
 */
import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { Journal } from './journal.ts';
import { chance, hashed, misbehave, script, type Script } from './script.ts';

export const registerEntry = z.strictObject({
  nik: z.string().min(1).max(32),
  noKk: z.string().max(32),
  nama: z.string().max(120),
  /** YYYY-MM-DD */
  tanggalLahir: z.iso.date(),
  jenisKelamin: z.enum(['L', 'P']),
  status: z.enum(['AKTIF', 'MENINGGAL', 'GANDA', 'NONAKTIF']).default('AKTIF'),
  /** Village that the person has moved to; absent: lives where he is registered. */
  pindahKe: z.string().max(13).optional(),
  /** Scores (0 to 100) for certain spellings; others are compared letter by letter. */
  skorNama: z.record(z.string().max(120), z.int().min(0).max(100)).default({}),
  /** That many first requests about this number are answered with 503. */
  gangguan: z.int().min(0).max(5).default(0),
});
type RegisterEntry = z.infer<typeof registerEntry>;
const population = z.array(registerEntry).max(100_000);
const request = z.object({
  NIK: z.string(),
  NO_KK: z.string().optional(),
  NAMA_LGKP: z.string().optional(),
  TGL_LHR: z.string().optional(),
  JENIS_KLMIN: z.string().optional(),
  TRESHOLD: z.union([z.number(), z.string()]).optional(),
  user_id: z.string().optional(),
  password: z.string().optional(),
});
type VerifyRequest = z.infer<typeof request>;

/** Many numbers in one request, as CALL_MUTASI_NIK takes them. */
const changesRequest = z.object({
  NIK: z.array(z.string().max(32)).min(1).max(500),
  user_id: z.string().min(1),
  password: z.string().min(1),
});

export interface SimulatorOptions {
  readonly seed: number;
  /** Folder of the state files; null: in memory. */
  readonly stateDir: string | null;
}

type Line = { readonly entry: RegisterEntry } | { readonly script: Script };
const lineOf = z.union([z.object({ entry: registerEntry }), z.object({ script })]);

const plain = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll(/[^A-Z]+/g, ' ')
    .trim();

/** Dice's measure over pairs of letters, 0 to 100: what the register says of a spelling it was given no score for. */
function spellingScore(a: string, b: string): number {
  if (plain(a) === plain(b)) return 100;
  const pairs = (text: string): string[] =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, index) => text.slice(index, index + 2));
  const left = pairs(plain(a));
  const right = pairs(plain(b));
  let shared = 0;
  const free = [...right];
  for (const pair of left) {
    const index = free.indexOf(pair);
    if (index < 0) continue;
    free.splice(index, 1);
    shared += 1;
  }
  return left.length + right.length === 0 ? 0 : Math.min(99, Math.round((200 * shared) / (left.length + right.length)));
}

class Dukcapil {
  readonly #options: SimulatorOptions;
  readonly #journal: Journal;
  readonly #register = new Map<string, RegisterEntry>();
  readonly #askedAbout = new Map<string, number>();
  #script: Script = {};
  #answered = 0;
  #requests = 0;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#journal = new Journal(options.stateDir, 'dukcapil');
    for (const line of this.#journal.read()) {
      const parsed = lineOf.safeParse(line);
      if (!parsed.success) continue;
      if ('entry' in parsed.data) this.#register.set(parsed.data.entry.nik, parsed.data.entry);
      else this.#script = { ...this.#script, ...parsed.data.script };
    }
  }
  readonly script = (): Script => this.#script;

  readonly addPopulation = (req: Request, res: Response): void => {
    const parsed = population.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ errors: parsed.error.issues.length });
      return;
    }
    const entries = parsed.data.map((entry) => ({ ...entry, nik: hashed(entry.nik), noKk: hashed(entry.noKk) }));
    this.#journal.append(...entries.map((entry): Line => ({ entry })));
    for (const entry of entries) this.#register.set(entry.nik, entry);
    res.json({ entries: this.#register.size });
  };
  readonly setScript = (req: Request, res: Response): void => {
    const parsed = script.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ errors: parsed.error.issues.map((issue) => issue.path.join('.')) });
      return;
    }
    this.#script = { ...this.#script, ...parsed.data };
    this.#journal.append({ script: parsed.data } satisfies Line);
    res.json(this.#script);
  };
  readonly calls = (_: Request, res: Response): void => {
    res.json({ requests: this.#requests, answered: this.#answered, effects: [] });
  };

  readonly verify = (req: Request, res: Response): void => {
    this.#requests += 1;
    const parsed = request.safeParse(req.body);
    const refuse = (text: string, code = '08'): void => {
      res.json({ content: [{ RESPONSE_CODE: code, RESPONSE: text }], lastPage: true, numberOfElements: 1 });
    };
    if (!parsed.success) refuse('Parameter Tidak Lengkap');
    else if (this.#script.accessDenied === true || !parsed.data.user_id || !parsed.data.password)
      res.json({ RESPON: 'Login Gagal' });
    else if (this.#quotaUsedUp()) res.json({ RESPON: 'Kuota Akses Hari ini telah Habis' });
    else if (this.#faulty(parsed.data)) res.status(503).json({ RESPON: 'Gangguan' });
    else this.#answer(parsed.data, res, refuse);
  };

  /** What has changed about each number: one entry of the quota, one answer in the same order. */
  readonly changes = (req: Request, res: Response): void => {
    this.#requests += 1;
    const parsed = changesRequest.safeParse(req.body);
    if (!parsed.success || this.#script.accessDenied === true) res.json({ RESPON: 'Login Gagal' });
    else if (this.#quotaUsedUp()) res.json({ RESPON: 'Kuota Akses Hari ini telah Habis' });
    else {
      this.#answered += 1;
      res.json({ content: parsed.data.NIK.map((nik) => this.#changeOf(nik)) });
    }
  };
  #changeOf(nik: string): Record<string, string> {
    const entry = this.#register.get(hashed(nik));
    if (entry === undefined) return { NIK: nik, STATUS: 'TIDAK DITEMUKAN' };
    if (entry.status === 'MENINGGAL') return { NIK: nik, STATUS: 'MENINGGAL' };
    return entry.pindahKe === undefined
      ? { NIK: nik, STATUS: 'AKTIF' }
      : { NIK: nik, STATUS: 'PINDAH', KODE_WILAYAH: entry.pindahKe };
  }

  #quotaUsedUp(): boolean {
    const { quota = null } = this.#script;
    if (quota === null) return false;
    if (quota === 0) return true;
    this.#script = { ...this.#script, quota: quota - 1 };
    return false;
  }
  /** The first request about a number may fail, by seed or by the register's own entry; the next one is answered. */
  #faulty(body: VerifyRequest): boolean {
    const key = hashed(body.NIK);
    const asked = this.#askedAbout.get(key) ?? 0;
    this.#askedAbout.set(key, asked + 1);
    if (asked < (this.#register.get(key)?.gangguan ?? 0)) return true;
    return asked === 0 && chance(this.#options.seed, 'fault', key) < (this.#script.faultRate ?? 0);
  }
  #answer(body: VerifyRequest, res: Response, refuse: (text: string, code?: string) => void): void {
    this.#answered += 1;
    if (!/^[0-9]{16}$/.test(body.NIK)) {
      refuse('Format NIK Salah, harus 16 digit', '08');
      return;
    }
    if (!body.NAMA_LGKP || !body.TGL_LHR) {
      refuse('Parameter Tidak Lengkap', '08');
      return;
    }
    const entry = this.#register.get(hashed(body.NIK));
    if (entry === undefined) refuse('Data Tidak Ditemukan', '13');
    else if (entry.status === 'MENINGGAL') refuse('Data Penduduk Meninggal Dunia', '11');
    else if (entry.status === 'GANDA') refuse('Data Ganda', '12');
    else if (entry.status === 'NONAKTIF') refuse('Data Inactive', '14');
    else res.json({ content: [this.#elements(body, entry)], lastPage: true, numberOfElements: 1 });
  }
  #elements(body: VerifyRequest, entry: RegisterEntry): Record<string, string> {
    const wrong = chance(this.#options.seed, 'wrong', entry.nik) < (this.#script.wrongRate ?? 0);
    const say = (agrees: boolean): string => (agrees !== wrong ? 'Sesuai' : 'Tidak Sesuai');
    const name = body.NAMA_LGKP ?? '';
    const score = entry.skorNama[name] ?? spellingScore(name, entry.nama);
    const threshold = Number(body.TRESHOLD ?? 100);
    const date = /^\d{4}-/.test(body.TGL_LHR ?? '') ? body.TGL_LHR : body.TGL_LHR?.split('-').toReversed().join('-');
    return {
      NIK: 'Sesuai',
      NO_KK: say(hashed(body.NO_KK ?? '') === entry.noKk),
      NAMA_LGKP: `${score >= threshold ? 'Sesuai' : 'Tidak Sesuai'} (${String(score)})`,
      TGL_LHR: say(date === entry.tanggalLahir),
      JENIS_KLMIN: say((body.JENIS_KLMIN ?? '').startsWith(entry.jenisKelamin)),
    };
  }
}

export function createDukcapil(options: SimulatorOptions): Express {
  const dukcapil = new Dukcapil(options);
  const app = express().disable('x-powered-by');
  app.use(express.json({ limit: '100mb' }));
  app.use(misbehave(dukcapil.script));
  app.post('/dukcapil/get_json/:agency/CALL_VERIFY_BY_ELEMEN', dukcapil.verify);
  app.post('/dukcapil/get_json/:agency/CALL_MUTASI_NIK', dukcapil.changes);
  app.post('/_sim/population', dukcapil.addPopulation);
  app.post('/_sim/script', dukcapil.setScript);
  app.get('/_sim/calls', dukcapil.calls);
  return app;
}
