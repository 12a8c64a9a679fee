/**
 * People and families of the register. A person has one or more records in the vault, as proposals and lists wrote them; `person.subject_key`
 * names the one with today's data. All functions work in the caller's transaction, whose reader sees the whole country.
 */
import type { ClientBase } from 'pg';
import { likenessOf, provesSamePerson } from '#registry/comparison.ts';
import { nextKey } from '../queries/definitions.ts';
import type { Citizen, Vault } from '../vault.ts';

type Database = Pick<ClientBase, 'query'>;

export interface Registered {
  readonly personKey: string;
  /** null: no family card is known. */
  readonly familyKey: string | null;
  /** Nothing was known of this person before the record. */
  readonly isNew: boolean;
  /** Somebody of quite another name who has the same NIK: one of the two numbers is wrong. */
  readonly nikHolder: string | null;
}
export interface Registration {
  /** Record in the vault. */
  readonly subjectKey: string;
  /** Day from which it holds, YYYY-MM-DD. */
  readonly on: string;
  /** Whether it tells of today: an old list adds to what is known of a person, and changes nothing. */
  readonly isNewest: boolean;
}

/** Records compared to find the holder of a NIK; those with an equal one come first. */
const recordsCompared = 50;

/**
 * Puts a record into the register: under the person with its NIK, else as a new one, and in the family of its card. Repeated, it answers
 * the same. null: there is no such record.
 */
export async function registerPerson(
  db: Database,
  vault: Vault,
  registration: Registration,
): Promise<Registered | null> {
  const citizen = await vault.read(db, registration.subjectKey);
  if (citizen === null) return null;
  // Two records of one person at once must not become two people.
  await hold(db, vault.numberHash(citizen.nik));
  const known = await personOfSubject(db, registration.subjectKey);
  const others = (await vault.findCandidates(db, citizen, registration.subjectKey, recordsCompared))
    .filter(({ personKey }) => personKey !== null && personKey !== known)
    .map(({ personKey, citizen: other }) => ({ personKey, likeness: likenessOf(citizen, other) }))
    .filter(({ likeness }) => likeness.nikSama);
  const same = others.find(({ likeness }) => provesSamePerson(likeness))?.personKey ?? null;
  const personKey = known ?? (await fileRecord(db, registration, citizen, same));
  const holder = others.find((other) => other.personKey !== personKey && !provesSamePerson(other.likeness));
  return {
    personKey,
    familyKey: await joinFamily(db, vault, personKey, { ...registration, citizen }),
    isNew: await isFirstRecord(db, personKey, registration.subjectKey),
    nikHolder: holder?.personKey ?? null,
  };
}

/** Puts a record under a person that is known to be meant, and into the family of its card. @throws Error for an unknown person or record */
export async function registerRecordOf(
  db: Database,
  vault: Vault,
  personKey: string,
  registration: Registration,
): Promise<{ readonly personKey: string; readonly familyKey: string | null }> {
  const citizen = await vault.read(db, registration.subjectKey);
  if (citizen === null) throw new Error(`no record ${registration.subjectKey} in the vault`);
  const present = await fileRecord(db, registration, citizen, personKey);
  return { personKey: present, familyKey: await joinFamily(db, vault, present, { ...registration, citizen }) };
}

/** Who a record is about; null: not registered. */
export async function personOfSubject(db: Database, subjectKey: string): Promise<string | null> {
  const { rows } = await db.query<{ person_key: string | null }>(
    'select person_key::text from subject where key = $1',
    [subjectKey],
  );
  return rows[0]?.person_key ?? null;
}

/** Locks a person until the transaction ends; of one that was merged into another, that one. @throws Error for an unknown key */
export async function holdPerson(db: Database, personKey: string): Promise<string> {
  const { rowCount } = await db.query('select from person where key = $1 for update', [personKey]);
  if (rowCount === 0) throw new Error(`no person ${personKey} in the register`);
  const { rows } = await db.query<{ survivor_key: string }>(
    'select survivor_key::text from person_alias where person_key = $1 and undone_at is null',
    [personKey],
  );
  return rows[0] === undefined ? personKey : holdPerson(db, rows[0].survivor_key);
}

/** The family that a person belongs to now. */
export async function familyOf(db: Database, personKey: string): Promise<string | null> {
  return (await presentMembership(db, personKey))?.familyKey ?? null;
}

interface Membership {
  readonly familyKey: string;
  readonly region: string;
}
async function presentMembership(db: Database, personKey: string): Promise<Membership | null> {
  const { rows } = await db.query<Membership>(
    'select family_key::text as "familyKey", region from family_member where person_key = $1 and valid_to is null',
    [personKey],
  );
  return rows[0] ?? null;
}

/** Ends a person's belonging to a family; moving within one day leaves no gap and no overlap. */
export async function leaveFamily(db: Database, personKey: string, on: string): Promise<void> {
  await db.query(
    'update family_member set valid_to = greatest(valid_from, $2::date) where person_key = $1 and valid_to is null',
    [personKey, on],
  );
}
export async function enterFamily(
  db: Database,
  personKey: string,
  { familyKey, region, on }: Membership & { readonly on: string },
): Promise<void> {
  await db.query(
    `insert into family_member (family_key, person_key, region, valid_from) values ($1, $2, $3, $4)
     on conflict (family_key, person_key, valid_from) do update set valid_to = null, region = excluded.region`,
    [familyKey, personKey, region, on],
  );
}

const hold = (db: Database, hash: Buffer): Promise<unknown> =>
  db.query("select pg_advisory_xact_lock(hashtextextended('register ' || $1, 0))", [hash.toString('hex')]);

/** @param asked whom it is known to be about; null: somebody new */
async function fileRecord(
  db: Database,
  { subjectKey, isNewest }: Registration,
  { kodeDesa }: Citizen,
  asked: string | null,
): Promise<string> {
  const personKey = asked === null ? await nextKey(db) : await holdPerson(db, asked);
  if (asked === null)
    await db.query('insert into person (key, region, subject_key) values ($1, $2, $3)', [
      personKey,
      kodeDesa,
      subjectKey,
    ]);
  else if (isNewest)
    await db.query('update person set region = $2, subject_key = $3 where key = $1', [personKey, kodeDesa, subjectKey]);
  await db.query('update subject set person_key = $2 where key = $1', [subjectKey, personKey]);
  return personKey;
}

async function joinFamily(
  db: Database,
  vault: Vault,
  personKey: string,
  { citizen, on, isNewest }: Registration & { readonly citizen: Citizen },
): Promise<string | null> {
  if (!/\d/.test(citizen.noKk)) return familyOf(db, personKey);
  const region = citizen.kodeDesa;
  // An update that changes nothing: it returns the key and holds the family, whether there was one or not.
  const { rows } = await db.query<{ key: string }>(
    `insert into family as f (key, region, card_hash) values ($1, $2, $3)
     on conflict (card_hash) do update set region = f.region returning key::text`,
    [await nextKey(db), region, vault.numberHash(citizen.noKk)],
  );
  const familyKey = rows[0]?.key ?? '';
  const present = await presentMembership(db, personKey);
  if (present?.familyKey === familyKey && present.region === region) return familyKey;
  if (present !== null && !isNewest) return present.familyKey;
  await leaveFamily(db, personKey, on);
  await enterFamily(db, personKey, { familyKey, region, on });
  return familyKey;
}

async function isFirstRecord(db: Database, personKey: string, subjectKey: string): Promise<boolean> {
  const { rows } = await db.query<{ first: string }>(
    'select min(key)::text as first from subject where person_key = $1',
    [personKey],
  );
  return rows[0]?.first === subjectKey;
}
