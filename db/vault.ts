/**
 * The vault: identifying data of citizens, AES-256-GCM under a key per subject, which is wrapped by a key derived from the master key
 * (outside the database). Found by blind indexes: HMAC under a key per kind. Deleting a subject's row destroys its key.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { keyOfNumber } from '#engine/keys.ts';

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
] as const satisfies readonly (keyof Citizen)[];
export type CitizenField = (typeof citizenFields)[number];
export const isCitizenField = (name: string): name is CitizenField =>
  (citizenFields as readonly string[]).includes(name);

/** Kinds of blind index. Bytes kept of the hash: few where the domain is small, so that the index alone tells little. */
const indexBytes = {
  nik: 16,
  kk: 16,
  nameBirth: 16,
  hp: 16,
  motherBirth: 16,
  birthVillage: 4,
  addressVillage: 8,
} as const;
export type IndexKind = keyof typeof indexBytes;
const indexKinds = Object.keys(indexBytes) as IndexKind[];

export interface CandidateSubject {
  readonly subjectKey: string;
  /** Which indexes agreed, strongest first. */
  readonly kinds: readonly IndexKind[];
}

export interface Vault {
  /** Stores a new subject; its key. The region is the citizen's village. */
  readonly create: (db: Database, citizen: Citizen) => Promise<string>;
  /** null: no such subject, or not in the caller's region. */
  readonly read: (db: Database, subjectKey: string) => Promise<Citizen | null>;
  /** Changes some fields; the person after it, or null when there is none. */
  readonly update: (db: Database, subjectKey: string, change: Partial<Citizen>) => Promise<Citizen | null>;
  /** Subjects that share an index with the citizen, best first; `exclude` is left out. Needs a reader of the whole country. */
  readonly findCandidates: (
    db: Database,
    citizen: Citizen,
    exclude: string | null,
    most: number,
  ) => Promise<readonly CandidateSubject[]>;
}

/** As people may see a number: the first six digits (the region, public anyway) and stars. */
export const maskNumber = (number: string): string => number.slice(0, 6) + '*'.repeat(Math.max(0, number.length - 6));

const derive = (masterKey: Buffer, label: string): Buffer =>
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

/** Letters only, upper case, words sorted: order and punctuation of names vary from clerk to clerk. */
const plainName = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll(/[^A-Z ]/g, ' ')
    .split(' ')
    .filter((word) => word.length > 1)
    .sort()
    .join(' ');
const digits = (text: string): string => text.replaceAll(/\D/g, '');
const plainPhone = (text: string): string => digits(text).replace(/^(62|0)/, '');
const plainAddress = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
const plainNumber = (text: string | null): string => digits(text ?? '').replace(/^0+/, '');

function indexText(kind: IndexKind, person: Citizen): string | null {
  const both = (first: string, second: string): string | null =>
    first === '' || second === '' ? null : `${first}|${second}`;
  switch (kind) {
    case 'nik':
      return digits(person.nik) || null;
    case 'kk':
      return digits(person.noKk) || null;
    case 'nameBirth':
      return both(plainName(person.nama), person.tanggalLahir);
    case 'hp':
      return plainPhone(person.hp ?? '') || null;
    case 'motherBirth':
      return both(plainName(person.ibuKandung ?? ''), person.tanggalLahir);
    case 'birthVillage':
      return both(person.tanggalLahir, person.kodeDesa);
    case 'addressVillage':
      return both(
        plainAddress(person.alamat ?? ''),
        `${person.kodeDesa}|${plainNumber(person.rt)}|${plainNumber(person.rw)}`,
      );
  }
}

interface SubjectRow {
  readonly wrapped_key: Buffer;
  readonly ciphertext: Buffer;
}

class KeyedVault implements Vault {
  readonly #wrappingKey: Buffer;
  readonly #indexKeys: ReadonlyMap<IndexKind, Buffer>;

  constructor(masterKey: Buffer) {
    if (masterKey.length !== 32) throw new Error('the master key must be 32 bytes');
    this.#wrappingKey = derive(masterKey, 'subject key v1');
    this.#indexKeys = new Map(indexKinds.map((kind) => [kind, derive(masterKey, `blind index ${kind} v1`)]));
  }

