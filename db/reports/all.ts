/** The reports, by name. Their words are in definitions/dtks/texts.*.json, section `reports`. */
import { delays } from './delays.ts';
import { estimate } from './estimate.ts';
import { funnel } from './funnel.ts';
import { overlap } from './overlap.ts';
import { payments } from './payments.ts';
import { programmes } from './programmes.ts';
import type { Report } from './report.ts';
import { returns } from './returns.ts';
import { scorecard } from './scorecard.ts';

export const reports = {
  funnel,
  delays,
  returns,
  overlap,
  estimate,
  scorecard,
  programmes,
  payments,
} as const satisfies Readonly<Record<string, Report>>;
