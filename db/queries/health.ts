/** What tells whether the installation works. */
import type { Pool } from 'pg';

/** Seconds since a worker polled Temporal last; null: none ever did. */
export async function secondsSincePoll(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ seconds: number | null }>(
    'select extract(epoch from now() - max(last_poll_at))::float8 as seconds from worker_heartbeat',
  );
  return rows[0]?.seconds ?? null;
}
