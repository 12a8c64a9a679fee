/** The API on a stack of a test file: real server, worker, Temporal and PostgreSQL, spoken to over HTTP by accounts with tokens. */
import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import { createTestClock, machineClock } from '#api/clock.ts';
import { createLive } from '#api/live.ts';
import { createLogger } from '#api/logging.ts';
import { createModelCache } from '#api/models.ts';
import { createServer } from '#api/server.ts';
import { createTemporal } from '#api/temporal.ts';
import { createClient, ProblemError } from '#contract/client.ts';
import type { Client } from '#contract/client.ts';
import { createAccessToken, createAccount } from '#db/accounts.ts';
import type { Role } from '#db/accounts.ts';
import { createRowSeal } from '#db/exchange/row-seal.ts';
import { createFileRegister } from '#db/files.ts';
import { createPublicTokens } from '#db/public-token.ts';
import { createPrinter } from '#documents/printer.ts';
import { createPayloadCodec } from '#db/payload-codec.ts';
import { createPool } from '#db/pool.ts';
import { createVault } from '#db/vault.ts';
import { memoryStore } from './memory-store.ts';
import { TestStack } from './stack.ts';
import type { RunningWorker } from './stack.ts';

export interface HttpStackOptions {
  /** The engine's time can be moved. */
  readonly hasTestClock?: boolean;
}
export interface NewAccount {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly groups?: readonly string[];
  readonly region: string;
}

export class HttpStack {
  readonly stack: TestStack;
  /** The worker of the start; a test may stop it. */
  readonly worker: RunningWorker;
  readonly #server: Server;
  readonly #pool: Pool;

  private constructor(stack: TestStack, worker: RunningWorker, server: Server, pool: Pool) {
    this.stack = stack;
    this.worker = worker;
    this.#server = server;
    this.#pool = pool;
  }

  static async start({ hasTestClock = false }: HttpStackOptions = {}): Promise<HttpStack> {
    const stack = await TestStack.start();
    const worker = await stack.startWorker({ hasTestClock });
    const { DATABASE_URL: connectionString = '', ALUR_MASTER_KEY = '' } = stack.environment;
    const masterKey = Buffer.from(ALUR_MASTER_KEY, 'base64');
    const pool = createPool({ connectionString, role: 'alur_app' });
    const logger = createLogger('silent');
    const models = createModelCache();
    const clock = hasTestClock ? createTestClock({ pool, client: stack.client, models }) : machineClock;
    const app = createServer({
      pool,
      temporal: createTemporal(stack.client, clock.offsetMs),
      vault: createVault(masterKey),
      rowSeal: createRowSeal(masterKey),
      files: memoryStore(),
      fileRegister: createFileRegister(masterKey),
      publicTokens: createPublicTokens(masterKey),
      print: createPrinter(),
      codec: createPayloadCodec({ pool, masterKey, keepsReferences: true }),
      models,
      clock,
      live: createLive(pool, logger),
      starter: { wake: () => undefined },
      logger,
      options: {
        webRoot: null,
        publicUrl: 'http://alur.contoh',
        secureCookies: false,
        sessionHours: 1,
        signInAttempts: 10,
        concurrentRequests: 100,
        trustProxy: false,
        temporalUiOrigin: 'http://localhost:8233',
        checkAnswers: true,
      },
    });
    const server = createHttpServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new HttpStack(stack, worker, server, pool);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await this.#pool.end();
    await this.stack.stop();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  /** Of a new account. */
  async token({ name, roles, groups = [], region }: NewAccount): Promise<string> {
    const { owner } = this.stack;
    await createAccount(owner, {
      name,
      displayName: name,
      roles,
      groups,
      region,
      locale: 'id',
      password: `password of ${name}`,
    });
    const { token } = await createAccessToken(owner, name, 'test', null);
    return token;
  }
  /** A new account, and a caller with its token. */
  async client(account: NewAccount): Promise<Client> {
    const token = await this.token(account);
    return createClient({ baseUrl: this.url, fetch, headers: () => ({ Authorization: `Bearer ${token}` }) });
  }
}

/** Code of the problem that a call is refused with; `none`: it is not. */
export const problemOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'none',
    (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error)),
  );
