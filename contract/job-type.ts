/** Job types as a whole: a type on hold has its jobs neither begun nor given to anybody. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { hold } from './operation.ts';
import { dateTime, identifier } from './values.ts';

export const jobTypeLimits = { listed: 1_000 } as const;

export const jobType = z
  .object({
    type: z.string(),
    /** Open jobs, and those of them that wait for a worker to take them. */
    openJobs: z.int(),
    waitingJobs: z.int(),
    suspendedAt: dateTime.nullable(),
    suspendedBy: z.string().nullable(),
    suspendedReason: z.string().nullable(),
  })
  .meta({ id: 'JobType' });

const noun = 'Job type';
const params = z.object({ jobType: identifier });

export const jobTypeEndpoints = {
  listJobTypes: endpoint({
    method: 'get',
    path: '/v2/job-types',
    operationId: 'listJobTypes',
    noun,
    summary: 'Job types with open jobs, and those on hold',
    roles: ['supervisor', 'administrator'],
    status: 200,
    ok: z.object({ items: z.array(jobType) }),
    problems: [],
  }),
  suspendJobType: endpoint({
    ...hold,
    path: '/v2/job-types/:jobType/suspension',
    operationId: 'suspendJobType',
    noun,
    summary: 'Begin no job of this type, and give none to outside workers; what is being done is finished',
    params,
    problems: ['wrongState'],
  }),
  resumeJobType: endpoint({
    ...hold,
    path: '/v2/job-types/:jobType/resumption',
    operationId: 'resumeJobType',
    noun,
    summary: 'Do the jobs of this type again, those that were put aside first',
    params,
    problems: ['wrongState'],
  }),
};
