/** Cases of a village that wait for one message, with what a meeting wants to know of them. */
import type { ClientBase, Pool } from 'pg';

export interface WaitingCase {
  /** Correlation key of the wait. */
  readonly correlationKey: string;
  /** Process variables by name; only those asked for. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Oldest wait first; a case that waits twice is listed once. */
export async function waitingCases(
  db: Pick<ClientBase | Pool, 'query'>,
  wait: {
    readonly messageName: string;
    readonly region: string;
    readonly variables: readonly string[];
    readonly limit: number;
  },
): Promise<readonly WaitingCase[]> {
  const { rows } = await db.query<{ correlation_key: string; variables: Record<string, unknown> | null }>(
    `select s.correlation_key, v.variables
       from (select correlation_key, instance_key, min(key) as key
               from message_subscription
              where state = 'OPEN' and message_name = $1 and region = $2
              group by correlation_key, instance_key) s
       left join lateral (
         -- The value of the outermost scope: where results of decisions and start variables are.
         select jsonb_object_agg(name, value) as variables
           from (select distinct on (name) name, value from variable
                  where instance_key = s.instance_key and name = any($3) order by name, scope_key) o) v on true
      order by s.key
      limit $4`,
    [wait.messageName, wait.region, wait.variables, wait.limit],
  );
  return rows.map((row) => ({ correlationKey: row.correlation_key, variables: row.variables ?? {} }));
}

/** Proposal numbers by subject key, for those subjects that have one. */
export async function proposalNumbers(
  db: Pick<ClientBase | Pool, 'query'>,
  subjectKeys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ subject_key: string; number: string }>(
    'select subject_key::text, number from proposal where subject_key = any($1::bigint[])',
    [subjectKeys],
  );
  return new Map(rows.map((row) => [row.subject_key, row.number]));
}
