/**
 * Sends the commands of one instance by one Update at a time from this process: those that come meanwhile go together in the next. Temporal
 * takes 10 Updates of an instance at once from all API processes together; the one it refuses costs the others the task they are in.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from './refusal.ts';

const limits = {
  /** Commands of one Update. */
  together: 20,
  /** Commands that wait for their turn, for each instance, and how long. */
  waiting: 100,
  waitMs: 8_000,
  /** Wait before Updates that Temporal had no room for are sent again: doubled each time, given up past the longest. */
  againMs: 100,
  longestAgainMs: 2_000,
} as const;

interface Waiting<C, A> {
  readonly command: C;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
  readonly untilMs: number;
}

/** @param send all at once, with an answer for each in the same order; it says itself when one goes alone. */
export class CommandLines<C, A> {
  /** Instances with commands under way only. */
  readonly #lines = new Map<string, Waiting<C, A>[]>();
  readonly #send: (commands: readonly C[]) => Promise<readonly A[]>;

  constructor(send: (commands: readonly C[]) => Promise<readonly A[]>) {
    this.#send = send;
  }

  /** @throws Refusal when the line is too long. */
  pass(instanceKey: string, command: C): Promise<A> {
    return new Promise((resolve, reject) => {
      const one = { command, resolve, reject, untilMs: Date.now() + limits.waitMs };
      const line = this.#lines.get(instanceKey);
      if (line === undefined) {
        this.#lines.set(instanceKey, []);
        void this.#run(instanceKey, [one]);
      } else if (line.length < limits.waiting) line.push(one);
      else reject(tooBusy());
    });
  }

  /** Ends when nobody waits any more. */
  async #run(instanceKey: string, first: readonly Waiting<C, A>[]): Promise<void> {
    for (let some = first; some.length > 0; some = this.#next(instanceKey)) await this.#deliver(some);
    this.#lines.delete(instanceKey);
  }
  #next(instanceKey: string): readonly Waiting<C, A>[] {
    const line = this.#lines.get(instanceKey) ?? [];
    while (line[0] !== undefined && line[0].untilMs < Date.now()) line.shift()?.reject(tooBusy());
    return line.splice(0, limits.together);
  }
  async #deliver(some: readonly Waiting<C, A>[]): Promise<void> {
    try {
      const answers = await patiently(() => this.#send(some.map(({ command }) => command)));
      for (const [index, { resolve, reject }] of some.entries()) {
        const answer = answers[index];
        if (answer === undefined) reject(new Error('a command of several was not answered'));
        else resolve(answer);
      }
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }
}

/** Other processes may have commands to the same instance under way: what is refused for that alone is sent again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let waitMs: number = limits.againMs; ; waitMs *= 2) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof Refusal && error.code === 'tooManyRequests';
      if (!isBusy || waitMs > limits.longestAgainMs) throw error;
      await delay(waitMs * (0.5 + Math.random()));
    }
  }
}

/** Others change the same case at this moment; nothing of this command has happened. */
export const tooBusy = (): Refusal => new Refusal('tooManyRequests', 'tooBusy', { retryAfterSeconds: 1 });
