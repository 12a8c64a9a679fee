/**
 * The DMN TCK, where it is at hand: each folder's score is kept in tck.golden.json and may only rise.
 * UPDATE_GOLDENS=1 writes the new scores.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { runFolder, type FolderScore } from './tck.ts';

const suite = join(__dirname, '../../../shared/suites/open/tck');
const goldenFile = join(__dirname, 'tck.golden.json');
type Golden = Readonly<Record<string, { readonly passed: number; readonly total: number }>>;

const folders = existsSync(suite)
  ? readdirSync(suite).flatMap((level) => readdirSync(join(suite, level)).map((folder) => `${level}/${folder}`))
  : [];

(folders.length === 0 ? describe.skip : describe)('DMN TCK', () => {
  test('no folder scores less than before', async () => {
    const scores = new Map<string, FolderScore>();
    for (const folder of folders) scores.set(folder, await runFolder(join(suite, folder)));
    if (process.env['UPDATE_GOLDENS'] === '1') {
      const golden: Golden = Object.fromEntries(
        [...scores].map(([folder, { passed, total }]) => [folder, { passed, total }]),
      );
      writeFileSync(goldenFile, `${JSON.stringify(golden, null, 2)}\n`);
    }
    const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Golden;
    const fallen = [...scores].filter(([folder, { passed }]) => passed < (golden[folder]?.passed ?? 0));
    expect(fallen.map(([folder, { failures }]) => ({ folder, failures }))).toEqual([]);
    expect(Object.keys(golden).filter((folder) => !scores.has(folder))).toEqual([]);
  }, 120_000);
});
