/**
 * Random block-structured processes, driven along random paths, against the naive reference model. ALUR_PROCESSES and ALUR_PATHS say how
 * many of each (2,000 × 10), ALUR_SEED repeats a run.
 */
import { describe, expect, test } from '@jest/globals';
import { explain, firstDivergence } from './properties-run.ts';
import { seedOf } from './seeded.ts';

const processes = Number(process.env['ALUR_PROCESSES'] ?? 2_000);
const paths = Number(process.env['ALUR_PATHS'] ?? 10);

describe('random processes', () => {
  test(`the engine does what the reference model does: ${processes} processes, ${paths} paths through each`, () => {
    const campaign = { seed: seedOf('random processes'), processes, paths };
    const found = firstDivergence(campaign);
    expect(found && explain(campaign, found)).toBeNull();
  }, 600_000);
});
