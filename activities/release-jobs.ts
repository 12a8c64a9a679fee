/** A job type is resumed: the jobs of it that were put aside are done again, each by its instance. Repeating it changes nothing. */
import type { Client } from '@temporalio/client';
import type { Pool } from 'pg';
import { jobReleased, jobsToRelease } from '#db/job-types.ts';
import type { ParkedJob } from '#db/job-types.ts';
import { instanceOf, sequenceOf } from '#engine/keys.ts';
import { releaseJobSignal, workflowIdOf } from '#workflows/messages.ts';

const limits = { page: 200, atOnce: 10, callMs: 30_000 } as const;

/** Answers how many there may still be: 0, or more than that. */
export type ReleaseJobs = (jobType: string) => Promise<number>;

export const createReleaseJobs =
  (pool: Pool, client: Client): ReleaseJobs =>
  async (jobType) => {
    const untilMs = Date.now() + limits.callMs;
    for (;;) {
      const page = [...(await jobsToRelease(pool, jobType, limits.page))];
      if (page.length === 0 || Date.now() > untilMs) return page.length;
      const work = async (): Promise<void> => {
        for (let job = page.shift(); job !== undefined; job = page.shift()) await release(pool, client, job);
      };
      await Promise.all(Array.from({ length: limits.atOnce }, work));
    }
  };

/** Told first, then struck off: an instance that is told twice does the job once. */
async function release(pool: Pool, client: Client, job: ParkedJob): Promise<void> {
  const { jobKey, processId } = job;
  const handle = client.workflow.getHandle(workflowIdOf(processId, instanceOf(jobKey)));
  try {
    await handle.signal(releaseJobSignal, sequenceOf(jobKey));
  } catch (error) {
    // It has ended: so has the job.
    if (!(error instanceof Error && error.name === 'WorkflowNotFoundError')) throw error;
  }
  await jobReleased(pool, job);
}
