/** Lets the pages of Temporal's own UI, and no other foreign page, ask the codec; with the cookie of whoever is signed in here. */
import type { RequestHandler } from 'express';

const preflightSeconds = 600;

/** `origin`: such as `http://localhost:8233`; null: no foreign page. */
export const codecOrigin =
  (origin: string | null): RequestHandler =>
  (request, response, next) => {
    response.vary('Origin');
    if (origin === null || request.get('Origin') !== origin) {
      next();
      return;
    }
    response.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Allow-Credentials': 'true',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    if (request.method !== 'OPTIONS') {
      next();
      return;
    }
    response
      .set({
        'Access-Control-Allow-Methods': 'POST, OPTIONS',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Namespace',
        'Access-Control-Max-Age': String(preflightSeconds),
      })
      .status(204)
      .end();
  };
