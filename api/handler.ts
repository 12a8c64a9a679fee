/** What a handler of an endpoint gets and gives. The table of handlers is keyed by the route table: a route without one does not compile. */
import type { Request, Response } from 'express';
import type { PoolClient } from 'pg';
import type { Answer, Endpoint, Parsed } from '#contract/endpoint.ts';
import type { Routes } from '#contract/routes.ts';
import type { Account } from '#db/accounts.ts';
import type { Json } from '#engine/json.ts';
import type { Dependencies } from './dependencies.ts';
import type { Locale } from './texts.ts';

/** The caller, with how he proved it. */
export interface Caller {
  readonly account: Account;
  /** null: a bearer token, which no foreign page can send. */
  readonly csrfToken: string | null;
  readonly sessionToken: string | null;
  readonly expiresAt: Date | null;
}
/** Endpoints for everybody may be called without an account. */
type CallerOf<E extends Endpoint> = E['roles'] extends 'public' ? Caller | null : Caller;

/** Keeps what must be the same when a request with this Idempotency-Key is repeated after a crash, such as an allotted key. */
export interface Memory {
  readonly recall: () => Promise<Json>;
  readonly remember: (value: Json) => Promise<void>;
}

export interface Call<E extends Endpoint> extends Parsed<E> {
  readonly caller: CallerOf<E>;
  readonly locale: Locale;
  /** Names this request to the engine: its Update id. The same for a repeated request with an Idempotency-Key, else random. */
  readonly commandKey: string;
  readonly memory: Memory;
  /** Runs queries in one transaction under the caller's region. */
  readonly db: <T>(work: (db: PoolClient) => Promise<T>) => Promise<T>;
  readonly deps: Dependencies;
  /** For streams (files in, events out), cookies and headers. */
  readonly request: Request;
  readonly response: Response;
}

/** Answer 204 although the endpoint mostly has a body. */
export const noContent = Symbol('no content');
/** The handler has answered by itself. */
export const answered = Symbol('answered');

export type Handler<E extends Endpoint> = (call: Call<E>) => Promise<Answer<E> | typeof noContent | typeof answered>;
export type Handlers = { readonly [N in keyof Routes]: Handler<Routes[N]> };
/** The handlers of one noun's endpoints. */
export type HandlersOf<T extends Record<string, Endpoint>> = { readonly [N in keyof T]: Handler<T[N]> };
