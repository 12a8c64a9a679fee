/** What the processes under test are started as: the product's own programs, each on links of its own. */
import { hostname } from 'node:os';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import type { Pool } from 'pg';
import { pingPostgres, postgresProgram, postgresUrl } from '#stack/postgres.ts';
import { findTemporal } from '#stack/temporal-binary.ts';
import { settingFlags } from '#stack/temporal-settings.ts';
import type { TemporalSettings } from '#stack/temporal-settings.ts';
import { FaultyProcess } from './process.ts';

export const projectDir = path.resolve(import.meta.dirname, '..', '..');
export const cacheDir = path.join(projectDir, '.alur', 'cache');
const temporalReadyMs = 600_000;

export interface Place {
  /** Folder of all data of the run. */
  readonly home: string;
  readonly say: (line: string) => void;
}
const logFile = ({ home }: Place, name: string): string => path.join(home, 'logs', `${name}.log`);

/** Our own settings of the installation at hand are not for this one. */
export const foreignEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(DATABASE_URL$|TEMPORAL_|ALUR_|NODE_ENV$|JEST_)/.test(name)),
  );

export interface Cluster {
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
}

export const postgresProcess = (place: Place, cluster: Cluster): FaultyProcess =>
  new FaultyProcess({
    name: 'postgres',
    program: () => postgresProgram(cluster),
    env: process.env,
    cwd: place.home,
    logFile: logFile(place, 'postgres'),
    probe: () => pingPostgres(postgresUrl(cluster, 'postgres')),
    say: place.say,
    stopSignal: 'SIGINT',
  });

export async function pingTemporal(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    await connection.workflowService.describeNamespace({ namespace: 'default' });
  } finally {
    await connection.close();
  }
}

export interface DevServerOptions {
  readonly port: number;
  /** Dynamic configuration at its next start. */
  readonly settings: () => TemporalSettings;
}

/** The dev server on its file: fit for the ci profile, which is about our own processes. */
export function devServer(place: Place, { port, settings }: DevServerOptions): FaultyProcess {
  const folder = path.join(place.home, 'temporal');
  return new FaultyProcess({
    name: 'temporal',
    program: async () => {
      await mkdir(folder, { recursive: true });
      const command = await findTemporal({ cacheDir, say: place.say });
      const where = ['--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'];
      const pragmas = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=full'];
      const file = ['--db-filename', path.join(folder, 'temporal.db')];
      return {
        command,
        args: ['server', 'start-dev', '--headless', ...where, ...file, ...pragmas, ...settingFlags(settings())],
      };
    },
    env: process.env,
    cwd: place.home,
    logFile: logFile(place, 'temporal'),
    probe: () => pingTemporal(`127.0.0.1:${String(port)}`),
    say: place.say,
    readyTimeoutMs: temporalReadyMs,
  });
}

export interface OwnProgram {
  readonly name: string;
  /** `api/main.ts` or another entry. */
  readonly entry: string;
  /** Folder of the product's sources at the next start; default: this one. */
  readonly tree?: () => string;
  readonly env: NodeJS.ProcessEnv;
  /** Modules loaded before it. */
  readonly preloads?: readonly string[];
  readonly probe: () => Promise<void>;
}

export function ownProcess(place: Place, { name, entry, tree, env, preloads = [], probe }: OwnProgram): FaultyProcess {
  const imports = ['tsx', ...preloads].flatMap((module) => ['--import', module]);
  return new FaultyProcess({
    name,
    program: () =>
      Promise.resolve({ command: process.execPath, args: [...imports, path.resolve(tree?.() ?? projectDir, entry)] }),
    env,
    cwd: projectDir,
    logFile: logFile(place, name),
    probe,
    say: place.say,
  });
}

export const answersHttp = (url: string) => async (): Promise<void> => {
  const response = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  if (!response.ok) throw new Error(`${url} answers ${String(response.status)}`);
};

/** A worker serves once it has told that Temporal saw it poll. */
export async function hasPolled(owner: Pool, pid: number | null): Promise<void> {
  const identity = `${String(pid)}@${hostname()}`;
  const { rowCount } = await owner.query('select from worker_heartbeat where identity = $1', [identity]);
  if (rowCount !== 1) throw new Error(`${identity} has not polled yet`);
}
