/** Claim check: bytes stored once under their SHA-256. */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { ProcessModel } from '#engine/model.ts';
import { LruCache } from './lru.ts';

const cachedBytes = 64 * 1024 * 1024;

/** Stores bytes (once) and returns their SHA-256. Compiled models come in plain, payloads as ciphertext. */
export async function storePayload(pool: Pool, body: Uint8Array): Promise<Buffer> {
  const sha256 = createHash('sha256').update(body).digest();
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  await pool.query('insert into payload (sha256, body) values ($1, $2) on conflict do nothing', [sha256, bytes]);
  return sha256;
}

/** Reads stored bytes through a cache; they never change. Throws when there are none. */
export class PayloadStore {
  readonly #pool: Pool;
  readonly #cache = new LruCache<Promise<Buffer>>(cachedBytes);

  constructor(pool: Pool) {
    this.#pool = pool;
  }
  store(body: Uint8Array): Promise<Buffer> {
    return storePayload(this.#pool, body);
  }
  async load(sha256Hex: string): Promise<Buffer> {
    const cached = this.#cache.get(sha256Hex);
    if (cached !== undefined) return cached;
    const loading = this.#read(sha256Hex);
    // Cost unknown until read; until then the entry joins concurrent readers.
    this.#cache.set(sha256Hex, loading);
    try {
      const body = await loading;
      this.#cache.set(sha256Hex, loading, body.byteLength);
      return body;
    } catch (error) {
      this.#cache.delete(sha256Hex);
      throw error;
    }
  }
  async #read(sha256Hex: string): Promise<Buffer> {
    const { rows } = await this.#pool.query<{ body: Buffer }>('select body from payload where sha256 = $1', [
      Buffer.from(sha256Hex, 'hex'),
    ]);
    const body = rows[0]?.body;
    if (body === undefined) throw new Error(`payload ${sha256Hex} is not stored`);
    return body;
  }
}

/** A compiled model by its name. Throws when there is none. */
export async function loadModel(pool: Pool, modelSha256: string): Promise<ProcessModel> {
  const { rows } = await pool.query<{ body: Buffer }>("select body from payload where sha256 = decode($1, 'hex')", [
    modelSha256,
  ]);
  if (rows[0] === undefined) throw new Error(`there is no model ${modelSha256}`);
  return JSON.parse(rows[0].body.toString()) as ProcessModel;
}
