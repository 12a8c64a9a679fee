/**
 * Simulated SIKS-NG: a portal for people, so it takes a workbook of proposals and later gives one of results. What the centre says of a proposal
 * comes by POST /_sim/population; of whom it was told nothing, it decrees. Rows are kept in memory only; on disk are the centre's intentions.
 */
import { createHash } from 'node:crypto';
import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import type { SimulatorOptions } from './dukcapil.ts';
import { Journal } from './journal.ts';
import { chance, misbehave, script, type Script } from './script.ts';
import { readWorkbook, writeWorkbook, type Row } from './workbook.ts';

/** TANPA_JAWABAN: the results have no row of it. */
const centralAnswers = ['DITETAPKAN', 'DAFTAR_TUNGGU', 'DIKEMBALIKAN', 'DITOLAK', 'TANPA_JAWABAN'] as const;
type CentralAnswer = (typeof centralAnswers)[number];
const intention = z.strictObject({
  nomor: z.string().min(1).max(60),
  /** In the order of asking; the last one repeats. */
  jawaban: z.array(z.enum(centralAnswers)).min(1).max(20),
});
const population = z.array(intention).max(100_000);
const lineOf = z.union([z.object({ intention }), z.object({ script })]);

const usual: readonly CentralAnswer[] = ['DITETAPKAN'];
const reasons: Readonly<Partial<Record<CentralAnswer, string>>> = {
  DAFTAR_TUNGGU: 'Kuota periode ini terpenuhi',
  DIKEMBALIKAN: 'Data keluarga perlu ditegaskan',
  DITOLAK: 'Tidak termasuk desil sasaran',
};
const header = ['NO_USULAN', 'NIK', 'HASIL', 'ID_DTKS', 'DESIL', 'ALASAN'];
const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const uploadBytes = '20mb';

class Portal {
  readonly #options: SimulatorOptions;
  readonly #journal: Journal;
  readonly #intentions = new Map<string, readonly CentralAnswer[]>();
  /** How often each proposal was in a list. */
  readonly #asked = new Map<string, number>();
  /** Rows of results by receipt. */
  readonly #results = new Map<string, readonly Row[]>();
  /** How often each receipt's results were taken. */
  readonly #taken = new Map<string, number>();
  #script: Script = {};
  #requests = 0;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#journal = new Journal(options.stateDir, 'siks-ng');
    for (const raw of this.#journal.read()) {
      const parsed = lineOf.safeParse(raw);
      if (!parsed.success) continue;
      if ('intention' in parsed.data) this.#intend(parsed.data.intention);
      else this.#script = { ...this.#script, ...parsed.data.script };
    }
  }
  readonly script = (): Script => this.#script;
  #intend({ nomor, jawaban }: z.infer<typeof intention>): void {
    this.#intentions.set(nomor, jawaban);
  }

  readonly addPopulation = (req: Request, res: Response): void => {
    const parsed = population.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ errors: parsed.error.issues.length });
      return;
    }
    this.#journal.append(...parsed.data.map((one) => ({ intention: one })));
    for (const one of parsed.data) this.#intend(one);
    res.json({ entries: this.#intentions.size });
  };
  readonly setScript = (req: Request, res: Response): void => {
    const parsed = script.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ errors: parsed.error.issues.map((issue) => issue.path.join('.')) });
      return;
    }
    this.#script = { ...this.#script, ...parsed.data };
    this.#journal.append({ script: parsed.data });
    res.json(this.#script);
  };
  readonly calls = (_: Request, res: Response): void => {
    res.json({ requests: this.#requests, lists: this.#results.size, effects: [] });
  };

  /** The same file again gets the same receipt: it was one upload. */
  readonly upload = async (req: Request, res: Response): Promise<void> => {
    this.#requests += 1;
    if (this.#script.accessDenied === true) {
      res.status(401).json({ kode: 'AKSES_DITOLAK' });
      return;
    }
    const content: unknown = req.body;
    const rows = Buffer.isBuffer(content) ? await readWorkbook(content) : null;
    if (rows === null || !Buffer.isBuffer(content)) {
      res.status(422).json({ kode: 'BERKAS_TIDAK_TERBACA' });
      return;
    }
    const nomorTanda = `SIKS-${createHash('sha256').update(content).digest('hex').slice(0, 16).toUpperCase()}`;
    if (!this.#results.has(nomorTanda)) this.#results.set(nomorTanda, rows.flatMap(this.#resultOf));
    res.status(201).json({ nomorTanda, jumlah: rows.length });
  };
  readonly #resultOf = (row: Row): readonly Row[] => {
    const { NO_USULAN: nomor = '', NIK = '' } = row;
    const answers = this.#intentions.get(nomor) ?? usual;
    const times = this.#asked.get(nomor) ?? 0;
    this.#asked.set(nomor, times + 1);
    const hasil = answers[Math.min(times, answers.length - 1)] ?? 'TANPA_JAWABAN';
    if (hasil === 'TANPA_JAWABAN') return [];
    const result = { NO_USULAN: nomor, NIK, HASIL: hasil.replace('_', ' '), ALASAN: reasons[hasil] ?? '' };
    return [hasil === 'DITETAPKAN' ? { ...result, ID_DTKS: `DTKS-${nomor}`, DESIL: '2' } : result];
  };

  /** The first time, some rows (script `wrongRate`) are of nobody on the list; asked again, all are right. */
  readonly results = async (req: Request, res: Response): Promise<void> => {
    this.#requests += 1;
    const nomorTanda = String(req.params['nomorTanda']);
    const rows = this.#results.get(nomorTanda);
    if (rows === undefined) {
      res.status(404).json({ kode: 'TANDA_TIDAK_DIKENAL' });
      return;
    }
    const times = this.#taken.get(nomorTanda) ?? 0;
    this.#taken.set(nomorTanda, times + 1);
    const { wrongRate = 0 } = this.#script;
    const isWrong = ({ NO_USULAN = '' }: Row): boolean =>
      times === 0 && chance(this.#options.seed, 'wrong', NO_USULAN) < wrongRate;
    const given = rows.map((row) => (isWrong(row) ? { ...row, NO_USULAN: `${row['NO_USULAN'] ?? ''}-X` } : row));
    res.type(workbookType).send(await writeWorkbook(header, given));
  };
}

export function createSiksNg(options: SimulatorOptions): Express {
  const portal = new Portal(options);
  const app = express().disable('x-powered-by');
  app.use(express.json({ limit: '20mb' }), express.raw({ type: workbookType, limit: uploadBytes }));
  app.use(misbehave(portal.script));
  app.post('/unggah', portal.upload);
  app.get('/hasil/:nomorTanda', portal.results);
  app.post('/_sim/population', portal.addPopulation);
  app.post('/_sim/script', portal.setScript);
  app.get('/_sim/calls', portal.calls);
  return app;
}
