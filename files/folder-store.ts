/** Files in a folder, in sub-folders by the first digits of their keys. A file is there whole or not at all, also after a power cut. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { assertKey, sha256 } from './store.ts';
import type { FileStore } from './store.ts';

const ownerOnly = 0o600;
const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Writes what is given, if anything, and makes the file (or a folder's entries) outlive a power cut. */
async function settle(file: string, flags: 'r' | 'wx', content?: Uint8Array): Promise<void> {
  const handle = await open(file, flags, ownerOnly);
  try {
    if (content !== undefined) await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
async function writeWhole(file: string, content: Uint8Array): Promise<void> {
  const folder = path.dirname(file);
  const partial = path.join(folder, `.${randomUUID()}`);
  await mkdir(folder, { recursive: true });
  try {
    await settle(partial, 'wx', content);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await settle(folder, 'r');
}

export function folderStore(root: string): FileStore {
  const fileOf = (key: string): string => {
    assertKey(key);
    return path.join(root, key.slice(0, 2), key.slice(2, 4), key);
  };
  const head: FileStore['head'] = async (key) => {
    const found = await orNull(stat(fileOf(key)));
    return found === null ? null : { bytes: found.size };
  };
  return {
    put: async (content) => {
      const key = sha256(content);
      if ((await head(key)) === null) await writeWhole(fileOf(key), content);
      return key;
    },
    get: (key) => orNull(readFile(fileOf(key))),
    head,
    delete: (key) => rm(fileOf(key), { force: true }),
  };
}
