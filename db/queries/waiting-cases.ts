/** Cases of an area that wait for one message, with what a batch wants to know of them. */
import type { ClientBase, Pool } from 'pg';
import type { Json } from '#engine/json.ts';

type Database = Pick<ClientBase | Pool, 'query'>;

export interface Wait {
  readonly messageName: string;
  /** Kode wilayah; what lies below it counts too. */
  readonly region: string;
  /** Names of the process variables to be told. */
  readonly variables: readonly string[];
  readonly limit: number;
}
export interface WaitingCase {
  /** Correlation key of the wait. */
  readonly correlationKey: string;
  readonly region: string;
  /** Process variables by name; only those asked for. */
  readonly variables: Readonly<Record<string, Json>>;
}

/** Oldest wait first; what waits more than once under a key is listed once. */
export async function waitingCases(db: Database, wait: Wait): Promise<readonly WaitingCase[]> {
  const { rows } = await db.query<WaitingCase>(
    `select s.correlation_key as "correlationKey", s.region, coalesce(v.variables, '{}') as variables
       from (select distinct on (correlation_key) correlation_key, instance_key, region, key
               from message_subscription
              where state = 'OPEN' and message_name = $1 and (region = $2 or starts_with(region, $2 || '.'))
              order by correlation_key, key) s
       left join lateral (
         -- The value of the outermost scope: where results of decisions and start variables are.
         select jsonb_object_agg(name, value) as variables
           from (select distinct on (name) name, value from variable
                  where instance_key = s.instance_key and name = any($3) order by name, scope_key) o) v on true
      order by s.key
      limit $4`,
    [wait.messageName, wait.region, wait.variables, wait.limit],
  );
  return rows;
}

/** Proposal numbers by subject key, for those subjects that have one. */
export async function proposalNumbers(
  db: Database,
  subjectKeys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ subject_key: string; number: string }>(
    'select subject_key::text, number from proposal where subject_key = any($1::bigint[])',
    [subjectKeys],
  );
  return new Map(rows.map((row) => [row.subject_key, row.number]));
}
