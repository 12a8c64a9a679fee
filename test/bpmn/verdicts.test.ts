/**
 * Deployment verdicts of Zeebe 8.8 over the open conformance pack. Alur executes more than Zeebe and may so accept what Zeebe refuses, never
 * the other way round; each file on which the two differ stands in the golden with its reason.
 */
import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '#bpmn/compile.ts';
import golden from './verdicts.golden.json' with { type: 'json' };

const suite = join(process.cwd(), '../shared/suites/open');
type Verdicts = Readonly<Record<string, { readonly verdict: 'accepted' | 'rejected' }>>;
const present = existsSync(join(suite, 'deploy-verdicts.json'));
const differences: Readonly<Record<string, string>> = golden.differences;

describe(present ? 'deployment verdicts' : 'deployment verdicts (skipped: the conformance pack is not here)', () => {
  (present ? test : test.skip)('are those of Zeebe, or differ for the reason given', async () => {
    const verdicts = JSON.parse(readFileSync(join(suite, 'deploy-verdicts.json'), 'utf8')) as Verdicts;
    const differing: string[] = [];
    for (const [file, { verdict }] of Object.entries(verdicts)) {
      const { ok } = await compile(readFileSync(join(suite, file), 'utf8'));
      if (ok !== (verdict === 'accepted')) differing.push(file);
    }
    expect(differing).toEqual(Object.keys(differences));
    expect(Object.keys(verdicts)).toHaveLength(golden.files);
  });
});
