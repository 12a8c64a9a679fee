/** Timers that start instances: reading, pausing, making up for times that were left out. */
import type { PoolClient } from 'pg';
import { z } from 'zod';
import type { Endpoint } from '#contract/endpoint.ts';
import { scheduleLimits } from '#contract/start-schedule.ts';
import type { catchUps, StartSchedule, startScheduleEndpoints } from '#contract/start-schedule.ts';
import { appendAudit } from '#db/audit.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { wholeCountry } from '#db/region-scope.ts';
import { findSchedule, searchSchedules, setPause } from '#db/start-schedules.ts';
import type { ScheduleRow } from '#db/start-schedules.ts';
import type { Expression, ProcessModel, TimerDefinition } from '#engine/model.ts';
import { startTriggersOf } from '#engine/start.ts';
import { nextTimes, timerOf, timesBetween, timesIn, zoneOf } from '../due-times.ts';
import type { Repeating } from '../due-times.ts';
import type { Call, HandlersOf } from '../handler.ts';
import type { ModelCache } from '../models.ts';
import { notFound, Refusal } from '../refusal.ts';

type AnyCall = Pick<Call<Endpoint>, 'caller' | 'deps' | 'db' | 'memory' | 'commandKey'>;
type CatchUp = (typeof catchUps)[number];

function timerIn(model: ProcessModel | null, { startElement, startPart }: ScheduleRow): TimerDefinition | null {
  const triggers = model === null ? [] : startTriggersOf(model);
  const found = triggers.find(({ elementId, part }) => elementId === startElement && part === startPart);
  return found?.trigger.type === 'timer' ? found.trigger.timer : null;
}
const sourceOf = (value: Expression): string =>
  value.kind === 'feel' ? `=${value.source}` : JSON.stringify(value.value).replaceAll(/^"|"$/g, '');

function stateOf({ isLatestVersion, isPaused, suspendedReason, nextTime }: ScheduleRow): StartSchedule['state'] {
  if (!isLatestVersion) return 'ENDED';
  if (isPaused || suspendedReason !== null) return 'PAUSED';
  return nextTime === null ? 'ENDED' : 'RUNNING';
}

async function viewOf(db: PoolClient, models: ModelCache, row: ScheduleRow): Promise<StartSchedule> {
  const timer = timerIn(await models.get(db, row.definitionKey), row);
  const { startScheduleKey, processDefinitionId, processDefinitionVersion, lastTime, pausedAt, pausedBy } = row;
  return {
    startScheduleKey,
    processDefinitionKey: row.definitionKey,
    processDefinitionId,
    processDefinitionVersion,
    elementId: row.startElement,
    part: row.startPart,
    kind: timer?.kind ?? 'cycle',
    expression: timer === null ? '' : sourceOf(timer.value),
    state: stateOf(row),
    nextTime: row.isLatestVersion ? row.nextTime : null,
    lastTime,
    lastProcessInstanceKey: row.lastInstanceKey,
    pausedAt,
    pausedBy,
    pausedReason: row.pausedReason ?? row.suspendedReason,
  };
}

/** @throws Refusal */
async function found(db: PoolClient, key: string): Promise<ScheduleRow> {
  const row = await findSchedule(db, key);
  if (row === null) throw notFound();
  return row;
}

/** The timer as it was due first; null: nobody knows when that was. */
async function firstOf(db: PoolClient, models: ModelCache, row: ScheduleRow): Promise<Repeating | null> {
  const timer = timerIn(await models.get(db, row.definitionKey), row);
  const { firstTime } = row;
  if (timer === null || firstTime === null) return null;
  const dueMs = Date.parse(firstTime);
  return { ...timerOf(timer, dueMs - 1), dueMs };
}

export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}
/** Times of a schedule in a window that are past. @throws Refusal when there are too many. */
export async function missedTimes(
  db: PoolClient,
  models: ModelCache,
  row: ScheduleRow,
  { fromMs, untilMs }: Window,
): Promise<readonly number[]> {
  const first = await firstOf(db, models, row);
  return first === null ? [] : timesBetween(first, { fromMs, untilMs, most: scheduleLimits.backfilled });
}

export function caughtUp(missed: readonly number[], catchUp: CatchUp): readonly number[] {
  return catchUp === 'all' ? missed : catchUp === 'latest' ? missed.slice(-1) : [];
}

/** What a repeated request must find again. */
const plan = z.object({ key: z.string(), missed: z.int(), dueMs: z.array(z.number()) });
type Plan = z.output<typeof plan>;

async function planned(
  { memory, db }: AnyCall,
  make: (client: PoolClient) => Promise<{ readonly missed: number; readonly dueMs: readonly number[] }>,
): Promise<Plan> {
  const earlier = plan.safeParse(await memory.recall());
  if (earlier.success) return earlier.data;
  const made = await db(async (client) => {
    const { missed, dueMs } = await make(client);
    return { key: await nextKey(client), missed, dueMs: [...dueMs] };
  });
  await memory.remember(made);
  return made;
}

