/** PostgreSQL, Temporal and workers of ours for a test file, and what a test does with them. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { DataConverter, Worker } from '@temporalio/worker';
import type { Pool } from 'pg';
import type { JobHandler } from '#activities/job-handler.ts';
import type { RecordTroubles } from '#activities/record-trouble.ts';
import { startTriggersRow } from '#api/start-triggers.ts';
import { storePayload } from '#db/payload-store.ts';
import { newInstanceKey } from '#db/queries/start-definition.ts';
import type { Fact, RecordedFact } from '#engine/fact.ts';
import type { InstanceState } from '#engine/instance.ts';
import type { Variables } from '#engine/json.ts';
import { keyOfNumber } from '#engine/keys.ts';
import type { ProcessModel } from '#engine/model.ts';
import { workflowBundle } from '#worker/bundle.ts';
import { createDataConverter, createWorker } from '#worker/create-worker.ts';
import {
  commandUpdate,
  migrationMessage,
  startArguments,
  stateQuery,
  taskQueue,
  workflowIdOf,
} from '#workflows/messages.ts';
import type { CommandAnswer, CommandMessage, InstanceCommand, InstanceInput } from '#workflows/messages.ts';
import { eventually } from './eventually.ts';
import { startTestPostgres } from './postgres.ts';
import type { TestPostgres } from './postgres.ts';
import { startTestTemporal } from './temporal.ts';

export interface TestWorkerOptions {
  readonly handlers?: Readonly<Record<string, JobHandler>>;
  readonly maxCachedWorkflows?: number;
  /** Facts that cannot be recorded are told there. */
  readonly troubles?: RecordTroubles;
  /** See worker/config.ts. */
  readonly afterRestore?: boolean;
  /** Another build: what becomes of the workflows' code. */
  readonly rebuilt?: (code: string) => string;
  /** The engine's time can be moved. */
  readonly hasTestClock?: boolean;
}
export interface RunningWorker {
  readonly worker: Worker;
  stop(): Promise<void>;
}
export interface Published {
  readonly processId: string;
  readonly definitionKey: string;
  readonly modelSha256: string;
}
export interface StartedCase {
  readonly instanceKey: string;
  readonly workflowId: string;
}

const quiet = new DefaultLogger('ERROR');
const silent = { info: () => undefined, warn: () => undefined };

interface Stoppable {
  stop(): Promise<void>;
}
/** Both, or neither. */
async function both<A extends Stoppable, B extends Stoppable>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const settled = await Promise.allSettled([first, second]);
  const failed = settled.find((result) => result.status === 'rejected');
  if (failed === undefined) return Promise.all([first, second]);
  for (const result of settled) if (result.status === 'fulfilled') await result.value.stop();
  throw failed.reason;
}

interface Parts {
  readonly connection: NativeConnection;
  readonly masterKey: Buffer;
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly stores: { readonly postgres: Store; readonly temporal: Store };
  readonly stop: () => Promise<void>;
}
type Store = Pick<TestPostgres, 'backup' | 'restore'>;

export class TestStack {
  readonly pool: Pool;
  readonly owner: Pool;
  readonly client: Client;
  readonly dataConverter: DataConverter;
  /** Where workers write the audit's anchors. */
  readonly home = path.join(tmpdir(), `alur-home-${randomBytes(6).toString('hex')}`);
  readonly #parts: Parts;
  readonly #workers = new Set<RunningWorker>();
  #definitions = 0;

  private constructor(pool: Pool, owner: Pool, parts: Parts) {
    this.pool = pool;
    this.owner = owner;
    this.#parts = parts;
    this.dataConverter = createDataConverter(pool, parts.masterKey);
    this.client = new Client({ connection: parts.connection, dataConverter: this.dataConverter });
  }

  static async start(): Promise<TestStack> {
    Runtime.install({ logger: quiet });
    const [postgres, temporal] = await both(startTestPostgres(), startTestTemporal());
    const connection = await NativeConnection.connect({ address: temporal.address });
    const stop = async (): Promise<void> => {
      await connection.close();
      await Promise.all([postgres.stop(), temporal.stop()]);
    };
    return new TestStack(postgres.pool('alur_worker'), postgres.pool(null, 2), {
      connection,
      masterKey: randomBytes(32),
      databaseUrl: postgres.url,
      temporalAddress: temporal.address,
      stores: { postgres, temporal },
      stop,
    });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
    await this.#parts.stop();
    await rm(this.home, { recursive: true, force: true });
    await Runtime.instance().shutdown();
  }

  /** The two stores, to be set back to different times; no worker should run. */
  get stores(): Parts['stores'] {
    return this.#parts.stores;
  }

  /** Environment of a worker process of its own. */
  get environment(): NodeJS.ProcessEnv {
    const { databaseUrl, temporalAddress, masterKey } = this.#parts;
    return {
      ...process.env,
      ALUR_HOME: path.join(tmpdir(), 'alur-test-home'),
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporalAddress,
      ALUR_MASTER_KEY: masterKey.toString('base64'),
      LOG_LEVEL: 'info',
    };
  }

