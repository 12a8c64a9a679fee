/** Cases on the real stack (PostgreSQL, Temporal, worker, API), by the command line as anybody would run them. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { expect } from '@jest/globals';

const project = path.resolve(__dirname, '../..');

/** @param paths case files or folders */
export async function passDurably(paths: readonly string[], limitMs: number): Promise<void> {
  const args = ['--import', 'tsx', 'cli/main.ts', 'case', 'run', ...paths, '--durable', '--json'];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: project, timeout: limitMs }, (_, stdout, stderr) =>
      resolve(stdout === '' ? stderr : stdout),
    );
  });
  const summary = output.trimEnd().split('\n').at(-1) ?? '';
  expect(summary).toMatch(/^\{"passed":\d+,"failed":0,"skipped":0,"failures":\[\]\}$/);
}
