/** Cases that stand still, as the sweeper finds them: kept while they are found, resolved when they are not. */
import type { ClientBase, Pool } from 'pg';

/** One per case and cause. */
export interface StuckFinding {
  readonly instanceKey: string;
  readonly cause: string;
  readonly elementKey: string | null;
  readonly elementId: string;
  readonly since: Date;
  /** Values of its text. */
  readonly detail: Readonly<Record<string, string | number>>;
  /** Of a case that the read model does not know. */
  readonly processId?: string;
}

/** Whether it is this process's turn: one in the cluster gets it, and for `seconds` nobody else. */
export async function takeSweep(pool: Pool, seconds: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update sweep set last_at = now() where last_at < now() - $1 * interval '1 second'`,
    [seconds],
  );
  return rowCount === 1;
}
export async function noteSweep(pool: Pool, durationMs: number, message: string | null): Promise<void> {
  await pool.query('update sweep set duration_ms = $1, message = $2', [Math.round(durationMs), message]);
}
/** Whether the audit's heads were last written down so long ago. */
export async function anchorIsDue(pool: Pool, minutes: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from sweep where anchored_at is null or anchored_at < now() - $1 * interval '1 minute'`,
    [minutes],
  );
  return rowCount === 1;
}

/** New ones are written down, known ones are seen again. */
export async function noteStuck(pool: Pool, found: readonly StuckFinding[]): Promise<void> {
  if (found.length === 0) return;
  await pool.query(
    `insert into stuck_case as s (key, instance_key, cause, process_id, definition_key, business_key, region, element_key, element_id, detail, since)
     select nextval('instance_number') << 20, r.instance_key, r.cause, coalesce(i.process_id, r.process_id, ''),
            coalesce(i.definition_key, (select d.key from newest_process_definition d where d.process_id = r.process_id)),
            i.business_key, coalesce(i.region, ''), r.element_key, r.element_id, r.detail, r.since
       from jsonb_to_recordset($1::jsonb) as r(instance_key bigint, cause text, element_key bigint, element_id text, detail jsonb, since timestamptz, process_id text)
       left join instance i on i.key = r.instance_key
     on conflict (instance_key, cause) where state = 'ACTIVE' do update set seen_at = now(), detail = excluded.detail`,
    [
      JSON.stringify(
        found.map(({ instanceKey, cause, elementKey, elementId, since, detail, processId }) => ({
          instance_key: instanceKey,
          cause,
          element_key: elementKey,
          element_id: elementId,
          since: since.toISOString(),
          detail,
          process_id: processId ?? null,
        })),
      ),
    ],
  );
}
/** What nobody has found for `seconds` is over. @param causes those that could be looked for. */
export async function resolveStuck(pool: Pool, causes: readonly string[], seconds: number): Promise<void> {
  await pool.query(
    `update stuck_case set state = 'RESOLVED', resolved_at = now()
      where state = 'ACTIVE' and cause = any($1) and seen_at < now() - $2 * interval '1 second'`,
    [causes, seconds],
  );
}

/** Somebody asks for jobs of a type. */
export async function noteJobPoll(db: Pick<ClientBase, 'query'>, type: string, worker: string): Promise<void> {
  await db.query(
    `insert into job_poll as p (type, worker) values ($1, $2)
     on conflict (type) do update set worker = excluded.worker, last_at = now() where p.last_at < now() - interval '10 seconds'`,
    [type, worker],
  );
}
interface Unwanted {
  readonly instance_key: string;
  readonly element_key: string;
  readonly element_id: string;
  readonly type: string;
  readonly since: Date;
}
/** Offered jobs that nobody asks for. */
export async function unwantedJobs(pool: Pool, seconds: number): Promise<readonly StuckFinding[]> {
  const { rows } = await pool.query<Unwanted>(
    `select distinct on (j.instance_key) j.instance_key::text, j.element_key::text, j.element_id, p.type, greatest(p.parked_at, l.last_at) as since
       from parked_job p join job j on j.key = p.job_key and j.state = 'CREATED'
       join instance i on i.key = j.instance_key and i.suspended_at is null left join job_poll l on l.type = p.type
      where p.parked_at < now() - $1 * interval '1 second' and coalesce(p.deadline, '-infinity') < now()
        and coalesce(l.last_at, '-infinity') < now() - $1 * interval '1 second' and not p.own
        and not exists (select from suspended_job_type t where t.type = p.type)
      order by j.instance_key limit 5000`,
    [seconds],
  );
  return rows.map((row) => ({
    instanceKey: row.instance_key,
    cause: 'NO_JOB_WORKER',
    elementKey: row.element_key,
    elementId: row.element_id,
    since: row.since,
    detail: { type: row.type },
  }));
}

interface Unattended {
  readonly instance_key: string;
  readonly element_key: string;
  readonly element_id: string;
  readonly groups: string;
  readonly since: Date;
}
/** Open tasks that no account may have: none of the region has the group, or four eyes exclude all of them. One of each case. */
export async function tasksForNobody(pool: Pool, seconds: number): Promise<readonly StuckFinding[]> {
  const { rows } = await pool.query<Unattended>(
    `select distinct on (t.instance_key) t.instance_key::text, t.key::text as element_key, t.element_id,
            array_to_string(t.candidate_groups || t.candidate_users, ', ') as groups, t.created_at as since
       from user_task t join instance i on i.key = t.instance_key and i.state = 'ACTIVE' and i.suspended_at is null
      where t.state = 'CREATED' and t.assignee is null and t.created_at < now() - $1 * interval '1 second'
        and cardinality(t.candidate_groups || t.candidate_users) > 0
        and not exists (
          select from account a
           where a.region = any(array(select array_to_string((string_to_array(t.region, '.'))[1:n], '.')
                                        from generate_series(1, cardinality(string_to_array(t.region, '.'))) n) || '*'::text)
             and not a.disabled and (a.groups && t.candidate_groups or a.name = any(t.candidate_users))
             and not a.name = any(t.excluded_users))
      order by t.instance_key, t.key limit 5000`,
    [seconds],
  );
  return rows.map((row) => ({
    instanceKey: row.instance_key,
    cause: 'NOBODY_MAY',
    elementKey: row.element_key,
    elementId: row.element_id,
    since: row.since,
    detail: { groups: row.groups },
  }));
}

/** Sessions that keep others waiting: their process ids in PostgreSQL. */
export async function blockers(pool: Pool): Promise<readonly number[]> {
  const { rows } = await pool.query<{ pid: number }>(
    'select distinct unnest(pg_blocking_pids(pid)) as pid from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0 limit 20',
  );
  return rows.map(({ pid }) => pid);
}
