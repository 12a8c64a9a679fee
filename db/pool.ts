/** PostgreSQL connections by role. A pool is opened by each process's composition root and handed down; nobody else connects. */
import pg from 'pg';

export type DatabaseRole = 'alur_app' | 'alur_worker';

export interface PoolOptions {
  readonly connectionString: string;
  /** Role of every statement; null: the owner, for migrations. */
  readonly role: DatabaseRole | null;
  /** Most connections at once. */
  readonly max?: number;
  readonly statementTimeoutMs?: number;
  /** Told about a connection that broke while nobody used it; the pool replaces it. */
  readonly onIdleError?: (error: Error) => void;
}

const defaults = { max: 10, statementTimeoutMs: 15_000, connectTimeoutMs: 5_000, idleTimeoutMs: 60_000 } as const;

/** Keys are bigint columns and decimal strings in TypeScript, as pg returns them. */
export function createPool({ connectionString, role, max, statementTimeoutMs, onIdleError }: PoolOptions): pg.Pool {
  const timeoutMs = statementTimeoutMs ?? defaults.statementTimeoutMs;
  const pool = new pg.Pool({
    connectionString,
    max: max ?? defaults.max,
    connectionTimeoutMillis: defaults.connectTimeoutMs,
    idleTimeoutMillis: defaults.idleTimeoutMs,
    keepAlive: true,
    // A server that answers nothing must not hold a caller for ever.
    query_timeout: timeoutMs + 5_000,
    options: [...(role === null ? [] : [`-c role=${role}`]), `-c statement_timeout=${timeoutMs}`].join(' '),
  });
  // Without a listener an idle connection's error would end the process.
  pool.on('error', (error) => onIdleError?.(error));
  // The same for one that breaks in somebody's hands: his query fails, and the pool does not take the connection back.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs `work` in one transaction; rolls back and rethrows when it throws. */
export async function transaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((cause: unknown) => {
      broken = cause instanceof Error ? cause : new Error(String(cause));
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
