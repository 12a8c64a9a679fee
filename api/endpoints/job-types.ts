/** Job types on hold. */
import { jobTypeLimits } from '#contract/job-type.ts';
import type { jobTypeEndpoints } from '#contract/job-type.ts';
import { appendAudit } from '#db/audit.ts';
import { jobTypes, resumeJobType, suspendJobType } from '#db/job-types.ts';
import { wholeCountry } from '#db/region-scope.ts';
import type { HandlersOf } from '../handler.ts';
import { Refusal } from '../refusal.ts';

export const jobTypeHandlers: HandlersOf<typeof jobTypeEndpoints> = {
  listJobTypes: async ({ db }) => {
    const rows = await db((client) => jobTypes(client, jobTypeLimits.listed));
    return { items: rows.map(({ open, parked, ...row }) => ({ ...row, openJobs: open, waitingJobs: parked })) };
  },
  suspendJobType: async ({ params, body, caller, db }) => {
    const { name: actor } = caller.account;
    const { jobType: target } = params;
    const { reason } = body;
    await db(async (client) => {
      if (!(await suspendJobType(client, target, actor, reason))) throw new Refusal('wrongState', 'alreadyPaused');
      await appendAudit(client, { actor, action: 'jobType.suspend', target, region: wholeCountry, detail: { reason } });
    });
    return undefined;
  },
  resumeJobType: async ({ params, body, caller, db, deps, memory }) => {
    const { jobType: target } = params;
    const { reason } = body;
    const isRepeated = (await memory.recall()) === true;
    await memory.remember(true);
    await db(async (client) => {
      if (!(await resumeJobType(client, target))) {
        if (isRepeated) return;
        throw new Refusal('wrongState', 'notPaused');
      }
      const actor = caller.account.name;
      await appendAudit(client, { actor, action: 'jobType.resume', target, region: wholeCountry, detail: { reason } });
    });
    await deps.temporal.releaseJobs(target);
    return undefined;
  },
};
