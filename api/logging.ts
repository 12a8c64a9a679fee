/** Log lines say method, path, status and time. Never bodies, headers, cookies or citizen numbers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pino } from 'pino';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { HttpLogger } from 'pino-http';
import { blot } from './privacy.ts';

const secret = [
  'password',
  'token',
  'authorization',
  'cookie',
  'nik',
  'noKk',
  'nama',
  'ibuKandung',
  'alamat',
  'hp',
  'variables',
];

function plainError(error: Error): { type: string; message: string; stack: string } {
  return { type: error.name, message: blot(error.message), stack: blot(error.stack ?? '') };
}

export const createLogger = (level: string): Logger =>
  pino({
    name: 'api',
    level,
    redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    serializers: { err: plainError },
  });

/** Path without the query: search words belong to the caller. */
const pathOf = (url: string | undefined): string => blot((url ?? '').split('?')[0] ?? '');

export const createHttpLogger = (logger: Logger): HttpLogger =>
  pinoHttp({
    logger,
    genReqId: (request) => request.id,
    autoLogging: { ignore: (request) => /^\/(health|assets)\b/.test(request.url ?? '') },
    customLogLevel: (_, response, error) => (error !== undefined || response.statusCode >= 500 ? 'error' : 'info'),
    serializers: {
      err: plainError,
      req: (request: IncomingMessage & { id: string }) => ({
        id: request.id,
        method: request.method,
        path: pathOf(request.url),
      }),
      res: (response: ServerResponse) => ({ status: response.statusCode }),
    },
  });
