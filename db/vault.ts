/**
 * The vault: identifying data of citizens, AES-256-GCM under a key per subject, which is wrapped by a key derived from the master key
 * (outside the database). Found by tokens: 64 bits of an HMAC over each of the register's blocking keys. Deleting a subject's row destroys its key.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { keyOfNumber } from '#engine/keys.ts';
import { blockingKeys, blockingVersion } from '#registry/blocking-keys.ts';
import type { PersonRecord } from '#registry/comparison.ts';

type Database = Pick<ClientBase | Pool, 'query'>;

/** What the vault keeps of a person. Dates are YYYY-MM-DD. */
export interface Citizen {
  readonly nik: string;
  readonly noKk: string;
  readonly nama: string;
  readonly tempatLahir: string | null;
  readonly tanggalLahir: string;
  readonly jenisKelamin: 'L' | 'P';
  readonly ibuKandung: string | null;
  readonly hp: string | null;
  readonly alamat: string | null;
  readonly rt: string | null;
  readonly rw: string | null;
  readonly penanda: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly kodeDesa: string;
  /** Where the last visit took place. */
  readonly surveiLat?: number | null;
  readonly surveiLon?: number | null;
}
export const citizenFields = [
  'nik',
  'noKk',
  'nama',
  'tempatLahir',
  'tanggalLahir',
  'jenisKelamin',
  'ibuKandung',
  'hp',
  'alamat',
  'rt',
  'rw',
  'penanda',
  'lat',
  'lon',
  'kodeDesa',
  'surveiLat',
  'surveiLon',
] as const satisfies readonly (keyof Citizen)[];
export type CitizenField = (typeof citizenFields)[number];
export const isCitizenField = (name: string): name is CitizenField =>
  (citizenFields as readonly string[]).includes(name);

/** A record that shares a blocking key with the one asked about. */
export interface CandidateSubject {
  readonly subjectKey: string;
  /** Whom the register knows it to be about; null: nobody yet. */
  readonly personKey: string | null;
  readonly citizen: Citizen;
}

export interface Vault {
  /** Stores a new subject; its key. The region is the citizen's village. */
  readonly create: (db: Database, citizen: Citizen) => Promise<string>;
  /** null: no such subject, or not in the caller's region. */
  readonly read: (db: Database, subjectKey: string) => Promise<Citizen | null>;
  /** Changes some fields; the person after it, or null when there is none. */
  readonly update: (db: Database, subjectKey: string, change: Partial<Citizen>) => Promise<Citizen | null>;
  /** Stores many new subjects at once; their keys in the same order. */
  readonly createMany: (db: Database, citizens: readonly Citizen[]) => Promise<readonly string[]>;
  /** Records that share blocking keys with the citizen: those with his NIK first, then the more keys the sooner. `exclude` is left out. Needs a reader of the whole country. */
  readonly findCandidates: (
    db: Database,
    citizen: Citizen,
    exclude: string | null,
    most: number,
  ) => Promise<readonly CandidateSubject[]>;
  /** The same for many citizens at once, in their order. */
  readonly findCandidatesOfMany: (
    db: Database,
    citizens: readonly Citizen[],
    most: number,
  ) => Promise<readonly (readonly CandidateSubject[])[]>;
  /** People of the register of whom some record shares blocking keys with what is known of somebody: the more keys the sooner, only those of the reader's region. */
  readonly findPersons: (db: Database, known: PersonRecord, most: number) => Promise<readonly string[]>;
  /** What stands for a number (NIK, KK) outside the vault: HMAC of its digits. */
  readonly numberHash: (number: string) => Buffer;
  /** Seals a paper about a subject with the subject's own key: it is unreadable when the subject is erased. null: no such subject. */
  readonly sealPaper: (db: Database, subjectKey: string, paper: Buffer) => Promise<Buffer | null>;
  /** null: no such subject, or not in the caller's region. */
  readonly openPaper: (db: Database, subjectKey: string, sealed: Buffer) => Promise<Buffer | null>;
  /** Makes the tokens anew of at most so many subjects that have those of earlier rules; how many there were. */
  readonly refreshTokens: (db: Database, most: number) => Promise<number>;
}

