/** Every open case has a live reason to wait, or stands still: the certificate in SQL, and what is due and does not come. */
import type { Pool } from 'pg';

export interface Standing {
  readonly instanceKey: string;
  readonly elementKey: string | null;
  readonly elementId: string;
  readonly since: Date;
}
interface Row {
  readonly instance_key: string;
  readonly element_key: string | null;
  readonly element_id: string;
  readonly since: Date;
}
const rowsMost = 5_000;
const standingOf = (row: Row): Standing => ({
  instanceKey: row.instance_key,
  elementKey: row.element_key,
  elementId: row.element_id,
  since: row.since,
});
const query = async (pool: Pool, sql: string, seconds: number): Promise<readonly Standing[]> =>
  (await pool.query<Row>(`${sql} limit ${rowsMost}`, [seconds])).rows.map(standingOf);

const before = "now() - $1 * interval '1 second'";

/** Open cases in which nothing has happened for `seconds` and which wait for nothing that could still come. */
export const withoutReason = (pool: Pool, seconds: number) =>
  query(
    pool,
    `select i.key::text as instance_key, e.key::text as element_key, coalesce(e.element_id, '') as element_id, f.at as since
       from instance i join fact f on f.instance_key = i.key and f.number = i.last_fact
       left join lateral (select key, element_id from element_instance where instance_key = i.key and state = 'ACTIVE' and type <> 'process' order by key desc limit 1) e on true
      where i.state = 'ACTIVE' and i.suspended_at is null and f.at < ${before}
        and not exists (select from user_task t where t.instance_key = i.key and t.state in ('CREATED', 'CREATING'))
        and not exists (select from timer t where t.instance_key = i.key and t.state = 'ACTIVE' and t.due_at > ${before})
        and not exists (select from message_subscription t where t.instance_key = i.key and t.state = 'OPEN')
        and not exists (select from signal_subscription t where t.instance_key = i.key and t.state = 'OPEN')
        and not exists (select from condition_watch t where t.instance_key = i.key and t.state = 'OPEN')
        and not exists (select from job t where t.instance_key = i.key and (t.state = 'CREATED' or t.state = 'RETRY' and t.retry_at > ${before}))
        and not exists (select from incident t where t.instance_key = i.key and t.state = 'ACTIVE')
        and not exists (select from instance t where t.parent_key = i.key and (t.state = 'ACTIVE' or t.ended_at > ${before}))
        and not exists (select from element_instance t where t.instance_key = i.key and t.type = 'adHocSubProcess' and t.state = 'ACTIVE')
      order by i.key`,
    seconds,
  );

/** Timers and repetitions of jobs that were due `seconds` ago. */
export const overdue = (pool: Pool, seconds: number) =>
  query(
    pool,
    `select t.instance_key::text, t.element_key::text, t.element_id, t.due as since from (
       select instance_key, element_key, element_id, due_at as due from timer where state = 'ACTIVE' and due_at < ${before}
       union all select instance_key, element_key, element_id, retry_at from job where state = 'RETRY' and retry_at < ${before}) t
      join instance i on i.key = t.instance_key and i.state = 'ACTIVE' and i.suspended_at is null order by t.instance_key`,
    seconds,
  );

export interface OpenJob extends Standing {
  readonly jobKey: string;
  readonly type: string;
  readonly processId: string;
}
/** Jobs that are neither done nor offered to outside workers `seconds` after they were made. */
export async function unparkedJobs(pool: Pool, seconds: number): Promise<readonly OpenJob[]> {
  const { rows } = await pool.query<Row & { key: string; type: string; process_id: string }>(
    `select j.key::text, j.type, i.process_id, j.instance_key::text, j.element_key::text, j.element_id, j.created_at as since
       from job j join instance i on i.key = j.instance_key and i.state = 'ACTIVE' and i.suspended_at is null
      where j.state = 'CREATED' and j.created_at < ${before} and not exists (select from parked_job p where p.job_key = j.key)
      order by j.key limit ${rowsMost}`,
    [seconds],
  );
  return rows.map((row) => ({ ...standingOf(row), jobKey: row.key, type: row.type, processId: row.process_id }));
}

export interface OpenMessageSubscription extends Standing {
  readonly subscriptionKey: string;
  readonly processId: string;
  readonly messageName: string;
  readonly correlationKey: string;
  readonly closesOnCorrelation: boolean;
}
/** Open subscriptions to messages, after a key, in order of keys. */
export async function openMessageSubscriptions(
  pool: Pool,
  after: string,
  limit: number,
  seconds: number,
): Promise<readonly OpenMessageSubscription[]> {
  const { rows } = await pool.query<
    Row & { key: string; process_id: string; message_name: string; correlation_key: string; closes: boolean }
  >(
    `select s.key::text, i.process_id, s.instance_key::text, s.element_key::text, s.element_id, s.created_at as since, s.message_name, s.correlation_key,
            s.closes_on_correlation as closes
       from message_subscription s join instance i on i.key = s.instance_key and i.state = 'ACTIVE'
      where s.state = 'OPEN' and s.key > $2 and s.created_at < ${before} order by s.key limit $3`,
    [seconds, after, limit],
  );
  return rows.map((row) => ({
    ...standingOf(row),
    subscriptionKey: row.key,
    processId: row.process_id,
    messageName: row.message_name,
    correlationKey: row.correlation_key,
    closesOnCorrelation: row.closes,
  }));
}

/** Which of these subscriptions to messages are open. */
export async function openSubscriptions(pool: Pool, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ key: string }>(
    "select key::text from message_subscription where key = any($1::bigint[]) and state = 'OPEN'",
    [keys],
  );
  return new Set(rows.map(({ key }) => key));
}
