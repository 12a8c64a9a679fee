/** Verifications and what they have found. */
import type { ClientBase, Pool } from 'pg';
import { iso } from '../queries/sql.ts';

type Database = Pick<ClientBase, 'query'> | Pool;

/** Which cases are looked at; see contract/verification.ts. */
export interface VerificationOptions {
  readonly scope: 'open' | 'all';
  readonly sample: number | null;
  readonly restored: boolean;
}
/** Values of a text for people. */
export type Detail = Readonly<Record<string, string | number>>;

export interface Difference<K extends string = string, R extends string = string> {
  readonly kind: K;
  readonly instanceKey: string | null;
  /** Values of its text; keys and names only, never what a citizen's case holds. */
  readonly detail: Detail;
  readonly repair: R | null;
}
export interface NumberedDifference extends Difference {
  readonly number: number;
  readonly outcome: 'REPAIRED' | 'FAILED' | null;
  readonly outcomeMessage: string | null;
}
export interface VerificationRow {
  readonly verificationKey: string;
  readonly options: VerificationOptions;
  readonly state: 'RUNNING' | 'COMPLETED' | 'FAILED' | 'REPAIRING';
  readonly checked: number;
  readonly differences: number;
  readonly createdBy: string;
  readonly creationTime: string;
  readonly endTime: string | null;
  readonly message: string | null;
}

export async function insertVerification(
  db: Database,
  key: string,
  options: VerificationOptions,
  createdBy: string,
): Promise<void> {
  await db.query('insert into verification (key, options, created_by) values ($1, $2, $3) on conflict do nothing', [
    key,
    options,
    createdBy,
  ]);
}

export async function findVerification(db: Database, key: string): Promise<VerificationRow | null> {
  const { rows } = await db.query<VerificationRow>(
    `select key::text as "verificationKey", options, state, checked, created_by as "createdBy", ${iso('created_at')} as "creationTime",
            ${iso('ended_at')} as "endTime", message,
            (select count(*)::int from verification_difference d where d.verification_key = v.key) as differences
       from verification v where key = $1`,
    [key],
  );
  return rows[0] ?? null;
}

/** From the beginning: an attempt that was cut short is done again. */
export async function beginVerification(pool: Pool, key: string): Promise<void> {
  await pool.query('delete from verification_difference where verification_key = $1', [key]);
  await pool.query("update verification set state = 'RUNNING', checked = 0, ended_at = null where key = $1", [key]);
}
export async function noteChecked(pool: Pool, key: string, checked: number): Promise<void> {
  await pool.query('update verification set checked = $2 where key = $1', [key, checked]);
}
export async function endVerification(pool: Pool, key: string, failure: string | null): Promise<void> {
  await pool.query('update verification set state = $2, message = $3, ended_at = now() where key = $1', [
    key,
    failure === null ? 'COMPLETED' : 'FAILED',
    failure,
  ]);
}
export async function setVerificationState(db: Database, key: string, state: VerificationRow['state']): Promise<void> {
  await db.query('update verification set state = $2 where key = $1', [key, state]);
}

export async function addDifferences(pool: Pool, key: string, found: readonly Difference[]): Promise<void> {
  if (found.length === 0) return;
  await pool.query(
    `insert into verification_difference (verification_key, number, kind, instance_key, detail, repair)
     select $1, (select coalesce(max(number), 0) from verification_difference where verification_key = $1) + r.place, r.kind, r.instance_key, r.detail, r.repair
       from jsonb_to_recordset($2::jsonb) as r(place integer, kind text, instance_key bigint, detail jsonb, repair text)`,
    [
      key,
      JSON.stringify(
        found.map(({ kind, instanceKey, detail, repair }, index) => ({
          place: index + 1,
          kind,
          instance_key: instanceKey,
          detail,
          repair,
        })),
      ),
    ],
  );
}

export async function listDifferences(
  db: Database,
  key: string,
  after: number,
  limit: number,
): Promise<readonly NumberedDifference[]> {
  const { rows } = await db.query<NumberedDifference>(
    `select number, kind, instance_key::text as "instanceKey", detail, repair, outcome, outcome_message as "outcomeMessage"
       from verification_difference where verification_key = $1 and number > $2 order by number limit $3`,
    [key, after, limit],
  );
  return rows;
}
/** `failure`: null when it was put right. */
export async function noteOutcome(pool: Pool, key: string, number: number, failure: string | null): Promise<void> {
  await pool.query(
    'update verification_difference set outcome = $3, outcome_message = $4 where verification_key = $1 and number = $2',
    [key, number, failure === null ? 'REPAIRED' : 'FAILED', failure],
  );
}
