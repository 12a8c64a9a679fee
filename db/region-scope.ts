/** One transaction per request under a region: row-level security then shows nothing else, whatever a query forgets. */
import type { Pool, PoolClient } from 'pg';
import { transaction } from './pool.ts';

/** Sees every region; for checks that must know what lies outside the caller's. */
export const wholeCountry = '*';

/** Runs `work` in a transaction in which only rows of `region` (kode wilayah, `*`: all) exist. Throws what `work` throws, rolled back. */
export function inRegion<T>(pool: Pool, region: string, work: (db: PoolClient) => Promise<T>): Promise<T> {
  return transaction(pool, async (db) => {
    // true: for this transaction only; a plain SET would leak through the pool.
    await db.query("select set_config('app.region', $1, true)", [region]);
    return work(db);
  });
}

/** Whether `region` equals or lies below `scope`, segment by segment (`32.1` is not above `32.15`). */
export const regionCovers = (scope: string, region: string): boolean =>
  scope === wholeCountry || region === scope || region.startsWith(`${scope}.`);