/** As people may see a number: the first six digits (the region, public anyway) and stars. */
export const maskNumber = (number: string): string => number.slice(0, 6) + '*'.repeat(Math.max(0, number.length - 6));

/** As everybody may see a name: the first letter of each word and stars. */
export const maskName = (name: string): string => name.replaceAll(/(\p{L})\p{L}+/gu, '$1***');

/** A key for one purpose from the master key; `label` names purpose and version. */
export const deriveKey = (masterKey: Buffer, label: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, 'alur', label, 32));
const ivBytes = 12;
const tagBytes = 16;

function seal(key: Buffer, plain: Buffer, context: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
function open(key: Buffer, sealed: Buffer, context: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes, sealed.length - tagBytes)), decipher.final()]);
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
const sealCitizen = (dataKey: Buffer, subjectKey: string, citizen: Citizen): Buffer =>
  seal(dataKey, Buffer.from(JSON.stringify(citizen)), `subject ${subjectKey}`);

/** Entries read of one token: a key that very many share (a birthday given to all who do not know theirs) tells little, and must not take long. */
const entriesPerToken = 100;
const numberHashBytes = 16;

interface SubjectRow {
  readonly key: string;
  readonly wrapped_key: Buffer;
  readonly ciphertext: Buffer;
}

interface FiledRecord {
  readonly subjectKey: string;
  readonly citizen: Citizen;
}

class KeyedVault implements Vault {
  readonly #wrappingKey: Buffer;
  readonly #tokenKey: Buffer;
  readonly #numberKey: Buffer;

  constructor(masterKey: Buffer) {
    if (masterKey.length !== 32) throw new Error('the master key must be 32 bytes');
    this.#wrappingKey = deriveKey(masterKey, 'subject key v1');
    this.#tokenKey = deriveKey(masterKey, 'blocking token v1');
    this.#numberKey = deriveKey(masterKey, 'number v1');
  }

  readonly create: Vault['create'] = async (db, citizen) => {
    const [subjectKey = ''] = await this.createMany(db, [citizen]);
    return subjectKey;
  };

  readonly createMany: Vault['createMany'] = async (db, citizens) => {
    const { rows } = await db.query<{ number: string }>(
      "select nextval('instance_number')::text as number from generate_series(1, $1)",
      [citizens.length],
    );
    const keys = rows.map(({ number }) => keyOfNumber(BigInt(number)));
    const sealed = citizens.map((citizen, index) => this.#seal(keys[index] ?? '', citizen));
    await db.query(
      `insert into subject (key, region, wrapped_key, ciphertext, nik_masked, tokens_version)
       select *, $6 from unnest($1::bigint[], $2::text[], $3::bytea[], $4::bytea[], $5::text[])`,
      [
        keys,
        citizens.map(({ kodeDesa }) => kodeDesa),
        sealed.map(({ wrappedKey }) => wrappedKey),
        sealed.map(({ ciphertext }) => ciphertext),
        citizens.map(({ nik }) => maskNumber(nik)),
        blockingVersion,
      ],
    );
    await this.#writeTokens(
      db,
      citizens.map((citizen, index) => ({ subjectKey: keys[index] ?? '', citizen })),
    );
    return keys;
  };

  readonly read: Vault['read'] = async (db, subjectKey) => {
    const { rows } = await db.query<SubjectRow>(
      'select key::text, wrapped_key, ciphertext from subject where key = $1',
      [subjectKey],
    );
    return rows[0] === undefined ? null : this.#open(rows[0]).citizen;
  };

