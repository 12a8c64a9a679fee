/**
 * A real Temporal server on PostgreSQL, of one node or several: built once by `go install` into the cache (tens of minutes on a fresh
 * machine), configured with the server's own persistence faults where they are asked for.
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { Connection } from '@temporalio/client';
import { freePort } from '#cli/case/durable/ports.ts';
import { databaseName, postgresUrl } from '#stack/postgres.ts';
import type { TemporalSettings } from '#stack/temporal-settings.ts';
import { FaultyProcess } from './process.ts';
import { pingTemporal, projectDir } from './programs.ts';
import type { Cluster, Place } from './programs.ts';

const run = promisify(execFile);
/** The newest that the Go of a year ago still builds. */
export const serverVersion = '1.32.1';
const buildLimitMs = 90 * 60_000;
const shards = 4;
const retentionSeconds = 3 * 24 * 3_600;

const binaries = path.join(projectDir, '.alur', 'cache', 'temporal-server', serverVersion);

/** Rates of Temporal's own tests (config/development-cass-es-fi.yaml). */
const persistenceFaults = {
  CreateWorkflowExecution: { ResourceExhausted: 0.05, Timeout: 0.05, ExecuteAndTimeout: 0.05 },
  UpdateWorkflowExecution: { ResourceExhausted: 0.1, Timeout: 0.05, ExecuteAndTimeout: 0.05 },
  GetWorkflowExecution: { ResourceExhausted: 0.05, Timeout: 0.05 },
  GetCurrentExecution: { ResourceExhausted: 0.05, Timeout: 0.05 },
  AppendHistoryNodes: { ResourceExhausted: 0.05, Timeout: 0.05, ExecuteAndTimeout: 0.05 },
  ReadHistoryBranch: { ResourceExhausted: 0.05, Timeout: 0.1 },
} as const;

export interface ServerClusterOptions {
  readonly cluster: Cluster;
  /** Where each node reaches PostgreSQL. */
  readonly databasePorts: readonly number[];
  readonly settings: () => TemporalSettings;
  /** Read when a node starts: whether its stores fail at Temporal's own rates. */
  readonly hasFaults: () => boolean;
}
export interface ServerCluster {
  readonly nodes: readonly FaultyProcess[];
  /** Of the frontends, one per node. */
  readonly ports: readonly number[];
}

async function build(say: Place['say']): Promise<void> {
  await mkdir(binaries, { recursive: true });
  const env = { ...process.env, GOBIN: binaries, GOFLAGS: '-p=1' };
  for (const [file, from] of [
    ['server', 'cmd/server'],
    ['sql', 'cmd/tools/sql'],
  ] as const) {
    const isBuilt = await access(path.join(binaries, file)).then(
      () => true,
      () => false,
    );
    if (isBuilt) continue;
    say(`temporal: building ${from} ${serverVersion}; this takes tens of minutes, once`);
    await run('go', ['install', `go.temporal.io/server/${from}@v${serverVersion}`], { env, timeout: buildLimitMs });
  }
}

async function createSchemas({ port, password }: Cluster): Promise<void> {
  const server = ['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', String(port)];
  const login = ['-u', databaseName, '--pw', password];
  const tool = (database: string, ...args: string[]) =>
    run(path.join(binaries, 'sql'), [...server, ...login, '--db', database, ...args]);
  const owner = new pg.Client({ connectionString: postgresUrl({ port, password }, 'postgres') });
  await owner.connect();
  try {
    for (const [database, schema] of [
      ['temporal', 'temporal'],
      ['temporal_visibility', 'visibility'],
    ] as const) {
      const { rowCount } = await owner.query('select from pg_database where datname = $1', [database]);
      if (rowCount !== 0) continue;
      await owner.query(`create database ${database}`);
      await tool(database, 'setup-schema', '-v', '0.0');
      await tool(database, 'update-schema', '--schema-name', `postgresql/v12/${schema}`);
    }
  } finally {
    await owner.end();
  }
}

