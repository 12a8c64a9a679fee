/**
 * Pairs of records that may be of one person: what was decided of them, the merge with the data that people chose field by field, and its
 * undoing. The chosen data is a record of its own, so that both old ones stay as they were.
 */
import type { Pool, PoolClient } from 'pg';
import { transaction } from '../pool.ts';
import type { Citizen, CitizenField, Vault } from '../vault.ts';
import { mergePersons, undoMerge } from './merges.ts';
import type { PaidTwice, UndoResult } from './merges.ts';
import type { Command } from './moves.ts';
import { registerPerson } from './people.ts';

type Database = Pick<PoolClient, 'query'>;

/** Two records, by their keys in the vault. */
export interface Pair {
  readonly first: string;
  readonly second: string;
}
/** `MERGED`: the register knows them as one person; `REFUSED`: people said that they are two. */
export type PairStanding = 'NEW' | 'MERGED' | 'REFUSED';

export interface MergeChoice extends Command {
  readonly survivor: string;
  readonly loser: string;
  /** What is taken from the loser's record; the rest is the survivor's. */
  readonly fromLoser: readonly CitizenField[];
  /** YYYY-MM-DD */
  readonly today: string;
}
export type Merged =
  | {
      readonly outcome: 'merged';
      readonly mergeKey: string;
      /** Entries of the ledger that are the survivor's now. */
      readonly moved: number;
      /** Paid to both. */
      readonly paidTwice: readonly PaidTwice[];
    }
  | { readonly outcome: 'refused'; readonly code: 'SAME_PERSON' | 'UNKNOWN_RECORD' };

export interface Duplicates {
  /** Record of a proposal; null: there is no such number. */
  readonly recordOf: (proposalNumber: string) => Promise<string | null>;
  readonly standing: (pair: Pair) => Promise<PairStanding>;
  readonly refuse: (pair: Pair, decision: Omit<Command, 'commandKey'>) => Promise<void>;
  readonly merge: (choice: MergeChoice) => Promise<Merged>;
  readonly undo: (mergeKey: string, command: Command) => Promise<UndoResult>;
}

export function createDuplicates(pool: Pool, vault: Vault): Duplicates {
  return {
    recordOf: async (proposalNumber) => {
      const { rows } = await pool.query<{ key: string }>(
        'select subject_key::text as key from proposal where number = $1',
        [proposalNumber],
      );
      return rows[0]?.key ?? null;
    },
    standing: (pair) => standingOf(pool, pair),
    refuse: async (pair, { reason, actor }) => {
      const [first, second] = ordered(pair);
      await pool.query(
        'insert into refused_pair (first_key, second_key, reason, decided_by) values ($1, $2, $3, $4) on conflict do nothing',
        [first, second, reason, actor],
      );
    },
    merge: (choice) => transaction(pool, (db) => merge(db, vault, choice)),
    undo: (mergeKey, command) =>
      transaction(pool, async (db) => {
        const result = await undoMerge(db, mergeKey, command);
        if (result.outcome === 'undone') await forgetChoice(db, mergeKey);
        return result;
      }),
  };
}

const ordered = ({ first, second }: Pair): readonly [string, string] =>
  BigInt(first) < BigInt(second) ? [first, second] : [second, first];

/** A person's records are one: what was refused of one of them holds for all. */
const refusedSql = `select from refused_pair r
    join subject a on a.key = r.first_key join subject b on b.key = r.second_key
   where coalesce(a.person_key, a.key) = coalesce(x.person_key, x.key) and coalesce(b.person_key, b.key) = coalesce(y.person_key, y.key)
      or coalesce(a.person_key, a.key) = coalesce(y.person_key, y.key) and coalesce(b.person_key, b.key) = coalesce(x.person_key, x.key)`;

async function standingOf(db: Database, { first, second }: Pair): Promise<PairStanding> {
  const { rows } = await db.query<{ merged: boolean; refused: boolean }>(
    `select x.person_key is not null and x.person_key = y.person_key as merged, exists (${refusedSql}) as refused
       from subject x, subject y where x.key = $1 and y.key = $2`,
    [first, second],
  );
  if (rows[0]?.merged === true) return 'MERGED';
  return rows[0]?.refused === true ? 'REFUSED' : 'NEW';
}

