/**
 * Deployment verdicts of Zeebe 8.8 over the open conformance pack: which files Alur agrees on. The list may only grow
 * (UPDATE_GOLDENS=1 adds to it). Where Alur refuses what Zeebe accepts, the reason must be something not supported yet.
 */
import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '#bpmn/compile.ts';

const suite = join(process.cwd(), '../shared/suites/open');
const golden = join(process.cwd(), 'test/bpmn/verdicts.golden.json');
type Verdicts = Readonly<Record<string, { readonly verdict: 'accepted' | 'rejected' }>>;
const present = existsSync(join(suite, 'deploy-verdicts.json'));

describe(present ? 'deployment verdicts' : 'deployment verdicts (skipped: the conformance pack is not here)', () => {
  (present ? test : test.skip)('agree with the golden list or better', async () => {
    const verdicts = JSON.parse(readFileSync(join(suite, 'deploy-verdicts.json'), 'utf8')) as Verdicts;
    const agreed: string[] = [];
    const unexplained: string[] = [];
    for (const [file, { verdict }] of Object.entries(verdicts)) {
      const { ok, report } = await compile(readFileSync(join(suite, file), 'utf8'));
      if (ok === (verdict === 'accepted')) {
        agreed.push(file);
        continue;
      }
      const errors = report.entries
        .flatMap((entry) => entry.problems)
        .filter((problem) => problem.severity === 'error');
      const unsupported = errors.filter((problem) => problem.code.endsWith('_UNSUPPORTED'));
      if (ok || unsupported.length !== errors.length) unexplained.push(file);
    }
    const before = existsSync(golden) ? (JSON.parse(readFileSync(golden, 'utf8')) as string[]) : [];
    if (process.env['UPDATE_GOLDENS'] === '1') {
      writeFileSync(golden, `${JSON.stringify([...new Set([...before, ...agreed])].sort(), null, 1)}\n`);
    }
    expect(before.filter((file) => !agreed.includes(file))).toEqual([]);
    expect(unexplained).toEqual([]);
  });
});
