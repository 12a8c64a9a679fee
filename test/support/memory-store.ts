/** Files in memory. */
import { sha256 } from '#files/store.ts';
import type { FileStore } from '#files/store.ts';

export function memoryStore(): FileStore {
  const files = new Map<string, Buffer>();
  return {
    put: (content) => {
      const key = sha256(content);
      files.set(key, Buffer.from(content));
      return Promise.resolve(key);
    },
    get: (key) => Promise.resolve(files.get(key) ?? null),
    head: (key) => {
      const found = files.get(key);
      return Promise.resolve(found === undefined ? null : { bytes: found.length });
    },
    delete: (key) => {
      files.delete(key);
      return Promise.resolve();
    },
  };
}
