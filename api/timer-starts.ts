/** Timers that start instances: one workflow each while a version is the newest, ended when it is not. */
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy, WorkflowNotFoundError } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import type { PoolClient } from 'pg';
import { inRegion, wholeCountry } from '#db/region-scope.ts';
import { openSchedules, runningSchedules } from '#db/start-schedules.ts';
import { dueTime } from '#engine/catching.ts';
import type { ProcessModel } from '#engine/model.ts';
import { startTriggersOf } from '#engine/start.ts';
import { taskQueue, timerStartWorkflowId, timerStartWorkflowType } from '#workflows/messages.ts';
import type { TimerStart } from '#workflows/messages.ts';
import type { Dependencies } from './dependencies.ts';

type Plan = Pick<TimerStart, 'startElement' | 'startPart' | 'dueMs' | 'repetitions' | 'interval'>;
type Planned =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly elementId: string; readonly message: string };

/** When each timer of a process is due first, by the engine's own reading; a timer that says nothing has a message instead. */
export function timerPlans(model: ProcessModel, nowMs: number): readonly Planned[] {
  return startTriggersOf(model).flatMap(({ elementId, part, trigger }): Planned[] => {
    if (trigger.type !== 'timer') return [];
    const due = dueTime(trigger.timer, { lookup: () => undefined, nowMs });
    return due.ok
      ? [{ ok: true, plan: { startElement: elementId, startPart: part, ...due.value } }]
      : [{ ok: false, elementId, message: due.failure.message }];
  });
}

export interface TimerVersion {
  readonly processId: string;
  readonly definitionKey: string;
  readonly model: ProcessModel;
}
/** @param sinceMs when the version took over. Repeating it changes nothing. */
export async function startTimers(
  client: Client,
  { processId, definitionKey, model }: TimerVersion,
  { sinceMs, clockOffsetMs }: { readonly sinceMs: number; readonly clockOffsetMs: number },
): Promise<void> {
  const timers = timerPlans(model, sinceMs).flatMap((planned) =>
    planned.ok ? [{ processId, definitionKey, ...planned.plan }] : [],
  );
  await runTimers(client, timers, clockOffsetMs);
}

interface NewVersion extends TimerVersion {
  /** The version that new instances took until now. */
  readonly before: string | null;
}
/** Writes down, with the change itself, when the timers of the version that new instances take from now on are due. */
export async function takesOver(db: PoolClient, { model, ...version }: NewVersion, nowMs: number): Promise<void> {
  const plans = timerPlans(model, nowMs).flatMap((planned) => (planned.ok ? [planned.plan] : []));
  await openSchedules(db, version, plans);
}

/** Definition keys: whose timers end, and whose run from now on. */
export interface Takeover {
  readonly before: string | null;
  readonly after: string | null;
}
/** Ends and begins timers as it is written down. Repeating it changes nothing; what a crash leaves undone is done by `ensureTimers`. */
export async function settleTimers(
  { pool, temporal, models, clock }: Pick<Dependencies, 'pool' | 'temporal' | 'models' | 'clock'>,
  { before, after }: Takeover,
): Promise<void> {
  const read = <T>(work: (db: PoolClient) => Promise<T>): Promise<T> => inRegion(pool, wholeCountry, work);
  const replaced = before === null ? null : await read((db) => models.get(db, before));
  if (before !== null && replaced !== null) await endTimers(temporal.client, before, replaced);
  const running = after === null ? [] : await read((db) => runningSchedules(db, after));
  if (running.length > 0) await runTimers(temporal.client, running, await clock.offsetMs());
}
/** Every timer that should run does. */
export async function ensureTimers({
  pool,
  temporal,
  clock,
}: Pick<Dependencies, 'pool' | 'temporal' | 'clock'>): Promise<void> {
  const running = await inRegion(pool, wholeCountry, (db) => runningSchedules(db, null));
  if (running.length > 0) await runTimers(temporal.client, running, await clock.offsetMs());
}
async function runTimers(client: Client, timers: readonly TimerStart[], clockOffsetMs: number): Promise<void> {
  const moved = clockOffsetMs === 0 ? {} : { clockOffsetMs };
  for (const timer of timers) {
    await client.workflow.start(timerStartWorkflowType, {
      workflowId: timerStartWorkflowId(timer),
      taskQueue,
      args: [{ ...timer, ...moved }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    });
  }
}

/** Workflow ids of the timers of a version. */
export const timerWorkflowsOf = (definitionKey: string, model: ProcessModel): readonly string[] =>
  startTriggersOf(model).flatMap(({ elementId: startElement, part: startPart, trigger }) =>
    trigger.type === 'timer' ? [timerStartWorkflowId({ definitionKey, startElement, startPart })] : [],
  );
/** A timer that a crash leaves running finds out by itself that a newer version has taken over. */
export async function endTimers(client: Client, definitionKey: string, model: ProcessModel): Promise<void> {
  for (const workflowId of timerWorkflowsOf(definitionKey, model)) {
    try {
      await client.workflow.getHandle(workflowId).terminate('a newer version has taken over');
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
