/** What a workflow needs to be started again from the facts of its case. */
import type { Pool } from 'pg';

export interface CalledRow {
  readonly instanceKey: string;
  readonly processId: string;
  readonly elementKey: string;
  readonly state: string;
}
/** Instances that the call activities of an instance have called, the latest of each. */
export async function calledBy(pool: Pool, instanceKey: string): Promise<readonly CalledRow[]> {
  const { rows } = await pool.query<CalledRow>(
    `select distinct on (parent_element_key) key::text as "instanceKey", process_id as "processId", parent_element_key::text as "elementKey", state
       from instance where parent_key = $1 order by parent_element_key, key desc`,
    [instanceKey],
  );
  return rows;
}
/** Correlation key of the message that started an instance, while the instance holds it. */
export async function startLockOf(pool: Pool, instanceKey: string): Promise<string | null> {
  const { rows } = await pool.query<{ correlation_key: string }>(
    'select correlation_key from message_start_lock where instance_key = $1',
    [instanceKey],
  );
  return rows[0]?.correlation_key ?? null;
}
/** Name of a definition's compiled model, hexadecimal. */
export async function modelOf(pool: Pool, definitionKey: string): Promise<string | null> {
  const { rows } = await pool.query<{ sha256: string }>(
    `select encode(model_sha256, 'hex') as sha256 from process_definition where key = $1`,
    [definitionKey],
  );
  return rows[0]?.sha256 ?? null;
}

/** Takes away what nobody needs; whether there was such a thing. */
export async function release(pool: Pool, kind: string, detail: Readonly<Record<string, unknown>>): Promise<boolean> {
  const run = async (sql: string, values: readonly unknown[]): Promise<boolean> =>
    ((await pool.query(sql, [...values])).rowCount ?? 0) > 0;
  if (kind === 'parkedJobOrphan')
    return run(
      `delete from parked_job p where p.job_key = $1 and not exists (select from job j where j.key = p.job_key and j.state = 'CREATED')`,
      [detail['job']],
    );
  if (kind === 'proposalLost')
    return run(
      'update proposal p set started = false where p.number = $1 and not exists (select from instance i where i.key = p.instance_key)',
      [detail['proposal']],
    );
  const column = detail['table'] === 'business_key_lock' ? 'business_key' : 'correlation_key';
  const table = detail['table'] === 'business_key_lock' ? 'business_key_lock' : 'message_start_lock';
  return run(
    `delete from ${table} l where l.process_id = $1 and l.${column} = $2
        and not exists (select from instance i where i.key = l.instance_key and i.state = 'ACTIVE')`,
    [detail['process'], detail['key']],
  );
}
