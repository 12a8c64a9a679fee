/** One process of the installation under test: supervised like in the product, killed and held down by the harness. */
import { Child } from '#stack/child.ts';
import type { ChildOptions } from '#stack/child.ts';

/** A supervisor of a real installation needs some time to see a death. */
const noticeMs = 300;

export class FaultyProcess {
  readonly name: string;
  readonly #child: Child;
  #downMs = noticeMs;
  #isKilled = false;
  /** How it ended each time that nobody had killed it. */
  readonly crashes: string[] = [];

  constructor(options: Omit<ChildOptions, 'restartAfterMs'>) {
    this.name = options.name;
    this.#child = new Child({
      ...options,
      say: (line) => {
        if (line.includes(': died (')) {
          if (!this.#isKilled) this.crashes.push(line);
          this.#isKilled = false;
        }
        options.say(line);
      },
      restartAfterMs: () => {
        const downMs = this.#downMs;
        this.#downMs = noticeMs;
        return downMs;
      },
    });
  }

  get pid(): number | null {
    return this.#child.pid;
  }
  start(): Promise<void> {
    return this.#child.start();
  }
  stop(): Promise<void> {
    return this.#child.stop();
  }

  /** Ends it at once; it is started again after `downMs`. false: it is down already. */
  kill(signal: NodeJS.Signals = 'SIGKILL', downMs: number = noticeMs): boolean {
    const { pid } = this.#child;
    if (pid === null) return false;
    this.#downMs = Math.max(noticeMs, downMs);
    this.#isKilled = true;
    process.kill(pid, signal);
    return true;
  }

  /** Stops its turning without ending it (SIGSTOP), and lets it go on after `ms`. */
  freeze(ms: number): boolean {
    const { pid } = this.#child;
    if (pid === null) return false;
    process.kill(pid, 'SIGSTOP');
    setTimeout(() => {
      if (this.#child.pid === pid) process.kill(pid, 'SIGCONT');
    }, ms);
    return true;
  }
}
