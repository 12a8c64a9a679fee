/** Stored answers of mutations by (account, Idempotency-Key): a repeated request gets the first answer. */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { Json } from '#engine/json.ts';

export type IdempotencyClaim =
  /** First request with this key, or one whose first try never answered: carry on. */
  | { readonly state: 'claimed' }
  | { readonly state: 'answered'; readonly status: number; readonly body: Json }
  /** The same key came with another request. */
  | { readonly state: 'reused' }
  | { readonly state: 'inFlight' };

/** A request without an answer for this long was lost with its process; its key may be tried again (commands know it themselves). */
const abandonedAfterSeconds = 20;

export const fingerprintOf = (method: string, path: string, body: unknown): Buffer =>
  createHash('sha256')
    .update(`${method} ${path}\n${JSON.stringify(body) ?? ''}`)
    .digest();

export async function claimKey(
  pool: Pool,
  account: string,
  key: string,
  fingerprint: Buffer,
): Promise<IdempotencyClaim> {
  const inserted = await pool.query(
    'insert into idempotency (account, key, fingerprint) values ($1, $2, $3) on conflict do nothing',
    [account, key, fingerprint],
  );
  if (inserted.rowCount === 1) return { state: 'claimed' };
  const { rows } = await pool.query<{ fingerprint: Buffer; status: number | null; body: Json }>(
    'select fingerprint, status, body from idempotency where account = $1 and key = $2',
    [account, key],
  );
  const row = rows[0];
  if (row === undefined) return { state: 'inFlight' };
  if (!row.fingerprint.equals(fingerprint)) return { state: 'reused' };
  if (row.status !== null) return { state: 'answered', status: row.status, body: row.body };
  const taken = await pool.query(
    `update idempotency set created_at = now()
      where account = $1 and key = $2 and status is null and created_at < now() - make_interval(secs => $3)`,
    [account, key, abandonedAfterSeconds],
  );
  return taken.rowCount === 1 ? { state: 'claimed' } : { state: 'inFlight' };
}
export async function storeAnswer(
  pool: Pool,
  account: string,
  key: string,
  status: number,
  body: unknown,
): Promise<void> {
  await pool.query('update idempotency set status = $3, body = $4 where account = $1 and key = $2', [
    account,
    key,
    status,
    JSON.stringify(body ?? null),
  ]);
}
/** What the request must find again when it is repeated before it was answered; null: nothing. */
export async function recallFor(pool: Pool, account: string, key: string): Promise<Json> {
  const { rows } = await pool.query<{ body: Json }>(
    'select body from idempotency where account = $1 and key = $2 and status is null',
    [account, key],
  );
  return rows[0]?.body ?? null;
}
export async function rememberFor(pool: Pool, account: string, key: string, value: Json): Promise<void> {
  await pool.query('update idempotency set body = $3 where account = $1 and key = $2 and status is null', [
    account,
    key,
    JSON.stringify(value),
  ]);
}
/**
 * The request came to nothing. Refused: its key is free again. `mayHaveHappened`: the same request may be tried at once, another one
 * may not take its key.
 */
export async function releaseKey(pool: Pool, account: string, key: string, mayHaveHappened: boolean): Promise<void> {
  await pool.query(
    mayHaveHappened
      ? "update idempotency set created_at = '-infinity' where account = $1 and key = $2 and status is null"
      : 'delete from idempotency where account = $1 and key = $2 and status is null',
    [account, key],
  );
}
/** Answers older than this are forgotten. */
export async function forgetAnswers(pool: Pool, days: number): Promise<void> {
  await pool.query(
    'delete from idempotency where isfinite(created_at) and created_at < now() - make_interval(days => $1)',
    [days],
  );
}
