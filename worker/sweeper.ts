/**
 * Looks for cases that stand still, each minute, once in the cluster, and every ten minutes writes the heads of the audit down outside the
 * database. No workflow: it must see what a broken deployment does to workflows (docs/adr).
 */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { HandOut } from '#activities/hand-out.ts';
import type { JobLogger } from '#activities/job-handler.ts';
import type { RecordTroubles } from '#activities/record-trouble.ts';
import { SpoiltWorkflows } from '#activities/verification/spoilt.ts';
import { lookForStuck } from '#activities/verification/stuck.ts';
import type { StuckFinding } from '#activities/verification/stuck.ts';
import { wake } from '#activities/verification/wake.ts';
import { anchorIsDue, blockers, noteStuck, noteSweep, resolveStuck, takeSweep } from '#db/stuck-cases.ts';
import { transaction } from '#db/pool.ts';
import { createVault } from '#db/vault.ts';
import { writeAnchor } from '#db/verification/anchors.ts';

export interface SweeperParts {
  /** Role alur_worker. */
  readonly pool: Pool;
  readonly client: Client;
  readonly masterKey: Buffer;
  /** Folder with the audit's anchors (ALUR_HOME). */
  readonly home: string;
  readonly logger: JobLogger;
  readonly troubles: RecordTroubles;
  /** How often there is a sweep, and how long something may be on its way. */
  readonly everySeconds?: number;
  readonly graceSeconds?: number;
}

const tickMs = 5_000;
const sweepSeconds = 30;
const graceSeconds = 45;
const anchorMinutes = 10;
/** Citizens' records that are filed anew in one sweep, after an update that has changed what they are found by. */
const recordsFiled = 2_000;
/** Facts that could not be recorded for so long. */
const troubleMs = 15_000;
/** A cause that each worker finds for itself is over when none has seen it for so long. */
const forgottenSeconds = 60;

/** Returns a function that ends it. */
export function startSweeper(parts: SweeperParts): () => void {
  let isBusy = false;
  const remedies = { handOut: new HandOut(parts.client), spoilt: new SpoiltWorkflows(parts.pool, parts.client) };
  const tick = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    try {
      await noteTroubles(parts);
      if (await takeSweep(parts.pool, parts.everySeconds ?? sweepSeconds)) await sweep(parts, remedies);
    } catch (error) {
      parts.logger.warn({ error: error instanceof Error ? error.message : String(error) }, 'the sweep failed');
    } finally {
      isBusy = false;
    }
  };
  const timer = setInterval(() => void tick(), Math.min(tickMs, (parts.everySeconds ?? sweepSeconds) * 1_000));
  return () => clearInterval(timer);
}

/** Every worker knows only its own. */
async function noteTroubles({ pool, troubles }: SweeperParts): Promise<void> {
  const lasting = troubles.lasting(troubleMs);
  if (lasting.length === 0) return;
  const pids = (await blockers(pool)).join(', ');
  await noteStuck(
    pool,
    lasting.map(({ instanceKey, processId, sinceMs, message, isBlocked }): StuckFinding => ({
      instanceKey,
      cause: isBlocked ? 'DATABASE_BLOCKED' : 'NOT_RECORDED',
      elementKey: null,
      elementId: '',
      since: new Date(sinceMs),
      detail: { message, pids },
      processId,
    })),
  );
}

/** What a sweep does of itself about what it finds. */
export interface Remedies {
  readonly handOut: HandOut;
  readonly spoilt: SpoiltWorkflows;
}
export async function sweep(parts: SweeperParts, { handOut, spoilt }: Remedies): Promise<void> {
  const { pool, client, logger, home, masterKey } = parts;
  const begunMs = Date.now();
  const deps = { pool, client, seconds: parts.graceSeconds ?? graceSeconds };
  const { found, looked, message } = await lookForStuck(deps);
  await noteStuck(pool, found);
  await resolveStuck(pool, looked, (Date.now() - begunMs) / 1_000 + 1);
  await resolveStuck(pool, ['NOT_RECORDED', 'DATABASE_BLOCKED'], forgottenSeconds);
  await noteSweep(pool, Date.now() - begunMs, message);
  const woken = await wake(deps, handOut, found);
  if (woken > 0)
    logger.warn({ woken }, 'Temporal had not handed out the tasks of these cases; they are handed out anew');
  const restarted = await spoilt.restart(found);
  if (restarted > 0)
    logger.warn(
      { restarted },
      'the SDK could not go on with the history of these cases; they are started again from their facts',
    );
  if (found.length > 0) logger.warn({ found: found.length }, 'cases stand still');
  await transaction(pool, (db) => createVault(masterKey).refreshTokens(db, recordsFiled));
  if (await anchorIsDue(pool, anchorMinutes)) await writeAnchor(pool, home, masterKey);
}
