/** Counts requests by a key, in this process, and refuses those past a limit until the window is over. */
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Request, RequestHandler } from 'express';
import { Refusal } from '../refusal.ts';

export interface Limit {
  readonly windowMs: number;
  readonly most: number;
  /** Only requests that end so count. */
  readonly counts: 'failures' | 'successes';
  readonly keyOf: (request: Request) => string;
}

export const addressOf = (request: Request): string => ipKeyGenerator(request.ip ?? '');

/** A text member of the body, for a key; empty: there is none. */
export function bodyText(request: Request, name: string, longest: number): string {
  const body: unknown = request.body;
  const text: unknown = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : '';
  return typeof text === 'string' ? text.trim().toLowerCase().slice(0, longest) : '';
}

export const limiter = ({ windowMs, most, counts, keyOf }: Limit): RequestHandler =>
  rateLimit({
    windowMs,
    limit: most,
    keyGenerator: keyOf,
    skipSuccessfulRequests: counts === 'failures',
    skipFailedRequests: counts === 'successes',
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_, __, next) => {
      const seconds = windowMs / 1000;
      next(new Refusal('tooManyRequests', 'tooOften', { values: { seconds }, retryAfterSeconds: seconds }));
    },
  });
