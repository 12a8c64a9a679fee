/**
 * Cases on the real stack (PostgreSQL, Temporal, worker, API), by the command line as anybody would run them. `npm test` does a few
 * of them; ALUR_DURABLE_ALL=1 means all.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';

const project = path.resolve(__dirname, '../..');

export const areAllAsked = process.env['ALUR_DURABLE_ALL'] !== undefined;
/** For all of them. */
export const durableMs = 30 * 60_000;

/** @returns what the command says last; everything it said to the error stream when that is nothing */
export async function runDurably(files: readonly string[]): Promise<unknown> {
  const args = ['--import', 'tsx', 'cli/main.ts', 'case', 'run', ...files, '--durable', '--json'];
  const [answer, said] = await new Promise<readonly [string, string]>((resolve) => {
    execFile(process.execPath, args, { cwd: project, timeout: durableMs }, (_, stdout, stderr) =>
      resolve([stdout.trimEnd(), stderr]),
    );
  });
  return answer === '' ? said : JSON.parse(answer.split('\n').at(-1) ?? '');
}

/** What it says when all of so many have passed. */
export const allPassed = (cases: number) => ({ passed: cases, failed: 0, skipped: 0, failures: [] });
