/** Puts one endpoint of the contract on the router: who → allowed? → parse once → handler → answer. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response, Router } from 'express';
import type { z } from 'zod';
import type { Endpoint } from '#contract/endpoint.ts';
import { releaseKey, storeAnswer } from '#db/idempotency.ts';
import { recallFor, rememberFor } from '#db/idempotency.ts';
import { inRegion } from '#db/region-scope.ts';
import type { Json } from '#engine/json.ts';
import type { Dependencies } from './dependencies.ts';
import { answered, noContent } from './handler.ts';
import type { Call, Caller, Handler, Memory } from './handler.ts';
import { assertAllowed, callerOf } from './middleware/authenticate.ts';
import { localeOfRequest } from './middleware/errors.ts';
import { claimRequest, idempotencyKeyOf } from './middleware/idempotency.ts';
import { Refusal } from './refusal.ts';
import { zodTextsOf } from './texts.ts';
import type { Locale } from './texts.ts';

function parse(schema: z.ZodType | undefined, value: unknown, place: string, locale: Locale): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value, { error: zodTextsOf(locale) });
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 50).map(({ path, message }) => {
    const field = path.map(String).join('.');
    return { field: place === '' ? field : [place, field].filter((part) => part !== '').join('.'), text: message };
  });
  throw new Refusal('invalidRequest', 'badFields', { faults });
}
/** An absent body is an empty object, unless the endpoint says it may be absent. */
function bodyOf(endpoint: Endpoint, request: Request): unknown {
  const body: unknown = request.body;
  if (body !== undefined) return body;
  const length = request.get('Content-Length');
  if ((length !== undefined && length !== '0') || request.get('Transfer-Encoding') !== undefined) {
    throw new Refusal('unsupportedMediaType', 'mediaType', { values: { type: 'application/json' } });
  }
  return endpoint.body?.safeParse(undefined).success === true ? undefined : {};
}

interface Turn {
  readonly endpoint: Endpoint;
  readonly deps: Dependencies;
  readonly request: Request;
  readonly response: Response;
  readonly caller: Caller | null;
  readonly key: string | null;
}

/** Whose Idempotency-Keys are those of callers without an account; no name of an account. */
const nobody = '(public)';
const keyOwnerOf = (caller: Caller | null): string => caller?.account.name ?? nobody;

function memoryOf({ deps, caller, key }: Turn): Memory {
  if (key === null) return { recall: async () => null, remember: async () => undefined };
  const name = keyOwnerOf(caller);
  return {
    recall: () => recallFor(deps.pool, name, key),
    remember: (value: Json) => rememberFor(deps.pool, name, key, value),
  };
}
function callOf(turn: Turn): Call<Endpoint> {
  const { endpoint, deps, request, response, caller, key } = turn;
  const locale = localeOfRequest(request, caller);
  const region = caller?.account.region ?? '';
  return {
    params: parse(endpoint.params, request.params, '', locale) as Record<string, unknown>,
    query: parse(endpoint.query, request.query, '', locale) as Record<string, unknown>,
    body: endpoint.body === undefined ? undefined : parse(endpoint.body, bodyOf(endpoint, request), '', locale),
    caller: caller as Caller,
    locale,
    // Two accounts may choose the same key; the id must be unique per instance only.
    commandKey: key === null ? randomUUID() : `${keyOwnerOf(caller)}/${key}`,
    memory: memoryOf(turn),
    db: (work) => inRegion(deps.pool, region, work),
    deps,
    request,
    response,
  };
}

function send(turn: Turn, status: number, body: unknown): void {
  const { endpoint, response } = turn;
  response.set('Cache-Control', 'no-store').status(status);
  if (status === 204) response.end();
  else if (endpoint.okType !== undefined) response.type(endpoint.okType).send(body);
  else response.json(body);
}

/** The answer in the contract's shape: what it does not name stays here. */
function shaped({ endpoint, deps, request }: Turn, answer: unknown): unknown {
  const result = endpoint.ok?.safeParse(answer);
  if (result === undefined || result.success) return result?.data;
  if (deps.options.checkAnswers) throw result.error;
  request.log.error(
    { err: result.error, operation: endpoint.operationId },
    'the answer is not in the shape of the contract',
  );
  return answer;
}

async function work(turn: Turn, handler: Handler<Endpoint>): Promise<void> {
  const { endpoint, deps } = turn;
  const answer: unknown = await handler(callOf(turn));
  if (answer === answered) return;
  const status = answer === noContent ? 204 : endpoint.status;
  const body = status === 204 ? undefined : shaped(turn, answer);
  if (turn.key !== null) await storeAnswer(deps.pool, keyOwnerOf(turn.caller), turn.key, status, body);
  send(turn, status, body);
}

/** Whether it is unknown what became of the request. */
const mayHaveHappened = (error: unknown): boolean =>
  !(error instanceof Refusal) || error.code === 'unavailable' || error.code === 'tooManyRequests';

async function serve(turn: Turn, handler: Handler<Endpoint>): Promise<void> {
  const { deps, request, caller, key } = turn;
  if (key === null) return work(turn, handler);
  const owner = keyOwnerOf(caller);
  const stored = await claimRequest(deps.pool, owner, key, request);
  if (stored !== null) {
    turn.response.set('Idempotency-Replayed', 'true');
    send(turn, stored.status, stored.body);
    return undefined;
  }
  try {
    await work(turn, handler);
  } catch (error) {
    // A refusal has changed nothing: the key may be used again. What failed in between keeps its key for the same request, which may come
    // again at once. The database may be what failed: then the key is free after a while.
    await releaseKey(deps.pool, owner, key, mayHaveHappened(error)).catch((cause: unknown) =>
      request.log.warn({ err: cause }, 'the idempotency key is kept'),
    );
    throw error;
  }
  return undefined;
}

/** @param before handlers to run first: body parsers, limits. */
export function register(
  router: Router,
  endpoint: Endpoint,
  handler: Handler<Endpoint>,
  deps: Dependencies,
  before: readonly RequestHandler[],
): void {
  const who: RequestHandler = async (request, response, next) => {
    const caller = await callerOf(request, deps.pool);
    response.locals['caller'] = caller;
    assertAllowed(endpoint, caller, request);
    next();
  };
  const run: RequestHandler = async (request, response) => {
    const caller = (response.locals['caller'] ?? null) as Caller | null;
    const key = endpoint.idempotent === true ? idempotencyKeyOf(request) : null;
    await serve({ endpoint, deps, request, response, caller, key }, handler);
  };
  router[endpoint.method](endpoint.path, who, ...before, run);
}
