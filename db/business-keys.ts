/** Business keys that are unique among the active instances of a process (property `alur.uniqueBusinessKey`). */
import type { ClientBase } from 'pg';

type Database = Pick<ClientBase, 'query'>;

export interface BusinessKeyLock {
  readonly processId: string;
  readonly businessKey: string;
  readonly instanceKey: string;
}
export type Taking =
  | { readonly isTaken: true }
  | {
      readonly isTaken: false;
      /** The instance that has the key. */
      readonly holder: string;
      /** It took the key a while ago and is not in the read model: whoever wanted to start it may have died before. */
      readonly isDoubtful: boolean;
    };

/** From then on a start that cannot be seen is looked into. */
const doubtfulAfterSeconds = 60;

/**
 * Whether the instance has the key now: nobody had it, or only an instance that has ended. Repeating it changes nothing. Needs a reader of
 * the whole country: the holder may be in any region.
 */
export async function takeBusinessKey(
  db: Database,
  { processId, businessKey, instanceKey }: BusinessKeyLock,
): Promise<Taking> {
  const { rowCount } = await db.query(
    `insert into business_key_lock as l (process_id, business_key, instance_key) values ($1, $2, $3)
     on conflict (process_id, business_key) do update set instance_key = excluded.instance_key, taken_at = now()
      where l.instance_key = excluded.instance_key
         or exists (select from instance i where i.key = l.instance_key and i.state <> 'ACTIVE')`,
    [processId, businessKey, instanceKey],
  );
  if (rowCount === 1) return { isTaken: true };
  const { rows } = await db.query<{ holder: string; isDoubtful: boolean }>(
    `select instance_key::text as holder, taken_at < now() - make_interval(secs => $3)
            and not exists (select from instance i where i.key = l.instance_key) as "isDoubtful"
       from business_key_lock l where process_id = $1 and business_key = $2`,
    [processId, businessKey, doubtfulAfterSeconds],
  );
  // Gone between the two statements: it is free, and the same start may be tried again.
  return { isTaken: false, ...(rows[0] ?? { holder: instanceKey, isDoubtful: false }) };
}

/** The holder never started, and never will: its key is free. */
export async function freeBusinessKey(db: Database, { processId, businessKey, instanceKey }: BusinessKeyLock) {
  await db.query('delete from business_key_lock where process_id = $1 and business_key = $2 and instance_key = $3', [
    processId,
    businessKey,
    instanceKey,
  ]);
}
