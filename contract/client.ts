/** A typed caller of the API for the web app and the CLI: one function over the route table, any `fetch`. */
import { binaryTypes, type Answer, type Endpoint, type Sent } from './endpoint.ts';
import { csrfHeader, idempotencyHeader } from './session.ts';
import { problem, type Problem } from './problem.ts';

/** The server refused; `problem` says why. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** Seconds to wait before the same request (same Idempotency-Key) may be sent again; null: not said. */
  readonly retryAfterSeconds: number | null;
  constructor(refusal: Problem, retryAfterSeconds: number | null) {
    const fields = (refusal.errors ?? []).map(({ field, message }) => `\n  ${field}: ${message}`);
    super(`${String(refusal.status)} ${refusal.code}: ${refusal.detail}${fields.join('')}`);
    this.name = 'ProblemError';
    this.problem = refusal;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export interface ClientOptions {
  /** `http://127.0.0.1:8080`, or empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Read at each call, so that it may change at sign-in. */
  readonly csrfToken?: () => string | null;
  readonly headers?: () => Readonly<Record<string, string>>;
}
export interface CallOptions {
  readonly idempotencyKey?: string;
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
  /** Body of endpoints that take files: FormData, a CSV string or stream. */
  readonly rawBody?: NonNullable<RequestInit['body']>;
  readonly rawType?: string;
}

/** Required only when something in it is. */
type Part<N extends string, T> = undefined extends T
  ? { readonly [K in N]?: T }
  : Record<string, never> extends T
    ? { readonly [K in N]?: T }
    : { readonly [K in N]: T };
export type CallInput<E extends Endpoint> = Part<'params', Sent<E>['params']> &
  Part<'query', Sent<E>['query']> &
  Part<'body', Sent<E>['body']>;

type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Fills the path's parameters and appends the query. */
export function urlOf(path: string, params: Values, query: Values): string {
  const filled = path.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) search.set(name, String(value));
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

async function problemOf(response: Response, path: string): Promise<Problem> {
  const text = await response.text();
  try {
    const parsed = problem.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON: a proxy's own error page. Told below by its status.
  }
  const code = response.status >= 500 ? 'unavailable' : 'invalidRequest';
  return {
    type: 'about:blank',
    title: response.statusText,
    status: response.status,
    detail: text.slice(0, 200),
    instance: path,
    code,
  };
}

interface LooseInput {
  readonly params?: Values;
  readonly query?: Values;
  readonly body?: unknown;
}

function requestOf(client: ClientOptions, endpoint: Endpoint, body: unknown, options: CallOptions): RequestInit {
  const headers: Record<string, string> = {
    Accept: 'application/json, application/problem+json',
    ...client.headers?.(),
  };
  const csrfToken = client.csrfToken?.() ?? null;
  if (endpoint.method !== 'get' && csrfToken !== null) headers[csrfHeader] = csrfToken;
  if (options.idempotencyKey !== undefined) headers[idempotencyHeader] = options.idempotencyKey;
  if (options.ifMatch !== undefined) headers['If-Match'] = options.ifMatch;
  const init: RequestInit = { method: endpoint.method.toUpperCase(), headers, credentials: 'same-origin' };
  if (options.signal !== undefined) init.signal = options.signal;
  if (options.rawBody !== undefined) {
    if (options.rawType !== undefined) headers['Content-Type'] = options.rawType;
    return { ...init, body: options.rawBody };
  }
  if (body === undefined) return init;
  headers['Content-Type'] = 'application/json';
  return { ...init, body: JSON.stringify(body) };
}

export type Client = <E extends Endpoint>(
  endpoint: E,
  input: CallInput<E>,
  options?: CallOptions,
) => Promise<Answer<E>>;

/** Calls `endpoint`; throws ProblemError for every answer that is not 2xx. An answer of 204 is `undefined`. */
export function createClient(client: ClientOptions): Client {
  return async (endpoint, input, options = {}) => {
    const { params = {}, query = {}, body } = input as LooseInput;
    const url = urlOf(endpoint.path, params, query);
    const response = await client.fetch(client.baseUrl + url, requestOf(client, endpoint, body, options));
    if (!response.ok) {
      const wait = Number(response.headers.get('Retry-After') ?? 'NaN');
      throw new ProblemError(await problemOf(response, url), Number.isFinite(wait) ? wait : null);
    }
    if (response.status === 204) return undefined as Answer<typeof endpoint>;
    return (await bodyOf(endpoint, response)) as Answer<typeof endpoint>;
  };
}

async function bodyOf({ okType }: Endpoint, response: Response): Promise<unknown> {
  if (okType === undefined) return response.json();
  const isBinary = binaryTypes.some((type) => type === okType);
  return isBinary ? new Uint8Array(await response.arrayBuffer()) : response.text();
}
