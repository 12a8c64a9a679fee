/**
 * Works on the items of a batch operation for a while. The command key is batch and item, so a repetition changes nothing; a result is
 * written down when the instance has answered. Each item is checked against the region of whoever asked, as it is now.
 */
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { batchWork, beginBatch, endBatch, holdBatch, openItems, recordResults } from '#db/batch-operations.ts';
import type { BatchWork, ItemResult, OpenItem } from '#db/batch-operations.ts';
import { findByDefinitionKey } from '#db/queries/definitions.ts';
import { commandFact } from '#db/queries/instances.ts';
import { regionCovers } from '#db/region-scope.ts';
import { storedFacts } from '#db/stored-facts.ts';
import { sequenceOf } from '#engine/keys.ts';
import { reversalIn } from '#engine/migration/revert.ts';
import type { Rejection } from '#engine/command.ts';
import { batchCommandKey } from '#workflows/messages.ts';
import type { InstanceCommand } from '#workflows/messages.ts';
import type { JobLogger } from './job-handler.ts';
import { isSettled } from './ask-workflow.ts';
import { sendCommand } from './send-command.ts';

const limits = {
  /** Items looked up at a time, and worked on at once. */
  page: 50,
  atOnce: 8,
  /** Time for one item, and for one call of this Activity. */
  itemMs: 8_000,
  callMs: 30_000,
  /** Tries of an item in one page until it is given up: its instance does not answer while others do. */
  tries: 3,
  heartbeatMs: 3_000,
} as const;

/** `onHold`: it waits for a person; `stuck`: nothing can be reached now; `working`: there is more. */
export type BatchProgress = 'done' | 'onHold' | 'stuck' | 'working';
export type RunBatch = (batchKey: string) => Promise<BatchProgress>;

export interface RunBatchDeps {
  readonly pool: Pool;
  readonly client: Client;
  readonly logger: JobLogger;
}

export const createRunBatch =
  (deps: RunBatchDeps): RunBatch =>
  async (batchKey) => {
    const context = Context.current();
    const heart = setInterval(() => context.heartbeat(), limits.heartbeatMs);
    try {
      return await workFor(deps, batchKey, () => context.cancellationSignal.throwIfAborted());
    } finally {
      clearInterval(heart);
    }
  };

async function workFor(deps: RunBatchDeps, batchKey: string, throwIfAborted: () => void): Promise<BatchProgress> {
  const { pool } = deps;
  const untilMs = Date.now() + limits.callMs;
  await beginBatch(pool, batchKey);
  for (;;) {
    const batch = await batchWork(pool, batchKey);
    if (batch === null || batch.state === 'COMPLETED') return 'done';
    if (batch.state === 'SUSPENDED') return 'onHold';
    const left =
      batch.canary === null ? limits.page : Math.min(limits.page, Math.max(batch.canary - batch.processed, 0));
    const isCanceled = batch.state === 'CANCELED';
    const items = isCanceled ? [] : await openItems(pool, batchKey, Math.max(left, 1));
    if (items.length === 0) {
      await endBatch(pool, batchKey);
      return 'done';
    }
    if (left === 0) {
      await holdBatch(pool, batchKey);
      return 'onHold';
    }
    const results = await workPage(deps, batch, items, throwIfAborted);
    await recordResults(pool, batchKey, results);
    if (results.length === 0) return 'stuck';
    if (Date.now() >= untilMs) return 'working';
  }
}

/** Several items at a time; those of one instance are next to each other and wait for one another in it. */
async function workPage(
  deps: RunBatchDeps,
  batch: BatchWork,
  items: readonly OpenItem[],
  throwIfAborted: () => void,
): Promise<readonly ItemResult[]> {
  const waiting = [...items];
  const results: ItemResult[] = [];
  const unreached: OpenItem[] = [];
  const work = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      throwIfAborted();
      const result = await workOne(deps, batch, item);
      if (result === null) unreached.push(item);
      else results.push(result);
    }
  };
  await Promise.all(Array.from({ length: limits.atOnce }, work));
  if (results.length === 0) return results;
  for (const item of unreached) {
    const result = await insist(deps, batch, item, throwIfAborted);
    results.push(
      result ?? failed(item, 'unavailable', 'The instance does not answer; it is not known whether this was done.'),
    );
  }
  return results;
}

async function insist(
  deps: RunBatchDeps,
  batch: BatchWork,
  item: OpenItem,
  throwIfAborted: () => void,
): Promise<ItemResult | null> {
  for (let attempt = 1; attempt < limits.tries; attempt += 1) {
    throwIfAborted();
    const result = await workOne(deps, batch, item);
    if (result !== null) return result;
  }
  return null;
}

