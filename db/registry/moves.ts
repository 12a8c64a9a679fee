/** A family moves house, a person dies: today's data changes, what was stays readable. In the caller's transaction, with the audit row of who did it. */
import type { ClientBase } from 'pg';
import { appendAudit, isAudited } from '../audit.ts';
import type { Citizen, Vault } from '../vault.ts';
import { enterFamily, holdPerson, leaveFamily } from './people.ts';

type Database = Pick<ClientBase, 'query'>;

/** Who does it and why; the same command key a second time does nothing. */
export interface Command {
  readonly commandKey: string;
  readonly actor: string;
  readonly reason: string;
}
export interface FamilyMove extends Command {
  readonly familyKey: string;
  readonly to: Pick<Citizen, 'alamat' | 'rt' | 'rw' | 'kodeDesa'>;
  /** First day at the new place, YYYY-MM-DD. */
  readonly on: string;
}

interface Member {
  readonly personKey: string;
  readonly subjectKey: string | null;
}

/**
 * All present members move with the family. Each gets a new record with the new address, so that the old one still tells, and is found by,
 * where they were. @throws Error for an unknown family
 */
export async function moveFamily(db: Database, vault: Vault, move: FamilyMove): Promise<void> {
  const { familyKey, to, on } = move;
  const { rows } = await db.query<{ region: string }>('select region from family where key = $1 for update', [
    familyKey,
  ]);
  const from = rows[0]?.region;
  if (from === undefined) throw new Error(`no family ${familyKey} in the register`);
  if (await isAudited(db, familyKey, move.commandKey)) return;
  const members = await presentMembers(db, familyKey);
  for (const { personKey, subjectKey } of members) {
    const record = subjectKey === null ? null : await moveRecord(db, vault, { personKey, subjectKey }, to);
    await db.query('update person set region = $2, subject_key = coalesce($3, subject_key) where key = $1', [
      personKey,
      to.kodeDesa,
      record,
    ]);
    await leaveFamily(db, personKey, on);
    await enterFamily(db, personKey, { familyKey, region: to.kodeDesa, on });
  }
  await db.query('update family set region = $2 where key = $1', [familyKey, to.kodeDesa]);
  await appendAudit(db, {
    actor: move.actor,
    action: 'family.move',
    target: familyKey,
    region: to.kodeDesa,
    detail: { commandKey: move.commandKey, reason: move.reason, from, on, members: members.length },
  });
}

async function presentMembers(db: Database, familyKey: string): Promise<readonly Member[]> {
  const { rows } = await db.query<Member>(
    `select p.key::text as "personKey", p.subject_key::text as "subjectKey"
       from family_member m join person p on p.key = m.person_key
      where m.family_key = $1 and m.valid_to is null order by p.key for update of p`,
    [familyKey],
  );
  return rows;
}

async function moveRecord(
  db: Database,
  vault: Vault,
  { personKey, subjectKey }: { readonly personKey: string; readonly subjectKey: string },
  to: FamilyMove['to'],
): Promise<string | null> {
  const before = await vault.read(db, subjectKey);
  if (before === null) return null;
  // The point on the map and the landmark are the old house's.
  const record = await vault.create(db, { ...before, ...to, penanda: null, lat: null, lon: null });
  await db.query('update subject set person_key = $2 where key = $1', [record, personKey]);
  return record;
}

/** @param death `on`: the day of death, YYYY-MM-DD. @throws Error for an unknown person */
export async function recordDeath(
  db: Database,
  personKey: string,
  death: Command & { readonly on: string },
): Promise<void> {
  const present = await holdPerson(db, personKey);
  if (await isAudited(db, present, death.commandKey)) return;
  await leaveFamily(db, present, death.on);
  const { rows } = await db.query<{ region: string }>(
    'update person set deceased_on = $2 where key = $1 returning region',
    [present, death.on],
  );
  await appendAudit(db, {
    actor: death.actor,
    action: 'person.death',
    target: present,
    region: rows[0]?.region ?? '',
    detail: { commandKey: death.commandKey, reason: death.reason, on: death.on },
  });
}
