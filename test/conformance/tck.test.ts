/**
 * The DMN TCK, where it is at hand: each folder's score, and each failure with its reason, is kept in tck.golden.json and may only
 * rise. UPDATE_GOLDENS=1 writes the new scores.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { runTestFile, testFilesBelow } from '#cli/tck/run.ts';

const suite = join(__dirname, '../../../shared/suites/open/tck');
const goldenFile = join(__dirname, 'tck.golden.json');
interface Score {
  passed: number;
  total: number;
  /** By case. */
  readonly failures: Record<string, string>;
}
const update = process.env['UPDATE_GOLDENS'] === '1';

(existsSync(suite) ? describe : describe.skip)('DMN TCK', () => {
  const scores: Record<string, Score> = {};
  let golden: Record<string, Score> = {};

  beforeAll(async () => {
    for (const path of testFilesBelow(suite)) {
      const { file, passed, failures } = await runTestFile(path, suite, Date.UTC(2026, 0, 31));
      const score = (scores[dirname(file)] ??= { passed: 0, total: 0, failures: {} });
      score.passed += passed;
      score.total += passed + failures.length;
      for (const failure of failures) score.failures[failure.case] = failure.reason;
    }
    if (update) writeFileSync(goldenFile, `${JSON.stringify(scores, null, 2)}\n`);
    golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Record<string, Score>;
  }, 120_000);

  test('no folder scores less than before', () => {
    const fallen = Object.entries(golden).flatMap(([folder, { passed, failures }]) => {
      const now = scores[folder];
      if (now !== undefined && now.passed >= passed) return [];
      return [{ folder, before: passed, now: now?.passed ?? 0, failures: now?.failures ?? {}, known: failures }];
    });
    expect(fallen).toEqual([]);
  });

  test('where scores rose, UPDATE_GOLDENS=1 npx jest test/conformance/tck.test.ts writes them down', () => {
    const risen = Object.entries(scores).filter(([folder, { passed }]) => passed > (golden[folder]?.passed ?? 0));
    expect(risen.map(([folder, { passed }]) => ({ folder, before: golden[folder]?.passed, now: passed }))).toEqual([]);
  });

  test.each([
    ['compliance-level-2', 0.99],
    ['compliance-level-3', 0.97],
  ])('%s passes to %d at least', (level, least) => {
    const folders = Object.entries(scores).filter(([folder]) => folder.startsWith(level));
    const sum = (of: (score: Score) => number): number => folders.reduce((total, [, score]) => total + of(score), 0);
    expect(sum(({ passed }) => passed) / sum(({ total }) => total)).toBeGreaterThanOrEqual(least);
  });
});
