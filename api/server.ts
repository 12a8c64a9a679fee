/** The HTTP server: middleware, every endpoint of the contract, the web app. What no route says is refused. */
import path from 'node:path';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import { routes } from '#contract/routes.ts';
import type { Endpoint } from '#contract/endpoint.ts';
import type { Dependencies, ServerOptions } from './dependencies.ts';
import { handlers } from './handlers.ts';
import { jsonBytes } from './limits.ts';
import { createHttpLogger } from './logging.ts';
import { codecOrigin } from './middleware/codec-origin.ts';
import { createCitizenLimits } from './middleware/citizen-limits.ts';
import { errors, noRoute } from './middleware/errors.ts';
import { requestId } from './middleware/request-id.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { signInLimits } from './middleware/sign-in-limit.ts';
import { Refusal } from './refusal.ts';
import { register } from './register.ts';
import { swaggerAssets } from './docs.ts';

/** Past the limit callers are told to come back, before anything is done for them. Long polls and event streams do not count. */
function concurrencyLimit(most: number): RequestHandler {
  let running = 0;
  return (request, response, next) => {
    if (/^\/(v2\/jobs\/activation|v2\/events|health)/.test(request.path)) {
      next();
      return;
    }
    if (running >= most) {
      next(new Refusal('overloaded', 'tryLater', { retryAfterSeconds: 1 }));
      return;
    }
    running += 1;
    response.once('close', () => {
      running -= 1;
    });
    next();
  };
}

function serveWeb(app: Express, root: string): void {
  app.use(express.static(root, { index: false, setHeaders: cacheHeaders }));
  // The web app's own addresses; everything else under /v2 stays a 404 problem.
  app.get(/^\/(?!v2(\/|$)|codec(\/|$)|health(\/|$)|docs(\/|$)|assets(\/|$))/, (request, response, next) => {
    if (!request.accepts('html')) {
      next();
      return;
    }
    response.set('Cache-Control', 'no-cache').sendFile(path.join(root, 'index.html'), (error?: Error) => {
      if (error !== undefined && !response.headersSent) next();
    });
  });
}
const cacheHeaders = (response: express.Response, file: string): void => {
  // Built files carry a hash of their content in their names.
  response.set(
    'Cache-Control',
    file.includes(`${path.sep}assets${path.sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
};

/** Routes that guess-work is to be kept from. */
function limitsOf({ signInAttempts }: ServerOptions): Partial<Record<keyof typeof routes, readonly RequestHandler[]>> {
  const { looking, telling } = createCitizenLimits();
  return { signIn: signInLimits(signInAttempts), showStatusToCitizen: looking, reportByCitizen: telling };
}

export function createServer(deps: Dependencies): Express {
  const { options } = deps;
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxy);
  app.use(
    requestId,
    createHttpLogger(deps.logger),
    securityHeaders(options.secureCookies),
    concurrencyLimit(options.concurrentRequests),
  );
  app.use('/codec', codecOrigin(options.temporalUiOrigin ?? null));
  const json = express.json({ limit: jsonBytes, type: ['application/json', 'application/*+json'] });
  const router = express.Router({ caseSensitive: true });
  const limits = limitsOf(options);
  for (const name of Object.keys(routes) as (keyof typeof routes)[]) {
    const endpoint: Endpoint = routes[name];
    const before: RequestHandler[] = endpoint.bodyType === undefined || endpoint.bodyType === 'json' ? [json] : [];
    before.push(...(limits[name] ?? []));
    // Each handler takes the call of its own endpoint; the table's type holds them together.
    register(router, endpoint, handlers[name], deps, before);
  }
  app.use(router);
  app.use('/docs', swaggerAssets());
  if (options.webRoot !== null) serveWeb(app, options.webRoot);
  app.use(noRoute);
  app.use(errors);
  return app;
}
