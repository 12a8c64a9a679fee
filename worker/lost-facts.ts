/**
 * After a worker died: facts that were recorded although the workflow task that made them was lost, and that no repetition has
 * replaced (docs/adr/0008). The instances with recent facts are asked how far they are; the workflow is right.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { recentInstances } from '#db/queries/recent-facts.ts';
import type { RecentInstance } from '#db/queries/recent-facts.ts';
import { dropFactsAfter } from '#db/record-facts.ts';
import type { JobLogger } from '#activities/job-handler.ts';
import { factNumberQuery, workflowIdOf } from '#workflows/messages.ts';

const instancesLimit = 2_000;
const callMs = 10_000;

export interface LostFactsOptions {
  readonly pool: Pool;
  readonly client: Client;
  readonly logger: JobLogger;
  /** Facts since then are looked at. */
  readonly since: Date;
  /** How long a difference must last: a lost task is first done again. */
  readonly settleMs: number;
}

/** Returns how many instances were put right. */
export async function dropLostFacts({ pool, client, logger, since, settleMs }: LostFactsOptions): Promise<number> {
  const look = async (
    instances: readonly RecentInstance[],
  ): Promise<(RecentInstance & { readonly factNumber: number })[]> => {
    const ahead = [];
    for (const instance of instances) {
      const factNumber = await factNumberOf(client, instance);
      if (factNumber !== null && factNumber < instance.lastFact) ahead.push({ ...instance, factNumber });
    }
    return ahead;
  };
  const ahead = await look(await recentInstances(pool, since, instancesLimit));
  if (ahead.length === 0) return 0;
  await sleep(settleMs);
  let dropped = 0;
  for (const { instanceKey, factNumber, lastFact } of await look(ahead)) {
    await dropFactsAfter(pool, instanceKey, factNumber, lastFact);
    logger.warn({ instanceKey, factNumber, lastFact }, 'facts of a lost workflow task were taken back');
    dropped += 1;
  }
  return dropped;
}

/** null: it cannot be asked, so nothing is known. */
async function factNumberOf(client: Client, { processId, instanceKey }: RecentInstance): Promise<number | null> {
  try {
    const handle = client.workflow.getHandle(workflowIdOf(processId, instanceKey));
    return await client.withDeadline(Date.now() + callMs, () => handle.query(factNumberQuery));
  } catch {
    return null;
  }
}