const failed = ({ number }: OpenItem, code: string, message: string): ItemResult => ({
  number,
  state: 'FAILED',
  code,
  message,
});
const completed = ({ number }: OpenItem): ItemResult => ({ number, state: 'COMPLETED', code: null, message: null });

/** Refusals that say it is as it should be. */
const needless: Partial<Record<Rejection['code'], readonly BatchWork['type'][]>> = {
  suspended: ['SUSPEND_PROCESS_INSTANCE'],
  notSuspended: ['RESUME_PROCESS_INSTANCE'],
  unknownIncident: ['RESOLVE_INCIDENT'],
  unknownJob: ['RETRY_JOB'],
  notActive: ['CANCEL_PROCESS_INSTANCE'],
};
function refused({ number }: OpenItem, { type }: BatchWork, { code, message }: Rejection): ItemResult {
  return { number, state: needless[code]?.includes(type) === true ? 'SKIPPED' : 'FAILED', code, message };
}

interface ItemCommand {
  readonly command: InstanceCommand;
  readonly modelSha256?: string;
}

/** The way back of one case from its last migration, or why there is none. */
async function revertOf(pool: Pool, item: OpenItem): Promise<ItemCommand | ItemResult> {
  const reversal = reversalIn(await storedFacts(pool, item.instanceKey, 1));
  if (!reversal.possible) {
    const { reason, by } = reversal;
    if (reason === 'neverMigrated') return { ...failed(item, reason, 'It was never migrated.'), state: 'SKIPPED' };
    return failed(
      item,
      reason,
      reason === 'moved' ? `It has moved since: ${by ?? ''}.` : `'${by ?? ''}' stands for several elements.`,
    );
  }
  const { definitionKey, version, mapping } = reversal;
  const target = await findByDefinitionKey(pool, definitionKey);
  if (target === null) return failed(item, 'notFound', 'The version it came from is not there any more.');
  return {
    command: { type: 'migrateInstance', definitionKey, version, mapping, timers: {} },
    modelSha256: target.modelSha256,
  };
}

/** What is done to an item, and the model of a migration. */
function commandOf({ command: { modelSha256, ...command } }: BatchWork, { itemKey }: OpenItem): ItemCommand {
  const about =
    command['type'] === 'resolveIncident'
      ? { incident: sequenceOf(itemKey) }
      : command['type'] === 'retryJob'
        ? { job: sequenceOf(itemKey) }
        : {};
  // Written by the API from the same types.
  const whole = { ...command, ...about } as unknown as InstanceCommand;
  return { command: whole, ...(typeof modelSha256 === 'string' ? { modelSha256 } : {}) };
}

/** null: it is not known what became of it. */
async function workOne(
  { pool, client, logger }: RunBatchDeps,
  batch: BatchWork,
  item: OpenItem,
): Promise<ItemResult | null> {
  const { instanceKey, processId, region } = item;
  if (processId === null || region === null) return failed(item, 'notActive', 'The instance is not known any more.');
  const { allowedRegion } = batch;
  if (allowedRegion === null || !regionCovers(allowedRegion, region) || !regionCovers(batch.region, region))
    return failed(item, 'notAllowed', 'The account that asked for it may not change this case.');
  const key = batchCommandKey(batch.key, item.number);
  const { reason, createdBy: actor } = batch;
  try {
    const isRevert = batch.type === 'REVERT_MIGRATION';
    // after the way back there is none
    const earlier = isRevert ? await commandFact(pool, instanceKey, key) : null;
    if (earlier !== null)
      return (await isSettled(client, { instanceKey, processId, key }, earlier.factNumber)) ? completed(item) : null;
    const wanted = isRevert ? await revertOf(pool, item) : commandOf(batch, item);
    if ('state' in wanted) return wanted;
    const order = { instanceKey, processId, key, actor, reason, ...wanted };
    const result = await client.withDeadline(Date.now() + limits.itemMs, () => sendCommand(client, order));
    if (result.outcome === 'accepted') return completed(item);
    if (result.outcome === 'rejected') return refused(item, batch, result.rejection);
    // It ended, perhaps because of this very command.
    if ((await commandFact(pool, instanceKey, key)) !== null) return completed(item);
    return refused(item, batch, { code: 'notActive', message: 'The instance has ended.' });
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    logger.warn({ batchKey: batch.key, item: item.number, error: name }, 'an item of a batch was not reached');
    return null;
  }
}
