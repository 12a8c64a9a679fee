/**
 * The default Activity: a job whose type has no handler here is offered to outside workers. The Activity ends at once and the job stays
 * open in the instance; the outside worker's answer comes as a command, which is validated and answered like any other.
 */
import type { Pool } from 'pg';
import type { JobActivityResult, JobRequest } from './job-handler.ts';

export type ParkJob = (jobType: string, request: JobRequest) => Promise<JobActivityResult>;

export const createParkJob =
  (pool: Pool): ParkJob =>
  async (jobType, { instanceKey, jobKey, variables }) => {
    // Under the job's lock, so that a job which ends just now is not offered any more. An attempt made again takes the place of the last.
    await pool.query(
      `with open as (select key from job where key = $1 and state = 'CREATED' for update)
       insert into parked_job (job_key, instance_key, type, variables, attempt)
       select key, $2, $3, $4, 1 from open
       on conflict (job_key) do update set variables = excluded.variables, attempt = parked_job.attempt + 1, worker = null, deadline = null`,
      [jobKey, instanceKey, jobType, JSON.stringify(variables)],
    );
    return { outcome: 'parked' };
  };
