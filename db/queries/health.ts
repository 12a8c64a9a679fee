/** What tells whether the installation works. */
import type { Pool } from 'pg';

/** Seconds since a worker polled Temporal last; null: none ever did. */
export async function secondsSincePoll(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ seconds: number | null }>(
    'select extract(epoch from now() - max(last_poll_at))::float8 as seconds from worker_heartbeat',
  );
  return rows[0]?.seconds ?? null;
}

export interface UnfitBuild {
  readonly buildId: string;
  /** Workflow tasks it could not do, since its workers started. */
  readonly tasks: number;
}
/** Builds whose code met histories, within the last minutes, with which it cannot go on (docs/upgrades.md). */
export async function unfitBuilds(pool: Pool, withinSeconds: number): Promise<readonly UnfitBuild[]> {
  const { rows } = await pool.query<{ build_id: string; tasks: number }>(
    `select build_id, sum(nondeterministic_tasks)::integer as tasks from worker_heartbeat
     where nondeterministic_at > now() - make_interval(secs => $1) group by build_id order by build_id`,
    [withinSeconds],
  );
  return rows.map(({ build_id: buildId, tasks }) => ({ buildId, tasks }));
}
