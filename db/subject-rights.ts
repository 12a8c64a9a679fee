/**
 * Rights of the people whose data is kept (UU PDP 27/2022): restricting its processing, a copy of what is held with who looked at it, and
 * whom a breach concerns. Functions for a person run in the caller's transaction, under his region.
 */
import { createHash } from 'node:crypto';
import type { ClientBase, Pool, PoolClient } from 'pg';
import type { Json, JsonObject } from '#engine/json.ts';
import { appendAudit, isAudited } from './audit.ts';
import { transaction } from './pool.ts';
import { nextKey } from './queries/definitions.ts';
import { iso } from './queries/sql.ts';
import type { Command } from './registry/moves.ts';
import { ledgerOf } from './registry/participations.ts';
import { personOfSubject } from './registry/people.ts';
import type { Vault } from './vault.ts';

type Database = Pick<ClientBase, 'query'>;

/** What was put together, without its content. */
export interface SubjectCopy {
  readonly copyKey: string;
  /** Of the content, in hexadecimal. */
  readonly sha256: string;
  readonly createdAt: string;
}
/** Who may be concerned by a breach: all of a region, or whose data an account has opened or changed. Dates are YYYY-MM-DD, both included. */
export type BreachScope =
  | { readonly kind: 'region'; readonly region: string }
  | {
      readonly kind: 'account';
      readonly region: string;
      readonly account: string;
      readonly from: string;
      readonly to: string;
    };
export interface Concerned {
  readonly subjectKeys: readonly string[];
  /** false: there are more than are told. */
  readonly complete: boolean;
}

export interface SubjectRights {
  readonly isRestricted: (subjectKey: string) => Promise<boolean>;
  /** false: there is no such record. */
  readonly restrict: (subjectKey: string, restricted: boolean, command: Command) => Promise<boolean>;
  /** `purposes`: what the data is held for, as the tenant says. null: there is no such record. */
  readonly compileCopy: (subjectKey: string, purposes: Json, commandKey: string) => Promise<SubjectCopy | null>;
  readonly concernedBy: (scope: BreachScope, most: number) => Promise<Concerned>;
}

export function createSubjectRights(pool: Pool, vault: Vault): SubjectRights {
  return {
    isRestricted: (subjectKey) => isRestricted(pool, subjectKey),
    restrict: (subjectKey, restricted, command) =>
      transaction(pool, (db) => restrict(db, subjectKey, restricted, command)),
    compileCopy: (subjectKey, purposes, commandKey) =>
      transaction(pool, (db) => compileCopy(db, vault, { subjectKey, purposes, commandKey })),
    concernedBy: (scope, most) => concernedBy(pool, scope, most),
  };
}

export async function isRestricted(db: Database, subjectKey: string): Promise<boolean> {
  const { rows } = await db.query<{ restricted: boolean }>(
    'select restricted_at is not null as restricted from subject where key = $1',
    [subjectKey],
  );
  return rows[0]?.restricted === true;
}

async function restrict(db: PoolClient, subjectKey: string, restricted: boolean, command: Command): Promise<boolean> {
  const { rows } = await db.query<{ region: string }>(
    'update subject set restricted_at = case when $2 then coalesce(restricted_at, now()) end where key = $1 returning region',
    [subjectKey, restricted],
  );
  const region = rows[0]?.region;
  if (region === undefined) return false;
  const { commandKey, actor, reason } = command;
  if (!(await isAudited(db, subjectKey, commandKey))) {
    const action = restricted ? 'subject.restrict' : 'subject.unrestrict';
    await appendAudit(db, { actor, action, target: subjectKey, region, detail: { commandKey, reason } });
  }
  return true;
}

interface CopyRow {
  readonly copyKey: string;
  readonly sha256: Buffer;
  readonly createdAt: string;
}
const copyColumns = `key::text as "copyKey", sha256, ${iso('created_at')} as "createdAt"`;
const copyOf = ({ copyKey, sha256, createdAt }: CopyRow): SubjectCopy => ({
  copyKey,
  sha256: sha256.toString('hex'),
  createdAt,
});

async function compileCopy(
  db: PoolClient,
  vault: Vault,
  {
    subjectKey,
    purposes,
    commandKey,
  }: { readonly subjectKey: string; readonly purposes: Json; readonly commandKey: string },
): Promise<SubjectCopy | null> {
  const known = await db.query<CopyRow>(`select ${copyColumns} from subject_copy where command_key = $1`, [commandKey]);
  if (known.rows[0] !== undefined) return copyOf(known.rows[0]);
  const content = await contentOf(db, vault, subjectKey, purposes);
  if (content === null) return null;
  const text = Buffer.from(JSON.stringify(content));
  const { rows } = await db.query<CopyRow>(
    `insert into subject_copy (key, subject_key, region, command_key, ciphertext, sha256)
     select $1, key, region, $3, $4, $5 from subject where key = $2 returning ${copyColumns}`,
    [
      await nextKey(db),
      subjectKey,
      commandKey,
      await vault.sealPaper(db, subjectKey, text),
      createHash('sha256').update(text).digest(),
    ],
  );
  return rows[0] === undefined ? null : copyOf(rows[0]);
}

