/** Runs the real product (`npm start`) in a folder of its own, on free ports, for tests that play people or kill processes. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freeStackPorts } from '#cli/case/durable/ports.ts';
import type { StackPorts } from '#cli/case/durable/ports.ts';

const project = path.resolve(__dirname, '..', '..');
const startLimitMs = 300_000;

export interface ProgramResult {
  readonly code: number | null;
  readonly output: string;
}

/** One `npm start` process and the lines it printed. */
export class Product {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly lines: string[] = [];
  #process: ChildProcess | null = null;

  private constructor(home: string, ports: StackPorts) {
    this.home = home;
    const inherited = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(DATABASE_URL|TEMPORAL_|ALUR_|NODE_ENV|JEST_)/.test(name)),
    );
    const at = (port: string): string => `http://127.0.0.1:${port}`;
    this.env = {
      ...inherited,
      ...ports,
      ALUR_HOME: home,
      ALUR_DUKCAPIL_URL: at(ports.ALUR_DUKCAPIL_PORT),
      ALUR_POS_URL: at(ports.ALUR_POS_PORT),
      ALUR_NOTIFY_URL: at(ports.ALUR_NOTIFY_PORT),
      ALUR_SIKS_URL: at(ports.ALUR_SIKS_PORT),
    };
  }

  static async create(): Promise<Product> {
    return new Product(await mkdtemp(path.join(tmpdir(), 'alur-e2e-')), await freeStackPorts());
  }

  get url(): string {
    return `http://127.0.0.1:${this.env['ALUR_HTTP_PORT']}`;
  }

  /** Starts the product and waits for its `ready:` line. Throws with everything it said when it ends before. */
  async start(args: readonly string[] = []): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', 'stack/start.ts', ...args], {
      cwd: project,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    const collect = (chunk: Buffer): void =>
      void this.lines.push(
        ...chunk
          .toString('utf8')
          .split('\n')
          .filter((line) => line !== ''),
      );
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const from = this.lines.length;
    for (let waitedMs = 0; waitedMs < startLimitMs; waitedMs += 200) {
      if (this.lines.slice(from).some((line) => line.includes('ready: http'))) return;
      if (child.exitCode !== null) break;
      await delay(200);
    }
    const said = this.lines.slice(from).join('\n');
    await this.stop();
    throw new Error(`the stack did not get ready:\n${said}`);
  }

  /** Begins another program of the product against this stack. */
  begin(args: readonly string[]): { readonly process: ChildProcess; readonly result: Promise<ProgramResult> } {
    const child = spawn(process.execPath, ['--import', 'tsx', ...args], {
      cwd: project,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: Buffer): void => void (output += chunk.toString('utf8'));
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const result = new Promise<ProgramResult>((resolve) => {
      child.once('close', (code) => resolve({ code, output }));
    });
    return { process: child, result };
  }

  /** The same, to its end. */
  run(args: readonly string[]): Promise<ProgramResult> {
    return this.begin(args).result;
  }

  /** `npx alur …` against this stack. */
  alur(...args: readonly string[]): Promise<ProgramResult> {
    return this.run(['cli/main.ts', ...args]);
  }

  /** Process ids of the supervised children, as the stack has written them down. */
  async pids(): Promise<Readonly<Record<string, number>>> {
    const { children } = JSON.parse(await readFile(path.join(this.home, 'stack.json'), 'utf8')) as {
      children: Record<string, { pid: number }>;
    };
    return Object.fromEntries(Object.entries(children).map(([name, { pid }]) => [name, pid]));
  }

  /** kill -9 of one process of the stack; the supervisor is expected to bring it back. */
  async kill(name: string): Promise<void> {
    const pid = (await this.pids())[name];
    if (pid === undefined) throw new Error(`${name} is not running`);
    process.kill(pid, 'SIGKILL');
  }

  /** kill -9 of the supervisor itself: its children are left behind. */
  async killSupervisor(): Promise<void> {
    const child = this.#process;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGKILL');
    await ended;
    this.#process = null;
  }

  /** Ends the stack as Ctrl-C does; the data stays. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.home, { recursive: true, force: true });
  }
}
