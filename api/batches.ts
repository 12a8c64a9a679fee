/**
 * Has batch operations worked on whose creator never told: an API process may die between writing a batch down and saying so. Every API
 * process looks now and then; telling twice changes nothing.
 */
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { openBatches } from '#db/batch-operations.ts';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import type { Temporal } from './temporal.ts';

const limits = { lookMs: 30_000, batches: 100 } as const;

interface Deps {
  readonly pool: Pool;
  readonly temporal: Pick<Temporal, 'runBatch'>;
}

export async function wakeBatches({ pool, temporal }: Deps): Promise<void> {
  for (const key of await inRegion(pool, wholeCountry, (db) => openBatches(db, limits.batches))) {
    await temporal.runBatch(key);
  }
}

export function keepBatchesGoing(deps: Deps, logger: Logger): NodeJS.Timeout {
  const look = (): void => {
    wakeBatches(deps).catch((error: unknown) =>
      logger.warn({ err: error }, 'batch operations cannot be told to go on now'),
    );
  };
  look();
  return setInterval(look, limits.lookMs).unref();
}
