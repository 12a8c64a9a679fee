/** The worker as a process of its own, to be killed. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { TestStack } from './stack.ts';

const projectDir = path.resolve(import.meta.dirname, '../..');

export interface WorkerProcess {
  readonly child: ChildProcess;
  /** Exit code or signal. */
  readonly ended: Promise<number | string | null>;
  readonly output: () => string;
}
/** The caller ends it. `folder`: of another build's tree. */
export function startWorkerProcess(
  stack: TestStack,
  { folder = projectDir, env = {} }: { readonly folder?: string; readonly env?: NodeJS.ProcessEnv } = {},
): WorkerProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: folder,
    env: { ...stack.environment, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | string | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { child, ended, output: () => output };
}
