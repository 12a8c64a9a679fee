/** Whether the audit is whole: every row as it was written, none missing in between, none cut off at the end. */
import type { Pool } from 'pg';
import type { JsonObject } from '#engine/json.ts';
import { auditHash } from '../audit.ts';
import type { AnchoredHead } from './anchors.ts';
import type { Difference } from './store.ts';

export type AuditKind = 'auditChanged' | 'auditGap' | 'auditCut';
type AuditDifference = Difference<AuditKind, never>;

interface AuditRow {
  readonly number: string;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly target: string;
  readonly region: string;
  readonly detail: JsonObject;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}
const page = 1_000;
/** A chain that was rewritten as a whole differs in every row: the first few say enough. */
const toldPerChain = 20;
const noHash = Buffer.alloc(32);

const difference = (kind: AuditKind, chain: string, number: bigint | string): AuditDifference => ({
  kind,
  instanceKey: null,
  detail: { chain, number: String(number) },
  repair: null,
});

async function checkChain(pool: Pool, chain: string, heads: readonly AnchoredHead[]): Promise<AuditDifference[]> {
  const found: AuditDifference[] = [];
  const hashes = new Map(heads.map(({ number }) => [number, '']));
  let previous: Buffer = noHash;
  let last = 0n;
  for (;;) {
    const { rows } = await pool.query<AuditRow>(
      `select number::text, at, actor, action, target, region, detail, previous_hash, hash from audit
        where chain = $1 and number > $2 order by audit.number limit ${page}`,
      [chain, last.toString()],
    );
    for (const row of rows) {
      const number = BigInt(row.number);
      if (number !== last + 1n) found.push(difference('auditGap', chain, last + 1n));
      const hash = auditHash(row.previous_hash, { ...row, at: row.at.toISOString() });
      const isLinked = number !== last + 1n || row.previous_hash.equals(previous);
      if (!isLinked || !hash.equals(row.hash)) found.push(difference('auditChanged', chain, number));
      if (hashes.has(row.number)) hashes.set(row.number, row.hash.toString('hex'));
      previous = row.hash;
      last = number;
    }
    if (rows.length < page) break;
  }
  for (const { number, hash } of heads) {
    if (BigInt(number) > last) found.push(difference('auditCut', chain, last + 1n));
    else if (hashes.get(number) !== hash) found.push(difference('auditChanged', chain, number));
  }
  const told = new Set<string>();
  return found
    .filter(({ kind, detail }) => {
      const name = `${kind} ${String(detail['number'])}`;
      return !told.has(name) && told.add(name).size > 0;
    })
    .slice(0, toldPerChain);
}

/** @param anchors heads of chains that were written down outside the database. */
export async function checkAudit(pool: Pool, anchors: readonly AnchoredHead[]): Promise<readonly AuditDifference[]> {
  const { rows } = await pool.query<{ chain: string }>('select distinct chain from audit order by chain');
  const chains = new Set([...rows.map(({ chain }) => chain), ...anchors.map(({ chain }) => chain)]);
  const found: AuditDifference[] = [];
  for (const chain of chains)
    found.push(
      ...(await checkChain(
        pool,
        chain,
        anchors.filter((anchor) => anchor.chain === chain),
      )),
    );
  return found;
}
