/** What can be done to a simulated system from outside: outage, slowness, quota, refused access, wrong answers. */
import { createHash } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';

export const script = z.strictObject({
  /** Answers 503 to everything. */
  outage: z.boolean().optional(),
  /** Each answer is held back this long. */
  slownessMs: z.int().min(0).max(120_000).optional(),
  /** Answers left before the daily quota is used up; null: no end. */
  quota: z.int().min(0).nullable().optional(),
  /** Share of requests, 0 to 1, whose first attempt is answered with 503; which ones depends on the seed and the request only. */
  faultRate: z.number().min(0).max(1).optional(),
  /** Share of requests, 0 to 1, that get a wrong answer. */
  wrongRate: z.number().min(0).max(1).optional(),
  /** Logins are refused. */
  accessDenied: z.boolean().optional(),
  /** Bearer token for results sent to Alur (Pos only). */
  apiToken: z.string().min(1).max(500).optional(),
});
export type Script = z.infer<typeof script>;

/** 0 to 1, the same for the same seed and text. */
export function chance(seed: number, ...text: readonly string[]): number {
  const digest = createHash('sha256')
    .update([String(seed), ...text].join('\u0000'))
    .digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

export const hashed = (text: string): string =>
  createHash('sha256').update(`alur simulator ${text}`).digest('hex').slice(0, 32);

/** Outage and slowness, before the system's own handlers; the control endpoints stay reachable. */
export const misbehave =
  (current: () => Script): RequestHandler =>
  (request: Request, response: Response, next: NextFunction): void => {
    if (request.path.startsWith('/_sim/')) {
      next();
      return;
    }
    const { slownessMs = 0, outage = false } = current();
    setTimeout(() => {
      if (outage) response.status(503).json({ RESPON: 'Layanan tidak tersedia' });
      else next();
    }, slownessMs);
  };

/** Repeated requests by idempotency key: the first answer again, one effect. */
export class Sink {
  readonly #effects = new Map<string, { kind: string; subject: string; calls: number; answer: unknown }>();

  known(key: string): unknown {
    const effect = this.#effects.get(key);
    if (effect === undefined) return undefined;
    effect.calls += 1;
    return effect.answer;
  }
  record(key: string, effect: { readonly kind: string; readonly subject: string; readonly answer: unknown }): void {
    this.#effects.set(key, { ...effect, calls: 1 });
  }
  /** One line per effect: what, about which payment or phone, and how often it was asked for. */
  list(): { key: string; kind: string; subject: string; calls: number }[] {
    return [...this.#effects].map(([key, { kind, subject, calls }]) => ({ key, kind, subject, calls }));
  }
}
