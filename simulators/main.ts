/** Starts the simulated outside systems, one HTTP server each, on 127.0.0.1. Ends on SIGTERM and SIGINT. */
import type { Server } from 'node:http';
import path from 'node:path';
import type { Express } from 'express';
import { pino } from 'pino';
import { z } from 'zod';
import { createDukcapil } from './dukcapil.ts';
import { createNotification } from './notification.ts';
import { createPos } from './pos.ts';
import { createSiksNg } from './siks-ng.ts';

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);
const environment = z.object({
  ALUR_HOME: z.string().min(1).default('.alur'),
  ALUR_DUKCAPIL_PORT: port(8091),
  ALUR_POS_PORT: port(8092),
  ALUR_NOTIFY_PORT: port(8093),
  ALUR_SIKS_PORT: port(8094),
  ALUR_HTTP_PORT: port(8080),
  ALUR_API_URL: z.url().optional(),
  /** Bearer token of the integration account `pos`; the demo sends one by script when it is absent. */
  ALUR_POS_API_TOKEN: z.string().min(1).optional(),
  ALUR_SIMULATOR_SEED: z.coerce.number().int().default(1),
  ALUR_POS_DELIVERY_DELAY_MS: z.coerce.number().int().min(0).default(1_000),
  LOG_LEVEL: z.string().default('info'),
});

const settings = environment.parse(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')));
const logger = pino({ level: settings.LOG_LEVEL, base: { service: 'simulators' } });
const options = { seed: settings.ALUR_SIMULATOR_SEED, stateDir: path.join(settings.ALUR_HOME, 'simulators') };

const pos = createPos({
  ...options,
  apiUrl: settings.ALUR_API_URL ?? `http://127.0.0.1:${String(settings.ALUR_HTTP_PORT)}`,
  apiToken: settings.ALUR_POS_API_TOKEN ?? null,
  deliveryDelayMs: settings.ALUR_POS_DELIVERY_DELAY_MS,
});

function listen(name: string, app: Express, number: number): Server {
  const server = app.listen(number, '127.0.0.1', (error?: Error) => {
    if (error === undefined) logger.info({ system: name, port: number }, 'simulator listens');
    else {
      logger.fatal(
        { system: name, port: number, code: (error as NodeJS.ErrnoException).code },
        'simulator cannot listen',
      );
      process.exitCode = 1;
      stop();
    }
  });
  return server;
}

const servers = [
  listen('dukcapil', createDukcapil(options), settings.ALUR_DUKCAPIL_PORT),
  listen('pos', pos.app, settings.ALUR_POS_PORT),
  listen('notification', createNotification(options), settings.ALUR_NOTIFY_PORT),
  listen('siks-ng', createSiksNg(options), settings.ALUR_SIKS_PORT),
];

function stop(): void {
  pos.stop();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
