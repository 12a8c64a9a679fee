/** The process of one engine: asked one thing at a time over stdin and stdout (protocol.ts). */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Answer, Request } from './protocol.ts';

/** Longest wait for one answer: a sample of the slowest engine takes seconds. */
const patienceMs = 20 * 60_000;

export class EngineProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor([file = '', ...args]: readonly string[]) {
    this.#child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-4_000);
    });
    // a request to a process that has ended is answered by the end of its output
    this.#child.stdin.on('error', () => undefined);
  }

  /** Throws with the last line the engine complained of when it ends instead of answering. */
  async ask<R extends Request>(request: R): Promise<Answer<R['do']>> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const timer = setTimeout(() => this.#child.kill(), patienceMs);
    const line = await this.#lines.next();
    clearTimeout(timer);
    if (line.done === true) {
      this.end();
      throw new Error(this.#complaint());
    }
    return JSON.parse(line.value) as Answer<R['do']>;
  }

  end(): void {
    this.#child.kill();
  }

  #complaint(): string {
    const lines = this.#errors.split('\n').map((line) => line.trim());
    return (
      lines.findLast((line) => /(Error|Exception)\b/.test(line)) ?? lines.findLast((line) => line !== '') ?? 'ended'
    );
  }
}
