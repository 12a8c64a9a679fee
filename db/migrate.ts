/**
 * Forward-only migrations: numbered SQL files, each in one transaction that claims its number first. An advisory lock lets any number
 * of processes call this at once; a file that changed after it was applied is refused.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';

/** Any constant: names our lock among advisory locks. */
const migrationLock = 0x61_6c_75_72;

const ownDirectory = path.join(import.meta.dirname, 'migrations');

export interface MigrateOptions {
  readonly connectionString: string;
  /** Folder of the numbered files; ours by default. */
  readonly directory?: string;
}

interface MigrationFile {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: Buffer;
}

async function readMigrations(directory: string): Promise<MigrationFile[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(path.join(directory, name), 'utf8');
      return { number: Number(name.slice(0, 4)), name, sql, sha256: createHash('sha256').update(sql).digest() };
    }),
  );
}

/** Applies what is missing and returns the names applied. Throws when an applied file has changed or a number is used twice. */
export async function migrate({
  connectionString,
  directory = ownDirectory,
}: MigrateOptions): Promise<readonly string[]> {
  const files = await readMigrations(directory);
  if (files.length === 0) throw new Error(`no migrations in ${directory}`);
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await client.query(`create table if not exists migration (
      number integer primary key, name text not null, sha256 bytea not null, applied_at timestamptz not null default now())`);
    const applied = new Map(
      (await client.query<{ number: number; sha256: Buffer }>('select number, sha256 from migration')).rows.map(
        (row) => [row.number, row.sha256],
      ),
    );
    const done: string[] = [];
    for (const file of files) {
      const known = applied.get(file.number);
      if (known?.equals(file.sha256) === false)
        throw new Error(`migration ${file.name} differs from what was applied to this database`);
      if (known !== undefined) continue;
      await apply(client, file);
      done.push(file.name);
    }
    return done;
  } finally {
    await client.end();
  }
}

async function apply(client: pg.Client, file: MigrationFile): Promise<void> {
  await client.query('begin');
  try {
    await client.query('insert into migration (number, name, sha256) values ($1, $2, $3)', [
      file.number,
      file.name,
      file.sha256,
    ]);
    await client.query(file.sql);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new Error(`migration ${file.name} failed: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
