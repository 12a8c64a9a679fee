/** The golden histories would notice: with each planted change at least one of them goes on otherwise. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { firstDifference, replay, tracingBundle } from '../histories/golden-replay.ts';
import { readRelease } from '../histories/history-file.ts';
import type { Release } from '../histories/history-file.ts';
import { plantedChanges } from '../histories/planted-changes.ts';

const projectDir = path.resolve(__dirname, '../..');
let copy = '';
let release: Release;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  release = await readRelease('0.1.0');
  copy = await mkdtemp(path.join(tmpdir(), 'alur-planted-'));
  for (const name of ['engine', 'workflows', 'package.json'])
    await cp(path.join(projectDir, name), path.join(copy, name), { recursive: true });
  await symlink(path.join(projectDir, 'node_modules'), path.join(copy, 'node_modules'));
}, 60_000);
afterAll(() => rm(copy, { recursive: true, force: true }));

/** What is done otherwise first; null: nothing. */
async function noticed(seenIn: RegExp): Promise<string | null> {
  const code = await tracingBundle(copy);
  const histories = release.histories.filter(({ workflowId }) => seenIn.test(workflowId));
  let seen = 0;
  for await (const { violation, asked } of replay(code, { ...release, histories })) {
    const difference = violation ?? firstDifference(histories[seen]?.trace ?? '', asked, release.fields);
    seen += 1;
    if (difference !== null) return difference;
  }
  return null;
}

describe('the golden histories notice that', () => {
  it.each(plantedChanges.map((planted) => [planted.change, planted] as const))(
    '%s',
    async (change, { file, right, wrong, seenIn }) => {
      const target = path.join(copy, file);
      const source = await readFile(target, 'utf8');
      if (source.split(right).length !== 2) throw new Error(`${file} has not exactly one place with: ${right}`);
      await writeFile(
        target,
        source.replace(right, () => wrong),
      );
      try {
        const difference = await noticed(seenIn);
        expect(difference).not.toBeNull();
        process.stdout.write(`${change}: ${difference?.slice(0, 160)}\n`);
      } finally {
        await writeFile(target, source);
      }
    },
    120_000,
  );
});
