/** Counts for the start pages, cut to the caller's region. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { dateTime } from './values.ts';

export const statistics = z
  .object({
    openCases: z.int(),
    endedCases: z.int(),
    openUserTasks: z.int(),
    overdueUserTasks: z.int(),
    openIncidents: z.int(),
    byProcess: z.array(
      z.object({
        processDefinitionId: z.string(),
        name: z.string().nullable(),
        open: z.int(),
        withIncident: z.int(),
        completed: z.int(),
        terminated: z.int(),
      }),
    ),
    /** Where tokens stand now: stage by stage, with the age of the oldest. */
    byElement: z.array(
      z.object({
        processDefinitionId: z.string(),
        elementId: z.string(),
        name: z.string().nullable(),
        type: z.string(),
        open: z.int(),
        overdue: z.int(),
        oldestSince: dateTime,
      }),
    ),
    incidentsByCode: z.array(z.object({ code: z.string(), open: z.int() })),
    /** How cases ended, by end event. */
    endings: z.array(z.object({ processDefinitionId: z.string(), elementId: z.string(), cases: z.int() })),
    mine: z.object({ assigned: z.int(), claimable: z.int(), overdue: z.int() }),
  })
  .meta({ id: 'Statistics' });
export type Statistics = z.infer<typeof statistics>;

export const statisticsEndpoints = {
  getStatistics: endpoint({
    method: 'get',
    path: '/v2/statistics',
    operationId: 'getStatistics',
    noun: 'Statistics',
    summary: 'Open cases by process and stage, overdue tasks, incidents, my tasks',
    roles: 'any',
    query: z.object({ region: z.string().max(20).optional() }),
    status: 200,
    ok: statistics,
    problems: [],
  }),
};
