/** The ledger of help: who holds what of which programme, out of which funds, in which months. In the caller's transaction. */
import type { ClientBase } from 'pg';
import { mayBecome } from '#registry/participation.ts';
import type { ParticipationState } from '#registry/participation.ts';
import { monthsOf } from '#registry/period.ts';
import type { Months } from '#registry/period.ts';
import type { Source, Unit } from '#registry/programmes.ts';
import { nextKey } from '../queries/definitions.ts';
import { familyOf, holdPerson } from './people.ts';

type Database = Pick<ClientBase, 'query'>;

/** One help, as the ledger keys it. */
export interface Help {
  readonly programme: string;
  readonly source: Source;
  /** `2026-11`, `2026-T4` or from one to another. */
  readonly period: string;
  readonly unit: Unit;
  /** Village of the recipient. */
  readonly region: string;
  /** null: it came with a list. */
  readonly proposalNumber: string | null;
}
export interface NewHelp extends Help {
  /** Whole rupiah. */
  readonly amount: number;
  readonly state: 'RESERVED' | 'PAID';
  readonly instanceKey: string | null;
}
/** Who changes the ledger; the same key a second time changes nothing. */
export interface Change {
  /** A job's key, an import's row. */
  readonly key: string;
  readonly actor: string;
}

/** Help that meets another in its months. */
export interface Overlap {
  readonly program: string;
  readonly sumber: string;
  readonly periode: string;
  /** What links it: the family (first), or only the person. */
  readonly hubungan: 'KK' | 'NIK';
  /** For the matrix: one recipient. Help for a person counts against the whole family only as another programme does. */
  readonly keluargaSama: boolean;
  /** Granted in another kabupaten or kota. */
  readonly daerahLain: boolean;
}

/** Who holds help: a person, and the family he is in now. */
export interface Recipient {
  readonly personKey: string;
  readonly familyKey: string | null;
}

export type Entered =
  | { readonly outcome: 'entered'; readonly participationKey: string }
  /** The recipient holds this help in these months already. */
  | { readonly outcome: 'twice' };
export type Settled =
  | { readonly outcome: 'settled'; readonly participationKey: string }
  /** It was paid before, by another job. */
  | { readonly outcome: 'twice' }
  | {
      readonly outcome: 'refused';
      readonly code: 'NOT_RESERVED' | 'WRONG_STATE';
      readonly state: ParticipationState | null;
    };

/** Locks the person and the family until the transaction ends: what is read of their help then stays true. @returns the person, the survivor of one that was merged */
export async function holdRecipient(db: Database, personKey: string): Promise<Recipient> {
  const present = await holdPerson(db, personKey);
  const familyKey = await familyOf(db, present);
  if (familyKey !== null) await db.query('select from family where key = $1 for update', [familyKey]);
  return { personKey: present, familyKey };
}

/** What the person or anybody of the present family holds in months of the period, but for this very help of the same proposal. */
export async function overlapsOf(
  db: Database,
  recipient: Recipient,
  help: Omit<Help, 'unit'>,
): Promise<readonly Overlap[]> {
  const { first, last } = knownMonths(help.period);
  const { rows } = await db.query<Overlap>(
    `with kin as (select $1::bigint as person_key union select person_key from family_member where family_key = $2 and valid_to is null)
     select programme as program, source as sumber, period as periode,
            case when family_key = $2 or person_key <> $1 then 'KK' else 'NIK' end as hubungan,
            unit = 'KK' or person_key = $1 as "keluargaSama",
            split_part(region, '.', 1) <> split_part($3, '.', 1) or split_part(region, '.', 2) <> split_part($3, '.', 2) as "daerahLain"
       from participation
      where (family_key = $2 or person_key in (select person_key from kin))
        and state in ('RESERVED', 'PAID') and months && int4range($4, $5, '[]')
        and (proposal_number is distinct from $6 or programme <> $7 or source <> $8)
      order by programme, source, lower(months), key`,
    [
      recipient.personKey,
      recipient.familyKey,
      help.region,
      first,
      last,
      help.proposalNumber,
      help.programme,
      help.source,
    ],
  );
  return rows;
}

/** Writes help down, reserved or (of a list) paid already. */
export async function enterHelp(db: Database, recipient: Recipient, help: NewHelp, change: Change): Promise<Entered> {
  const known = (await participationOfChange(db, change.key)) ?? (await heldByProposal(db, help));
  if (known !== null) return { outcome: 'entered', participationKey: known };
  const { first, last } = knownMonths(help.period);
  const { rows } = await db.query<{ key: string }>(
    `insert into participation (key, region, family_key, person_key, unit, programme, source, period, months, amount, state, proposal_number, instance_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8, int4range($9, $10, '[]'), $11, $12, $13, $14)
     on conflict on constraint participation_once do nothing returning key::text`,
    [
      await nextKey(db),
      help.region,
      recipient.familyKey,
      recipient.personKey,
      // Without a card a family's help can only be kept for the person.
      recipient.familyKey === null ? 'NIK' : help.unit,
      help.programme,
      help.source,
      help.period,
      first,
      last,
      help.amount,
      help.state,
      help.proposalNumber,
      help.instanceKey,
    ],
  );
  const participationKey = rows[0]?.key;
  if (participationKey === undefined) return { outcome: 'twice' };
  await writeChange(db, change, { participationKey, region: help.region, state: help.state, amount: help.amount });
  return { outcome: 'entered', participationKey };
}

