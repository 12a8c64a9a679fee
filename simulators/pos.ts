/**
 * Simulated PT Pos: maps addresses, makes appointments, takes nominative lists, sends mappings that take longer and the results of the delivery
 * to Alur as messages until they are accepted, takes returned funds. What happens to a payment is posted to /_sim/population; without it the
 * seed decides.
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
const mappings = ['TERPETA', 'TIDAK_LENGKAP', 'LUAR_WILAYAH', 'GANDA'] as const;
type Mapping = (typeof mappings)[number];
export const paymentOutcome = z.strictObject({
  idBayar: z.string().min(1).max(100),
  /** Answers to the first, second … mapping request; the last one repeats. */
  pemetaan: z
    .array(z.enum([...mappings, 'DITOLAK', 'DITERIMA']))
    .min(1)
    .max(5)
    .default(['TERPETA']),
  /** What follows a DITERIMA as a message; null: nothing ever. */
  pemetaanSusulan: z.enum(mappings).nullable().default('TERPETA'),
  /** For the first, second … nominative list: the results sent one after another; the last list repeats. */
  penyaluran: z
    .array(z.array(z.enum(results)).min(1).max(5))
    .min(1)
    .max(5)
    .default([['TERBAYAR']]),
  /** What is reported as paid; null: what was ordered. */
  dibayar: z.int().min(0).nullable().default(null),
  /** Every message about this payment comes so much later. */
  terlambatMs: z.int().min(0).max(86_400_000).default(0),
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
const wish = z.object({
  idBayar: z.string().min(1).max(100),
  kprk: z.string().nullish(),
  metode: z.enum(['RUMAH', 'KOMUNITAS', 'KANTOR']),
  kodeDesa: z.string().nullish(),
  menit: z.int().min(1).max(999),
  kapasitas: z.int().min(1),
});
const slot = z.object({
  mulai: z.string(),
  selesai: z.string(),
  tempat: z.string(),
  loket: z.string().nullable(),
});
type Slot = z.infer<typeof slot>;

/** A message to Alur. */
const delivery = z.object({
  messageId: z.string(),
  idBayar: z.string(),
  name: z.enum(['dtks.hasil-penyaluran', 'dtks.hasil-pemetaan']),
  variables: z.record(z.string(), z.json()),
});
type Delivery = z.infer<typeof delivery>;
const kinds = ['pemetaan', 'jadwal', 'danom', 'pengembalian'] as const;
interface Effect {
  readonly key: string;
  readonly kind: (typeof kinds)[number];
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
      kind: z.enum(kinds),
      subject: z.string(),
      answer: z.object({ status: z.int(), body: z.unknown() }),
    }),
    deliveries: z.array(delivery).default([]),
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
const dayMs = 24 * 3_600_000;
/** Opening hours of every office, from 08.00 for seven hours on the clocks of Java, and its counters. */
const office = {
  zone: '+07:00',
  zoneMs: 7 * 3_600_000,
  opens: 8 * 60,
  minutes: 7 * 60,
  counters: ['1', '2', '3'],
} as const;

/** Slots of the days to come, earliest first. */
function* slotsFrom(nowMs: number, minutes: number): Generator<{ mulai: string; selesai: string }> {
  const local = (ms: number): string => `${new Date(ms + office.zoneMs).toISOString().slice(0, 19)}${office.zone}`;
  const midnight = Math.floor((nowMs + office.zoneMs) / dayMs) * dayMs - office.zoneMs;
  for (let day = midnight + dayMs; ; day += dayMs) {
    for (let at = 0; at + minutes <= office.minutes; at += minutes) {
      const start = day + (office.opens + at) * 60_000;
      yield { mulai: local(start), selesai: local(start + minutes * 60_000) };
    }
  }
}
const placeOf = ({ metode, kprk, kodeDesa, idBayar }: z.infer<typeof wish>): string =>
  metode === 'RUMAH'
    ? `Rumah ${idBayar}`
    : metode === 'KOMUNITAS'
      ? `Balai ${kodeDesa ?? ''}`
      : `Kantor pos ${kprk ?? ''}`;
const today = (): string => new Date().toISOString().slice(0, 10);
const counterKey = ({ tempat, mulai, loket }: Slot): string => [tempat, mulai, loket ?? ''].join('/');