  readonly update: Vault['update'] = async (db, subjectKey, change) => {
    const { rows } = await db.query<SubjectRow>(
      'select key::text, wrapped_key, ciphertext from subject where key = $1 for update',
      [subjectKey],
    );
    if (rows[0] === undefined) return null;
    const { citizen: before, dataKey } = this.#open(rows[0]);
    // The village decides who sees the person; it changes by moving the case, never by editing.
    const after: Citizen = { ...before, ...change, kodeDesa: before.kodeDesa };
    await db.query(
      'update subject set ciphertext = $2, nik_masked = $3, tokens_version = $4, updated_at = now() where key = $1',
      [subjectKey, sealCitizen(dataKey, subjectKey, after), maskNumber(after.nik), blockingVersion],
    );
    await this.#replaceTokens(db, [{ subjectKey, citizen: after }]);
    return after;
  };

  readonly findCandidates: Vault['findCandidates'] = async (db, citizen, exclude, most) => {
    const { rows } = await db.query<SubjectRow & { readonly person_key: string | null }>(
      `select s.key::text, s.person_key::text, s.wrapped_key, s.ciphertext
         from (select entry.subject_key, bool_or(wanted.place = 1) as nik, count(*) as shared
                 from unnest($1::bigint[]) with ordinality as wanted (token, place)
                cross join lateral (select t.subject_key from subject_token t where t.token = wanted.token order by t.subject_key limit $4) entry
                where entry.subject_key is distinct from $2::bigint
                group by entry.subject_key
                order by nik desc, shared desc, entry.subject_key
                limit $3) found
         join subject s on s.key = found.subject_key
        order by found.nik desc, found.shared desc, found.subject_key`,
      [this.#tokensOf(citizen), exclude, most, entriesPerToken],
    );
    return rows.map((row) => ({
      subjectKey: row.key,
      personKey: row.person_key,
      citizen: this.#open(row).citizen,
    }));
  };

  readonly findCandidatesOfMany: Vault['findCandidatesOfMany'] = async (db, citizens, most) => {
    const wanted = citizens.flatMap((citizen, place) =>
      this.#tokensOf(citizen).map((token, index) => ({ place, token, isNik: index === 0 })),
    );
    const { rows: found } = await db.query<{ place: number; key: string }>(
      `select place, subject_key::text as key
         from (select wanted.place, entry.subject_key,
                      row_number() over (partition by wanted.place order by bool_or(wanted.nik) desc, count(*) desc, entry.subject_key) as rank
                 from unnest($1::int[], $2::bigint[], $3::bool[]) as wanted (place, token, nik)
                cross join lateral (select t.subject_key from subject_token t where t.token = wanted.token order by t.subject_key limit $5) entry
                group by wanted.place, entry.subject_key) ranked
        where rank <= $4 order by place, rank`,
      [
        wanted.map(({ place }) => place),
        wanted.map(({ token }) => token),
        wanted.map(({ isNik }) => isNik),
        most,
        entriesPerToken,
      ],
    );
    const { rows } = await db.query<SubjectRow & { readonly person_key: string | null }>(
      'select key::text, person_key::text, wrapped_key, ciphertext from subject where key = any($1::bigint[])',
      [[...new Set(found.map(({ key }) => key))]],
    );
    const subjects = new Map(
      rows.map((row): [string, CandidateSubject] => [
        row.key,
        { subjectKey: row.key, personKey: row.person_key, citizen: this.#open(row).citizen },
      ]),
    );
    const candidates = citizens.map((): CandidateSubject[] => []);
    for (const { place, key } of found) {
      const subject = subjects.get(key);
      if (subject !== undefined) candidates[place]?.push(subject);
    }
    return candidates;
  };

  readonly findPersons: Vault['findPersons'] = async (db, known, most) => {
    // The region decides before the limit does: a key that many share elsewhere hides nobody here.
    const { rows } = await db.query<{ key: string }>(
      `select entry.key::text
         from unnest($1::bigint[]) as wanted (token)
        cross join lateral (select p.key from subject_token t join subject s on s.key = t.subject_key join person p on p.key = s.person_key
                             where t.token = wanted.token limit $3) entry
        group by entry.key order by count(distinct wanted.token) desc, entry.key limit $2`,
      [this.#tokensOf(known), most, entriesPerToken],
    );
    return rows.map(({ key }) => key);
  };

  readonly numberHash: Vault['numberHash'] = (number) =>
    hmac(this.#numberKey, number.replaceAll(/\D/g, '')).subarray(0, numberHashBytes);

  readonly sealPaper: Vault['sealPaper'] = async (db, subjectKey, paper) => {
    const dataKey = await this.#dataKeyOf(db, subjectKey);
    return dataKey === null ? null : seal(dataKey, paper, `paper ${subjectKey}`);
  };

  readonly openPaper: Vault['openPaper'] = async (db, subjectKey, sealed) => {
    const dataKey = await this.#dataKeyOf(db, subjectKey);
    return dataKey === null ? null : open(dataKey, sealed, `paper ${subjectKey}`);
  };

  readonly refreshTokens: Vault['refreshTokens'] = async (db, most) => {
    const { rows } = await db.query<SubjectRow>(
      `update subject set tokens_version = $1
        where key in (select key from subject where tokens_version < $1 order by key limit $2 for update skip locked)
       returning key::text, wrapped_key, ciphertext`,
      [blockingVersion, most],
    );
    await this.#replaceTokens(
      db,
      rows.map((row) => ({ subjectKey: row.key, citizen: this.#open(row).citizen })),
    );
    return rows.length;
  };

  #seal(subjectKey: string, citizen: Citizen): { wrappedKey: Buffer; ciphertext: Buffer } {
    const dataKey = randomBytes(32);
    return {
      wrappedKey: seal(this.#wrappingKey, dataKey, `key ${subjectKey}`),
      ciphertext: sealCitizen(dataKey, subjectKey, citizen),
    };
  }

  #open(row: SubjectRow): { citizen: Citizen; dataKey: Buffer } {
    const dataKey = open(this.#wrappingKey, row.wrapped_key, `key ${row.key}`);
    const citizen = JSON.parse(open(dataKey, row.ciphertext, `subject ${row.key}`).toString()) as Citizen;
    return { citizen, dataKey };
  }

  async #dataKeyOf(db: Database, subjectKey: string): Promise<Buffer | null> {
    const { rows } = await db.query<Pick<SubjectRow, 'wrapped_key'>>('select wrapped_key from subject where key = $1', [
      subjectKey,
    ]);
    return rows[0] === undefined ? null : open(this.#wrappingKey, rows[0].wrapped_key, `key ${subjectKey}`);
  }

  /** As signed 64-bit numbers, the NIK's first. */
  #tokensOf(person: PersonRecord): string[] {
    return blockingKeys(person).map((key) => hmac(this.#tokenKey, key).readBigInt64BE().toString());
  }

  async #replaceTokens(db: Database, records: readonly FiledRecord[]): Promise<void> {
    const keys = records.map(({ subjectKey }) => subjectKey);
    await db.query('delete from subject_token where subject_key = any($1::bigint[])', [keys]);
    await this.#writeTokens(db, records);
  }

  async #writeTokens(db: Database, records: readonly FiledRecord[]): Promise<void> {
    const entries = records.flatMap(({ subjectKey, citizen }) =>
      this.#tokensOf(citizen).map((token) => ({ token, subjectKey })),
    );
    await db.query(
      `insert into subject_token (token, subject_key) select * from unnest($1::bigint[], $2::bigint[]) on conflict do nothing`,
      [entries.map(({ token }) => token), entries.map(({ subjectKey }) => subjectKey)],
    );
  }
}

/** @param masterKey 32 bytes, kept outside the database. */
export const createVault = (masterKey: Buffer): Vault => new KeyedVault(masterKey);
