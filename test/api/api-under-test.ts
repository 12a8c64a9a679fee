/** The real server on a real database; Temporal is played by a recorder, so that a test says what the engine answers. */
import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pool } from 'pg';
import type { Client } from '@temporalio/client';
import { machineClock } from '#api/clock.ts';
import { createLive } from '#api/live.ts';
import { createLogger } from '#api/logging.ts';
import { createModelCache } from '#api/models.ts';
import { startProposal } from '#api/proposals/starter.ts';
import { createServer } from '#api/server.ts';
import type { CommandOrder, StartOrder, Temporal } from '#api/temporal.ts';
import { createAccessToken, createAccount } from '#db/accounts.ts';
import type { Role } from '#db/accounts.ts';
import { findUnstarted } from '#db/queries/proposals.ts';
import { recordFacts } from '#db/record-facts.ts';
import type { Fact } from '#engine/fact.ts';
import { inRegion } from '#db/region-scope.ts';
import { createFileRegister } from '#db/files.ts';
import type { FileRegister } from '#db/files.ts';
import { createPublicTokens } from '#db/public-token.ts';
import type { PublicTokens } from '#db/public-token.ts';
import type { FileStore } from '#files/store.ts';
import { createPrinter } from '#documents/printer.ts';
import { createPayloadCodec } from '#db/payload-codec.ts';
import { createRowSeal } from '#db/exchange/row-seal.ts';
import type { RowSeal } from '#db/exchange/row-seal.ts';
import { createVault } from '#db/vault.ts';
import type { Vault } from '#db/vault.ts';
import type { Backfill, PublishedMessage, SignalBroadcast } from '#workflows/messages.ts';
import { memoryStore } from '../support/memory-store.ts';
import { startTestPostgres } from '../support/postgres.ts';

/** Remembers what it was asked. Starts are projected at once, as the worker would. */
export class RecordedTemporal implements Temporal {
  readonly commands: CommandOrder[] = [];
  readonly starts: StartOrder[] = [];
  readonly messages: PublishedMessage[] = [];
  readonly signals: SignalBroadcast[] = [];
  readonly backfills: Backfill[] = [];
  readonly releasedJobs: string[] = [];
  readonly releasedMessages: string[] = [];
  /** Who waits for correlated messages; null: nobody. */
  receiver: string | null = null;
  /** The same by message name. */
  receivers: Readonly<Record<string, string>> = {};
  /** Whether instances that nobody can see did not start. */
  neverStarted = false;
  /** What the engine says to the next commands; default: accepted. */
  answer: (order: CommandOrder) => Promise<number> = () => Promise.resolve(1);
  /** Workflow ids of timer starts that run. */
  readonly timers = new Set<string>();
  readonly client = {
    workflow: {
      start: (_: string, { workflowId }: { readonly workflowId: string }) =>
        Promise.resolve(this.timers.add(workflowId)),
      getHandle: (workflowId: string) => ({ terminate: () => Promise.resolve(this.timers.delete(workflowId)) }),
    },
  } as unknown as Client;
  readonly batches: string[] = [];
  /** What a dry run finds. */
  previewed: readonly Fact[] = [];
  /** Facts in the read model that the workflow does not have. */
  neverSettles = false;
  readonly #worker: Pool;

