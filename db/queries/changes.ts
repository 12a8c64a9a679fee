/** Cases that changed lately. */
import type { ClientBase } from 'pg';

export interface Change {
  readonly instanceKey: string;
  readonly region: string;
  /** Number of its last fact. */
  readonly last: number;
  /** Whether a user task came, went or changed hands. */
  readonly tasks: boolean;
}
/** Facts of the last seconds by case; needs a reader of the whole country. */
export async function findChanges(db: Pick<ClientBase, 'query'>, seconds: number): Promise<readonly Change[]> {
  const { rows } = await db.query<Change>(
    `select f.instance_key::text as "instanceKey", i.region, max(f.number) as last, bool_or(f.type like 'userTask%') as tasks
       from fact f join instance i on i.key = f.instance_key
      where f.at > now() - make_interval(secs => $1) group by f.instance_key, i.region limit 5000`,
    [seconds],
  );
  return rows;
}
