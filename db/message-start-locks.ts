/** One active instance of a process for each correlation key whose message starts it. */
import type { Pool } from 'pg';

export interface StartLock {
  readonly processId: string;
  readonly correlationKey: string;
  readonly instanceKey: string;
}
/** Whether the instance has the lock now: nobody had it, or only an instance that has ended. */
export async function takeStartLock(
  pool: Pool,
  { processId, correlationKey, instanceKey }: StartLock,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `insert into message_start_lock as l (process_id, correlation_key, instance_key) values ($1, $2, $3)
     on conflict (process_id, correlation_key) do update set instance_key = excluded.instance_key
      where l.instance_key = excluded.instance_key
         or exists (select from instance i where i.key = l.instance_key and i.state <> 'ACTIVE')`,
    [processId, correlationKey, instanceKey],
  );
  return rowCount === 1;
}
export async function releaseStartLock(
  pool: Pool,
  { processId, correlationKey, instanceKey }: StartLock,
): Promise<void> {
  await pool.query(
    'delete from message_start_lock where process_id = $1 and correlation_key = $2 and instance_key = $3',
    [processId, correlationKey, instanceKey],
  );
}
