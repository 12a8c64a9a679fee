/**
 * What the monthly update of a village reads and writes: who receives help there, what was found about them, when they were checked, whose
 * help stops from when. Recipients are told by number (of the proposal, or of the ledger) and by the vault record of who receives.
 */
import type { Pool, PoolClient } from 'pg';
import { monthsOf } from '#registry/period.ts';
import { appendAudit } from '../audit.ts';
import { transaction } from '../pool.ts';
import type { Citizen, Vault } from '../vault.ts';
import { moveFamily, recordDeath } from './moves.ts';
import type { Command } from './moves.ts';
import { holdRecipient } from './participations.ts';
import { familyOf, personOfSubject } from './people.ts';

type Database = Pick<PoolClient, 'query'>;

export interface ListedFamily {
  readonly number: string;
  readonly subjectKey: string;
  readonly citizen: Citizen;
}
export interface Finding {
  readonly number: string;
  readonly kind: string;
}
export interface NewFinding extends Finding {
  /** Idempotency key. */
  readonly key: string;
  readonly village: string;
  readonly subjectKey: string;
  readonly period: string;
}
export interface Check {
  readonly number: string;
  /** null: nobody answered. */
  readonly answer: string | null;
}
export interface Stop {
  readonly number: string;
  readonly subjectKey: string;
  /** null: all help. */
  readonly programme: string | null;
}
export interface Successor {
  readonly personKey: string;
  readonly sex: 'L' | 'P';
  /** YYYY-MM-DD */
  readonly birthDate: string;
}

export interface Updates {
  /** Families of a village with help in one of the last months, by number. `today`: YYYY-MM-DD. */
  readonly listed: (village: string, today: string, most: number) => Promise<readonly ListedFamily[]>;
  /** Villages, or with two segments districts, in which somebody is listed. */
  readonly regions: (segments: 2 | 4, today: string) => Promise<readonly string[]>;
  readonly noteFinding: (finding: NewFinding) => Promise<void>;
  readonly openFindings: (village: string) => Promise<readonly Finding[]>;
  /** Checked families have no open findings any more; those without an answer are marked stale. */
  readonly noteChecks: (
    checks: readonly Check[],
    at: { readonly village: string; readonly period: string; readonly commandKey: string },
  ) => Promise<void>;
  /** Marks the person dead and takes him out of his family; who is left, the eldest first. null: not registered. */
  readonly recordDeath: (
    subjectKey: string,
    death: Command & { readonly on: string },
  ) => Promise<readonly Successor[] | null>;
  /** Help of the family goes to another member from now on. false: not registered, or not of this family. */
  readonly changeCaretaker: (subjectKey: string, personKey: string, command: Command) => Promise<boolean>;
  /** With the address of the record, or (`isAddressKnown` false) none until the new village notes it. false: not registered. */
  readonly moveFamily: (
    subjectKey: string,
    move: Command & { readonly village: string; readonly on: string; readonly isAddressKnown: boolean },
  ) => Promise<boolean>;
  /** From the month after `period` on; what is reserved for later is given up. How many were stopped; those of nobody in the register are left out. */
  readonly stop: (
    stops: readonly Stop[],
    terms: Command & { readonly period: string; readonly basis: string },
  ) => Promise<number>;
  readonly isStopped: (subjectKey: string, programme: string, period: string) => Promise<boolean>;
}

/** Help counts that long after its last month: programmes pay by quarters. */
const monthsListed = 3;

/** $1: the first month that counts. One row per recipient, his newest help. */
export const listedRecipients = `select distinct on (p.recipient_key) coalesce(p.proposal_number, 'K-' || p.recipient_key) as number, h.subject_key, h.region
    from participation p left join family f on f.key = p.family_key join person h on h.key = coalesce(f.caretaker_key, p.person_key)
   where p.state in ('RESERVED', 'PAID') and upper(p.months) > $1 and h.subject_key is not null and not exists (
     select from help_stop s where (s.family_key = p.family_key or s.person_key = p.person_key)
        and (s.programme is null or s.programme = p.programme) and s.lifted_at is null)
   order by p.recipient_key, upper(p.months) desc`;

/** The first month whose help makes a recipient listed. */
export const firstMonth = (today: string): number => knownMonths(today.slice(0, 7)).first - monthsListed;
function knownMonths(period: string): { readonly first: number; readonly last: number } {
  const months = monthsOf(period);
  if (months === null) throw new Error(`period ${period} is none`);
  return months;
}

