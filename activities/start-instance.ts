/** Starts an instance because of a message, a signal or a due time, once per source however often it is repeated. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { takeStartLock } from '#db/message-start-locks.ts';
import { hasStarted, newestDefinition, startedInstanceKey } from '#db/queries/start-definition.ts';
import type { StartDefinition } from '#db/queries/start-definition.ts';
import { hasActiveStart, isPaused, recordSchedule } from '#db/start-schedules.ts';
import type { ScheduleState } from '#db/start-schedules.ts';
import type { Variables } from '#engine/json.ts';
import { startArguments, taskQueue, timerSources, workflowIdOf } from '#workflows/messages.ts';
import { takesBusinessKey } from './business-key.ts';

export interface StartDeps {
  readonly pool: Pool;
  readonly client: Client;
  /** How far the engine's time is ahead of the clock: 0 but on test stacks. */
  readonly clockOffsetMs: () => Promise<number>;
}
export interface StartOrder {
  /** What causes the start, such as `message/<key>`: the same source starts one instance of a process. */
  readonly source: string;
  readonly processId: string;
  readonly startElement: string;
  /** Place among the triggers of a multiple start event; 0 for the only one. */
  readonly startPart: number;
  readonly variables: Variables;
  /** At most one instance of the process that was started with this correlation key is active. */
  readonly lock?: string;
}
export interface StartRequest extends StartOrder {
  readonly definitionKey: string;
  /** Of a timer: the due time, and what comes after it; null: that was the last. */
  readonly timer?: { readonly dueMs: number; readonly next: ScheduleState | null };
  /** A due time of the past that is made up for, also while the timer is paused. */
  readonly backfill?: { readonly overlap: 'allow' | 'skip' };
}
/** Answer for a due time that starts nothing: its timer is paused, its version on hold, or its business key taken. */
export const leftOut = 'leftOut';
/** The instance's key, or `leftOut`; null: the version is not the newest of its process any more. */
export type StartInstance = (request: StartRequest) => Promise<string | null>;

export type StartOutcome =
  | { readonly outcome: 'started'; readonly instanceKey: string }
  /** Another instance has the lock, or the version is on hold: to be tried again. */
  | { readonly outcome: 'blocked' }
  /** An active instance has its business key. */
  | { readonly outcome: 'refused' };

export async function startOnce(
  deps: StartDeps,
  order: StartOrder,
  definition: StartDefinition,
): Promise<StartOutcome> {
  const { pool, client } = deps;
  const { source, processId, startElement, startPart, variables, lock } = order;
  const { definitionKey, version, modelSha256, suspendedReason, uniqueBusinessKey } = definition;
  if (suspendedReason !== null) return { outcome: 'blocked' };
  const instanceKey = await startedInstanceKey(pool, source, processId);
  if (await hasStarted(pool, instanceKey)) return { outcome: 'started', instanceKey };
  if (lock !== undefined && !(await takeStartLock(pool, { processId, correlationKey: lock, instanceKey })))
    return { outcome: 'blocked' };
  const about = { processId, instanceKey, modelSha256, variables, source };
  if (uniqueBusinessKey && !(await takesBusinessKey(deps, about))) return { outcome: 'refused' };
  const start = {
    instanceKey,
    definitionKey,
    version,
    startElement,
    startPart,
    variables,
    businessKey: null,
    region: null,
    parent: null,
    actor: 'system',
  };
  const clockOffsetMs = await deps.clockOffsetMs();
  const more = {
    ...(clockOffsetMs === 0 ? {} : { clockOffsetMs }),
    ...(lock === undefined ? {} : { startLock: lock }),
  };
  try {
    await client.workflow.start(processId, {
      workflowId: workflowIdOf(processId, instanceKey),
      taskQueue,
      args: startArguments(modelSha256, start, more),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  } catch (error) {
    // An earlier attempt started it, and it has ended.
    if (!(error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError')) throw error;
  }
  return { outcome: 'started', instanceKey };
}

export const createStartInstance =
  (deps: StartDeps): StartInstance =>
  async ({ definitionKey, timer, backfill, ...order }) => {
    const { pool } = deps;
    const { startElement, startPart } = order;
    const id = { definitionKey, startElement, startPart };
    const definition = await newestDefinition(pool, definitionKey);
    if (definition === null) return null;
    const isLeftOut =
      backfill === undefined
        ? await isPaused(pool, id)
        : backfill.overlap === 'skip' && (await hasActiveStart(pool, timerSources(id)));
    const start: StartOutcome = isLeftOut ? { outcome: 'refused' } : await startOnce(deps, order, definition);
    const instanceKey = start.outcome === 'started' ? start.instanceKey : null;
    if (timer !== undefined) await recordSchedule(pool, { ...id, ...timer, instanceKey });
    return instanceKey ?? leftOut;
  };