class Pos {
  readonly #options: PosOptions;
  readonly #journal: Journal;
  readonly #outcomes = new Map<string, PaymentOutcome>();
  readonly #sink = new Sink();
  readonly #counts = new Map<string, number>();
  /** Appointments by place, time and counter. */
  readonly #booked = new Map<string, number>();
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
      const kodeDesa = parsed.data?.kodeDesa ?? '';
      if (status === 'DITOLAK') return { status: 422, body: { kode: 'DATA_DITOLAK' }, deliveries: [] };
      if (status !== 'DITERIMA') return { status: 200, body: this.#mapped(status, kodeDesa), deliveries: [] };
      const later = outcome.pemetaanSusulan;
      const messageId = `pos/${idBayar}/peta/${String(turn + 1)}`;
      const deliveries: Delivery[] =
        later === null
          ? []
          : [
              {
                messageId,
                idBayar,
                name: 'dtks.hasil-pemetaan',
                variables: { pemetaan: this.#mapped(later, kodeDesa) },
              },
            ];
      return { status: 202, body: { status, kprk: null, titik: null, kurang: [] }, deliveries };
    });
  };
  #mapped(status: Mapping, kodeDesa: string) {
    const office = Math.floor(chance(this.#options.seed, 'kprk', kodeDesa) * 12);
    const kprk = status === 'TERPETA' ? `KPRK-${String(41_300 + office)}` : null;
    const jarakKm = status === 'TERPETA' ? Math.round(chance(this.#options.seed, 'jarak', kodeDesa) * 80) / 10 : null;
    return { status, kprk, titik: null, jarakKm, kurang: status === 'TIDAK_LENGKAP' ? ['patokan'] : [] };
  }
  readonly makeAppointment = (req: Request, res: Response): void => {
    this.#once(req, res, 'jadwal', () => {
      const wanted = wish.safeParse(req.body);
      if (!wanted.success) return { status: 400, body: { kode: 'PERMINTAAN_TIDAK_LENGKAP' }, deliveries: [] };
      return { status: 200, body: this.#freeSlot(wanted.data), deliveries: [] };
    });
  };
  #freeSlot(wanted: z.infer<typeof wish>): Slot {
    const tempat = placeOf(wanted);
    const counters = wanted.metode === 'KANTOR' ? office.counters : [null];
    for (const times of slotsFrom(Date.now(), wanted.menit)) {
      for (const loket of counters) {
        const candidate = { ...times, tempat, loket };
        if ((this.#booked.get(counterKey(candidate)) ?? 0) < wanted.kapasitas) return candidate;
      }
    }
    throw new Error('the days to come have no end');
  }
  readonly takeOrder = (req: Request, res: Response): void => {
    this.#once(req, res, 'danom', (idBayar, turn) => {
      const { penyaluran, dibayar } = this.#outcomeOf(idBayar);
      const jumlah = dibayar ?? order.safeParse(req.body).data?.jumlah ?? 0;
      const chosen = penyaluran[Math.min(turn, penyaluran.length - 1)] ?? ['TERBAYAR'];
      const prefix = `pos/${idBayar}/${String(turn + 1)}`;
      const deliveries = chosen.map((hasil, index): Delivery => ({
        messageId: `${prefix}/${String(index + 1)}`,
        idBayar,
        name: 'dtks.hasil-penyaluran',
        variables: { penyaluran: { hasil, jumlah: hasil === 'TERBAYAR' ? jumlah : 0, tanggal: today() } },
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
    else if (this.#strikes('fault', `${kind}/${idBayar}`, this.#script.faultRate))
      res.status(503).json({ kode: 'GANGGUAN' });
    else if (this.#strikes('wrong', `${kind}/${idBayar}`, this.#script.wrongRate)) res.json({ hasil: 'ENTAH' });
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
    const booked = effect.kind === 'jadwal' ? slot.safeParse(effect.answer.body) : null;
    if (booked?.success !== true) return;
    const counter = counterKey(booked.data);
    this.#booked.set(counter, (this.#booked.get(counter) ?? 0) + 1);
  }
  readonly #struck = new Set<string>();
  /** Whether the first attempt of this request is spoilt. */
  #strikes(how: 'fault' | 'wrong', name: string, rate = 0): boolean {
    const once = `${how}/${name}`;
    if (this.#struck.has(once) || chance(this.#options.seed, how, name) >= rate) return false;
    this.#struck.add(once);
    return true;
  }
  #outcomeOf(idBayar: string): PaymentOutcome {
    const known = this.#outcomes.get(idBayar);
    if (known !== undefined) return known;
    const draw = chance(this.#options.seed, 'outcome', idBayar);
    const penyaluran: Result[][] =
      draw < 0.93 ? [['TERBAYAR']] : draw < 0.97 ? [['TERTUNDA', 'TERBAYAR']] : [['TIDAK_DITEMUKAN']];
    return paymentOutcome.parse({ idBayar, penyaluran });
  }

  #enqueue(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const queue = this.#queues.get(delivery.idBayar);
      if (queue !== undefined) queue.push(delivery);
      else {
        this.#queues.set(delivery.idBayar, [delivery]);
        const { terlambatMs } = this.#outcomeOf(delivery.idBayar);
        this.#later(this.#options.deliveryDelayMs + terlambatMs, () => this.#deliver(delivery.idBayar, 0));
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
    const { messageId, idBayar, name, variables } = delivery;
    try {
      const response = await fetch(`${this.#options.apiUrl}/v2/messages/publication`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'Idempotency-Key': messageId },
        body: JSON.stringify({
          name,
          correlationKey: idBayar,
          messageId,
          timeToLive: messageLifeMs,
          variables,
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
  app.post('/v1/jadwal', pos.makeAppointment);
  app.post('/v1/danom', pos.takeOrder);
  app.post('/v1/pengembalian', pos.takeRefund);
  app.post('/_sim/population', pos.addPopulation);
  app.post('/_sim/script', pos.setScript);
  app.get('/_sim/calls', pos.calls);
  return { app, stop: () => pos.stop() };
}