  constructor(worker: Pool) {
    this.#worker = worker;
  }
  command(order: CommandOrder): Promise<number> {
    this.commands.push(order);
    return this.answer(order);
  }
  async preview(order: CommandOrder): Promise<readonly Fact[]> {
    await this.answer(order);
    return this.previewed;
  }
  isSettled(): Promise<boolean> {
    return Promise.resolve(!this.neverSettles);
  }
  runBatch(batchKey: string): Promise<void> {
    this.batches.push(batchKey);
    return Promise.resolve();
  }
  async start(order: StartOrder): Promise<void> {
    this.starts.push(order);
    const { instanceKey, definitionKey, version, businessKey, region } = order.start;
    const { processId } = order;
    const fact = {
      type: 'instanceStarted',
      instanceKey,
      processId,
      definitionKey,
      version,
      businessKey,
      region,
      parent: null,
    } as const;
    const facts = [{ number: 1, atMs: Date.now(), actor: order.start.actor, commandKey: 'start', fact }];
    await recordFacts(this.#worker, { instanceKey, processId, definitionKey, businessKey, region, facts });
  }
  startFailure(): Promise<null> {
    return Promise.resolve(null);
  }
  publish(_: string, message: PublishedMessage): Promise<{ messageKey: string; duplicate: boolean }> {
    this.messages.push(message);
    return Promise.resolve({ messageKey: message.messageKey, duplicate: false });
  }
  correlate(_: string, message: PublishedMessage): Promise<string | null> {
    this.messages.push(message);
    return Promise.resolve(this.receivers[message.name] ?? this.receiver);
  }
  broadcast(signal: SignalBroadcast): Promise<void> {
    this.signals.push(signal);
    return Promise.resolve();
  }
  backfill(_: string, order: Backfill): Promise<void> {
    this.backfills.push(order);
    return Promise.resolve();
  }
  verify(): Promise<void> {
    return Promise.resolve();
  }
  repair(): Promise<void> {
    return Promise.resolve();
  }
  releaseJobs(jobType: string): Promise<void> {
    this.releasedJobs.push(jobType);
    return Promise.resolve();
  }
  releaseMessages(names: readonly string[]): Promise<void> {
    this.releasedMessages.push(...names);
    return Promise.resolve();
  }
  fence(): Promise<boolean> {
    return Promise.resolve(this.neverStarted);
  }
  ping(): Promise<void> {
    return Promise.resolve();
  }
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read answers freely and compare what they find
  readonly body: any;
}
export interface Asked {
  readonly token?: string;
  readonly body?: unknown;
  readonly rawBody?: BodyInit;
  readonly headers?: Readonly<Record<string, string>>;
}
export interface TestAccount {
  readonly name: string;
  readonly region: string;
  readonly roles: readonly Role[];
  readonly groups?: readonly string[];
}
type BodyInit = NonNullable<RequestInit['body']>;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export class ApiUnderTest {
  readonly url: string;
  readonly app: Pool;
  readonly worker: Pool;
  readonly owner: Pool;
  readonly vault: Vault;
  readonly rowSeal: RowSeal;
  readonly files: FileStore;
  readonly fileRegister: FileRegister;
  readonly publicTokens: PublicTokens;
  readonly temporal: RecordedTemporal;
  readonly #stop: () => Promise<void>;
  readonly #tokens = new Map<string, string>();

  private constructor(parts: Omit<ApiUnderTest, 'ask' | 'token' | 'stop' | 'settle'>, stop: () => Promise<void>) {
    this.url = parts.url;
    this.app = parts.app;
    this.worker = parts.worker;
    this.owner = parts.owner;
    this.vault = parts.vault;
    this.rowSeal = parts.rowSeal;
    this.files = parts.files;
    this.fileRegister = parts.fileRegister;
    this.publicTokens = parts.publicTokens;
    this.temporal = parts.temporal;
    this.#stop = stop;
  }

  static async start(
    options: { readonly signInAttempts?: number; readonly webRoot?: string } = {},
  ): Promise<ApiUnderTest> {
    const postgres = await startTestPostgres();
    const [app, worker, owner] = [postgres.pool('alur_app'), postgres.pool('alur_worker'), postgres.pool(null, 2)];
    const masterKey = randomBytes(32);
    const [vault, rowSeal] = [createVault(masterKey), createRowSeal(masterKey)];
    const files = memoryStore();
    const [fileRegister, publicTokens] = [createFileRegister(masterKey), createPublicTokens(masterKey)];
    const temporal = new RecordedTemporal(worker);
    const logger = createLogger('silent');
    const server = createHttpServer(
      createServer({
        pool: app,
        temporal,
        vault,
        rowSeal,
        files,
        fileRegister,
        publicTokens,
        print: createPrinter(),
        codec: createPayloadCodec({ pool: app, masterKey: randomBytes(32), keepsReferences: true }),
        models: createModelCache(),
        clock: machineClock,
        live: createLive(app, logger),
        starter: { wake: () => undefined },
        logger,
        options: {
          webRoot: options.webRoot ?? null,
          publicUrl: 'http://alur.contoh',
          secureCookies: false,
          sessionHours: 1,
          signInAttempts: options.signInAttempts ?? 1_000,
          concurrentRequests: 100,
          trustProxy: false,
          checkAnswers: true,
        },
      }),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new ApiUnderTest(
      { url, app, worker, owner, vault, rowSeal, files, fileRegister, publicTokens, temporal },
      async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await postgres.stop();
      },
    );
  }
  stop(): Promise<void> {
    return this.#stop();
  }

  /** Bearer token of an account, which is made on first use. */
  async token({ name, region, roles, groups = [] }: TestAccount): Promise<string> {
    const known = this.#tokens.get(name);
    if (known !== undefined) return known;
    await createAccount(this.owner, {
      name,
      displayName: name,
      roles,
      groups,
      region,
      locale: 'id',
      password: `password of ${name}`,
    });
    const { token } = await createAccessToken(this.owner, name, 'test', null);
    this.#tokens.set(name, token);
    return token;
  }

  async ask(method: string, path: string, { token, body, rawBody, headers = {} }: Asked = {}): Promise<Answered> {
    const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.url + path, {
      method: method.toUpperCase(),
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: json(text) };
  }

  /** Starts what an import has written down. */
  async settle(): Promise<void> {
    const proposals = await inRegion(this.app, '*', (db) => findUnstarted(db, 1_000));
    for (const proposal of proposals) await startProposal({ pool: this.app, temporal: this.temporal }, proposal);
  }
}
