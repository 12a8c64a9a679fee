/**
 * The installation under test: PostgreSQL, Temporal, workers and APIs as real processes, every two of them joined by a link of ours.
 * What the checks read comes past the links, straight from the stores.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import { freePort } from '#cli/case/durable/ports.ts';
import { createAccessToken, ensureAccounts } from '#db/accounts.ts';
import { migrate } from '#db/migrate.ts';
import { createPayloadCodec } from '#db/payload-codec.ts';
import { createPool } from '#db/pool.ts';
import { ensureDatabase, initialisePostgres, newPassword, postgresUrl } from '#stack/postgres.ts';
import { temporalSettings } from '#stack/temporal-settings.ts';
import type { TemporalSettings } from '#stack/temporal-settings.ts';
import { Link } from '../links/link.ts';
import { randomOf, seedFor } from '../random.ts';
import type { FaultyProcess } from './process.ts';
import {
  answersHttp,
  cacheDir,
  devServer,
  foreignEnvironment,
  hasPolled,
  ownProcess,
  pingTemporal,
  postgresProcess,
  projectDir,
} from './programs.ts';
import type { Cluster, Place } from './programs.ts';
import { serverCluster } from './server-cluster.ts';

export interface InstallationOptions extends Place {
  readonly seed: number;
  readonly workers: number;
  readonly apis: number;
  /** `dev`: the dev server on a file; else so many nodes of a built server on this PostgreSQL. */
  readonly temporal: 'dev' | { readonly nodes: number };
}

/** The account of the load; it may do everything, so that every kind of command can be sent. */
export const account = 'chaos';
export const group = 'chaos';
/** It may send messages that nobody waits for yet. */
const region = '*';
const masterKeyBytes = 32;

interface Keys {
  readonly masterKey: Buffer;
  readonly cluster: Cluster;
}

export class Installation {
  readonly options: InstallationOptions;
  readonly links: Link[] = [];
  readonly workers: FaultyProcess[] = [];
  readonly apis: FaultyProcess[] = [];
  /** Temporal: one process, or the nodes of a cluster. */
  readonly servers: FaultyProcess[] = [];
  readonly postgres: FaultyProcess;
  /** As the owner, past every link. */
  readonly owner: Pool;
  /** Dynamic configuration of Temporal at its next start. */
  readonly temporalSettings: Record<string, TemporalSettings[string]> = { ...temporalSettings };
  /** Folder of the sources that workers start from. */
  workerTree: string = projectDir;
  /** Whether Temporal's stores fail at its own rates, from its next start on; built servers only. */
  hasPersistenceFaults = false;
  /** Base URLs of the APIs, through their links. */
  readonly urls: string[] = [];
  token = '';
  #sinkUrl = '';
  readonly #keys: Keys;
  #serverPorts: number[] = [];
  #client: Client | null = null;

  private constructor(options: InstallationOptions, keys: Keys) {
    this.options = options;
    this.#keys = keys;
    this.postgres = postgresProcess(options, keys.cluster);
    this.owner = createPool({ connectionString: this.databaseUrl, role: null, max: 6 });
  }

  static async create(options: InstallationOptions): Promise<Installation> {
    await mkdir(path.join(options.home, 'logs'), { recursive: true });
    const cluster = {
      dataDir: path.join(options.home, 'postgres'),
      port: await freePort(),
      password: newPassword(),
    };
    await initialisePostgres(cluster);
    return new Installation(options, { masterKey: randomBytes(masterKeyBytes), cluster });
  }

  get databaseUrl(): string {
    return postgresUrl(this.#keys.cluster);
  }
  get masterKey(): Buffer {
    return this.#keys.masterKey;
  }
  get temporalAddress(): string {
    return `127.0.0.1:${String(this.#serverPorts[0])}`;
  }
  /** Temporal as the checks see it. */
  get client(): Client {
    if (this.#client === null) throw new Error('the installation has not been started');
    return this.#client;
  }
  /** File with the error of the clocks of our own processes, in milliseconds. */
  get clockFile(): string {
    return path.join(this.options.home, 'clock');
  }
  get processes(): readonly FaultyProcess[] {
    return [this.postgres, ...this.servers, ...this.apis, ...this.workers];
  }
  linksOf(pattern: RegExp): Link[] {
    return this.links.filter(({ name }) => pattern.test(name));
  }

  /** `sinkPort`: where the sink stands in for outside systems. */
  async start(sinkPort: number): Promise<void> {
    const sink = await this.#link('worker-sink', () => [sinkPort]);
    this.links.push(sink);
    this.#sinkUrl = `http://127.0.0.1:${String(sink.port)}`;
    await this.postgres.start();
    await ensureDatabase(this.#keys.cluster);
    await migrate({
      connectionString: this.databaseUrl,
      directory: path.join(projectDir, 'db', 'migrations'),
    });
    await this.#account();
    await writeFile(this.clockFile, '0');
    await this.#startTemporal();
    const address = this.temporalAddress;
    this.#client = new Client({
      connection: await Connection.connect({ address }),
      dataConverter: {
        payloadCodecs: [createPayloadCodec({ pool: this.owner, masterKey: this.masterKey })],
        failureConverterPath: path.join(projectDir, 'workflows', 'failure-converter.ts'),
      },
    });
    for (let index = 0; index < this.options.apis; index++) await this.#addApi(index);
    for (let index = 0; index < this.options.workers; index++) await this.#addWorker(index);
    await Promise.all([...this.apis, ...this.workers].map((process) => process.start()));
  }

  async #account(): Promise<void> {
    const roles = ['operator', 'supervisor', 'administrator', 'integration'] as const;
    const about = { name: account, displayName: account, roles, groups: [group], region, locale: 'id' as const };
    await ensureAccounts(this.owner, [{ ...about, password: newPassword() }]);
    this.token = (await createAccessToken(this.owner, account, account, null)).token;
  }

