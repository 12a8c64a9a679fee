/** Finished cases and the facts of cases, for looking back. */
import type { ClientBase } from 'pg';

export interface FinishedInstance {
  readonly key: string;
  readonly businessKey: string | null;
}
/** The instances of a process that ended last, newest first. */
export async function findFinished(
  db: Pick<ClientBase, 'query'>,
  processId: string,
  most: number,
): Promise<readonly FinishedInstance[]> {
  const { rows } = await db.query<FinishedInstance>(
    `select key::text, business_key as "businessKey" from instance
      where process_id = $1 and state <> 'ACTIVE' order by ended_at desc, key desc limit $2`,
    [processId, most],
  );
  return rows;
}

/** 0: there is no such instance. */
export async function lastFactNumberOf(db: Pick<ClientBase, 'query'>, instanceKey: string): Promise<number> {
  const { rows } = await db.query<{ last_fact: number }>('select last_fact from instance where key = $1', [
    instanceKey,
  ]);
  return rows[0]?.last_fact ?? 0;
}