export function createUpdates(pool: Pool, vault: Vault): Updates {
  const known = <T>(subjectKey: string, otherwise: T, work: (db: PoolClient, personKey: string) => Promise<T>) =>
    transaction(pool, async (db) => {
      const personKey = await personOfSubject(db, subjectKey);
      return personKey === null ? otherwise : work(db, personKey);
    });
  return {
    listed: (village, today, most) => listedFamilies(pool, vault, { village, today, most }),
    regions: async (segments, today) => {
      const { rows } = await pool.query<{ region: string }>(
        `select distinct array_to_string((string_to_array(region, '.'))[1:$2], '.') as region from (${listedRecipients}) l order by 1`,
        [firstMonth(today), segments],
      );
      return rows.map(({ region }) => region);
    },
    noteFinding: async ({ key, village, number, subjectKey, kind, period }) => {
      await pool.query(
        `insert into family_finding (key, region, proposal_number, subject_key, kind, period) values ($1, $2, $3, $4, $5, $6)
         on conflict (key) do nothing`,
        [key, village, number, subjectKey, kind, period],
      );
    },
    openFindings: async (village) => {
      const { rows } = await pool.query<Finding>(
        `select proposal_number as number, kind from family_finding where region = $1 and settled_at is null order by found_at, key`,
        [village],
      );
      return rows;
    },
    noteChecks: (checks, at) => transaction(pool, (db) => noteChecks(db, checks, at)),
    recordDeath: (subjectKey, death) =>
      known(subjectKey, null, (db, person) => recordedDeath(db, vault, person, death)),
    changeCaretaker: (subjectKey, heir, command) =>
      known(subjectKey, false, (db) => changedCaretaker(db, subjectKey, heir, command)),
    moveFamily: (subjectKey, { village, isAddressKnown, ...move }) =>
      known(subjectKey, false, async (db, personKey) => {
        const familyKey = await familyOf(db, personKey);
        const citizen = await vault.read(db, subjectKey);
        if (familyKey === null || citizen === null) return false;
        const { alamat, rt, rw } = isAddressKnown ? citizen : { alamat: null, rt: null, rw: null };
        await moveFamily(db, vault, { ...move, familyKey, to: { alamat, rt, rw, kodeDesa: village } });
        return true;
      }),
    stop: (stops, terms) =>
      transaction(pool, async (db) => {
        let count = 0;
        for (const stop of stops) count += await stopHelp(db, stop, terms);
        return count;
      }),
    isStopped: async (subjectKey, programme, period) => {
      const { rowCount } = await pool.query(
        `select from subject r join help_stop s on s.person_key = r.person_key
             or s.family_key = (select m.family_key from family_member m where m.person_key = r.person_key and m.valid_to is null)
          where r.key = $1 and (s.programme is null or s.programme = $2) and s.from_month <= $3 and s.lifted_at is null limit 1`,
        [subjectKey, programme, knownMonths(period).last],
      );
      return rowCount === 1;
    },
  };
}

async function listedFamilies(
  pool: Pool,
  vault: Vault,
  { village, today, most }: { readonly village: string; readonly today: string; readonly most: number },
): Promise<readonly ListedFamily[]> {
  const { rows } = await pool.query<{ number: string; subject_key: string }>(
    `select number, subject_key::text from (${listedRecipients}) l where region = $2 order by number limit $3`,
    [firstMonth(today), village, most],
  );
  const families: ListedFamily[] = [];
  for (const { number, subject_key: subjectKey } of rows) {
    const citizen = await vault.read(pool, subjectKey);
    if (citizen !== null) families.push({ number, subjectKey, citizen });
  }
  return families;
}

async function noteChecks(
  db: Database,
  checks: readonly Check[],
  at: { readonly village: string; readonly period: string; readonly commandKey: string },
): Promise<void> {
  const numbers = checks.map(({ number }) => number);
  await db.query(
    `insert into family_check (proposal_number, period, region, state, answer, command_key)
     select number, $3, $4, case when answer is null then 'STALE' else 'CHECKED' end, answer, $5 from unnest($1::text[], $2::text[]) as c (number, answer)
     on conflict (proposal_number, period) do update set state = excluded.state, answer = excluded.answer, command_key = excluded.command_key, checked_at = now()`,
    [numbers, checks.map(({ answer }) => answer), at.period, at.village, at.commandKey],
  );
  const answered = checks.filter(({ answer }) => answer !== null).map(({ number }) => number);
  await db.query(
    'update family_finding set settled_at = now() where proposal_number = any($1) and region = $2 and settled_at is null',
    [answered, at.village],
  );
}

