/** Timers that start instances: what is due when, pause, making up for missed times, preview. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { hold, holdReason } from './operation.ts';
import { keyFilter, searchAnswer, searchBody, textFilter } from './search.ts';
import { dateTime, key, keyParams } from './values.ts';

export const scheduleLimits = {
  /** Times of one preview and of one backfill. */
  previewed: 100,
  backfilled: 1_000,
} as const;

/** RUNNING waits for its next time; PAUSED leaves out what falls due; ENDED has no next time, or another version has taken over. */
export const scheduleStates = ['RUNNING', 'PAUSED', 'ENDED'] as const;
const timerKinds = ['date', 'duration', 'cycle'] as const;

export const startSchedule = z
  .object({
    startScheduleKey: key,
    processDefinitionKey: key,
    processDefinitionId: z.string(),
    processDefinitionVersion: z.int(),
    elementId: z.string(),
    /** Place among the triggers of a multiple start event; 0 for the only one. */
    part: z.int(),
    kind: z.enum(timerKinds),
    /** As in the model: ISO 8601 date-time, duration or repetition, cron (`TZ=<zone>` before it), or a FEEL expression. */
    expression: z.string(),
    state: z.enum(scheduleStates),
    nextTime: dateTime.nullable(),
    /** The last due time that started an instance. */
    lastTime: dateTime.nullable(),
    lastProcessInstanceKey: key.nullable(),
    pausedAt: dateTime.nullable(),
    pausedBy: z.string().nullable(),
    /** Why it starts nothing: its own pause, or that of its version. */
    pausedReason: z.string().nullable(),
  })
  .meta({ id: 'StartSchedule' });
export type StartSchedule = z.infer<typeof startSchedule>;

/** Which of the times in the past start an instance. */
export const catchUps = ['none', 'latest', 'all'] as const;
const catchUp = z.enum(catchUps);
/** IANA name, for the local times beside those in UTC. */
const zone = z.string().max(64);

const times = z.object({
  /** No next time: empty. */
  times: z.array(z.object({ time: dateTime, /** On the clocks of the zone, with its offset. */ local: z.string() })),
  zone: z.string(),
});

const noun = 'Start schedule';
const params = keyParams('startScheduleKey');
const readers = ['supervisor', 'administrator'] as const;

export const startScheduleEndpoints = {
  searchStartSchedules: endpoint({
    method: 'post',
    path: '/v2/start-schedules/search',
    operationId: 'searchStartSchedules',
    noun,
    summary: 'Search timers that start instances',
    roles: readers,
    body: searchBody(
      z.object({
        startScheduleKey: keyFilter.optional(),
        processDefinitionKey: keyFilter.optional(),
        processDefinitionId: textFilter.optional(),
        elementId: textFilter.optional(),
        /** Default true: only versions that new instances take. */
        isLatestVersion: z.boolean().optional(),
        isPaused: z.boolean().optional(),
      }),
      ['startScheduleKey', 'processDefinitionId', 'elementId', 'nextTime'],
    ),
    status: 200,
    ok: searchAnswer(startSchedule),
    problems: [],
  }),
  getStartScheduleTimes: endpoint({
    method: 'get',
    path: '/v2/start-schedules/:startScheduleKey/times',
    operationId: 'getStartScheduleTimes',
    noun,
    summary: 'When a schedule is due next',
    roles: readers,
    params,
    query: z.object({
      count: z.coerce.number().int().min(1).max(scheduleLimits.previewed).default(10),
      zone: zone.optional(),
    }),
    status: 200,
    ok: times,
    problems: ['notFound'],
  }),
  previewStartSchedule: endpoint({
    method: 'post',
    path: '/v2/start-schedules/preview',
    operationId: 'previewStartSchedule',
    noun,
    summary: 'When a timer with this value would be due, by the engine’s own reading',
    roles: readers,
    body: z.object({
      kind: z.enum(timerKinds).default('cycle'),
      value: z.string().min(1).max(1_000),
      from: dateTime.optional(),
      count: z.int().min(1).max(scheduleLimits.previewed).default(10),
      zone: zone.optional(),
    }),
    status: 200,
    ok: times,
    problems: [],
  }),
  pauseStartSchedule: endpoint({
    ...hold,
    path: '/v2/start-schedules/:startScheduleKey/pause',
    operationId: 'pauseStartSchedule',
    noun,
    summary: 'Start nothing until the schedule is resumed; the same start event of a newer version stays paused too',
    params,
    problems: ['notFound', 'wrongState'],
  }),
  resumeStartSchedule: endpoint({
    method: 'post',
    path: '/v2/start-schedules/:startScheduleKey/resumption',
    operationId: 'resumeStartSchedule',
    noun,
    summary: 'Go on; times that were left out are made up for as wished',
    roles: ['administrator'],
    params,
    body: z.object({ reason: holdReason, catchUp: catchUp.default('none') }),
    status: 200,
    ok: z.object({
      /** Times left out, and those of them that start an instance now. */ missed: z.int(),
      started: z.int(),
    }),
    problems: ['notFound', 'wrongState', 'tooLarge'],
    idempotent: true,
  }),
  backfillStartSchedule: endpoint({
    method: 'post',
    path: '/v2/start-schedules/:startScheduleKey/backfill',
    operationId: 'backfillStartSchedule',
    noun,
    summary: 'Start instances for due times in the past that started none, once each however often it is asked',
    roles: ['administrator'],
    params,
    body: z.object({
      reason: holdReason,
      from: dateTime,
      to: dateTime,
      catchUp: catchUp.exclude(['none']).default('all'),
      /** `skip`: nothing is started while an instance that this schedule started is active. */
      overlap: z.enum(['allow', 'skip']).default('allow'),
    }),
    status: 202,
    ok: z.object({
      /** Due times in the window, and those of them that are worked off. */ missed: z.int(),
      started: z.int(),
    }),
    problems: ['notFound', 'wrongState', 'tooLarge'],
    idempotent: true,
  }),
};
