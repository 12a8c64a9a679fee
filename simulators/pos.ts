/**
 * Simulated PT Pos: maps addresses, takes nominative lists, sends the results of the delivery to Alur as messages until they are
 * accepted, takes returned funds. What happens to a payment is posted to /_sim/population; without it the seed decides.
 */
import express, { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import type { SimulatorOptions } from './dukcapil.ts';
import { Journal } from './journal.ts';
import { chance, misbehave, script, Sink, type Script } from './script.ts';

const results = [
  'TERBAYAR',
  'TERTUNDA',
  'MENINGGAL',
  'PINDAH',
  'TIDAK_DITEMUKAN',
  'MENOLAK',
  'GANDA',
  'ALAMAT_TIDAK_LENGKAP',
] as const;
type Result = (typeof results)[number];
export const paymentOutcome = z.strictObject({
  idBayar: z.string().min(1).max(100),
  /** Answers to the first, second … mapping request; the last one repeats. */
  pemetaan: z
    .array(z.enum(['TERPETA', 'TIDAK_LENGKAP', 'LUAR_WILAYAH', 'DITOLAK']))
    .min(1)
    .max(5)
    .default(['TERPETA']),
  /** For the first, second … nominative list: the results sent one after another; the last list repeats. */
  penyaluran: z
    .array(z.array(z.enum(results)).min(1).max(5))
    .min(1)
    .max(5)
    .default([['TERBAYAR']]),
});
type PaymentOutcome = z.infer<typeof paymentOutcome>;
const population = z.array(paymentOutcome).max(100_000);

const recipient = z.object({
  idBayar: z.string().min(1).max(100),
  rt: z.string().nullish(),
  rw: z.string().nullish(),
  alamat: z.string().nullish(),
  kodeDesa: z.string().optional(),
});
const order = recipient.extend({ jumlah: z.number().min(0) });

interface Delivery {
  readonly messageId: string;
  readonly idBayar: string;
  readonly hasil: Result;
  readonly jumlah: number;
}
interface Effect {
  readonly key: string;
  readonly kind: 'pemetaan' | 'danom' | 'pengembalian';
  readonly subject: string;
  readonly answer: { readonly status: number; readonly body: unknown };
}

interface Plan {
  readonly status: number;
  readonly body: unknown;
  readonly deliveries: readonly Delivery[];
}

const lineOf = z.union([
  z.object({ outcome: paymentOutcome }),
  z.object({ script }),
  z.object({
    effect: z.object({
      key: z.string(),
      kind: z.enum(['pemetaan', 'danom', 'pengembalian']),
      subject: z.string(),
      answer: z.object({ status: z.int(), body: z.unknown() }),
    }),
    deliveries: z
      .array(z.object({ messageId: z.string(), idBayar: z.string(), hasil: z.enum(results), jumlah: z.number() }))
      .default([]),
  }),
  z.object({ delivered: z.string() }),
]);

export interface PosOptions extends SimulatorOptions {
  /** Alur's address; results go to /v2/messages/publication. */
  readonly apiUrl: string;
  /** Bearer token of the integration account `pos`; may come later by script. */
  readonly apiToken: string | null;
  /** Between the order and its first result, and between two results, in ms. */
  readonly deliveryDelayMs: number;
}

const messageLifeMs = 7 * 24 * 3_600_000;
const longestPauseMs = 15_000;

class Pos {
  readonly #options: PosOptions;
  readonly #journal: Journal;
  readonly #outcomes = new Map<string, PaymentOutcome>();
  readonly #sink = new Sink();
  readonly #counts = new Map<string, number>();
  /** Results still to be sent, one queue per payment so that they arrive in order. */
  readonly #queues = new Map<string, Delivery[]>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #script: Script = {};
  #requests = 0;
  #stopped = false;

  constructor(options: PosOptions) {
    this.#options = options;
    this.#journal = new Journal(options.stateDir, 'pos');
    const delivered = new Set<string>();
    const pending: Delivery[] = [];
    for (const raw of this.#journal.read()) {
      const parsed = lineOf.safeParse(raw);
      if (!parsed.success) continue;
      const line = parsed.data;
      if ('outcome' in line) this.#outcomes.set(line.outcome.idBayar, line.outcome);
      else if ('script' in line) this.#script = { ...this.#script, ...line.script };
      else if ('delivered' in line) delivered.add(line.delivered);
      else {
        this.#remember(line.effect);
        pending.push(...line.deliveries);
      }
    }
    this.#enqueue(pending.filter(({ messageId }) => !delivered.has(messageId)));
  }
  readonly script = (): Script => this.#script;

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  readonly addPopulation = (req: Request, res: Response): void => {
    const parsed = population.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ errors: parsed.error.issues.length });
      return;
    }
    this.#journal.append(...parsed.data.map((outcome) => ({ outcome })));
    for (const outcome of parsed.data) this.#outcomes.set(outcome.idBayar, outcome);
    res.json({ entries: this.#outcomes.size });
  };
  readonly setScript = (req: Request, res: Response): void => {
    const parsed = script.safeParse(req.body);
    if (!parsed.success) {
      res.status(400).json({ errors: parsed.error.issues.map((issue) => issue.path.join('.')) });
      return;
    }
    this.#script = { ...this.#script, ...parsed.data };
    this.#journal.append({ script: parsed.data });
    res.json({ ...this.#script, apiToken: this.#script.apiToken === undefined ? undefined : '***' });
  };
  readonly calls = (_: Request, res: Response): void => {
    const waiting = [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0);
    res.json({ requests: this.#requests, undelivered: waiting, effects: this.#sink.list() });
  };

  readonly map = (req: Request, res: Response): void => {
    const parsed = recipient.safeParse(req.body);
    this.#once(req, res, 'pemetaan', (idBayar, turn) => {
      const outcome = this.#outcomeOf(idBayar);
      const status = outcome.pemetaan[Math.min(turn, outcome.pemetaan.length - 1)] ?? 'TERPETA';
      if (status === 'DITOLAK') return { status: 422, body: { kode: 'DATA_DITOLAK' }, deliveries: [] };
      const office = Math.floor(chance(this.#options.seed, 'kprk', parsed.data?.kodeDesa ?? '') * 12);
      const kprk = status === 'TERPETA' ? `KPRK-${String(41_300 + office)}` : null;
      const kurang = status === 'TIDAK_LENGKAP' ? ['patokan'] : [];
      return { status: 200, body: { status, kprk, titik: null, kurang }, deliveries: [] };
    });
  };
  readonly takeOrder = (req: Request, res: Response): void => {
    this.#once(req, res, 'danom', (idBayar, turn) => {
      const { penyaluran } = this.#outcomeOf(idBayar);
      const jumlah = order.safeParse(req.body).data?.jumlah ?? 0;
      const chosen = penyaluran[Math.min(turn, penyaluran.length - 1)] ?? ['TERBAYAR'];
      const prefix = `pos/${idBayar}/${String(turn + 1)}`;
      const deliveries = chosen.map((hasil, index) => ({
        messageId: `${prefix}/${String(index + 1)}`,
        idBayar,
        hasil,
        jumlah,
      }));
      return { status: 202, body: { nomor: `DANOM-${idBayar}-${String(turn + 1)}` }, deliveries };
    });
  };
  readonly takeRefund = (req: Request, res: Response): void => {
    this.#once(req, res, 'pengembalian', (idBayar, turn) => {
      return { status: 200, body: { nomor: `KEMBALI-${idBayar}-${String(turn + 1)}` }, deliveries: [] };
    });
  };

  /** Answers a repeated key as the first time; else plans, writes down and only then answers. `turn` counts the payment's requests of this kind. */
  #once(req: Request, res: Response, kind: Effect['kind'], plan: (idBayar: string, turn: number) => Plan): void {
    this.#requests += 1;
    const idBayar = recipient.safeParse(req.body).data?.idBayar;
    const key = req.get('Idempotency-Key') ?? '';
    const first = this.#sink.known(key) as Effect['answer'] | undefined;
    if (this.#script.accessDenied === true || !req.get('Authorization'))
      res.status(401).json({ kode: 'AKSES_DITOLAK' });
    else if (first !== undefined) res.status(first.status).json(first.body);
    else if (key === '' || idBayar === undefined) res.status(400).json({ kode: 'PERMINTAAN_TIDAK_LENGKAP' });
    else if (this.#faulty(kind, idBayar)) res.status(503).json({ kode: 'GANGGUAN' });
    else {
      const { deliveries, ...answer } = plan(idBayar, this.#counts.get(`${kind}/${idBayar}`) ?? 0);
      const effect: Effect = { key, kind, subject: idBayar, answer };
      this.#journal.append({ effect, deliveries });
      this.#remember(effect);
      this.#enqueue(deliveries);
      res.status(answer.status).json(answer.body);
    }
  }
  #remember(effect: Effect): void {
    this.#sink.record(effect.key, effect);
    const name = `${effect.kind}/${effect.subject}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }
  readonly #failedOnce = new Set<string>();
  #faulty(kind: string, idBayar: string): boolean {
    const name = `${kind}/${idBayar}`;
    if (this.#failedOnce.has(name) || chance(this.#options.seed, 'fault', name) >= (this.#script.faultRate ?? 0))
      return false;
    this.#failedOnce.add(name);
    return true;
  }
  #outcomeOf(idBayar: string): PaymentOutcome {
    const known = this.#outcomes.get(idBayar);
    if (known !== undefined) return known;
    const draw = chance(this.#options.seed, 'outcome', idBayar);
    const penyaluran: Result[][] =
      draw < 0.93 ? [['TERBAYAR']] : draw < 0.97 ? [['TERTUNDA', 'TERBAYAR']] : [['TIDAK_DITEMUKAN']];
    return { idBayar, pemetaan: ['TERPETA'], penyaluran };
  }

  #enqueue(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const queue = this.#queues.get(delivery.idBayar);
      if (queue !== undefined) queue.push(delivery);
      else {
        this.#queues.set(delivery.idBayar, [delivery]);
        this.#later(this.#options.deliveryDelayMs, () => this.#deliver(delivery.idBayar, 0));
      }
    }
  }
  #later(ms: number, work: () => Promise<void>): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void work();
    }, ms);
    this.#timers.add(timer);
  }
  /** Sends the first result of the queue; on failure again, ever slower; when accepted, the next. */
  async #deliver(idBayar: string, failures: number): Promise<void> {
    const delivery = this.#queues.get(idBayar)?.[0];
    if (delivery === undefined) return;
    if (!(await this.#send(delivery))) {
      this.#later(Math.min(longestPauseMs, 500 * 2 ** Math.min(failures, 6)), () =>
        this.#deliver(idBayar, failures + 1),
      );
      return;
    }
    this.#journal.append({ delivered: delivery.messageId });
    const queue = this.#queues.get(idBayar) ?? [];
    queue.shift();
    if (queue.length === 0) this.#queues.delete(idBayar);
    else this.#later(this.#options.deliveryDelayMs, () => this.#deliver(idBayar, 0));
  }
  async #send(delivery: Delivery): Promise<boolean> {
    const token = this.#script.apiToken ?? this.#options.apiToken;
    if (token === null) return false;
    const { messageId, idBayar, hasil, jumlah } = delivery;
    const penyaluran = {
      hasil,
      jumlah: hasil === 'TERBAYAR' ? jumlah : 0,
      tanggal: new Date().toISOString().slice(0, 10),
    };
    try {
      const response = await fetch(`${this.#options.apiUrl}/v2/messages/publication`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'Idempotency-Key': messageId },
        body: JSON.stringify({
          name: 'dtks.hasil-penyaluran',
          correlationKey: idBayar,
          messageId,
          timeToLive: messageLifeMs,
          variables: { penyaluran },
        }),
        signal: AbortSignal.timeout(20_000),
      });
      if (response.ok) return true;
      // Known under its id: an earlier attempt arrived although its answer did not.
      const problem = (await response.json().catch(() => null)) as { code?: unknown } | null;
      return response.status === 409 && problem?.code === 'alreadyExists';
    } catch {
      return false;
    }
  }
}

export function createPos(options: PosOptions): { readonly app: Express; readonly stop: () => void } {
  const pos = new Pos(options);
  const app = express().disable('x-powered-by');
  app.use(express.json({ limit: '50mb' }));
  app.use(misbehave(pos.script));
  app.post('/v1/pemetaan', pos.map);
  app.post('/v1/danom', pos.takeOrder);
  app.post('/v1/pengembalian', pos.takeRefund);
  app.post('/_sim/population', pos.addPopulation);
  app.post('/_sim/script', pos.setScript);
  app.get('/_sim/calls', pos.calls);
  return { app, stop: () => pos.stop() };
}