/** A family's help is his to receive who is left of it; asked again, the answer is the same. */
async function recordedDeath(
  db: PoolClient,
  vault: Vault,
  personKey: string,
  death: Command & { readonly on: string },
): Promise<readonly Successor[]> {
  await recordDeath(db, personKey, death);
  const { rows } = await db.query<{ person_key: string; subject_key: string | null }>(
    `select m.person_key::text, p.subject_key::text
       from family_member gone join family_member m on m.family_key = gone.family_key and m.valid_to is null
       join person p on p.key = m.person_key
      where gone.person_key = $1 and gone.valid_to = (select max(valid_to) from family_member where person_key = $1)`,
    [personKey],
  );
  const left: Successor[] = [];
  for (const row of rows) {
    const citizen = row.subject_key === null ? null : await vault.read(db, row.subject_key);
    if (citizen !== null)
      left.push({ personKey: row.person_key, sex: citizen.jenisKelamin, birthDate: citizen.tanggalLahir });
  }
  return left.toSorted((a, b) => (a.birthDate < b.birthDate ? -1 : 1));
}

async function changedCaretaker(db: PoolClient, subjectKey: string, heir: string, command: Command): Promise<boolean> {
  const { personKey, familyKey } = await holdRecipient(db, heir);
  const { rowCount } = await db.query(
    `update family set caretaker_key = $2 where key = $1 and exists (
       select from subject r join family_member m on m.person_key = r.person_key where r.key = $3 and m.family_key = $1)`,
    [familyKey, personKey, subjectKey],
  );
  if (familyKey === null || rowCount === 0) return false;
  const { rows } = await db.query<{ region: string }>('select region from family where key = $1', [familyKey]);
  await appendAudit(db, {
    actor: command.actor,
    action: 'family.caretaker',
    target: familyKey,
    region: rows[0]?.region ?? '',
    detail: { commandKey: command.commandKey, reason: command.reason, caretaker: personKey },
  });
  return true;
}

async function stopHelp(
  db: PoolClient,
  { number, subjectKey, programme }: Stop,
  terms: Command & { readonly period: string; readonly basis: string },
): Promise<0 | 1> {
  const subject = await personOfSubject(db, subjectKey);
  if (subject === null) return 0;
  const { personKey, familyKey } = await lastRecipient(db, subject);
  const fromMonth = knownMonths(terms.period).last + 1;
  const key = `${terms.commandKey}/${number}`;
  const { rows } = await db.query<{ region: string }>(
    `insert into help_stop (key, region, person_key, family_key, programme, from_month, reason, basis, stopped_by)
     select $1, region, key, $3, $4, $5, $6, $7, $8 from person where key = $2 on conflict (key) do nothing returning region`,
    [key, personKey, familyKey, programme, fromMonth, terms.reason, terms.basis, terms.actor],
  );
  const region = rows[0]?.region;
  if (region === undefined) return 1;
  await db.query(
    `with given_up as (
       update participation set state = 'CANCELLED', updated_at = now()
        where (person_key = $1 or family_key = $2) and ($3::text is null or programme = $3) and state = 'RESERVED' and lower(months) >= $4
        returning key, region, amount)
     insert into participation_change (key, participation_key, region, state, amount, actor)
     select $5 || '/' || key, key, region, 'CANCELLED', amount, $6 from given_up`,
    [personKey, familyKey, programme, fromMonth, key, terms.actor],
  );
  await appendAudit(db, {
    actor: terms.actor,
    action: 'help.stop',
    target: personKey,
    region,
    detail: { commandKey: key, reason: terms.reason, basis: terms.basis, programme, fromMonth },
  });
  return 1;
}

/** The person and his family; of one who has died, the family he was in last. */
async function lastRecipient(
  db: PoolClient,
  subject: string,
): Promise<{ readonly personKey: string; readonly familyKey: string | null }> {
  const present = await holdRecipient(db, subject);
  if (present.familyKey !== null) return present;
  const { rows } = await db.query<{ family_key: string }>(
    'select family_key::text from family_member where person_key = $1 order by valid_to desc nulls first limit 1',
    [present.personKey],
  );
  return { ...present, familyKey: rows[0]?.family_key ?? null };
}
