/** The process of a worker, seen from the benchmark. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Places } from './servers.ts';
import type { Usage } from './worker.ts';

export class WorkerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** `flags`: of Node, for instance to profile it. */
  static async start(
    side: 'alur' | 'hand',
    { databaseUrls, address, namespace, masterKey, cacheDir }: Places,
    maxCachedWorkflows: number,
    flags: readonly string[] = [],
  ): Promise<WorkerProcess> {
    const settings = {
      side,
      databaseUrl: databaseUrls[side],
      address,
      namespace,
      masterKey,
      cacheDir,
      maxCachedWorkflows,
    };
    const child = spawn(process.execPath, [...flags, '--import', 'tsx', path.join(import.meta.dirname, 'worker.ts')], {
      env: { ...process.env, BENCH_WORKER: JSON.stringify(settings) },
      // Its words are for people: the answer alone goes to the output.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the worker of ${side} ended`);
    });
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    return new WorkerProcess(child);
  }

  async usage(): Promise<Usage> {
    const answer = once(this.#child, 'message') as Promise<[Usage]>;
    this.#child.send('usage');
    return (await answer)[0];
  }
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.send('stop');
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(late);
  }
}
