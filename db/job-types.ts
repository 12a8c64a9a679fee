/** Job types on hold: their jobs are not begun and given to nobody. */
import type { ClientBase, Pool } from 'pg';
import type { Variables } from '#engine/json.ts';
import { iso } from './queries/sql.ts';

type Database = Pick<ClientBase, 'query'>;

export interface JobTypeRow {
  readonly type: string;
  /** Open jobs, and those of them that wait for a worker. */
  readonly open: number;
  readonly parked: number;
  readonly suspendedAt: string | null;
  readonly suspendedBy: string | null;
  readonly suspendedReason: string | null;
}
/** Types on hold, and those with open jobs. Counts are of the reader's region. */
export async function jobTypes(db: Database, limit: number): Promise<readonly JobTypeRow[]> {
  const { rows } = await db.query<JobTypeRow>(
    `select coalesce(j.type, s.type) as type, coalesce(j.open, 0) as open, coalesce(j.parked, 0) as parked,
            ${iso('s.suspended_at')} as "suspendedAt", s.suspended_by as "suspendedBy", s.reason as "suspendedReason"
       from (select job.type, count(*)::int as open, count(p.job_key)::int as parked
               from job left join parked_job p on p.job_key = job.key where job.state in ('CREATED', 'RETRY', 'FAILED') group by job.type) j
       full join suspended_job_type s on s.type = j.type
      order by 1 limit $1`,
    [limit],
  );
  return rows;
}
/** Returns whether it was not on hold before. */
export async function suspendJobType(db: Database, type: string, by: string, reason: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'insert into suspended_job_type (type, reason, suspended_by) values ($1, $2, $3) on conflict do nothing',
    [type, reason, by],
  );
  return rowCount === 1;
}
/** Returns whether it was on hold. */
export async function resumeJobType(db: Database, type: string): Promise<boolean> {
  return (await db.query('delete from suspended_job_type where type = $1', [type])).rowCount === 1;
}

export interface ParkedJob {
  readonly jobKey: string;
  readonly processId: string;
  /** How often it was parked. */
  readonly attempt: number;
}
/** Jobs that our own connectors are to do again, of types that are not on hold (any more). */
export async function jobsToRelease(pool: Pool, type: string, limit: number): Promise<readonly ParkedJob[]> {
  const { rows } = await pool.query<ParkedJob>(
    `select p.job_key::text as "jobKey", i.process_id as "processId", p.attempt from parked_job p join instance i on i.key = p.instance_key
      where p.type = $1 and p.own and not exists (select from suspended_job_type s where s.type = p.type) order by p.parked_at limit $2`,
    [type, limit],
  );
  return rows;
}
/** Unless it has been parked again meanwhile. */
export async function jobReleased(pool: Pool, { jobKey, attempt }: ParkedJob): Promise<void> {
  await pool.query('delete from parked_job where job_key = $1 and attempt = $2 and own', [jobKey, attempt]);
}

/** How old what a worker knows of suspensions may be. */
const freshMs = 1_000;

/** Which types are on hold, asked of the database once a second at most however many jobs begin. */
export class SuspendedJobTypes {
  readonly #pool: Pool;
  #known: ReadonlySet<string> = new Set();
  #asking: Promise<void> = Promise.resolve();
  #askedMs = -Infinity;

  constructor(pool: Pool) {
    this.#pool = pool;
  }
  /** As of a second ago, or of the last time the database answered. */
  async has(type: string): Promise<boolean> {
    const nowMs = performance.now();
    if (nowMs - this.#askedMs > freshMs) {
      this.#askedMs = nowMs;
      this.#asking = this.#ask();
    }
    await this.#asking;
    return this.#known.has(type);
  }
  async #ask(): Promise<void> {
    try {
      const { rows } = await this.#pool.query<{ type: string }>('select type from suspended_job_type');
      this.#known = new Set(rows.map(({ type }) => type));
    } catch {
      // The next job asks again.
      this.#askedMs = -Infinity;
    }
  }
}

/**
 * Parks a job of our own whose type is on hold; false: it is not (any more), so the job is to be done. Whoever resumes the type waits for
 * jobs that are being parked, and so misses none.
 */
export async function parkSuspendedJob(
  pool: Pool,
  type: string,
  {
    instanceKey,
    jobKey,
    variables,
  }: { readonly instanceKey: string; readonly jobKey: string; readonly variables: Variables },
): Promise<boolean> {
  const { rows } = await pool.query<{ suspended: boolean }>(
    `with held as (select type from suspended_job_type where type = $3 for share),
       open as (select key from job, held where key = $1 and state = 'CREATED' for update of job),
       parked as (
         insert into parked_job (job_key, instance_key, type, variables, attempt, own) select key, $2, $3, $4, 1, true from open
         on conflict (job_key) do update set variables = excluded.variables, attempt = parked_job.attempt + 1, worker = null, deadline = null, own = true)
     select exists (select from held) as suspended`,
    [jobKey, instanceKey, type, JSON.stringify(variables)],
  );
  return rows[0]?.suspended === true;
}
