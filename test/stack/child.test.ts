/** A supervised process: brought back when it dies, and what its own children still say then hurts nobody. */
import { expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Child } from '#stack/child.ts';
import { eventually } from '../support/eventually.ts';

// PostgreSQL's backends log "terminating connection due to unexpected postmaster exit" after a kill -9 of their parent.
test('a child of the killed process writes to the log after its death, and the process comes back', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-child-'));
  const logFile = path.join(folder, 'child.log');
  const said: string[] = [];
  const child = new Child({
    name: 'child',
    program: () =>
      Promise.resolve({ command: 'sh', args: ['-c', '(sleep 0.3; echo late; sleep 0.2; echo later) & exec sleep 60'] }),
    env: process.env,
    cwd: folder,
    logFile,
    probe: () => Promise.resolve(),
    say: (line) => void said.push(line),
    restartAfterMs: () => 100,
  });
  try {
    await child.start();
    const first = child.pid;
    if (first === null) throw new Error('the child has no process');
    process.kill(first, 'SIGKILL');
    const after = await eventually(async () => {
      const log = await readFile(logFile, 'utf8');
      return said.includes('child: running again') && log.includes('later') && log;
    });
    expect(after).toContain('late\n');
    expect(child.pid).not.toBe(first);
  } finally {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 30_000);
