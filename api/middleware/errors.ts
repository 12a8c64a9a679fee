/** Everything that goes wrong leaves as application/problem+json with all five members. */
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { problemStatus } from '#contract/problem.ts';
import { BadCursor } from '#db/queries/search.ts';
import { jsonBytes } from '../limits.ts';
import { problemOf, Refusal } from '../refusal.ts';
import type { Caller } from '../handler.ts';
import { localeOf } from '../texts.ts';
import type { Locale } from '../texts.ts';

export const localeOfRequest = (request: Request, caller: Caller | null): Locale =>
  request.get('Accept-Language') === undefined && caller !== null
    ? caller.account.locale
    : localeOf(request.get('Accept-Language'));

/** Codes of PostgreSQL and the network that pass by themselves: the database restarts, connections run out, a statement took too long. */
const passing = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|57P0[1-4]|57014|08\w{3}|53\w{3}|40001|40P01)$/;
const passingText = /Connection terminated|timeout exceeded when trying to connect|Query read timeout/;

function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof BadCursor) return new Refusal('invalidRequest', 'badCursor');
  if (typeof error !== 'object' || error === null) return null;
  const { type, code, message } = error as {
    readonly type?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
  };
  if (type === 'entity.too.large') return new Refusal('tooLarge', 'bodyTooLarge', { values: { limit: jsonBytes } });
  if (typeof type === 'string' && /^(entity|encoding|charset|request)\./.test(type))
    return new Refusal('invalidRequest', 'badJson');
  if (error instanceof URIError) return new Refusal('invalidRequest', 'badFields');
  const passes =
    (typeof code === 'string' && passing.test(code)) || (typeof message === 'string' && passingText.test(message));
  return passes ? new Refusal('unavailable', 'tryLater', { retryAfterSeconds: 2 }) : null;
}

export function sendProblem(refusal: Refusal, locale: Locale, request: Request, response: Response): void {
  const { retryAfterSeconds } = refusal.particulars;
  if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds));
  if (refusal.code === 'notSignedIn') response.set('WWW-Authenticate', 'Bearer');
  response
    .status(problemStatus[refusal.code])
    .set('Cache-Control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(problemOf(refusal, locale, request.path)));
}

// Express tells error handlers by their four parameters.
export const errors: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  let refusal = refusalOf(error);
  if (refusal === null || refusal.code === 'unavailable') request.log.error({ err: error }, 'request failed');
  refusal ??= new Refusal('internalError', 'bug', { values: { request: response.get('X-Request-Id') ?? '' } });
  const caller = (response.locals as { caller?: Caller | null }).caller ?? null;
  sendProblem(refusal, localeOfRequest(request, caller), request, response);
};

export const noRoute: RequestHandler = (_, __, next) => next(new Refusal('notFound', 'noRoute'));
