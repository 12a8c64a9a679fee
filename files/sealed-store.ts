/** A store that holds ciphertext only (AES-256-GCM under one key): who copies the disk or reads the bucket has nothing. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { FileStore } from './store.ts';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

function seal(key: Buffer, plain: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}
function unseal(key: Buffer, sealed: Buffer): Buffer {
  const tagAt = sealed.length - tagBytes;
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes)).setAuthTag(sealed.subarray(tagAt));
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes, tagAt)), decipher.final()]);
}

/**
 * Keys and sizes are those of the ciphertext: the store can be checked without the key, and does not tell whether it holds a known file.
 * @param key 32 bytes. `get` throws when a file was changed or sealed under another key.
 */
export function sealedStore(inner: FileStore, key: Buffer): FileStore {
  return {
    put: (content) => inner.put(seal(key, content)),
    get: async (name) => {
      const sealed = await inner.get(name);
      return sealed === null ? null : unseal(key, sealed);
    },
    head: inner.head,
    delete: inner.delete,
  };
}
