/** One supervised process: started, watched, restarted with back-off when it dies, ended with a grace period. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from './postgres.ts';

export interface ChildOptions {
  readonly name: string;
  readonly program: () => Promise<Program>;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** The process's own output, kept for people who look for a cause. */
  readonly logFile: string;
  /** Throws until the process serves. */
  readonly probe: () => Promise<void>;
  readonly say: (line: string) => void;
  readonly stopSignal?: NodeJS.Signals;
  readonly readyTimeoutMs?: number;
  /** How long it stays dead before it is started again; default: longer with each death. */
  readonly restartAfterMs?: () => number;
}

const probeIntervalMs = 150;
const readyTimeoutMs = 120_000;
const graceMs = 20_000;
const backOffMs = [500, 1_000, 2_000, 5_000, 10_000];
/** A process that lived this long starts its back-off anew. */
const healthyAfterMs = 60_000;

export class Child {
  readonly #options: ChildOptions;
  #process: ChildProcess | null = null;
  #stopping = false;
  #deaths = 0;
  #startedAt = 0;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  /** Resolves when the process serves; rejects when it does not in time. From then on its death leads to a restart. */
  async start(): Promise<void> {
    const { name, say } = this.#options;
    const begin = Date.now();
    say(`${name}: starting`);
    await this.#spawn();
    await this.#untilReady();
    say(`${name}: ready after ${((Date.now() - begin) / 1000).toFixed(1)} s`);
  }

  async #spawn(): Promise<void> {
    const { program, env, cwd, logFile } = this.#options;
    const { command, args, uid, gid } = await program();
    // The process writes its log itself: what its own children still say after its death must not run through the supervisor.
    const log = await open(logFile, 'a');
    const child = spawn(command, [...args], {
      env,
      cwd,
      stdio: ['ignore', log.fd, log.fd],
      // A process group of its own: Ctrl-C in the terminal reaches the supervisor only, which ends the others in order.
      detached: true,
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
    this.#process = child;
    this.#startedAt = Date.now();
    let over = false;
    const onEnd = (how: string): void => {
      if (over) return;
      over = true;
      if (this.#process === child) this.#process = null;
      if (!this.#stopping) void this.#restart(how);
    };
    child.once('error', (error) => onEnd(error.message));
    child.once('exit', (code, signal) => onEnd(signal === null ? `exit code ${code}` : `signal ${signal}`));
    await log.close();
  }

  async #untilReady(): Promise<void> {
    const limitMs = this.#options.readyTimeoutMs ?? readyTimeoutMs;
    const deadline = Date.now() + limitMs;
    for (;;) {
      try {
        await this.#options.probe();
        return;
      } catch (error) {
        if (this.#stopping) return;
        if (Date.now() > deadline) {
          const cause = error instanceof Error ? error.message : String(error);
          throw new Error(
            `${this.#options.name} did not get ready within ${limitMs / 1000} s (${cause}). Its log: ${this.#options.logFile}`,
            { cause: error },
          );
        }
        await delay(probeIntervalMs);
      }
    }
  }

  async #restart(how: string): Promise<void> {
    const { name, say } = this.#options;
    this.#deaths = Date.now() - this.#startedAt > healthyAfterMs ? 0 : this.#deaths;
    const backOff = backOffMs[Math.min(this.#deaths, backOffMs.length - 1)] ?? 0;
    const waitMs = this.#options.restartAfterMs?.() ?? backOff;
    this.#deaths += 1;
    say(`${name}: died (${how}), restarting in ${waitMs / 1000} s`);
    await delay(waitMs);
    if (this.#stopping) return;
    try {
      await this.#spawn();
      await this.#untilReady();
      if (!this.#stopping && this.#process !== null) say(`${name}: running again`);
    } catch (error) {
      say(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Asks the process to drain and end; kills it after the grace period. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#process;
    if (child === null || child.pid === undefined || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(this.#options.stopSignal ?? 'SIGTERM');
    const timer = setTimeout(() => {
      this.#options.say(`${this.#options.name}: did not end within ${graceMs / 1000} s, killing it`);
      child.kill('SIGKILL');
    }, graceMs);
    await ended;
    clearTimeout(timer);
    this.#options.say(`${this.#options.name}: stopped`);
  }
}
