/** A server that a test starts and ends. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServerProcess {
  stop(signal?: NodeJS.Signals): Promise<void>;
}
export interface ServerProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
}

/** Starts a program and waits until `probe` succeeds. Throws with its last output when it ends or does not answer in time. */
export async function startServer(
  program: ServerProgram,
  probe: () => Promise<void>,
  timeoutMs = 60_000,
): Promise<ServerProcess> {
  const { command, args, ...options } = program;
  const child = spawn(command, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-4_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', (error) => {
      output += error.message;
      resolve();
    });
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(late);
  };
  for (const deadline = Date.now() + timeoutMs; ;) {
    const ready = await probe().then(
      () => true,
      () => false,
    );
    if (ready) return { stop };
    if (child.exitCode !== null || child.signalCode !== null || Date.now() > deadline) {
      await stop('SIGKILL');
      throw new Error(`${command} did not start:\n${output}`);
    }
    await sleep(50);
  }
}
