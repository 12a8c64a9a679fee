/** Files of cases: who sent what, where and when it was pictured (sealed), and whether the same photo is in another case. */
import { randomBytes } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { seal, unseal } from './case-keys.ts';
import { nextKey } from './queries/definitions.ts';
import { inFamily, iso } from './queries/sql.ts';
import { deriveKey } from './vault.ts';

type Database = Pick<ClientBase | Pool, 'query'>;

/** Where and when a photo was taken, as one source says. */
export interface Place {
  readonly lat: number | null;
  readonly lon: number | null;
  /** As written; EXIF knows no zone. */
  readonly takenAt: string | null;
}
export interface Capture {
  /** What the client's own sensors said. */
  readonly client: (Place & { readonly accuracyM: number | null }) | null;
  /** What the photo said of itself before EXIF was taken out. */
  readonly exif: Place | null;
}
export interface FileRow {
  readonly fileKey: string;
  readonly storeKey: string;
  readonly caseKey: string | null;
  readonly region: string;
  readonly kind: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** SHA-256, lowercase hex: of what was sent, and of what is kept. */
  readonly originalHash: string;
  readonly storedHash: string;
  readonly capture: Capture;
  readonly uploadedBy: string;
  readonly uploadedAt: string;
}
type NewFile = Omit<FileRow, 'fileKey' | 'uploadedAt'>;
/** The same photo elsewhere. */
export interface Twin {
  readonly fileKey: string;
  readonly caseKey: string;
  readonly region: string;
}

const ivBytes = 12;
const selected = `key::text as "fileKey", store_key as "storeKey", instance_key::text as "caseKey", region, kind, media_type as "mediaType", bytes,
  encode(original_hash, 'hex') as "originalHash", encode(stored_hash, 'hex') as "storedHash", capture, uploaded_by as "uploadedBy",
  ${iso('uploaded_at')} as "uploadedAt"`;
type Sealed = Omit<FileRow, 'capture'> & { readonly capture: Buffer | null };

export interface FileRegister {
  /** Key of the new row. */
  readonly insert: (db: Database, file: NewFile) => Promise<string>;
  /** null: none, or not in the reader's region. */
  readonly find: (db: Database, fileKey: string) => Promise<FileRow | null>;
  /** Oldest first. */
  readonly ofCase: (db: Database, caseKey: string, most: number) => Promise<readonly FileRow[]>;
  /** Of a case and of those that it called, oldest first. */
  readonly ofFamily: (db: Database, caseKey: string, most: number) => Promise<readonly FileRow[]>;
}

/** @param masterKey 32 bytes, kept outside the database. */
export function createFileRegister(masterKey: Buffer): FileRegister {
  const key = deriveKey(masterKey, 'photo capture v1');
  const open = ({ capture, ...row }: Sealed): FileRow => ({
    ...row,
    capture:
      capture === null
        ? { client: null, exif: null }
        : (JSON.parse(unseal(key, `file ${row.fileKey}`, capture).toString()) as Capture),
  });
  const listed = async (db: Database, where: string, caseKey: string, most: number): Promise<readonly FileRow[]> => {
    const { rows } = await db.query<Sealed>(`select ${selected} from file where ${where} order by key limit $2`, [
      caseKey,
      most,
    ]);
    return rows.map(open);
  };
  return {
    insert: async (db, file) => {
      const fileKey = await nextKey(db);
      const { client, exif } = file.capture;
      const capture =
        client === null && exif === null
          ? null
          : seal(key, randomBytes(ivBytes), `file ${fileKey}`, Buffer.from(JSON.stringify(file.capture)));
      await db.query(
        `insert into file (key, store_key, instance_key, region, kind, media_type, bytes, original_hash, stored_hash, capture, uploaded_by)
         values ($1, $2, $3, $4, $5, $6, $7, decode($8, 'hex'), decode($9, 'hex'), $10, $11)`,
        [
          fileKey,
          file.storeKey,
          file.caseKey,
          file.region,
          file.kind,
          file.mediaType,
          file.bytes,
          file.originalHash,
          file.storedHash,
          capture,
          file.uploadedBy,
        ],
      );
      return fileKey;
    },
    find: async (db, fileKey) => {
      const { rows } = await db.query<Sealed>(`select ${selected} from file where key = $1`, [fileKey]);
      return rows[0] === undefined ? null : open(rows[0]);
    },
    ofCase: (db, caseKey, most) => listed(db, 'instance_key = $1', caseKey, most),
    ofFamily: (db, caseKey, most) => listed(db, inFamily('instance_key', '$1'), caseKey, most),
  };
}

/** Files of other cases with the same original, oldest first: a sign of fraud for the survey. Needs a reader of the whole country. */
export async function findTwins(
  db: Database,
  originalHash: string,
  caseKey: string,
  most: number,
): Promise<readonly Twin[]> {
  const { rows } = await db.query<Twin>(
    `select key::text as "fileKey", instance_key::text as "caseKey", region from file
      where original_hash = decode($1, 'hex') and instance_key <> $2 order by key limit $3`,
    [originalHash, caseKey, most],
  );
  return rows;
}
