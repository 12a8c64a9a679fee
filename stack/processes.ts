/** The processes of the embedded stack: what each is started as, its environment, and how to tell that it serves. */
import { mkdir } from 'node:fs/promises';
import { createConnection } from 'node:net';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { Child } from './child.ts';
import type { StackConfig } from './config.ts';
import type { StackKeys } from './home.ts';
import { pingPostgres, postgresProgram, postgresUrl } from './postgres.ts';
import type { Program } from './postgres.ts';
import { findTemporal } from './temporal-binary.ts';
import { settingFlags, temporalSettings } from './temporal-settings.ts';

export interface StackContext {
  readonly config: StackConfig;
  readonly keys: StackKeys;
  readonly say: (line: string) => void;
}

export const databaseUrlOf = ({ config, keys }: StackContext): string =>
  config.databaseUrl ?? postgresUrl({ port: config.postgresPort, password: keys.databasePassword });

export const temporalAddressOf = ({ config }: StackContext): string =>
  config.temporalAddress ?? `127.0.0.1:${config.temporalPort}`;

export const httpUrlOf = (config: StackConfig): string => `http://127.0.0.1:${config.httpPort}`;

/** Environment of our own processes. What the caller has set (namespace, TLS, API key …) is handed through. */
export function environmentOf(context: StackContext): NodeJS.ProcessEnv {
  const { config, keys } = context;
  return {
    ...process.env,
    ALUR_HOME: config.home,
    ALUR_CACHE: process.env['ALUR_CACHE'] ?? config.cacheDir,
    ALUR_HTTP_PORT: String(config.httpPort),
    ALUR_MASTER_KEY: process.env['ALUR_MASTER_KEY'] ?? keys.masterKey,
    DATABASE_URL: databaseUrlOf(context),
    TEMPORAL_ADDRESS: temporalAddressOf(context),
    ALUR_API_URL: httpUrlOf(config),
    ALUR_DUKCAPIL_PORT: String(config.dukcapilPort),
    ALUR_POS_PORT: String(config.posPort),
    ALUR_NOTIFY_PORT: String(config.notifyPort),
    ALUR_SIKS_PORT: String(config.siksPort),
    ALUR_DUKCAPIL_URL: process.env['ALUR_DUKCAPIL_URL'] ?? `http://127.0.0.1:${config.dukcapilPort}`,
    ALUR_POS_URL: process.env['ALUR_POS_URL'] ?? `http://127.0.0.1:${config.posPort}`,
    ALUR_NOTIFY_URL: process.env['ALUR_NOTIFY_URL'] ?? `http://127.0.0.1:${config.notifyPort}`,
    NODE_ENV: process.env['NODE_ENV'] ?? 'production',
  };
}

const answersHttp = (url: string) => async (): Promise<void> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
};

const acceptsConnections = (port: number) => (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });

const servesTemporal = (address: string) => async (): Promise<void> => {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
  } finally {
    await connection.close();
  }
};

export function postgres(context: StackContext): Child {
  const { config, keys, say } = context;
  const options = {
    dataDir: path.join(config.home, 'postgres'),
    port: config.postgresPort,
    password: keys.databasePassword,
  };
  return new Child({
    name: 'postgres',
    program: () => postgresProgram(options),
    env: process.env,
    cwd: config.home,
    logFile: path.join(config.home, 'logs', 'postgres.log'),
    probe: () => pingPostgres(postgresUrl(options, 'postgres')),
    say,
    // Fast shutdown: open connections are closed, everything committed stays.
    stopSignal: 'SIGINT',
  });
}

export function temporal(context: StackContext): Child {
  const { config, say } = context;
  const folder = path.join(config.home, 'temporal');
  let binary: string | null = null;
  const program = async (): Promise<Program> => {
    await mkdir(folder, { recursive: true });
    binary ??= await findTemporal({ cacheDir: config.cacheDir, say });
    const args = [
      'server',
      'start-dev',
      '--headless',
      '--ip',
      '127.0.0.1',
      '--port',
      String(config.temporalPort),
      '--log-level',
      'warn',
      ...settingFlags(temporalSettings),
    ];
    // WAL with synchronous=full: what the server has acknowledged survives a kill -9 and a power cut.
    const pragmas = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=full'];
    return { command: binary, args: [...args, '--db-filename', path.join(folder, 'temporal.db'), ...pragmas] };
  };
  return new Child({
    name: 'temporal',
    program,
    env: process.env,
    cwd: folder,
    logFile: path.join(config.home, 'logs', 'temporal.log'),
    probe: servesTemporal(temporalAddressOf(context)),
    say,
    readyTimeoutMs: 600_000,
  });
}

function ours(
  context: StackContext,
  name: string,
  entry: string,
  probe: () => Promise<void>,
  extra: NodeJS.ProcessEnv = {},
): Child {
  const { config, say } = context;
  return new Child({
    name,
    program: () =>
      Promise.resolve({ command: process.execPath, args: ['--import', 'tsx', path.join(config.projectDir, entry)] }),
    env: { ...environmentOf(context), ...extra },
    cwd: config.projectDir,
    logFile: path.join(config.home, 'logs', `${name}.log`),
    probe,
    say,
  });
}

/** `posToken`: with it the PT Pos simulator reports deliveries to the API. */
export const simulators = (context: StackContext, posToken: string): Child => {
  const { config } = context;
  const probe = async (): Promise<void> => {
    await Promise.all(
      [config.dukcapilPort, config.posPort, config.notifyPort, config.siksPort].map((port) =>
        acceptsConnections(port)(),
      ),
    );
  };
  return ours(context, 'simulators', 'simulators/main.ts', probe, { ALUR_POS_API_TOKEN: posToken });
};

export const api = (context: StackContext): Child =>
  ours(context, 'api', 'api/main.ts', answersHttp(`${httpUrlOf(context.config)}/health/live`));

/** The worker serves when the API's readiness says so: it reports the worker's last successful poll. */
export const worker = (context: StackContext): Child =>
  ours(context, 'worker', 'worker/main.ts', answersHttp(`${httpUrlOf(context.config)}/health/ready`), {
    // One worker, so its build is the current one; running cases go on with it (docs/upgrades.md).
    ALUR_VERSIONING: process.env['ALUR_VERSIONING'] ?? 'auto-upgrade',
    ALUR_MAKE_CURRENT: process.env['ALUR_MAKE_CURRENT'] ?? 'true',
  });
