/**
 * Repairs by hand on random processes in random states: what is promised of a state holds after every command, and each case can then be
 * driven to its end, unless an incident that comes again or a join that a token was taken from is all that is left. ALUR_RUNS says how many
 * (1,000 by night), ALUR_SEED repeats a run.
 */
import { describe, expect, test } from '@jest/globals';
import { drive, explain } from './repairs-run.ts';
import type { Campaign, Driven } from './repairs-run.ts';
import { seedOf } from './seeded.ts';

const runs = Number(process.env['ALUR_RUNS'] ?? 250);
/** Things done to one instance before it is driven to its end. */
const most = 40;

function driveAll(campaign: Omit<Campaign, 'index' | 'most'>, count: number): Driven[] {
  return Array.from({ length: count }, (_, index) => {
    const one = { ...campaign, index, most };
    const driven = drive(one);
    expect(driven.problem && explain(one, driven)).toBeNull();
    return driven;
  });
}

const tally = (words: readonly string[]): string =>
  [...new Set(words)].map((word) => `${word} ${words.filter((one) => one === word).length}`).join(', ');

function tell(driven: readonly Driven[]): number {
  const ends = driven.map(({ end }) => end);
  const done = driven.flatMap((one) => one.done);
  process.stdout.write(`${driven.length} cases: ${tally(ends)}; repairs: ${tally(done)}\n`);
  const open = ['waiting', 'incident', 'goesOn'];
  return ends.filter((end) => !open.includes(end)).length / driven.length;
}

describe('random repairs', () => {
  test(`of every kind leave ${runs} instances whole`, () => {
    const share = tell(driveAll({ seed: seedOf('repairs') }, runs));
    expect(share).toBeGreaterThan(0.6);
  }, 1_200_000);

  test('by sending back let cases go on to their end', () => {
    const share = tell(
      driveAll({ seed: seedOf('repairs'), kinds: ['sendBack', 'suspendInstance', 'resumeInstance'] }, runs / 5),
    );
    expect(share).toBeGreaterThan(0.7);
  }, 600_000);
});
