/** The whole product, started for one run on free ports in a folder of its own and taken away afterwards. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from '../../texts.ts';
import { durableLimits } from './limits.ts';
import { freeStackPorts } from './ports.ts';
import type { StackPorts } from './ports.ts';

const project = path.resolve(import.meta.dirname, '..', '..', '..');
/** What the stack says last when it serves. */
const readyLine = 'ready: http';
const endings = [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const;
/** Kept of what it said, for when it does not start. */
const saidLength = 4_000;

/** Our own settings of the installation at hand are not for this one. */
const isForeign = ([name]: readonly [string, unknown]): boolean =>
  !/^(DATABASE_URL$|TEMPORAL_|ALUR_|NODE_ENV$)/.test(name);

function environment(home: string, ports: StackPorts): NodeJS.ProcessEnv {
  const at = (port: string): string => `http://127.0.0.1:${port}`;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(isForeign)),
    ...ports,
    ALUR_HOME: home,
    ALUR_TEST_CLOCK: '1',
    ALUR_TEST_BARE: '1',
    ALUR_DUKCAPIL_URL: at(ports.ALUR_DUKCAPIL_PORT),
    ALUR_POS_URL: at(ports.ALUR_POS_PORT),
    ALUR_NOTIFY_URL: at(ports.ALUR_NOTIFY_PORT),
  };
}

export class ThrowAwayStack {
  readonly url: string;
  readonly #home: string;
  readonly #child: ChildProcess;
  #said = '';
  readonly #ended: Promise<void>;

  private constructor(home: string, ports: StackPorts) {
    this.#home = home;
    this.url = `http://127.0.0.1:${ports.ALUR_HTTP_PORT}`;
    this.#child = spawn(process.execPath, ['--import', 'tsx', 'stack/start.ts'], {
      cwd: project,
      env: environment(home, ports),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  /** Resolves when it serves. Throws with what it said last when it does not. */
  static async start(): Promise<ThrowAwayStack> {
    const ports = await freeStackPorts();
    const stack = new ThrowAwayStack(await mkdtemp(path.join(tmpdir(), 'alur-case-')), ports);
    // whoever ends us ends the stack, and its folder goes as well
    for (const [signal, number] of endings) {
      process.once(signal, () => void stack.remove().finally(() => process.exit(128 + number)));
    }
    try {
      await stack.#untilReady();
    } catch (error) {
      await stack.remove();
      throw error;
    }
    return stack;
  }

  #untilReady(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        clearTimeout(patience);
        reject(new Error(text('stackFailed', { said: this.#said })));
      };
      const patience = setTimeout(fail, durableLimits.startMs);
      const hear = (chunk: Buffer): void => {
        this.#said = (this.#said + chunk.toString('utf8')).slice(-saidLength);
        if (!this.#said.includes(readyLine)) return;
        clearTimeout(patience);
        resolve();
      };
      this.#child.stdout?.on('data', hear);
      this.#child.stderr?.on('data', hear);
      this.#child.once('close', fail);
    });
  }

  /** Ends every process of it and deletes its data. */
  async remove(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
    await rm(this.#home, { recursive: true, force: true });
  }
}
