/** Failed sign-ins are counted per account and address, and per address over all accounts. */
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Request, RequestHandler } from 'express';
import { Refusal } from '../refusal.ts';

const windowMs = 15 * 60_000;
/** Per address, all accounts together: an office behind one address signs in many people. */
const perAddressFactor = 20;

const addressOf = (request: Request): string => ipKeyGenerator(request.ip ?? '');
function nameOf(request: Request): string {
  const body: unknown = request.body;
  const name: unknown = typeof body === 'object' && body !== null && 'name' in body ? body.name : '';
  return typeof name === 'string' ? name.trim().toLowerCase().slice(0, 63) : '';
}

export function signInLimits(attempts: number): readonly RequestHandler[] {
  const limiter = (limit: number, keyGenerator: (request: Request) => string): RequestHandler =>
    rateLimit({
      windowMs,
      limit,
      keyGenerator,
      skipSuccessfulRequests: true,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      handler: (_, __, next) => {
        const seconds = windowMs / 1000;
        next(new Refusal('tooManyRequests', 'tooOften', { values: { seconds }, retryAfterSeconds: seconds }));
      },
    });
  return [
    limiter(attempts, (request) => `${addressOf(request)} ${nameOf(request)}`),
    limiter(attempts * perAddressFactor, addressOf),
  ];
}
