/** The API process: settings from the environment, connections, server, orderly end. Any number of them may run. */
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { readMasterKey } from '#db/case-keys.ts';
import { forgetAnswers } from '#db/idempotency.ts';
import { createPayloadCodec } from '#db/payload-codec.ts';
import { createRowSeal } from '#db/exchange/row-seal.ts';
import { createPool } from '#db/pool.ts';
import { createFileRegister } from '#db/files.ts';
import { createPublicTokens } from '#db/public-token.ts';
import { createVault, deriveKey } from '#db/vault.ts';
import { createPrinter } from '#documents/printer.ts';
import { openStore } from '#files/open-store.ts';
import { keepBatchesGoing } from './batches.ts';
import { createTestClock, machineClock } from './clock.ts';
import { readConfig } from './config.ts';
import type { Config } from './config.ts';
import { createLive } from './live.ts';
import { createLogger } from './logging.ts';
import { createModelCache } from './models.ts';
import { runStarter } from './proposals/starter.ts';
import type { Starter } from './proposals/starter.ts';
import { createServer } from './server.ts';
import { createTemporal } from './temporal.ts';
import { ensureTimers } from './timer-starts.ts';

/** Answers of repeated requests are kept this long. */
const answerDays = 7;
const housekeepingMs = 3_600_000;
const drainMs = 12_000;
const timersPauseMs = 5_000;

async function connectTemporal(config: Config, pool: Pool, masterKey: Buffer): Promise<Client> {
  // Lazy: the API serves what needs no Temporal while that is away, and connects as soon as it is back.
  const connection = Connection.lazy({
    address: config.temporalAddress,
    ...(config.temporalTls === undefined ? {} : { tls: config.temporalTls }),
    ...(config.temporalApiKey === undefined ? {} : { apiKey: config.temporalApiKey }),
  });
  return new Client({
    connection,
    namespace: config.temporalNamespace,
    dataConverter: { payloadCodecs: [createPayloadCodec({ pool, masterKey })] },
  });
}

/** Takes no new requests, lets the running ones end, then closes what they used. */
async function shutDown(server: Server, starter: Starter, client: Client, pool: Pool): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const hardStop = setTimeout(() => server.closeAllConnections(), drainMs);
  await Promise.all([closed, starter.stop()]);
  clearTimeout(hardStop);
  await client.connection.close();
  await pool.end();
}

function housekeeping(pool: Pool, logger: Logger): NodeJS.Timeout {
  const timer = setInterval(() => {
    forgetAnswers(pool, answerDays).catch((error: unknown) => logger.warn({ err: error }, 'housekeeping failed'));
  }, housekeepingMs);
  return timer.unref();
}

/** Timers that a crash left undone between publishing and starting them; tried again until Temporal answers. */
async function ensureTimersRun(deps: Parameters<typeof ensureTimers>[0], logger: Logger): Promise<void> {
  for (;;) {
    try {
      await ensureTimers(deps);
      return;
    } catch (error) {
      logger.warn({ err: error }, 'timer starts cannot be looked after now');
      await delay(timersPauseMs, undefined, { ref: false });
    }
  }
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger(config.logLevel);
  const pool = createPool({
    connectionString: config.databaseUrl,
    role: 'alur_app',
    max: config.databaseConnections,
    onIdleError: (error) => logger.warn({ err: error }, 'a database connection was lost'),
  });
  const masterKey = readMasterKey(config.masterKey);
  const client = await connectTemporal(config, pool, masterKey);
  const models = createModelCache();
  const clock = config.hasTestClock ? createTestClock({ pool, client, models }) : machineClock;
  const temporal = createTemporal(client, clock.offsetMs);
  const starter = runStarter({ pool, temporal }, logger);
  const app = createServer({
    pool,
    temporal,
    vault: createVault(masterKey),
    files: await openStore(config.files, deriveKey(masterKey, 'files v1')),
    fileRegister: createFileRegister(masterKey),
    publicTokens: createPublicTokens(masterKey),
    print: createPrinter(),
    rowSeal: createRowSeal(masterKey),
    codec: createPayloadCodec({ pool, masterKey, keepsReferences: true }),
    models,
    clock,
    live: createLive(pool, logger),
    starter,
    logger,
    options: { ...config.server, webRoot: path.resolve(import.meta.dirname, '..', 'web', 'dist') },
  });
  const server = createHttpServer(app);
  // Imports stream in for minutes; slow headers are still cut off.
  server.requestTimeout = 3_600_000;
  housekeeping(pool, logger);
  void ensureTimersRun({ pool, temporal, clock }, logger);
  keepBatchesGoing({ pool, temporal }, logger);
  server.listen(config.httpPort, config.httpHost, () => logger.info({ port: config.httpPort }, 'listening'));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      logger.info({ signal }, 'draining');
      void shutDown(server, starter, client, pool).then(() => process.exit(0));
    });
  }
}

await main();
