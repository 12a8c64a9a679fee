/** A PostgreSQL of the embedded stack with our tables, for one run; or an empty database on that of DATABASE_URL. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '#cli/case/durable/ports.ts';
import { migrate } from '#db/migrate.ts';
import { readConfig } from '#stack/config.ts';
import { ensureDatabase, initialisePostgres, postgresUrl } from '#stack/postgres.ts';
import { postgres } from '#stack/processes.ts';

export interface Database {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

export async function startDatabase(): Promise<Database> {
  const home = await mkdtemp(path.join(tmpdir(), 'alur-bench-registry-'));
  await mkdir(path.join(home, 'logs'));
  const options = {
    dataDir: path.join(home, 'postgres'),
    port: await freePort(),
    password: randomBytes(12).toString('hex'),
  };
  const config = { ...readConfig(path.resolve(import.meta.dirname, '../..'), {}), home, postgresPort: options.port };
  const server = postgres({
    config,
    keys: { masterKey: '', databasePassword: options.password },
    say: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  };
  try {
    await initialisePostgres(options);
    await server.start();
    await ensureDatabase(options);
    await migrate({ connectionString: postgresUrl(options) });
    return { url: postgresUrl(options), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
