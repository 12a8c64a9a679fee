/**
 * Facts that were recorded although the workflow task that made them was lost, and that no repetition has replaced (docs/adr/0008): after
 * a worker died, and when Temporal did not take what a worker had done. The instances with recent facts are asked how far they are; the
 * workflow is right.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { recentInstances } from '#db/queries/recent-facts.ts';
import type { RecentInstance } from '#db/queries/recent-facts.ts';
import { dropFactsAfter } from '#db/record-facts.ts';
import type { JobLogger } from '#activities/job-handler.ts';
import { queryAtRest } from '#activities/ask-workflow.ts';
import { inParallel } from '#activities/verification/several.ts';
import { factNumberQuery, workflowIdOf } from '#workflows/messages.ts';
import type { Trouble } from './logging.ts';

const instancesPerPage = 2_000;
const atOnce = 8;
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
export interface LostFactsLook {
  /** Instances that were put right. */
  readonly dropped: number;
  /** Instances that could not be asked. */
  readonly unknown: number;
}

export async function dropLostFacts({
  pool,
  client,
  logger,
  since,
  settleMs,
}: LostFactsOptions): Promise<LostFactsLook> {
  const found: RecentInstance[] = [];
  let unknown = 0;
  for (let after = '0'; ;) {
    const page = await recentInstances(pool, since, after, instancesPerPage);
    const look = await lookAt(client, page);
    found.push(...look.ahead);
    unknown += look.unknown;
    after = page.at(-1)?.instanceKey ?? after;
    if (page.length < instancesPerPage) break;
  }
  if (found.length === 0) return { dropped: 0, unknown };
  await sleep(settleMs);
  const still = await lookAt(client, found);
  for (const { instanceKey, factNumber, lastFact } of still.ahead) {
    await dropFactsAfter(pool, instanceKey, factNumber, lastFact);
    logger.warn({ instanceKey, factNumber, lastFact }, 'facts of a lost workflow task were taken back');
  }
  return { dropped: still.ahead.length, unknown: unknown + still.unknown };
}

/** Instances of which the read model knows more than their workflow. */
async function lookAt(client: Client, instances: readonly RecentInstance[]) {
  const numbers = await inParallel(instances, atOnce, (instance) => factNumberOf(client, instance));
  const ahead = instances.flatMap((instance, index) => {
    const factNumber = numbers[index];
    return typeof factNumber === 'number' && factNumber < instance.lastFact ? [{ ...instance, factNumber }] : [];
  });
  return { ahead, unknown: numbers.filter((number) => number === 'unknown').length };
}

/** @returns `over`: nothing of it can be lost any more */
async function factNumberOf(
  client: Client,
  { processId, instanceKey, hasEnded }: RecentInstance,
): Promise<number | 'over' | 'unknown'> {
  try {
    const handle = client.workflow.getHandle(workflowIdOf(processId, instanceKey));
    return await client.withDeadline(Date.now() + callMs, async () => {
      if (hasEnded && (await handle.describe()).status.name !== 'RUNNING') return 'over';
      return queryAtRest(handle, () => handle.query(factNumberQuery));
    });
  } catch {
    return 'unknown';
  }
}

export interface LostFactsWatch extends Omit<LostFactsOptions, 'settleMs'> {
  /** Where the SDK's warnings are noted. */
  readonly trouble: Trouble;
}
const usual = {
  everyMs: 5_000,
  /** After a warning, and after the start, things settle for so long. */
  afterMs: 20_000,
  settleMs: 15_000,
  /** Facts from so long before a warning on are looked at. */
  lookBackMs: 60_000,
  /** Instances that cannot be asked are looked at again for so long. */
  goesOnMs: 10 * 60_000,
} as const;

/**
 * Looks for lost facts since `since`, and again whenever the SDK's core has warned of something: without a warning nothing is asked.
 * Returns a function that ends it.
 */
export function watchLostFacts(
  { trouble, since, ...parts }: LostFactsWatch,
  { everyMs, afterMs, settleMs, lookBackMs, goesOnMs }: { readonly [name in keyof typeof usual]: number } = usual,
): () => void {
  let isBusy = false;
  /** From when on facts are to be looked at, and when; null: there was no warning. */
  let due: { readonly sinceMs: number; readonly atMs: number } | null = {
    sinceMs: since.getTime(),
    atMs: Date.now() + afterMs,
  };
  const look = async (sinceMs: number): Promise<void> => {
    const again = { sinceMs, atMs: Date.now() + afterMs };
    try {
      const { unknown } = await dropLostFacts({ ...parts, since: new Date(sinceMs), settleMs });
      if (unknown > 0 && sinceMs > Date.now() - goesOnMs - lookBackMs) due = again;
    } catch (error) {
      due = again;
      const message = error instanceof Error ? error.message : String(error);
      parts.logger.warn({ error: message }, 'facts were not compared with their workflows');
    }
  };
  const tick = async (): Promise<void> => {
    if (isBusy) return;
    if (trouble.warnedMs !== null) due ??= { sinceMs: trouble.warnedMs - lookBackMs, atMs: Date.now() + afterMs };
    trouble.warnedMs = null;
    if (due === null || Date.now() < due.atMs) return;
    const { sinceMs } = due;
    due = null;
    isBusy = true;
    await look(sinceMs);
    isBusy = false;
  };
  const timer = setInterval(() => void tick(), everyMs);
  return () => clearInterval(timer);
}
