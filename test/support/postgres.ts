/** The real PostgreSQL for a test file: a cluster of its own in a scratch folder, migrated. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
  stop(): Promise<void>;
}

export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-postgres-'));
  const options = { dataDir: path.join(folder, 'data'), port: await freePort(), password: 'test' };
  await initialisePostgres(options);
  const program = await postgresProgram(options);
  // Durability is not what these tests are about.
  const fast = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];
  const server = await startServer({ ...program, args: [...program.args, ...fast] }, () =>
    pingPostgres(postgresUrl(options, 'postgres')),
  );
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
    stop: async () => {
      await Promise.all(pools.map((pool) => pool.end()));
      await server.stop('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