const services = ['frontend', 'history', 'matching', 'worker'] as const;
type Ports = Readonly<
  Record<(typeof services)[number], { readonly grpcPort: number; readonly membershipPort: number }>
>;

/** Temporal keeps the ports of its members as signed 16-bit numbers. */
const membershipPorts = { least: 20_000, most: 32_000 } as const;
async function freeMembershipPort(): Promise<number> {
  for (;;) {
    const port = randomInt(membershipPorts.least, membershipPorts.most);
    const server = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

async function freePorts(): Promise<Ports> {
  const ports = await Promise.all(
    services.map(
      async (service) => [service, { grpcPort: await freePort(), membershipPort: await freeMembershipPort() }] as const,
    ),
  );
  return Object.fromEntries(ports) as unknown as Ports;
}

/** The server reads YAML, of which JSON is a part. */
function configuration(
  ports: Ports,
  databasePort: number,
  password: string,
  options: ServerClusterOptions,
  dynamic: string,
) {
  const store = (database: string) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName: database,
      connectAddr: `127.0.0.1:${String(databasePort)}`,
      connectProtocol: 'tcp',
      user: databaseName,
      password,
      maxConns: 10,
      maxIdleConns: 10,
      maxConnLifetime: '1h',
    },
  });
  const methods = Object.fromEntries(Object.entries(persistenceFaults).map(([method, errors]) => [method, { errors }]));
  const faults = options.hasFaults()
    ? { faultInjection: { targets: { dataStores: { ExecutionStore: { methods } } } } }
    : {};
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: shards,
      datastores: { default: { ...faults, ...store('temporal') }, visibility: store('temporal_visibility') },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: Object.fromEntries(
      services.map((service) => [service, { rpc: { ...ports[service], bindOnLocalHost: true } }]),
    ),
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${String(ports.frontend.grpcPort)}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    publicClient: { hostPort: `127.0.0.1:${String(ports.frontend.grpcPort)}` },
    dynamicConfigClient: { filepath: dynamic, pollInterval: '5s' },
  };
}

async function ensureNamespace(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '5s' });
  try {
    await connection.workflowService.registerNamespace({
      namespace: 'default',
      workflowExecutionRetentionPeriod: { seconds: retentionSeconds as never },
    });
  } catch (error) {
    // 6: it is there already.
    if ((error as { code?: number }).code !== 6) throw error;
  } finally {
    await connection.close();
  }
}

/** Builds what is missing and prepares the stores; the nodes are not started yet. */
export async function serverCluster(place: Place, options: ServerClusterOptions): Promise<ServerCluster> {
  await build(place.say);
  await createSchemas(options.cluster);
  const nodes: FaultyProcess[] = [];
  const ports: number[] = [];
  for (const [index, databasePort] of options.databasePorts.entries()) {
    const own = await freePorts();
    const folder = path.join(place.home, `temporal-${String(index)}`);
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, 'config.yaml');
    const dynamic = path.join(folder, 'dynamic.yaml');
    const address = `127.0.0.1:${String(own.frontend.grpcPort)}`;
    ports.push(own.frontend.grpcPort);
    nodes.push(
      new FaultyProcess({
        name: `temporal-${String(index)}`,
        program: async () => {
          const settings = Object.entries(options.settings()).map(([name, value]) => [name, [{ value }]]);
          await writeFile(dynamic, JSON.stringify(Object.fromEntries(settings)));
          const { password } = options.cluster;
          await writeFile(file, JSON.stringify(configuration(own, databasePort, password, options, dynamic)));
          return {
            command: path.join(binaries, 'server'),
            args: ['--config-file', file, '--allow-no-auth', 'start'],
          };
        },
        env: process.env,
        cwd: folder,
        logFile: path.join(place.home, 'logs', `temporal-${String(index)}.log`),
        probe: async () => {
          await ensureNamespace(address);
          await pingTemporal(address);
        },
        say: place.say,
      }),
    );
  }
  return { nodes, ports };
}
