/** A signed-in caller of the API that outlives faults: what may pass is tried again, every mutation under one Idempotency-Key. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, ProblemError, type CallOptions, type Client } from '#contract/client.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import { sessionEndpoints } from '#contract/session.ts';

export interface SessionOptions {
  readonly baseUrl: string;
  /** Signs in with a password … */
  readonly name: string;
  readonly password?: string;
  /** … or brings a bearer token. */
  readonly token?: string;
  /** How long one call is tried again while the server is away, in ms. */
  readonly patienceMs: number;
  readonly onRetry?: (reason: string) => void;
}

const callTimeoutMs = 60_000;
const firstPauseMs = 200;
const longestPauseMs = 5_000;

/** Whether the same request may succeed later without anything being changed by us. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ProblemError) {
    const { status, code } = error.problem;
    return status >= 500 || status === 429 || code === 'requestInFlight';
  }
  return passingNames.has(nameOf(error));
}

/** `fetch` rejects with TypeError for lost connections, with a DOMException for timeouts. */
const passingNames: ReadonlySet<string> = new Set(['TypeError', 'TimeoutError', 'AbortError']);
/** By name, not by class: what `fetch` throws may come of another realm. */
const nameOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : 'unknown';

const reasonOf = (error: unknown): string => (error instanceof ProblemError ? error.problem.code : nameOf(error));

/** A Client that keeps trying; throws what remains when patience ends, and at once what will not pass. */
export function openSession(options: SessionOptions): Client {
  let cookie = '';
  let csrfToken: string | null = null;
  let signingIn: Promise<void> | null = null;
  const plain = createClient({
    baseUrl: options.baseUrl,
    fetch: async (url, init) => {
      const response = await fetch(url, { ...init, signal: init.signal ?? AbortSignal.timeout(callTimeoutMs) });
      const set = response.headers.getSetCookie()[0];
      if (set !== undefined) cookie = set.split(';')[0] ?? '';
      return response;
    },
    csrfToken: () => csrfToken,
    headers: () =>
      options.token !== undefined
        ? { Authorization: `Bearer ${options.token}` }
        : cookie === ''
          ? {}
          : { Cookie: cookie },
  });
  const signIn = async (): Promise<void> => {
    cookie = '';
    csrfToken = null;
    csrfToken = (
      await plain(sessionEndpoints.signIn, { body: { name: options.name, password: options.password ?? '' } })
    ).csrfToken;
  };
  const signedIn = async (): Promise<void> => {
    if (options.token !== undefined || cookie !== '') return;
    signingIn ??= signIn().finally(() => {
      signingIn = null;
    });
    await signingIn;
  };
  return async (endpoint, input, callOptions?: CallOptions) => {
    const { method } = endpoint as Endpoint;
    const sent = method === 'get' ? callOptions : { idempotencyKey: randomUUID(), ...callOptions };
    const deadline = Date.now() + options.patienceMs;
    let pauseMs = firstPauseMs;
    let renewed = false;
    for (;;) {
      try {
        await signedIn();
        return (await plain(endpoint as Endpoint, input as never, sent)) as never;
      } catch (error) {
        const expired =
          error instanceof ProblemError &&
          error.problem.code === 'notSignedIn' &&
          options.token === undefined &&
          !renewed;
        if (expired) {
          renewed = true;
          cookie = '';
          continue;
        }
        if (!isPassing(error) || Date.now() > deadline) throw error;
        options.onRetry?.(reasonOf(error));
        const wished =
          error instanceof ProblemError && error.retryAfterSeconds !== null ? error.retryAfterSeconds * 1_000 : 0;
        await sleep(Math.max(pauseMs, Math.min(wished, 10_000)));
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      }
    }
  };
}

/** Asks a simulated system outside; tried again like the API's calls. */
async function askOutside(url: string, init: RequestInit, patienceMs: number): Promise<Response> {
  const deadline = Date.now() + patienceMs;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(callTimeoutMs) });
      if (response.ok) return response;
      if (response.status < 500) throw new Error(`${url} answers ${String(response.status)}`);
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    if (Date.now() > deadline) throw new Error(`${url} cannot be reached`);
    await sleep(pauseMs);
  }
}
const posted = (content: BodyInit, type: string): RequestInit => ({
  method: 'POST',
  headers: { 'Content-Type': type },
  body: content,
});

/** POSTs JSON to a simulator's control endpoint or reads one. */
export async function callSimulator(url: string, body: unknown, patienceMs: number): Promise<unknown> {
  const init = body === undefined ? {} : posted(JSON.stringify(body), 'application/json');
  return (await askOutside(url, init, patienceMs)).json();
}
/** What a portal says to an upload. */
export async function sendFile(
  url: string,
  { content, type }: { readonly content: Uint8Array<ArrayBuffer>; readonly type: string },
  patienceMs: number,
): Promise<unknown> {
  return (await askOutside(url, posted(content, type), patienceMs)).json();
}
export async function takeFile(url: string, patienceMs: number): Promise<ArrayBuffer> {
  return (await askOutside(url, {}, patienceMs)).arrayBuffer();
}

/** All items of a search, page by page. */
export async function searchAll<T>(
  page: (
    after: string | null,
  ) => Promise<{ readonly items: readonly T[]; readonly page: { readonly endCursor: string | null } }>,
  pageSize: number,
): Promise<T[]> {
  const all: T[] = [];
  let after: string | null = null;
  for (;;) {
    const answer = await page(after);
    all.push(...answer.items);
    if (answer.items.length < pageSize || answer.page.endCursor === null) return all;
    after = answer.page.endCursor;
  }
}
