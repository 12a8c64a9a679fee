/** People and families of the register with what they were before; the reader's region decides which there are. In the caller's transaction. */
import type { ClientBase } from 'pg';
import { iso } from '../queries/sql.ts';

type Database = Pick<ClientBase, 'query'>;

export interface RegisteredPerson {
  readonly personKey: string;
  /** Record with today's data; null: erased. */
  readonly subjectKey: string | null;
  readonly region: string;
  /** YYYY-MM-DD */
  readonly deceasedOn: string | null;
  /** Whom this entry was merged into. */
  readonly mergedInto: string | null;
}
/** A stay in a family, at one place. Dates are YYYY-MM-DD; `validTo` is the first day on which it is over. */
export interface Stay {
  readonly familyKey: string;
  readonly personKey: string;
  readonly region: string;
  readonly validFrom: string;
  readonly validTo: string | null;
}
export interface Merger {
  readonly personKey: string;
  readonly reason: string;
  readonly mergedBy: string;
  readonly mergedAt: string;
  readonly undoneAt: string | null;
}
export interface PersonProposal {
  readonly caseKey: string;
  readonly proposalNumber: string;
  readonly region: string;
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED' | 'ERRORED' | null;
  readonly endElements: string[];
  readonly createdAt: string;
}
export interface RegisteredFamily {
  readonly familyKey: string;
  readonly region: string;
}

const personColumns = `p.key::text as "personKey", p.subject_key::text as "subjectKey", p.region, p.deceased_on::text as "deceasedOn",
  (select survivor_key::text from person_alias a where a.person_key = p.key and a.undone_at is null) as "mergedInto"`;

/** In the order of the keys; those that the reader may not see are left out. */
export async function findPersons(db: Database, personKeys: readonly string[]): Promise<readonly RegisteredPerson[]> {
  const { rows } = await db.query<RegisteredPerson>(
    `select ${personColumns} from unnest($1::bigint[]) with ordinality as wanted (key, place) join person p on p.key = wanted.key
      order by wanted.place`,
    [personKeys],
  );
  return rows;
}

const stayColumns = `family_key::text as "familyKey", person_key::text as "personKey", region, valid_from::text as "validFrom",
  valid_to::text as "validTo"`;

/** Newest first. */
export async function staysOf(db: Database, personKey: string): Promise<readonly Stay[]> {
  const { rows } = await db.query<Stay>(
    `select ${stayColumns} from family_member where person_key = $1 order by family_member.valid_from desc, family_key desc`,
    [personKey],
  );
  return rows;
}
/** Newest first. */
export async function staysIn(db: Database, familyKey: string, most: number): Promise<readonly Stay[]> {
  const { rows } = await db.query<Stay>(
    `select ${stayColumns} from family_member where family_key = $1 order by family_member.valid_from desc, person_key limit $2`,
    [familyKey, most],
  );
  return rows;
}

/** Entries merged into this one, newest first, undone ones too. */
export async function mergersInto(db: Database, personKey: string): Promise<readonly Merger[]> {
  const { rows } = await db.query<Merger>(
    `select person_key::text as "personKey", reason, merged_by as "mergedBy", ${iso('merged_at')} as "mergedAt", ${iso('undone_at')} as "undoneAt"
       from person_alias where survivor_key = $1 order by key desc`,
    [personKey],
  );
  return rows;
}

/** Proposals for any record of the person, newest first. */
export async function proposalsFor(db: Database, personKey: string, most: number): Promise<readonly PersonProposal[]> {
  const { rows } = await db.query<PersonProposal>(
    `select p.instance_key::text as "caseKey", p.number as "proposalNumber", p.region, i.state, coalesce(i.end_elements, '{}') as "endElements",
            ${iso('p.created_at')} as "createdAt"
       from subject s join proposal p on p.subject_key = s.key left join instance i on i.key = p.instance_key
      where s.person_key = $1 order by p.created_at desc, p.number desc limit $2`,
    [personKey, most],
  );
  return rows;
}

const familyColumns = 'key::text as "familyKey", region';
export async function findFamily(db: Database, familyKey: string): Promise<RegisteredFamily | null> {
  const { rows } = await db.query<RegisteredFamily>(`select ${familyColumns} from family where key = $1`, [familyKey]);
  return rows[0] ?? null;
}
/** @param cardHash HMAC of the number of the family card */
export async function findFamilyByCard(db: Database, cardHash: Buffer): Promise<RegisteredFamily | null> {
  const { rows } = await db.query<RegisteredFamily>(`select ${familyColumns} from family where card_hash = $1`, [
    cardHash,
  ]);
  return rows[0] ?? null;
}