  readonly create: Vault['create'] = async (db, citizen) => {
    const { rows } = await db.query<{ number: string }>("select nextval('instance_number')::text as number");
    const subjectKey = keyOfNumber(BigInt(rows[0]?.number ?? ''));
    const dataKey = randomBytes(32);
    await db.query(
      'insert into subject (key, region, wrapped_key, ciphertext, nik_masked) values ($1, $2, $3, $4, $5)',
      [
        subjectKey,
        citizen.kodeDesa,
        seal(this.#wrappingKey, dataKey, `key ${subjectKey}`),
        seal(dataKey, Buffer.from(JSON.stringify(citizen)), `subject ${subjectKey}`),
        maskNumber(citizen.nik),
      ],
    );
    await this.#writeIndexes(db, subjectKey, citizen);
    return subjectKey;
  };

  readonly read: Vault['read'] = async (db, subjectKey) => {
    const { rows } = await db.query<SubjectRow>('select wrapped_key, ciphertext from subject where key = $1', [
      subjectKey,
    ]);
    return rows[0] === undefined ? null : this.#decrypt(subjectKey, rows[0]).citizen;
  };

  readonly update: Vault['update'] = async (db, subjectKey, change) => {
    const { rows } = await db.query<SubjectRow>(
      'select wrapped_key, ciphertext from subject where key = $1 for update',
      [subjectKey],
    );
    if (rows[0] === undefined) return null;
    const { citizen: before, dataKey } = this.#decrypt(subjectKey, rows[0]);
    // The village decides who sees the person; it changes by moving the case, never by editing.
    const after: Citizen = { ...before, ...change, kodeDesa: before.kodeDesa };
    await db.query('update subject set ciphertext = $2, nik_masked = $3, updated_at = now() where key = $1', [
      subjectKey,
      seal(dataKey, Buffer.from(JSON.stringify(after)), `subject ${subjectKey}`),
      maskNumber(after.nik),
    ]);
    await db.query('delete from subject_index where subject_key = $1', [subjectKey]);
    await this.#writeIndexes(db, subjectKey, after);
    return after;
  };

  readonly findCandidates: Vault['findCandidates'] = async (db, citizen, exclude, most) => {
    const wanted = this.#indexesOf(citizen);
    const { rows } = await db.query<{ subject_key: string; kinds: IndexKind[] }>(
      `select i.subject_key::text, array_agg(i.kind) as kinds
         from subject_index i join unnest($1::text[], $2::bytea[]) as wanted (kind, hash) on i.kind = wanted.kind and i.hash = wanted.hash
        where i.subject_key is distinct from $3::bigint
        group by i.subject_key
        order by bool_or(i.kind = 'nik') desc, count(*) desc, i.subject_key
        limit $4`,
      [wanted.map(({ kind }) => kind), wanted.map(({ hash }) => hash), exclude, most],
    );
    return rows.map((row) => ({
      subjectKey: row.subject_key,
      kinds: indexKinds.filter((kind) => row.kinds.includes(kind)),
    }));
  };

  #decrypt(subjectKey: string, row: SubjectRow): { citizen: Citizen; dataKey: Buffer } {
    const dataKey = open(this.#wrappingKey, row.wrapped_key, `key ${subjectKey}`);
    const citizen = JSON.parse(open(dataKey, row.ciphertext, `subject ${subjectKey}`).toString()) as Citizen;
    return { citizen, dataKey };
  }

  #indexesOf(citizen: Citizen): { kind: IndexKind; hash: Buffer }[] {
    return [...this.#indexKeys].flatMap(([kind, key]) => {
      const text = indexText(kind, citizen);
      return text === null
        ? []
        : [{ kind, hash: createHmac('sha256', key).update(text).digest().subarray(0, indexBytes[kind]) }];
    });
  }

  async #writeIndexes(db: Database, subjectKey: string, citizen: Citizen): Promise<void> {
    const indexes = this.#indexesOf(citizen);
    await db.query(
      `insert into subject_index (kind, hash, subject_key) select kind, hash, $3 from unnest($1::text[], $2::bytea[]) as given (kind, hash)
         on conflict do nothing`,
      [indexes.map(({ kind }) => kind), indexes.map(({ hash }) => hash), subjectKey],
    );
  }
}

/** @param masterKey 32 bytes, kept outside the database. */
export const createVault = (masterKey: Buffer): Vault => new KeyedVault(masterKey);
