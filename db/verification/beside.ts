/**
 * What lies beside the projections, and which of its rows nobody needs or somebody misses. Not made from facts, so never rebuilt:
 * `parked_job` (offers of open jobs), `message_start_lock` and `business_key_lock` (who is the only one), `signal` and `signal_delivery`
 * (broadcasts under way), `started_instance` (keys given to starts), `proposal` (what starts a case), `case_key` and `payload` (what
 * Temporal's history is read with), `idempotency` (answers), `stuck_case` (what the sweeper sees).
 */
import type { Pool } from 'pg';
import type { Detail } from './store.ts';

export interface BesideRow {
  readonly instanceKey: string | null;
  readonly detail: Detail;
}
/** Rows younger than this may still be on their way. */
const settled = "interval '60 seconds'";
const rowsMost = 10_000;

async function rowsOf(pool: Pool, sql: string): Promise<readonly BesideRow[]> {
  const { rows } = await pool.query<{ instance_key: string | null; detail: Detail }>(`${sql} limit ${rowsMost}`);
  return rows.map(({ instance_key: instanceKey, detail }) => ({ instanceKey, detail }));
}

/** Offers of jobs that are not open. */
export const orphanParkedJobs = (pool: Pool) =>
  rowsOf(
    pool,
    `select p.instance_key, jsonb_build_object('job', p.job_key::text, 'type', p.type) as detail from parked_job p
      where not exists (select from job j where j.key = p.job_key and j.state = 'CREATED')`,
  );

const ended = (owner: string): string =>
  `not exists (select from instance i where i.key = ${owner} and (i.state = 'ACTIVE' or i.ended_at > now() - ${settled}))`;
/** Locks of instances that have ended, or never were. */
export const staleStartLocks = async (pool: Pool): Promise<readonly BesideRow[]> => [
  ...(await rowsOf(
    pool,
    `select l.instance_key, jsonb_build_object('table', 'message_start_lock', 'process', l.process_id, 'key', l.correlation_key) as detail
       from message_start_lock l where ${ended('l.instance_key')} and exists (select from instance i where i.key = l.instance_key)`,
  )),
  ...(await rowsOf(
    pool,
    `select l.instance_key, jsonb_build_object('table', 'business_key_lock', 'process', l.process_id, 'key', l.business_key) as detail
       from business_key_lock l where ${ended('l.instance_key')} and l.taken_at < now() - interval '10 minutes'`,
  )),
];

/** Broadcasts that have stood still, by signal. */
export const waitingBroadcasts = (pool: Pool) =>
  rowsOf(
    pool,
    `select null::bigint as instance_key, jsonb_build_object('signal', s.key::text, 'name', s.name, 'count', count(*)) as detail
       from signal s join signal_delivery d on d.signal_key = s.key where s.created_at < now() - ${settled} group by s.key, s.name`,
  );

/** Proposals whose case was started and is nowhere. */
export const lostProposals = (pool: Pool) =>
  rowsOf(
    pool,
    `select p.instance_key, jsonb_build_object('proposal', p.number) as detail from proposal p
      where p.started and p.created_at < now() - ${settled} and not exists (select from instance i where i.key = p.instance_key)`,
  );

/** Called processes that are awaited and do not run. */
export const lostChildren = (pool: Pool) =>
  rowsOf(
    pool,
    `select e.instance_key, jsonb_build_object('element', e.element_id, 'elementKey', e.key::text) as detail
       from element_instance e join instance p on p.key = e.instance_key and p.state = 'ACTIVE' and p.suspended_at is null
      where e.type = 'callActivity' and e.state = 'ACTIVE' and e.started_at < now() - ${settled}
        and not exists (select from instance c where c.parent_element_key = e.key
                         and (c.state = 'ACTIVE' or c.ended_at > now() - ${settled}))
        and not exists (select from incident n where n.instance_key = e.instance_key and n.state = 'ACTIVE')
        and not exists (select from job j where j.element_key = e.key and j.state in ('CREATED', 'RETRY'))`,
  );

/** Open cases without the key of their payloads. */
export const missingCaseKeys = (pool: Pool) =>
  rowsOf(
    pool,
    `select i.key as instance_key, jsonb_build_object('workflow', i.process_id || '/' || i.key) as detail from instance i
      where i.state = 'ACTIVE' and not exists (select from case_key k where k.workflow_id = i.process_id || '/' || i.key)`,
  );
/** Keys of open cases, to be tried. */
export async function caseKeysOfOpen(
  pool: Pool,
  after: string,
  limit: number,
): Promise<readonly { readonly instanceKey: string; readonly workflowId: string; readonly wrappedKey: Buffer }[]> {
  const { rows } = await pool.query<{ key: string; workflow_id: string; wrapped_key: Buffer }>(
    `select i.key::text, k.workflow_id, k.wrapped_key from instance i join case_key k on k.workflow_id = i.process_id || '/' || i.key
      where i.state = 'ACTIVE' and i.key > $1 order by i.key limit $2`,
    [after, limit],
  );
  return rows.map((row) => ({ instanceKey: row.key, workflowId: row.workflow_id, wrappedKey: row.wrapped_key }));
}

/** Definitions of open cases, and the newest of each process, whose compiled model is not there or not what its name says. */
export const missingModels = (pool: Pool) =>
  rowsOf(
    pool,
    `with used as (select distinct definition_key as key from instance where state = 'ACTIVE' union select key from newest_process_definition)
     select null::bigint as instance_key, jsonb_build_object('definition', u.key::text, 'process', coalesce(d.process_id, '?')) as detail
       from used u left join process_definition d on d.key = u.key left join payload p on p.sha256 = d.model_sha256
      where p.body is null or sha256(p.body) <> p.sha256`,
  );
/** Stored payloads that are not what their name says. */
export const damagedPayloads = (pool: Pool) =>
  rowsOf(
    pool,
    `select null::bigint as instance_key, jsonb_build_object('payload', encode(p.sha256, 'hex')) as detail from payload p where sha256(p.body) <> p.sha256`,
  );
