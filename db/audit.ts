/** Append-only audit, hash-chained per region: what people did outside the cases' own facts, and what they changed of a case by hand. Details never hold citizen data. */
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { JsonObject } from '#engine/json.ts';

export interface AuditEntry {
  readonly actor: string;
  /** What was done, such as `subject.reveal`. */
  readonly action: string;
  /** Key or name of what it was done to. */
  readonly target: string;
  readonly region: string;
  readonly detail: JsonObject;
}

const noHash = Buffer.alloc(32);
/** One chain per kabupaten/kota, province or the whole country. */
export const chainOf = (region: string): string => region.split('.').slice(0, 2).join('.');

/** Hash of a row: SHA-256(previous hash || canonical JSON of the row). */
export function auditHash(
  previous: Buffer,
  row: AuditEntry & { readonly number: string; readonly at: string },
): Buffer {
  const canonical = JSON.stringify([
    row.number,
    row.at,
    row.actor,
    row.action,
    row.target,
    row.region,
    sorted(row.detail),
  ]);
  return createHash('sha256').update(previous).update(canonical).digest();
}
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, member]) => [name, sorted(member)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Whether the command with this key has its row. */
export async function isAudited(db: Pick<ClientBase, 'query'>, target: string, commandKey: string): Promise<boolean> {
  return (await auditedDetail(db, target, commandKey)) !== null;
}
/** What was written down with the command of this key; null: nothing was. @param target null: whatever it was about */
export async function auditedDetail(
  db: Pick<ClientBase, 'query'>,
  target: string | null,
  commandKey: string,
): Promise<JsonObject | null> {
  const { rows } = await db.query<{ detail: JsonObject }>(
    "select detail from audit where detail ->> 'commandKey' = $2 and ($1::text is null or target = $1) limit 1",
    [target, commandKey],
  );
  return rows[0]?.detail ?? null;
}

/** Appends in the caller's transaction: what is audited and its audit row are committed together or not at all. */
export async function appendAudit(db: Pick<ClientBase, 'query'>, entry: AuditEntry): Promise<void> {
  const chain = chainOf(entry.region);
  // One writer per chain at a time; released with the transaction.
  await db.query("select pg_advisory_xact_lock(hashtextextended('audit ' || $1, 0))", [chain]);
  const { rows } = await db.query<{ number: string; hash: Buffer }>(
    'select number::text, hash from audit where chain = $1 order by audit.number desc limit 1',
    [chain],
  );
  const number = String(BigInt(rows[0]?.number ?? '0') + 1n);
  const previous = rows[0]?.hash ?? noHash;
  const at = new Date().toISOString();
  await db.query(
    `insert into audit (chain, number, at, actor, action, target, region, detail, previous_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      chain,
      number,
      at,
      entry.actor,
      entry.action,
      entry.target,
      entry.region,
      entry.detail,
      previous,
      auditHash(previous, { ...entry, number, at }),
    ],
  );
}