async function workOff(
  { deps }: Pick<AnyCall, 'deps'>,
  row: ScheduleRow,
  { key, dueMs }: Plan,
  overlap: 'allow' | 'skip',
): Promise<void> {
  if (dueMs.length === 0) return;
  const { definitionKey, startElement, startPart, processDefinitionId: processId } = row;
  await deps.temporal.backfill(key, { processId, definitionKey, startElement, startPart, dueMs, overlap });
}

const nowOf = async ({ deps }: Pick<AnyCall, 'deps'>): Promise<number> => Date.now() + (await deps.clock.offsetMs());

export const startScheduleHandlers: HandlersOf<typeof startScheduleEndpoints> = {
  searchStartSchedules: async ({ body, db, deps }) => {
    const filter = { isLatestVersion: true, ...body.filter };
    return db(async (client) => {
      const page = await searchSchedules(client, filter, body);
      const items: StartSchedule[] = [];
      for (const row of page.rows) items.push(await viewOf(client, deps.models, row));
      return { items, page: page.page };
    });
  },
  getStartScheduleTimes: async ({ params, query, db }) =>
    db(async (client) => {
      const row = await found(client, params.startScheduleKey);
      const { nextTime, interval, repetitions } = row;
      const zone = zoneOf(query.zone, interval);
      if (nextTime === null || !row.isLatestVersion) return { times: [], zone };
      return {
        times: timesIn(nextTimes({ dueMs: Date.parse(nextTime), interval, repetitions }, query.count), zone),
        zone,
      };
    }),
  previewStartSchedule: async (call) => {
    const { kind, value, from, count, zone: wanted } = call.body;
    const timer = timerOf(
      { kind, value: { kind: 'static', value } },
      from === undefined ? await nowOf(call) : Date.parse(from),
    );
    const zone = zoneOf(wanted, timer.interval);
    return { times: timesIn(nextTimes(timer, count), zone), zone };
  },
  pauseStartSchedule: async ({ params, body, caller, db }) => {
    const { name: actor } = caller.account;
    const { reason } = body;
    await db(async (client) => {
      const row = await found(client, params.startScheduleKey);
      if (!(await setPause(client, row.startScheduleKey, { by: actor, reason })))
        throw new Refusal('wrongState', 'alreadyPaused');
      await appendAudit(client, {
        actor,
        action: 'schedule.pause',
        target: row.startScheduleKey,
        region: wholeCountry,
        detail: { reason },
      });
    });
    return undefined;
  },
  resumeStartSchedule: async (call) => {
    const { params, body, caller, db, deps } = call;
    const nowMs = await nowOf(call);
    const isRepeated = plan.safeParse(await call.memory.recall()).success;
    const row = await db((client) => found(client, params.startScheduleKey));
    const { pausedAt, isLatestVersion } = row;
    if (!isRepeated && pausedAt === null) throw new Refusal('wrongState', 'notPaused');
    const work = await planned(call, async (client) => {
      const window = { fromMs: Date.parse(pausedAt ?? ''), untilMs: nowMs };
      const missed = isLatestVersion ? await missedTimes(client, deps.models, row, window) : [];
      return { missed: missed.length, dueMs: caughtUp(missed, body.catchUp) };
    });
    await db(async (client) => {
      if (!(await setPause(client, row.startScheduleKey, null))) return;
      const { reason, catchUp } = body;
      const detail = { reason, catchUp, missed: work.missed };
      const actor = caller.account.name;
      await appendAudit(client, {
        actor,
        action: 'schedule.resume',
        target: row.startScheduleKey,
        region: wholeCountry,
        detail,
      });
    });
    await workOff(call, row, work, 'allow');
    return { missed: work.missed, started: work.dueMs.length };
  },
  backfillStartSchedule: async (call) => {
    const { params, body, caller, db, deps } = call;
    const { from, to, reason, catchUp, overlap } = body;
    const row = await db((client) => found(client, params.startScheduleKey));
    if (!row.isLatestVersion) throw new Refusal('wrongState', 'notLatest');
    if (row.suspendedReason !== null)
      throw new Refusal('wrongState', 'definitionSuspended', { values: { reason: row.suspendedReason } });
    const untilMs = Math.min(Date.parse(to), await nowOf(call));
    const work = await planned(call, async (client) => {
      const missed = await missedTimes(client, deps.models, row, { fromMs: Date.parse(from), untilMs });
      return { missed: missed.length, dueMs: caughtUp(missed, catchUp) };
    });
    await workOff(call, row, work, overlap);
    await db((client) =>
      appendAudit(client, {
        actor: caller.account.name,
        action: 'schedule.backfill',
        target: row.startScheduleKey,
        region: wholeCountry,
        detail: { reason, from, to, catchUp, overlap, missed: work.missed, started: work.dueMs.length },
      }),
    );
    return { missed: work.missed, started: work.dueMs.length };
  },
};
