/**
 * The execution cases of the conformance pack, run in memory. `open-cases.golden.json` names those that pass; it may only grow:
 * UPDATE_GOLDEN=1 adds what passes now and never takes a case away. Without the pack beside the repository all are skipped.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { compileOnce } from '#cli/case/compile-once.ts';
import { findCases } from '#cli/case/files.ts';
import { MemoryEngine } from '#cli/case/memory-engine.ts';
import { runSuite } from '#cli/case/suite.ts';
import type { CaseResult } from '#cli/case/suite.ts';

const pack = join(__dirname, '../../../shared/suites/open/cases');
const goldenPath = join(__dirname, 'open-cases.golden.json');
const golden = JSON.parse(readFileSync(goldenPath, 'utf8')) as string[];
const inPack = existsSync(pack) ? test : test.skip;

describe('open execution cases in memory', () => {
  const results = new Map<string, CaseResult>();
  beforeAll(async () => {
    if (!existsSync(pack)) return;
    const compile = compileOnce();
    const open = () => Promise.resolve(new MemoryEngine(compile));
    for (const result of await runSuite(await findCases([pack]), { open })) results.set(result.case, result);
  });

  for (const id of golden) inPack(id, () => expect(results.get(id)).toMatchObject({ reason: '', outcome: 'passed' }));

  inPack('every case that passes is in the golden list', () => {
    const passing = [...results.values()].filter(({ outcome }) => outcome === 'passed').map((result) => result.case);
    const added = passing.filter((id) => !golden.includes(id));
    if (process.env['UPDATE_GOLDEN'] === undefined) expect(added).toEqual([]);
    else writeFileSync(goldenPath, `${JSON.stringify([...golden, ...added].toSorted(), null, 2)}\n`);
  });
});
