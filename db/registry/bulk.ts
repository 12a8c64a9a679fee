/**
 * The register for lists of hundreds of thousands: what people.ts and participations.ts do for one person, here for some hundred with
 * one statement each. In the caller's transaction, whose reader sees the whole country.
 */
import type { ClientBase } from 'pg';
import { keyOfNumber } from '#engine/keys.ts';
import type { Months } from '#registry/period.ts';
import type { Source, Unit } from '#registry/programmes.ts';
import type { Citizen, Vault } from '../vault.ts';

type Database = Pick<ClientBase, 'query'>;

/** The lock of `registerPerson`, for many numbers, always in one order. */
export async function holdNumbers(db: Database, vault: Vault, numbers: readonly string[]): Promise<void> {
  const hashes = [...new Set(numbers.map((number) => vault.numberHash(number).toString('hex')))].sort();
  await db.query(
    "select pg_advisory_xact_lock(hashtextextended('register ' || hash, 0)) from unnest($1::text[]) with ordinality as given (hash, place) order by place",
    [hashes],
  );
}

export async function nextKeys(db: Database, count: number): Promise<readonly string[]> {
  const { rows } = await db.query<{ number: string }>(
    "select nextval('instance_number')::text as number from generate_series(1, $1)",
    [count],
  );
  return rows.map(({ number }) => keyOfNumber(BigInt(number)));
}

export interface NewRecord {
  readonly personKey: string;
  readonly citizen: Citizen;
  /** A person whom the register does not know yet. */
  readonly isNewPerson: boolean;
}
/** Files records under people, who are made when they are new. */
export async function fileRecords(db: Database, vault: Vault, records: readonly NewRecord[]): Promise<void> {
  if (records.length === 0) return;
  const subjectKeys = await vault.createMany(
    db,
    records.map(({ citizen }) => citizen),
  );
  await db.query(
    `insert into person (key, region, subject_key)
     select key, region, subject_key from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bool[]) as given (key, region, subject_key, is_new) where is_new`,
    [
      records.map(({ personKey }) => personKey),
      records.map(({ citizen }) => citizen.kodeDesa),
      subjectKeys,
      records.map(({ isNewPerson }) => isNewPerson),
    ],
  );
  await db.query(
    'update subject s set person_key = given.person_key from unnest($1::bigint[], $2::bigint[]) as given (key, person_key) where s.key = given.key',
    [subjectKeys, records.map(({ personKey }) => personKey)],
  );
}

/** The families that people belong to now, by person. */
export async function familiesOf(db: Database, personKeys: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await db.query<{ personKey: string; familyKey: string }>(
    `select person_key::text as "personKey", family_key::text as "familyKey" from family_member
      where person_key = any($1::bigint[]) and valid_to is null`,
    [personKeys],
  );
  return new Map(rows.map(({ personKey, familyKey }) => [personKey, familyKey]));
}

export interface Joining {
  readonly personKey: string;
  readonly noKk: string;
  readonly region: string;
  /** Day from which it holds, YYYY-MM-DD. */
  readonly on: string;
}
/** People without a family enter that of their card, which is made when it is new; the families by person. */
export async function joinFamilies(
  db: Database,
  vault: Vault,
  joinings: readonly Joining[],
): Promise<ReadonlyMap<string, string>> {
  const cards = new Map(joinings.map((one) => [vault.numberHash(one.noKk).toString('hex'), one.region]));
  const keys = await nextKeys(db, cards.size);
  const { rows } = await db.query<{ key: string; card: string }>(
    `insert into family as f (key, region, card_hash)
     select key, region, decode(card, 'hex') from unnest($1::bigint[], $2::text[], $3::text[]) as given (key, region, card) order by card
     on conflict (card_hash) do update set region = f.region returning key::text, encode(card_hash, 'hex') as card`,
    [keys, [...cards.values()], [...cards.keys()]],
  );
  const familyOfCard = new Map(rows.map(({ card, key }) => [card, key]));
  const families = new Map(
    joinings.map(({ personKey, noKk }) => [personKey, familyOfCard.get(vault.numberHash(noKk).toString('hex')) ?? '']),
  );
  await db.query(
    `insert into family_member (family_key, person_key, region, valid_from)
     select * from unnest($1::bigint[], $2::bigint[], $3::text[], $4::date[])`,
    [[...families.values()], [...families.keys()], joinings.map(({ region }) => region), joinings.map(({ on }) => on)],
  );
  return families;
}

export interface HeldHelp {
  readonly programme: string;
  readonly source: Source;
  readonly period: string;
  readonly months: Months;
  readonly unit: Unit;
  readonly amount: number;
  readonly personKey: string;
  readonly familyKey: string | null;
  readonly region: string;
}
/** Help that any of these people or families have reserved or paid. */
export async function heldHelp(
  db: Database,
  personKeys: readonly string[],
  familyKeys: readonly string[],
): Promise<readonly HeldHelp[]> {
  const { rows } = await db.query<Omit<HeldHelp, 'months' | 'amount'> & { first: number; end: number; amount: string }>(
    `select programme, source, period, lower(months) as first, upper(months) as end, unit, amount::text, person_key::text as "personKey",
            family_key::text as "familyKey", region
       from participation where (person_key = any($1::bigint[]) or family_key = any($2::bigint[])) and state in ('RESERVED', 'PAID')`,
    [personKeys, familyKeys],
  );
  return rows.map(({ first, end, amount, ...row }) => ({
    ...row,
    months: { first, last: end - 1 },
    amount: Number(amount),
  }));
}

export interface ListedHelp extends HeldHelp {
  /** The key of its change: the list's row. */
  readonly changeKey: string;
}
/** Enters help that lists say was paid; the caller has seen that nobody holds the same. */
export async function enterPaidHelp(db: Database, help: readonly ListedHelp[], actor: string): Promise<void> {
  if (help.length === 0) return;
  await db.query(
    `with given as (
       select * from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[], $11::bigint[], $12::text[])
         as given (key, region, family_key, person_key, unit, programme, source, period, first, last, amount, change_key)),
     entered as (
       insert into participation (key, region, family_key, person_key, unit, programme, source, period, months, amount, state)
       select key, region, family_key, person_key, unit, programme, source, period, int4range(first, last, '[]'), amount, 'PAID' from given)
     insert into participation_change (key, participation_key, region, state, amount, actor)
     select change_key, key, region, 'PAID', amount, $13 from given`,
    [
      await nextKeys(db, help.length),
      help.map(({ region }) => region),
      help.map(({ familyKey }) => familyKey),
      help.map(({ personKey }) => personKey),
      // Without a card a family's help can only be kept for the person.
      help.map(({ familyKey, unit }) => (familyKey === null ? 'NIK' : unit)),
      help.map(({ programme }) => programme),
      help.map(({ source }) => source),
      help.map(({ period }) => period),
      help.map(({ months }) => months.first),
      help.map(({ months }) => months.last),
      help.map(({ amount }) => amount),
      help.map(({ changeKey }) => changeKey),
      actor,
    ],
  );
}