  async #startTemporal(): Promise<void> {
    const { temporal } = this.options;
    if (temporal === 'dev') {
      const port = await freePort();
      this.#serverPorts = [port];
      this.servers.push(devServer(this.options, { port, settings: () => this.temporalSettings }));
    } else {
      const { databasePort, links } = await this.#databaseLinks('server', temporal.nodes);
      this.links.push(...links);
      const cluster = await serverCluster(this.options, {
        cluster: this.#keys.cluster,
        databasePorts: databasePort,
        settings: () => this.temporalSettings,
        hasFaults: () => this.hasPersistenceFaults,
      });
      this.#serverPorts = [...cluster.ports];
      this.servers.push(...cluster.nodes);
    }
    await Promise.all(this.servers.map((server) => server.start()));
  }

  async #databaseLinks(of: string, count: number): Promise<{ databasePort: number[]; links: Link[] }> {
    const links = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        this.#link(`${of}-${String(index)}-postgres`, () => [this.#keys.cluster.port]),
      ),
    );
    return { databasePort: links.map(({ port }) => port), links };
  }

  async #link(name: string, upstream: () => readonly number[], graceTurns = 0): Promise<Link> {
    const random = randomOf(seedFor(this.options.seed, name));
    return Link.open({ name, upstream, random, graceTurns });
  }

  /** Environment of a process of ours, its links opened. */
  async #environment(name: string): Promise<NodeJS.ProcessEnv> {
    const { cluster } = this.#keys;
    // Signing in at PostgreSQL takes four turns.
    const database = await this.#link(`${name}-postgres`, () => [cluster.port], 5);
    const temporal = await this.#link(`${name}-temporal`, () => this.#temporalUpstreams(name));
    this.links.push(database, temporal);
    return {
      ...foreignEnvironment(),
      ALUR_HOME: this.options.home,
      ALUR_CACHE: cacheDir,
      ALUR_MASTER_KEY: this.masterKey.toString('base64'),
      ALUR_TEST_CLOCK: '1',
      ALUR_NOTIFY_URL: this.#sinkUrl,
      ALUR_CHAOS_CLOCK_FILE: this.clockFile,
      DATABASE_URL: postgresUrl({ ...cluster, port: database.port }),
      TEMPORAL_ADDRESS: `127.0.0.1:${String(temporal.port)}`,
      NODE_ENV: 'production',
      LOG_LEVEL: 'info',
    };
  }

  /** Ports that stand before Temporal for one process; an experiment may put a relay there. */
  readonly detours = new Map<string, number>();
  #temporalUpstreams(name: string): readonly number[] {
    const detour = this.detours.get(name);
    if (detour !== undefined) return [detour];
    const first = Number(name.at(-1)) % Math.max(1, this.#serverPorts.length);
    return [...this.#serverPorts.slice(first), ...this.#serverPorts.slice(0, first)];
  }
  get serverPort(): number {
    return this.#serverPorts[0] ?? 0;
  }

  async #addApi(index: number): Promise<void> {
    const name = `api-${String(index)}`;
    const port = await freePort();
    const link = await this.#link(`client-${name}`, () => [port]);
    this.links.push(link);
    this.urls.push(`http://127.0.0.1:${String(link.port)}`);
    const env = { ...(await this.#environment(name)), ALUR_HTTP_PORT: String(port) };
    this.apis.push(
      ownProcess(this.options, {
        name,
        entry: 'api/main.ts',
        env,
        preloads: [path.join(import.meta.dirname, '..', 'links', 'skewed-clock.mjs')],
        probe: answersHttp(`http://127.0.0.1:${String(port)}/health/live`),
      }),
    );
  }

  async #addWorker(index: number): Promise<void> {
    const name = `worker-${String(index)}`;
    const env = await this.#environment(name);
    const worker: FaultyProcess = ownProcess(this.options, {
      name,
      entry: 'worker/main.ts',
      tree: () => this.workerTree,
      env,
      preloads: [path.join(import.meta.dirname, '..', 'links', 'skewed-clock.mjs')],
      probe: () => hasPolled(this.owner, worker.pid),
    });
    this.workers.push(worker);
  }

  /** Every worker drains, ends and starts again from these sources, one after the other. */
  async deployWorkers(tree: string, limitMs: number): Promise<void> {
    this.workerTree = tree;
    const deadline = Date.now() + limitMs;
    for (const worker of this.workers) {
      const { pid } = worker;
      worker.kill('SIGTERM');
      for (;;) {
        const isNew = worker.pid !== null && worker.pid !== pid;
        const serves =
          isNew &&
          (await hasPolled(this.owner, worker.pid).then(
            () => true,
            () => false,
          ));
        if (serves) break;
        if (Date.now() > deadline) throw new Error(`${worker.name} does not serve after the deployment`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  /** Resolves when PostgreSQL, Temporal and one API answer. */
  async untilServing(limitMs: number): Promise<void> {
    const deadline = Date.now() + limitMs;
    for (;;) {
      try {
        await this.owner.query('select 1');
        await pingTemporal(this.temporalAddress);
        await answersHttp(`${this.urls[0] ?? ''}/health/live`)();
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  /** Ends every process; the data stays. */
  async stop(): Promise<void> {
    await Promise.all([...this.workers, ...this.apis].map((process) => process.stop()));
    await this.#client?.connection.close().catch(() => undefined);
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.owner.end().catch(() => undefined);
    await this.postgres.stop();
    await Promise.all(this.links.map((link) => link.close()));
  }
}
