/** Wrong numbers and codes are counted per address, over looking and telling alike; what is told, per proposal. */
import { citizenLimits } from '#contract/citizen.ts';
import type { RequestHandler } from 'express';
import { addressOf, bodyText, limiter } from './limiter.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const longestNumber = 60;

export interface CitizenLimits {
  readonly looking: readonly RequestHandler[];
  readonly telling: readonly RequestHandler[];
}
export function createCitizenLimits(): CitizenLimits {
  const wrong = limiter({
    windowMs: citizenLimits.windowMinutes * minuteMs,
    most: citizenLimits.wrongMost,
    counts: 'failures',
    keyOf: addressOf,
  });
  const told = limiter({
    windowMs: dayMs,
    most: citizenLimits.reportsPerDay,
    counts: 'successes',
    keyOf: (request) => bodyText(request, 'proposalNumber', longestNumber),
  });
  return { looking: [wrong], telling: [wrong, told] };
}