/** Rows of the audit trail and of the cases told in one copy. */
const rowsMost = 5_000;

/** All that is held about the person: every record, case, decision and help, and who looked. */
async function contentOf(db: PoolClient, vault: Vault, subjectKey: string, purposes: Json): Promise<JsonObject | null> {
  const citizen = await vault.read(db, subjectKey);
  if (citizen === null) return null;
  const person = await personOfSubject(db, subjectKey);
  const records = await recordsOf(db, subjectKey, person);
  const others = records.filter((key) => key !== subjectKey);
  const otherRecords: Json[] = [];
  for (const key of others) otherRecords.push((await vault.read(db, key)) as unknown as Json);
  const listed = async (sql: string): Promise<Json> =>
    (await db.query<JsonObject>(`${sql} limit ${String(rowsMost)}`, [records])).rows;
  const ledger = person === null ? [] : await ledgerOf(db, person, { amounts: true });
  return {
    disusun: new Date().toISOString(),
    tujuan: purposes,
    data: citizen as unknown as Json,
    dataLain: otherRecords,
    usulan: await listed(
      `select p.number as nomor, ${iso('p.created_at')} as dibuat, p.created_by as oleh, i.state as keadaan, i.end_elements as hasil
         from proposal p left join instance i on i.key = p.instance_key where p.subject_key = any($1::bigint[]) order by p.number`,
    ),
    keputusan: await listed(
      `select d.decision_id as keputusan, ${iso('d.at')} as waktu, d.explanation -> 'inputs' as masukan, d.explanation -> 'output' as hasil,
              d.explanation -> 'matchedRules' as aturan
         from proposal p join decision_evaluation d on d.instance_key = p.instance_key
        where p.subject_key = any($1::bigint[]) order by d.at`,
    ),
    kepesertaan: ledger.map(({ programme, source, period, state, amount }) => ({
      program: programme,
      sumber: source,
      periode: period,
      keadaan: state,
      jumlah: amount,
    })),
    dilihat: await listed(
      `select ${iso('a.at')} as waktu, a.actor as oleh, a.action as tindakan, a.detail ->> 'reason' as alasan
         from audit a where a.target = any($1::text[]) order by a.at`,
    ),
  };
}

async function recordsOf(db: Database, subjectKey: string, personKey: string | null): Promise<readonly string[]> {
  const { rows } = await db.query<{ key: string }>(
    'select key::text from subject where key = $1 or person_key = $2 order by key',
    [subjectKey, personKey],
  );
  return rows.map(({ key }) => key);
}

async function concernedBy(db: Database, scope: BreachScope, most: number): Promise<Concerned> {
  const inRegion = "(s.region = $1 or starts_with(s.region, $1 || '.'))";
  // Days are those of western Indonesia.
  const opened = `exists (select from audit a where a.target = s.key::text and a.action like 'subject.%' and a.actor = $3
      and (a.at at time zone 'Asia/Jakarta')::date between $4::date and $5::date)`;
  const { rows } =
    scope.kind === 'region'
      ? await db.query<{ key: string }>(`select s.key::text from subject s where ${inRegion} order by s.key limit $2`, [
          scope.region,
          most + 1,
        ])
      : await db.query<{ key: string }>(
          `select s.key::text from subject s where ${inRegion} and ${opened} order by s.key limit $2`,
          [scope.region, most + 1, scope.account, scope.from, scope.to],
        );
  return { subjectKeys: rows.slice(0, most).map(({ key }) => key), complete: rows.length <= most };
}

/** Copies made for a citizen, newest first. */
export async function copiesOf(db: Database, subjectKey: string): Promise<readonly SubjectCopy[]> {
  const { rows } = await db.query<CopyRow>(
    `select ${copyColumns} from subject_copy where subject_key = $1 order by key desc limit 100`,
    [subjectKey],
  );
  return rows.map(copyOf);
}
/** Content of a copy; null: no such copy, or not in the caller's region. */
export async function readCopy(
  db: Database,
  vault: Vault,
  subjectKey: string,
  copyKey: string,
): Promise<JsonObject | null> {
  const { rows } = await db.query<{ ciphertext: Buffer }>(
    'select ciphertext from subject_copy where subject_key = $1 and key = $2',
    [subjectKey, copyKey],
  );
  const paper = rows[0] === undefined ? null : await vault.openPaper(db, subjectKey, rows[0].ciphertext);
  return paper === null ? null : (JSON.parse(paper.toString()) as JsonObject);
}
