/**
 * Histories of every release go on with the engine as it is: the same commands to Temporal, the same facts. When this fails, the change
 * needs a gate (workflows/gates.ts, docs/upgrades.md); the recorded histories are never changed.
 */
import { beforeAll, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { Runtime, DefaultLogger } from '@temporalio/worker';
import { firstDifference, replay, tracingBundle } from '../histories/golden-replay.ts';
import { readRelease, releases } from '../histories/history-file.ts';

const projectDir = path.resolve(__dirname, '../..');
let code = '';
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  code = await tracingBundle(projectDir);
}, 120_000);

describe('golden histories', () => {
  it('replay, and every replay asks what the release asked', async () => {
    const problems: string[] = [];
    let replayed = 0;
    for (const name of await releases()) {
      const release = await readRelease(name);
      const traces = release.histories.map(({ trace }) => trace);
      for await (const { workflowId, violation, asked } of replay(code, release)) {
        const difference = violation ?? firstDifference(traces[replayed] ?? '', asked, release.fields);
        if (difference !== null) problems.push(`${name} ${workflowId}: ${difference}`);
        replayed += 1;
      }
      expect(replayed).toBeGreaterThanOrEqual(100);
      replayed = 0;
    }
    expect(problems).toEqual([]);
  }, 600_000);
});