/** Of the candidates for a record, those that were refused. */
export async function refusedAmong(
  db: Database,
  subjectKey: string,
  candidates: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ key: string }>(
    `select y.key::text as key from subject x, subject y where x.key = $1 and y.key = any($2::bigint[]) and exists (${refusedSql})`,
    [subjectKey, candidates],
  );
  return new Set(rows.map(({ key }) => key));
}

async function merge(db: PoolClient, vault: Vault, choice: MergeChoice): Promise<Merged> {
  const { survivor, loser, today } = choice;
  const survivorRecord = await vault.read(db, survivor);
  const loserRecord = await vault.read(db, loser);
  if (survivorRecord === null || loserRecord === null) return { outcome: 'refused', code: 'UNKNOWN_RECORD' };
  const survivorKey = await personOf(db, vault, survivor, today);
  const loserKey = await personOf(db, vault, loser, today);
  const { commandKey, actor, reason } = choice;
  const merged = await mergePersons(db, { loserKey, survivorKey, on: today, commandKey, actor, reason });
  if (merged.outcome === 'refused') return merged;
  const { mergeKey, paidTwice } = merged;
  if (choice.fromLoser.length > 0)
    await useChoice(db, vault, mergeKey, chosen(survivorRecord, loserRecord, choice.fromLoser));
  return { outcome: 'merged', mergeKey, moved: await movedBy(db, mergeKey), paidTwice: await paid(db, paidTwice) };
}

/** The record's person; of a person merged by this command before, the one he was. */
async function personOf(db: PoolClient, vault: Vault, subjectKey: string, today: string): Promise<string> {
  const found = await registerPerson(db, vault, { subjectKey, on: today, isNewest: false });
  if (found === null) throw new Error(`no record ${subjectKey} in the vault`);
  return found.personKey;
}

/** An address is one thing: its parts come from one record. */
const addressFields = [
  'alamat',
  'rt',
  'rw',
  'penanda',
  'lat',
  'lon',
  'kodeDesa',
] as const satisfies readonly CitizenField[];

function chosen(survivor: Citizen, loser: Citizen, fromLoser: readonly CitizenField[]): Citizen {
  const taken = fromLoser.flatMap((field): readonly CitizenField[] => (field === 'alamat' ? addressFields : [field]));
  return { ...survivor, ...Object.fromEntries(taken.map((field) => [field, loser[field]])) };
}

async function useChoice(db: PoolClient, vault: Vault, mergeKey: string, citizen: Citizen): Promise<void> {
  const { rows } = await db.query<{ survivor: string; present: string | null }>(
    `select p.key::text as survivor, p.subject_key::text as present from person_alias a join person p on p.key = a.survivor_key
      where a.key = $1 and a.chosen_subject is null for update of a`,
    [mergeKey],
  );
  const [row] = rows;
  // Chosen already: the same command again.
  if (row === undefined) return;
  const record = await vault.create(db, citizen);
  await db.query('update subject set person_key = $2 where key = $1', [record, row.survivor]);
  await db.query('update person set subject_key = $2, region = $3 where key = $1', [
    row.survivor,
    record,
    citizen.kodeDesa,
  ]);
  await db.query('update person_alias set chosen_subject = $2, previous_subject = $3 where key = $1', [
    mergeKey,
    record,
    row.present,
  ]);
}

/** The survivor has the data of before again, unless newer data came since. */
async function forgetChoice(db: Database, mergeKey: string): Promise<void> {
  await db.query(
    `update person p set subject_key = a.previous_subject, region = coalesce(s.region, p.region)
       from person_alias a left join subject s on s.key = a.previous_subject
      where a.key = $1 and p.key = a.survivor_key and p.subject_key = a.chosen_subject`,
    [mergeKey],
  );
  await db.query('delete from subject using person_alias a where a.key = $1 and subject.key = a.chosen_subject', [
    mergeKey,
  ]);
}

async function movedBy(db: Database, mergeKey: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    "select jsonb_array_length(moved -> 'participations') as count from person_alias where key = $1",
    [mergeKey],
  );
  return rows[0]?.count ?? 0;
}

/** Help of which both were paid; what is only kept for somebody needs no claiming back. */
async function paid(db: Database, twice: readonly PaidTwice[]): Promise<readonly PaidTwice[]> {
  const { rows } = await db.query<{ key: string }>(
    "select key::text from participation where state = 'PAID' and key = any($1::bigint[])",
    [twice.flatMap(({ first, second }) => [first, second])],
  );
  const keys = new Set(rows.map(({ key }) => key));
  return twice.filter(({ first, second }) => keys.has(first) && keys.has(second));
}
