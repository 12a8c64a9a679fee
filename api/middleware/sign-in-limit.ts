/** Failed sign-ins are counted per account and address, and per address over all accounts. */
import type { RequestHandler } from 'express';
import { addressOf, bodyText, limiter } from './limiter.ts';
import type { Limit } from './limiter.ts';

const windowMs = 15 * 60_000;
/** Per address, all accounts together: an office behind one address signs in many people. */
const perAddressFactor = 20;
const longestName = 63;

export function signInLimits(attempts: number): readonly RequestHandler[] {
  const failures = (most: number, keyOf: Limit['keyOf']): RequestHandler =>
    limiter({ windowMs, most, counts: 'failures', keyOf });
  return [
    failures(attempts, (request) => `${addressOf(request)} ${bodyText(request, 'name', longestName)}`),
    failures(attempts * perAddressFactor, addressOf),
  ];
}
