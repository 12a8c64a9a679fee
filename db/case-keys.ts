/** Data keys of cases: 32 random bytes per workflow id, kept wrapped by the master key. Deleting a row shreds that case's history. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { LruCache } from './lru.ts';

const cachedKeys = 5_000;
const algorithm = 'aes-256-gcm';

/** The master key from its base64 text. Throws unless it is 32 bytes. */
export function readMasterKey(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64');
  if (key.length !== 32) throw new Error('ALUR_MASTER_KEY must be 32 bytes in base64');
  return key;
}

/** AES-256-GCM: 12 bytes IV, 16 bytes tag, ciphertext. `name` is authenticated along with it. */
export function seal(key: Buffer, iv: Buffer, name: string, plain: Uint8Array): Buffer {
  const cipher = createCipheriv(algorithm, key, iv).setAAD(Buffer.from(name));
  const body = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}
/** Throws when the text was changed or sealed under another key or name. */
export function unseal(key: Buffer, name: string, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, 12))
    .setAAD(Buffer.from(name))
    .setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}

export class CaseKeys {
  readonly #pool: Pool;
  readonly #masterKey: Buffer;
  readonly #cache = new LruCache<Promise<Buffer>>(cachedKeys);

  constructor(pool: Pool, masterKey: Buffer) {
    this.#pool = pool;
    this.#masterKey = masterKey;
  }
  /** The key to encrypt with, made on first use. */
  forEncryption(name: string): Promise<Buffer> {
    return this.#cached(name, () => this.#readOrMake(name));
  }
  /** Throws when there is none: the case was erased. */
  forDecryption(name: string): Promise<Buffer> {
    return this.#cached(name, async () => {
      const key = await this.#read(name);
      if (key === null) throw new Error(`the key of ${name} does not exist`);
      return key;
    });
  }

  #cached(name: string, load: () => Promise<Buffer>): Promise<Buffer> {
    const cached = this.#cache.get(name);
    if (cached !== undefined) return cached;
    const loading = load();
    this.#cache.set(name, loading);
    loading.catch(() => this.#cache.delete(name));
    return loading;
  }
  async #read(name: string): Promise<Buffer | null> {
    const { rows } = await this.#pool.query<{ wrapped_key: Buffer }>(
      'select wrapped_key from case_key where workflow_id = $1',
      [name],
    );
    const wrapped = rows[0]?.wrapped_key;
    return wrapped === undefined ? null : unseal(this.#masterKey, name, wrapped);
  }
  async #readOrMake(name: string): Promise<Buffer> {
    const known = await this.#read(name);
    if (known !== null) return known;
    const key = randomBytes(32);
    const { rowCount } = await this.#pool.query(
      'insert into case_key (workflow_id, wrapped_key) values ($1, $2) on conflict do nothing',
      [name, seal(this.#masterKey, randomBytes(12), name, key)],
    );
    // Somebody else may have been first: theirs counts.
    const stored = rowCount === 1 ? key : await this.#read(name);
    if (stored === null) throw new Error(`the key of ${name} was deleted while it was made`);
    return stored;
  }
}
