/** A client of the API as a careful program would be: every command has a key, and is sent again under it until it is answered. */
import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { isPassing } from '#cli/client.ts';
import { createClient, ProblemError } from '#contract/client.ts';
import type { CallInput, CallOptions, Client } from '#contract/client.ts';
import type { Answer, Endpoint } from '#contract/endpoint.ts';
import { pick } from '../random.ts';
import type { Random } from '../random.ts';
import type { CommandKind, Ledger } from './ledger.ts';
import type { Owed } from './owed.ts';

const attemptMs = 25_000;
const firstPauseMs = 100;
const longestPauseMs = 2_000;

export interface CallerOptions {
  /** Of all APIs: each attempt goes to any of them. */
  readonly urls: readonly string[];
  readonly token: string;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly owed: Owed;
  /** How long a command is sent again. */
  readonly patienceMs: number;
  /** How many of each command are sent at once, under the same key. */
  readonly copies?: number;
}
export interface Order {
  /** Idempotency-Key. */
  readonly key: string;
  readonly ref: string;
  readonly kind: CommandKind;
  readonly instanceKey: string | null;
}

export class Caller {
  /** Answers by status over all attempts. */
  readonly statuses = new Map<number, number>();
  /** Answers that said when to come back. */
  retryAfters = 0;
  /** Commands so far, and those whose copies were answered differently. */
  sent = 0;
  unequal = 0;
  readonly #options: CallerOptions;
  readonly #clients: readonly Client[];

  constructor(options: CallerOptions) {
    this.#options = options;
    this.#clients = options.urls.map((baseUrl) => this.#client(baseUrl));
  }

  /** Another client of the same account that sends each command so many times at once. */
  copied(copies: number): Caller {
    return new Caller({ ...this.#options, copies });
  }
  /** Another client of the same account that sends a command again for so long. */
  patient(patienceMs: number): Caller {
    return new Caller({ ...this.#options, patienceMs });
  }

  #client(baseUrl: string): Client {
    return createClient({
      baseUrl,
      fetch: async (url, init) => {
        const response = await fetch(url, { ...init, signal: init.signal ?? AbortSignal.timeout(attemptMs) });
        this.statuses.set(response.status, (this.statuses.get(response.status) ?? 0) + 1);
        if (response.headers.has('Retry-After')) this.retryAfters += 1;
        return response;
      },
      headers: () => ({ Authorization: `Bearer ${this.#options.token}` }),
    });
  }

  /** Reads, tried again like commands but under no key. */
  query<E extends Endpoint>(endpoint: E, input: CallInput<E>): Promise<Answer<E>> {
    return this.#persist(async () => this.#once(endpoint, input, {})).then(({ answer }) => answer);
  }
  /** One attempt, whatever comes of it. */
  #once<E extends Endpoint>(endpoint: E, input: CallInput<E>, options: CallOptions): Promise<Answer<E>> {
    return pick(this.#options.random, this.#clients)(endpoint, input, options);
  }

  /** Sends until it is answered. Throws the refusal of a command that will never be taken, and what remains when patience ends. */
  async command<E extends Endpoint>(
    { key, ref, kind, instanceKey }: Order,
    endpoint: E,
    input: CallInput<E>,
  ): Promise<Answer<E>> {
    const { ledger, owed } = this.#options;
    ledger.write({ type: 'sent', key, ref, kind, atMs: Date.now() });
    try {
      this.sent += 1;
      const { answer, tries } = await owed.during(() =>
        this.#copies(() => this.#once(endpoint, input, { idempotencyKey: key })),
      );
      const made = kind === 'start' ? (answer as { processInstanceKey: string }).processInstanceKey : instanceKey;
      ledger.write({ type: 'acked', key, ref, kind, atMs: Date.now(), tries, instanceKey: made });
      return answer;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      ledger.write({ type: 'refused', key, ref, kind, atMs: Date.now(), reason });
      throw error;
    }
  }

  /** A file in place of JSON; one attempt. */
  upload<E extends Endpoint>(endpoint: E, rawBody: FormData): Promise<Answer<E>> {
    return this.#once(endpoint, {} as CallInput<E>, { rawBody });
  }

  async #copies<T>(work: () => Promise<T>): Promise<{ answer: T; tries: number }> {
    const answers = await Promise.all(Array.from({ length: this.#options.copies ?? 1 }, () => this.#persist(work)));
    const [first] = answers;
    if (first === undefined) throw new Error('a command is sent at least once');
    if (answers.some(({ answer }) => !isDeepStrictEqual(answer, first.answer))) this.unequal += 1;
    return first;
  }

  async #persist<T>(work: () => Promise<T>): Promise<{ answer: T; tries: number }> {
    const deadline = Date.now() + this.#options.patienceMs;
    let pauseMs = firstPauseMs;
    for (let tries = 1; ; tries += 1) {
      try {
        return { answer: await work(), tries };
      } catch (error) {
        if (!isPassing(error) || Date.now() > deadline) throw error;
        const wished = error instanceof ProblemError ? (error.retryAfterSeconds ?? 0) * 1_000 : 0;
        await delay(Math.max(pauseMs * (0.5 + this.#options.random() / 2), Math.min(wished, longestPauseMs)));
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
  }
}
