/** Whom a message would reach, for the check before it is sent. */
import type { ClientBase } from 'pg';

export interface MessageTargets {
  /** Regions of the cases that wait for the message or are known by its key. */
  readonly regions: readonly string[];
  /** Whether the message starts processes. */
  readonly starts: boolean;
}
/** Needs a reader of the whole country: a message must not reach a case of another region. */
export async function messageTargets(
  db: Pick<ClientBase, 'query'>,
  name: string,
  correlationKey: string,
): Promise<MessageTargets> {
  const { rows } = await db.query<{ regions: string[] | null; starts: boolean }>(
    `select (select array_agg(distinct region) from (
               select region from message_subscription where state = 'OPEN' and message_name = $1 and correlation_key = $2
               union all
               select region from instance where business_key = $2 and state = 'ACTIVE') as reached) as regions,
            exists (select from newest_process_definition d
               where d.start_triggers @> jsonb_build_array(jsonb_build_object('type', 'message', 'name', $1::text))) as starts`,
    [name, correlationKey],
  );
  return { regions: rows[0]?.regions ?? [], starts: rows[0]?.starts ?? false };
}
