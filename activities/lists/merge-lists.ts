/** Takes the rows of imported lists into the register, chunk by chunk: what a killed worker has begun, the next one does. */
import type { Pool } from 'pg';
import { completeImport, holdMergingImport } from '#db/exchange/rows.ts';
import type { RowSeal } from '#db/exchange/row-seal.ts';
import { transaction } from '#db/pool.ts';
import type { Vault } from '#db/vault.ts';
import { readDecisions } from './list-decisions.ts';
import { takeRows } from './take-rows.ts';

export interface ListMergerParts {
  /** Role alur_worker. */
  readonly pool: Pool;
  readonly vault: Vault;
  readonly rowSeal: RowSeal;
}
/** Rows of one transaction. */
const chunkRows = 500;
/** One list at a time in the whole cluster: two that tell of the same people at once would both make them. */
const oneAtATime = "select pg_try_advisory_xact_lock(hashtextextended('lists', 0)) as mine";
const officeDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta' });

/** Until no import waits, or another worker is at it. Throws what the database or a decision says; the next call goes on. */
export async function mergeLists({ pool, vault, rowSeal }: ListMergerParts): Promise<void> {
  const nowMs = Date.now();
  const decisions = remember(() => readDecisions(pool, nowMs));
  const today = officeDay.format(nowMs);
  const takeSome = (): Promise<boolean> =>
    transaction(pool, async (db) => {
      const { rows } = await db.query<{ mine: boolean }>(oneAtATime);
      const next = rows[0]?.mine === true ? await holdMergingImport(db) : null;
      if (next === null) return false;
      const taking = { db, vault, rowSeal, importKey: next.key, createdBy: next.createdBy, today };
      const taken = await takeRows({ ...taking, decisions: await decisions() }, chunkRows);
      if (taken < chunkRows) await completeImport(db, next.key);
      return true;
    });
  while (await takeSome());
}

function remember<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | null = null;
  return () => (reading ??= read());
}
