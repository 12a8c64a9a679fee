/**
 * Lets few commands at a time through to one instance: Temporal takes 10 of an instance from all API processes together, and refuses the
 * rest. The others wait here in the order they came; when too many wait, or too long, the caller is told to come back.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from './refusal.ts';

const limits = {
  /** Commands to one instance under way at once from this process. */
  atOnce: 4,
  /** Commands that wait for their turn, for each instance. */
  waiting: 100,
  waitMs: 8_000,
  /** Wait before a command that Temporal had no room for is sent again: doubled each time, given up past the longest. */
  againMs: 100,
  longestAgainMs: 2_000,
} as const;

interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

export class InstanceGate {
  /** Instances with commands under way only. */
  readonly #lines = new Map<string, Line>();

  /** @throws Refusal when the line is too long. */
  async pass<T>(instanceKey: string, work: () => Promise<T>): Promise<T> {
    const line = this.#lines.get(instanceKey) ?? { running: 0, waiting: [] };
    this.#lines.set(instanceKey, line);
    if (line.running < limits.atOnce) line.running += 1;
    else await this.#turn(line);
    try {
      return await patiently(work);
    } finally {
      const next = line.waiting.shift();
      // The place goes to whoever waits.
      if (next !== undefined) next();
      else {
        line.running -= 1;
        if (line.running === 0) this.#lines.delete(instanceKey);
      }
    }
  }

  #turn({ waiting }: Line): Promise<void> {
    if (waiting.length >= limits.waiting) return Promise.reject(tooBusy());
    return new Promise((resolve, reject) => {
      const turn = (): void => {
        clearTimeout(patience);
        resolve();
      };
      const patience = setTimeout(() => {
        waiting.splice(waiting.indexOf(turn), 1);
        reject(tooBusy());
      }, limits.waitMs);
      waiting.push(turn);
    });
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
