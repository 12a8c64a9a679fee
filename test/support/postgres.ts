/** The real PostgreSQL for a test file: a cluster of its own in a scratch folder, migrated. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type pg from 'pg';
import { migrate } from '#db/migrate.ts';
import { createPool } from '#db/pool.ts';
import type { DatabaseRole } from '#db/pool.ts';
import { ensureDatabase, initialisePostgres, pingPostgres, postgresProgram, postgresUrl } from '#stack/postgres.ts';
import { freePort } from '#cli/case/durable/ports.ts';
import { startServer } from './server-process.ts';

export interface TestPostgres {
  readonly url: string;
  /** A pool that `stop` closes. */
  pool(role: DatabaseRole | null, max?: number): pg.Pool;
  /** Copies its files to a folder while it stands still for a moment. */
  backup(to: string): Promise<void>;
  /** Ends it, puts the files of a backup in place and starts it again. */
  restore(from: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-postgres-'));
  const options = { dataDir: path.join(folder, 'data'), port: await freePort(), password: 'test' };
  await initialisePostgres(options);
  const program = await postgresProgram(options);
  // Durability is not what these tests are about.
  const fast = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];
  const begin = () =>
    startServer({ ...program, args: [...program.args, ...fast] }, () => pingPostgres(postgresUrl(options, 'postgres')));
  let server = await begin();
  /** `cp -a`: the files belong to another user. */
  const exchange = async (from: string, to: string): Promise<void> => {
    await server.stop('SIGINT');
    await rm(to, { recursive: true, force: true });
    await promisify(execFile)('cp', ['-a', from, to]);
    server = await begin();
  };
  const url = postgresUrl(options);
  try {
    await ensureDatabase(options);
    await migrate({ connectionString: url });
  } catch (error) {
    await server.stop('SIGINT');
    throw error;
  }
  const pools: pg.Pool[] = [];
  return {
    url,
    pool: (role, max) => {
      const pool = createPool({ connectionString: url, role, ...(max === undefined ? {} : { max }) });
      pools.push(pool);
      return pool;
    },
    backup: (to) => exchange(options.dataDir, to),
    restore: (from) => exchange(from, options.dataDir),
    stop: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await server.stop('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