/** Help of a proposal is paid, comes back or is given up. `amount`: what was paid or came back, whole rupiah; null: all of it. */
export async function settleHelp(
  db: Database,
  help: Pick<Help, 'programme' | 'source' | 'period' | 'proposalNumber'>,
  to: { readonly state: 'PAID' | 'RETURNED' | 'CANCELLED'; readonly amount: number | null },
  change: Change,
): Promise<Settled> {
  const known = await participationOfChange(db, change.key);
  if (known !== null) return { outcome: 'settled', participationKey: known };
  const { rows } = await db.query<{ key: string; region: string; state: ParticipationState; amount: string }>(
    `select key::text, region, state, amount::text from participation
      where proposal_number = $1 and programme = $2 and source = $3 and period = $4 order by participation.key desc limit 1 for update`,
    [help.proposalNumber, help.programme, help.source, help.period],
  );
  const [row] = rows;
  if (row === undefined) return { outcome: 'refused', code: 'NOT_RESERVED', state: null };
  if (row.state === to.state)
    return to.state === 'PAID' ? { outcome: 'twice' } : { outcome: 'settled', participationKey: row.key };
  if (!mayBecome(row.state, to.state)) return { outcome: 'refused', code: 'WRONG_STATE', state: row.state };
  const amount = to.amount ?? Number(row.amount);
  await db.query(
    'update participation set state = $2, amount = case when $2 = $4 then $3 else amount end, updated_at = now() where key = $1',
    [row.key, to.state, amount, 'PAID'],
  );
  await writeChange(db, change, { participationKey: row.key, region: row.region, state: to.state, amount });
  return { outcome: 'settled', participationKey: row.key };
}

export interface LedgerEntry {
  readonly participationKey: string;
  readonly programme: string;
  readonly source: Source;
  readonly period: string;
  readonly unit: Unit;
  /** false: another member of the family receives it. */
  readonly isOwn: boolean;
  readonly region: string;
  readonly state: ParticipationState;
  /** null: the reader may not see amounts. */
  readonly amount: number | null;
  readonly proposalNumber: string | null;
}
/** All help of a person and of his present family, newest months first; the reader's region decides which rows there are. */
export async function ledgerOf(
  db: Database,
  personKey: string,
  { amounts }: { readonly amounts: boolean },
): Promise<readonly LedgerEntry[]> {
  const { rows } = await db.query<Omit<LedgerEntry, 'amount'> & { readonly amount: string | null }>(
    `select key::text as "participationKey", programme, source, period, unit, person_key = $1 as "isOwn", region, state, case when $3 then amount::text end as amount,
            proposal_number as "proposalNumber"
       from participation where person_key = $1 or family_key = $2 order by lower(months) desc, key desc`,
    [personKey, await familyOf(db, personKey), amounts],
  );
  return rows.map((row) => ({ ...row, amount: row.amount === null ? null : Number(row.amount) }));
}

/** Callers have checked the period. */
function knownMonths(period: string): Months {
  const months = monthsOf(period);
  if (months === null) throw new RangeError(`period ${period}: write 2026-11, 2026-T4 or from/to`);
  return months;
}

/** What a change was about; null: it was not made. */
export async function participationOfChange(db: Database, key: string): Promise<string | null> {
  const { rows } = await db.query<{ key: string }>(
    'select participation_key::text as key from participation_change where key = $1',
    [key],
  );
  return rows[0]?.key ?? null;
}

async function heldByProposal(
  db: Database,
  { proposalNumber, programme, source, period }: Help,
): Promise<string | null> {
  const { rows } = await db.query<{ key: string }>(
    `select key::text from participation where proposal_number = $1 and programme = $2 and source = $3 and period = $4
        and state in ('RESERVED', 'PAID')`,
    [proposalNumber, programme, source, period],
  );
  return rows[0]?.key ?? null;
}

async function writeChange(
  db: Database,
  { key, actor }: Change,
  done: {
    readonly participationKey: string;
    readonly region: string;
    readonly state: ParticipationState;
    readonly amount: number;
  },
): Promise<void> {
  await db.query(
    'insert into participation_change (key, participation_key, region, state, amount, actor) values ($1, $2, $3, $4, $5, $6)',
    [key, done.participationKey, done.region, done.state, done.amount, actor],
  );
}
