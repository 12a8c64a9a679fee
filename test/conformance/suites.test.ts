/**
 * The execution cases of the conformance pack, run on the in-memory host. `open-cases.golden.json` names those that pass; it may only
 * grow: UPDATE_GOLDEN=1 adds what passes now and never takes a case away. Without the pack beside the repository all are skipped.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { MemoryEngine } from './memory-engine.ts';
import { runCase } from './open-case.ts';
import type { OpenCase } from './open-case.ts';

const pack = join(__dirname, '../../../shared/suites/open');
const goldenPath = join(__dirname, 'open-cases.golden.json');
const golden = JSON.parse(readFileSync(goldenPath, 'utf8')) as string[];
const read = (path: string): string => readFileSync(join(pack, path), 'utf8');

const cases = existsSync(pack)
  ? readdirSync(join(pack, 'cases')).map((file) => JSON.parse(read(`cases/${file}`)) as OpenCase)
  : [];

/** A case that needs what the engine does not have fails by exception. */
const errorsOf = (open: OpenCase): Promise<string[]> =>
  runCase(open, new MemoryEngine(), read).catch((error: unknown) => [String(error)]);

describe('open execution cases', () => {
  for (const id of golden) {
    const open = cases.find((candidate) => candidate.id === id);
    if (open) test(id, async () => expect(await errorsOf(open)).toEqual([]));
    else test.skip(id, () => undefined);
  }

  test('every case that passes is in the golden list', async () => {
    const passing: string[] = [];
    for (const open of cases.filter(({ id }) => !golden.includes(id))) {
      if ((await errorsOf(open)).length === 0) passing.push(open.id);
    }
    if (process.env['UPDATE_GOLDEN'] !== undefined) {
      writeFileSync(goldenPath, `${JSON.stringify([...golden, ...passing].toSorted(), null, 2)}\n`);
      return;
    }
    expect(passing).toEqual([]);
  });
});