  async startWorker({
    handlers = {},
    maxCachedWorkflows = 100,
    hasTestClock = false,
    troubles,
    afterRestore = false,
    rebuilt = (code) => code,
  }: TestWorkerOptions = {}): Promise<RunningWorker> {
    const bundle = await workflowBundle({ cacheDir: path.join(tmpdir(), 'alur-bundles'), logger: quiet });
    const worker = await createWorker({
      connection: this.#parts.connection,
      namespace: 'default',
      pool: this.pool,
      masterKey: this.#parts.masterKey,
      bundle: { ...bundle, code: rebuilt(bundle.code) },
      logger: silent,
      handlers,
      home: this.home,
      afterRestore,
      ...(troubles === undefined ? {} : { troubles }),
      hasTestClock,
      identity: 'test',
      maxCachedWorkflows,
    });
    const done = worker.run();
    const running: RunningWorker = {
      worker,
      stop: async () => {
        this.#workers.delete(running);
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await done;
      },
    };
    this.#workers.add(running);
    return running;
  }

  /** A new version of a process, published without its diagram. */
  async publish(model: ProcessModel): Promise<Published> {
    const sha256 = await storePayload(this.pool, Buffer.from(JSON.stringify(model)));
    this.#definitions += 1;
    const key = keyOfNumber(BigInt(1_000_000 + this.#definitions));
    await this.owner.query('insert into deployment (key, created_by) values ($1, $2)', [key, 'test']);
    await this.owner.query(
      `insert into process_definition (key, deployment_key, process_id, version, version_tag, resource_name, xml, source_sha256, model_sha256, start_triggers, admission)
       select $1, $1, $2, coalesce(max(version), 0) + 1, $3, 'test.bpmn', '', '', $4, $5, '{}' from process_definition where process_id = $2`,
      [key, model.processId, model.versionTag, sha256, JSON.stringify(startTriggersRow(model, Date.now()))],
    );
    return { processId: model.processId, definitionKey: key, modelSha256: sha256.toString('hex') };
  }

  async start(
    published: Published,
    variables: Variables = {},
    more: Partial<InstanceInput> = {},
  ): Promise<StartedCase> {
    const { processId, definitionKey, modelSha256 } = published;
    const instanceKey = await newInstanceKey(this.pool);
    const start = {
      instanceKey,
      definitionKey,
      version: 1,
      startElement: null,
      variables,
      businessKey: null,
      region: null,
      parent: null,
      actor: 'ani',
    };
    const workflowId = workflowIdOf(processId, instanceKey);
    const [input] = startArguments(modelSha256, start);
    await this.client.workflow.start(processId, {
      workflowId,
      taskQueue,
      args: [{ ...input, ...more }],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    });
    return { instanceKey, workflowId };
  }

  /** `modelSha256`: of the version that a migration follows. */
  command(
    { workflowId }: StartedCase,
    command: InstanceCommand,
    { key = randomBytes(8).toString('hex'), actor = 'ani', modelSha256 = '' } = {},
  ): Promise<CommandAnswer> {
    const message = { key, actor, command };
    const args: [CommandMessage] = [modelSha256 === '' ? message : migrationMessage(modelSha256, message)];
    return this.client.workflow.getHandle(workflowId).executeUpdate(commandUpdate, { updateId: key, args });
  }
  state({ workflowId }: StartedCase): Promise<InstanceState> {
    return this.client.workflow.getHandle(workflowId).query(stateQuery);
  }
  async facts({ instanceKey }: StartedCase): Promise<RecordedFact[]> {
    const { rows } = await this.pool.query<{ number: number; at: Date; actor: string; body: Fact }>(
      'select number, at, actor, body from fact where instance_key = $1 order by number',
      [instanceKey],
    );
    return rows.map(({ number, at, actor, body }) => ({ number, atMs: at.getTime(), actor, fact: body }));
  }
  async factTypes(started: StartedCase): Promise<string[]> {
    return (await this.facts(started)).map(({ fact }) => fact.type);
  }
  /** Sequence number of the only open user task of an element. */
  taskOf(started: StartedCase, elementId: string, timeoutMs?: number): Promise<number> {
    return eventually(async () => {
      const { rows } = await this.pool.query<{ seq: number }>(
        `select (key & ((1 << 20) - 1))::integer as seq from user_task where instance_key = $1 and element_id = $2 and state = 'CREATED'`,
        [started.instanceKey, elementId],
      );
      return rows[0]?.seq;
    }, timeoutMs);
  }
  ended(started: StartedCase, timeoutMs?: number): Promise<string> {
    return eventually(async () => {
      const { rows } = await this.pool.query<{ state: string }>('select state from instance where key = $1', [
        started.instanceKey,
      ]);
      return rows[0] !== undefined && rows[0].state !== 'ACTIVE' && rows[0].state;
    }, timeoutMs);
  }
  /** Event types of a run's history, the newest run's by default. */
  async history({ workflowId }: StartedCase, runId?: string) {
    return this.client.workflow.getHandle(workflowId, runId).fetchHistory();
  }
}
