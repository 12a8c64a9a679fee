/** How far the engine's time is ahead of the clock; only test stacks (ALUR_TEST_CLOCK) ever write it. */
import type { ClientBase, Pool } from 'pg';

export async function clockOffsetMs(db: Pool | Pick<ClientBase, 'query'>): Promise<number> {
  const { rows } = await db.query<{ offset_ms: string }>('select offset_ms from test_clock');
  return Number(rows[0]?.offset_ms ?? 0);
}
export async function setClockOffset(db: Pool | Pick<ClientBase, 'query'>, offsetMs: number): Promise<void> {
  await db.query(
    'insert into test_clock (offset_ms) values ($1) on conflict (only_row) do update set offset_ms = excluded.offset_ms',
    [Math.round(offsetMs)],
  );
}

export interface OpenInstance {
  readonly processId: string;
  readonly instanceKey: string;
}
export async function openInstances(db: Pick<ClientBase, 'query'>): Promise<readonly OpenInstance[]> {
  const { rows } = await db.query<OpenInstance>(
    `select process_id as "processId", key::text as "instanceKey" from instance where state = 'ACTIVE'`,
  );
  return rows;
}
/** Changes with every recorded fact, and while a signal is on its way. */
export async function activityMark(db: Pick<ClientBase, 'query'>): Promise<string> {
  const { rows } = await db.query<{ mark: string }>(
    `select concat(count(*), '/', sum(last_fact), '/', (select count(*) from signal_delivery)) as mark from instance`,
  );
  return rows[0]?.mark ?? '';
}
