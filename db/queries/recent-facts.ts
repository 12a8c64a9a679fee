/** Instances with facts of the last minutes, and how far the read model says they are. */
import type { Pool } from 'pg';

export interface RecentInstance {
  readonly instanceKey: string;
  readonly processId: string;
  readonly lastFact: number;
  readonly hasEnded: boolean;
}

/** Those after a key, in order of keys. */
export async function recentInstances(
  pool: Pool,
  since: Date,
  after: string,
  limit: number,
): Promise<readonly RecentInstance[]> {
  const { rows } = await pool.query<{ key: string; process_id: string; last_fact: number; state: string }>(
    `select i.key, i.process_id, i.last_fact, i.state from instance i
     where i.key > $2 and i.key in (select instance_key from fact where at >= $1) order by i.key limit $3`,
    [since, after, limit],
  );
  return rows.map((row) => ({
    instanceKey: row.key,
    processId: row.process_id,
    lastFact: row.last_fact,
    hasEnded: row.state !== 'ACTIVE',
  }));
}
