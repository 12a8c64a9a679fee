/** The fault harness as `npm test` runs it: minutes of faults on a fresh seed, on the real stack. Nothing acknowledged may be lost or doubled. */
import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const project = path.resolve(__dirname, '..', '..');
const seed = Number(process.env['ALUR_TEST_SEED'] ?? randomInt(2 ** 31));
const limitMs = 14 * 60_000;
/** Kept of what it said, for when it fails. */
const saidLines = 60;

interface Summary {
  readonly seed: number;
  readonly faults: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly stuck: number;
  readonly recoveryMs: { readonly p50: number; readonly p99: number };
}

test(
  `npm run chaos -- --profile ci --seed ${String(seed)}: nothing lost, doubled or stuck`,
  async () => {
    const home = await mkdtemp(path.join(tmpdir(), 'alur-chaos-test-'));
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'chaos/main.ts', '--profile', 'ci', '--json', '--seed', String(seed)],
      { cwd: project, env: { ...process.env, ALUR_HOME: home }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let answer = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const told = said.split('\n').slice(-saidLines).join('\n');
    // A failing seed is written down there.
    if (code === 0) await rm(home, { recursive: true, force: true });
    const summary = JSON.parse(answer.trim().split('\n').at(-1) ?? 'null') as Summary | null;
    expect({ summary, told: code === 0 ? '' : told }).toMatchObject({
      summary: { seed, lost: 0, doubled: 0, stuck: 0 },
      told: '',
    });
    expect(summary?.faults).toBeGreaterThan(20);
    expect(summary?.acknowledged).toBeGreaterThan(300);
  },
  limitMs,
);
