/**
 * One PostgreSQL and one Temporal server for everything that is compared: the embedded stack's, with the durability they have there, or
 * those of DATABASE_URL and TEMPORAL_ADDRESS. Each side has a database of its own on that server.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { freePort } from '#cli/case/durable/ports.ts';
import { migrate } from '#db/migrate.ts';
import { readConfig } from '#stack/config.ts';
import { initialisePostgres, postgresUrl } from '#stack/postgres.ts';
import { postgres, temporal, temporalAddressOf } from '#stack/processes.ts';
import type { Child } from '#stack/child.ts';

export interface Places {
  readonly databaseUrls: Readonly<Record<'alur' | 'hand', string>>;
  readonly address: string;
  readonly namespace: string;
  /** Base64. */
  readonly masterKey: string;
  readonly cacheDir: string;
}
export interface Servers extends Places {
  /** Process ids of the servers that were started here; null: not ours. */
  readonly pids: { readonly postgres: number | null; readonly temporal: number | null };
  /** May create databases and roles. */
  readonly adminUrl: string;
  readonly stop: () => Promise<void>;
}

const projectDir = path.resolve(import.meta.dirname, '../..');

export async function startServers(say: (line: string) => void): Promise<Servers> {
  const home = await mkdtemp(path.join(tmpdir(), 'alur-bench-'));
  await mkdir(path.join(home, 'logs'));
  const [postgresPort, temporalPort] = [await freePort(), await freePort()];
  const config = { ...readConfig(projectDir, process.env), home, postgresPort, temporalPort };
  const password = randomBytes(12).toString('hex');
  const masterKey = randomBytes(32).toString('base64');
  const context = { config, keys: { masterKey, databasePassword: password }, say: () => undefined };
  const started: { readonly postgres?: Child; readonly temporal?: Child } = {
    ...(config.databaseUrl === null ? { postgres: postgres(context) } : {}),
    ...(config.temporalAddress === null ? { temporal: temporal(context) } : {}),
  };
  const stopAll = async (): Promise<void> => {
    await Promise.all([started.postgres?.stop(), started.temporal?.stop()]);
    await rm(home, { recursive: true, force: true });
  };
  try {
    if (config.databaseUrl === null)
      await initialisePostgres({ dataDir: path.join(home, 'postgres'), port: postgresPort, password });
    say('starting PostgreSQL and Temporal …');
    await Promise.all([started.postgres?.start(), started.temporal?.start()]);
    const url = config.databaseUrl ?? postgresUrl({ port: postgresPort, password }, 'postgres');
    const { urls, drop } = await createDatabases(url);
    return {
      adminUrl: url,
      databaseUrls: urls,
      address: temporalAddressOf(context),
      namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
      masterKey,
      cacheDir: path.join(projectDir, '.cache', 'bench'),
      pids: { postgres: started.postgres?.pid ?? null, temporal: started.temporal?.pid ?? null },
      stop: async () => {
        if (config.databaseUrl !== null) await drop();
        await stopAll();
      },
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function createDatabases(
  url: string,
): Promise<{ readonly urls: Places['databaseUrls']; readonly drop: () => Promise<void> }> {
  const suffix = randomBytes(4).toString('hex');
  const names = { alur: `bench_alur_${suffix}`, hand: `bench_hand_${suffix}` };
  const run = async (sql: (name: string) => string): Promise<void> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      for (const name of Object.values(names)) await client.query(sql(name));
    } finally {
      await client.end();
    }
  };
  await run((name) => `create database ${name}`);
  const urlOf = (name: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).toString();
  const urls = { alur: urlOf(names.alur), hand: urlOf(names.hand) };
  for (const connectionString of Object.values(urls)) await migrate({ connectionString });
  return { urls, drop: () => run((name) => `drop database if exists ${name} with (force)`) };
}

const clockTickMs = 10;
interface Stat {
  readonly parent: number;
  readonly ownMs: number;
  /** Of children that have ended. */
  readonly endedMs: number;
}
function statOf(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = (...places: number[]): number =>
      places.reduce((sum, place) => sum + Number(fields[place]), 0) * clockTickMs;
    return { parent: Number(fields[1]), ownMs: ticks(11, 12), endedMs: ticks(13, 14) };
  } catch {
    return null;
  }
}

/** CPU time of a process and all below it, where /proc tells; null elsewhere. */
export function treeCpuMs(pid: number | null, pids: readonly number[]): number | null {
  const stat = pid === null ? null : statOf(pid);
  if (stat === null) return null;
  const below = pids.map((child) => ({ child, stat: statOf(child) })).filter((each) => each.stat?.parent === pid);
  return below.reduce((sum, { child }) => sum + (treeCpuMs(child, pids) ?? 0), stat.ownMs + stat.endedMs);
}
