/** The engine's time on a test stack: an administrator moves it on, and everything due by then has happened when that returns. */
import { clockEndpoints } from '#contract/clock.ts';
import { ProblemError } from '#contract/client.ts';
import type { Client } from '#contract/client.ts';
import { addDuration, parseDuration } from '#engine/time.ts';
import { text } from '../../texts.ts';
import { caseStartMs } from '../engine.ts';

/** Longer than any message can wait that a case leaves behind: it shall not meet the next one's instances. */
const pauseBetweenCases = 'P31D';

export class StackClock {
  readonly #client: Client;
  /** How far the engine's time is ahead of ours, in ms. */
  #offsetMs = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  nowMs(): number {
    return Date.now() + this.#offsetMs;
  }

  /** `written`: an ISO 8601 duration. Throws when the stack does not let its clock be moved. */
  async advance(written: string): Promise<void> {
    const duration = parseDuration(written);
    const timestamp = duration && addDuration(this.nowMs(), duration);
    if (timestamp === null) throw new Error(text('noDuration', { duration: written }));
    await this.#set(timestamp);
  }

  /** For the next case, when whatever an earlier one has left is over. Throws as `advance` does. */
  async restart(): Promise<void> {
    await this.advance(pauseBetweenCases);
    await this.#set(caseStartMs);
  }

  async #set(timestamp: number): Promise<void> {
    // not of the answer's time: timers of the engine's past are to be in ours
    const offsetMs = timestamp - Date.now();
    try {
      await this.#client(clockEndpoints.setClock, { body: { timestamp } });
    } catch (error) {
      const isAbsent = error instanceof ProblemError && error.problem.code === 'notFound';
      throw isAbsent ? new Error(text('noTestClock'), { cause: error }) : error;
    }
    this.#offsetMs = offsetMs;
  }
}
