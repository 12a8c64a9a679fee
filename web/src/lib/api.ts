/** The HTTP API by its contract: one typed `call` with idempotency keys, CSRF and patient retries. Nothing else in web/ uses fetch. */
import { createClient, ProblemError, type CallInput, type CallOptions } from '#contract/client.ts';
import type { Answer, Endpoint } from '#contract/endpoint.ts';
import type { ProblemCode } from '#contract/problem.ts';

/** Waits between tries when the service is briefly away (503) or the same request is still being worked on. */
const retryWaitsMs = [500, 1_500, 4_000] as const;
const retried: readonly ProblemCode[] = ['unavailable', 'overloaded', 'requestInFlight'];

/** No answer at all: no network, or the server is down. */
export class ApiUnreachable extends Error {
  constructor(cause: unknown) {
    super('unreachable', { cause });
    this.name = 'ApiUnreachable';
  }
}

let csrfToken: string | null = null;
let language = 'id';
let onSignedOut: () => void = () => undefined;
/** ETag of the last answer by URL, for If-Match. */
const entityTags = new Map<string, string>();

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}
export function setRequestLanguage(next: string): void {
  language = next;
}
/** Called when a request meets an expired session, so that the page can ask for the password without losing what was typed. */
export function setSignedOutListener(listener: () => void): void {
  onSignedOut = listener;
}
export function entityTagOf(url: string): string | null {
  return entityTags.get(url) ?? null;
}
export function newIdempotencyKey(): string {
  return crypto.randomUUID();
}

const client = createClient({
  baseUrl: '',
  csrfToken: () => csrfToken,
  headers: () => ({ 'Accept-Language': language }),
  fetch: async (url, init) => {
    try {
      const response = await fetch(url, { ...init, cache: 'no-store' });
      const tag = response.headers.get('ETag');
      if (tag !== null) entityTags.set(url, tag);
      return response;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new ApiUnreachable(error);
    }
  },
});

/**
 * Calls an endpoint. Mutations always carry an Idempotency-Key: one per intention of the person, the same for every try of it, so a
 * repeat after 503 or a lost answer is safe.
 * @throws ProblemError what the server refused; ApiUnreachable when nothing answered.
 */
export async function call<E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  options: CallOptions = {},
): Promise<Answer<E>> {
  const kept =
    endpoint.method === 'get' ? options : { ...options, idempotencyKey: options.idempotencyKey ?? newIdempotencyKey() };
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await client(endpoint, input, kept);
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'notSignedIn') onSignedOut();
      const waitMs = retryWaitsMs[attempt];
      if (waitMs === undefined || !mayRetry(error, endpoint)) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** Repeating is safe for reads and for what the server remembers by Idempotency-Key; a 503 has changed nothing. */
function mayRetry(error: unknown, endpoint: Endpoint): boolean {
  if (error instanceof ApiUnreachable) return endpoint.method === 'get' || endpoint.idempotent === true;
  return error instanceof ProblemError && retried.includes(error.problem.code);
}
