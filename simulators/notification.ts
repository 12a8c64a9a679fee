/** Simulated gateway for SMS and WhatsApp. Keeps who was written to as a hash, and the text never. */
import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import type { SimulatorOptions } from './dukcapil.ts';
import { Journal } from './journal.ts';
import { chance, hashed, misbehave, script, Sink, type Script } from './script.ts';

const message = z.object({
  kanal: z.string().min(1).max(20),
  tujuan: z.string().min(1).max(200),
  teks: z.string().min(1).max(2_000),
});
const lineOf = z.union([
  z.object({ effect: z.object({ key: z.string(), subject: z.string(), nomor: z.string() }) }),
  z.object({ script }),
]);

class Gateway {
  readonly #options: SimulatorOptions;
  readonly #journal: Journal;
  readonly #sink = new Sink();
  #script: Script = {};
  #requests = 0;
  #sent = 0;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    this.#journal = new Journal(options.stateDir, 'notification');
    for (const raw of this.#journal.read()) {
      const parsed = lineOf.safeParse(raw);
      if (!parsed.success) continue;
      if ('effect' in parsed.data) this.#remember(parsed.data.effect);
      else this.#script = { ...this.#script, ...parsed.data.script };
    }
  }
  readonly script = (): Script => this.#script;

  readonly send = (req: Request, res: Response): void => {
    this.#requests += 1;
    const key = req.get('Idempotency-Key') ?? '';
    const known = this.#sink.known(key);
    const parsed = message.safeParse(req.body);
    if (this.#script.accessDenied === true || !req.get('Authorization'))
      res.status(401).json({ kode: 'AKSES_DITOLAK' });
    else if (known !== undefined) res.status(202).json(known);
    else if (key === '' || !parsed.success) res.status(400).json({ kode: 'PERMINTAAN_TIDAK_LENGKAP' });
    else if (!/^(grup:|\+?[0-9])/.test(parsed.data.tujuan)) res.status(422).json({ kode: 'NOMOR_TIDAK_SAH' });
    else if (chance(this.#options.seed, 'fault', key) < (this.#script.faultRate ?? 0) && !this.#failed.has(key)) {
      this.#failed.add(key);
      res.status(503).json({ kode: 'GANGGUAN' });
    } else {
      const effect = { key, subject: hashed(parsed.data.tujuan), nomor: `MSG-${String(this.#sent + 1)}` };
      this.#journal.append({ effect });
      this.#remember(effect);
      res.status(202).json({ nomor: effect.nomor });
    }
  };
  readonly #failed = new Set<string>();
  #remember(effect: { readonly key: string; readonly subject: string; readonly nomor: string }): void {
    this.#sent += 1;
    this.#sink.record(effect.key, { kind: 'pesan', subject: effect.subject, answer: { nomor: effect.nomor } });
  }

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
    res.json({ requests: this.#requests, effects: this.#sink.list() });
  };
}

export function createNotification(options: SimulatorOptions): Express {
  const gateway = new Gateway(options);
  const app = express().disable('x-powered-by');
  app.use(express.json({ limit: '1mb' }));
  app.use(misbehave(gateway.script));
  app.post('/v1/pesan', gateway.send);
  app.post('/_sim/script', gateway.setScript);
  app.get('/_sim/calls', gateway.calls);
  return app;
}
