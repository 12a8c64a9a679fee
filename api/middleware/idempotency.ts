/** `Idempotency-Key`: the stored answer is repeated; another request under the same key, or one in flight, is refused. */
import type { Request } from 'express';
import type { Pool } from 'pg';
import { idempotencyHeader } from '#contract/session.ts';
import { claimKey, fingerprintOf } from '#db/idempotency.ts';
import type { Json } from '#engine/json.ts';
import { Refusal } from '../refusal.ts';

const longestKey = 128;

export interface StoredAnswer {
  readonly status: number;
  readonly body: Json;
}
/** null: no header. @throws Refusal for a key that is too long. */
export function idempotencyKeyOf(request: Request): string | null {
  const key = request.get(idempotencyHeader)?.trim() ?? '';
  if (key.length > longestKey) throw new Refusal('invalidRequest', 'keyTooLong');
  return key === '' ? null : key;
}
/** The stored answer; null: carry on with the request. @throws Refusal */
export async function claimRequest(
  pool: Pool,
  account: string,
  key: string,
  request: Request,
): Promise<StoredAnswer | null> {
  const claim = await claimKey(pool, account, key, fingerprintOf(request.method, request.originalUrl, request.body));
  switch (claim.state) {
    case 'claimed':
      return null;
    case 'answered':
      return { status: claim.status, body: claim.body };
    case 'reused':
      throw new Refusal('idempotencyKeyReused', 'keyReused');
    case 'inFlight':
      throw new Refusal('requestInFlight', 'inFlight', { retryAfterSeconds: 1 });
  }
}
