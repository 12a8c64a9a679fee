/** Files of cases in memory: the register and the store behind lists as files. */
import { Pool } from 'pg';
import { createListFiles, type ListFiles } from '#activities/connectors/item-file-deps.ts';
import type { FileRegister, FileRow } from '#db/files.ts';
import { sha256 } from '#files/store.ts';
import { memoryStore } from './memory-store.ts';

export interface MemoryFiles {
  readonly lists: ListFiles;
  /** Number of the file. */
  readonly put: (caseKey: string, kind: string, content: Buffer) => Promise<string>;
  /** null: none. */
  readonly get: (fileKey: string) => Promise<Buffer | null>;
}

function memoryRegister(): FileRegister {
  const rows: FileRow[] = [];
  const of = (caseKey: string): Promise<readonly FileRow[]> =>
    Promise.resolve(rows.filter((row) => row.caseKey === caseKey));
  return {
    insert: (_, file) => {
      const fileKey = String(rows.length + 1);
      rows.push({ ...file, fileKey, uploadedAt: new Date(0).toISOString() });
      return Promise.resolve(fileKey);
    },
    find: (_, fileKey) => Promise.resolve(rows.find((row) => row.fileKey === fileKey) ?? null),
    ofCase: (_, caseKey) => of(caseKey),
    ofFamily: (_, caseKey) => of(caseKey),
  };
}

export function memoryFiles(): MemoryFiles {
  const register = memoryRegister();
  const store = memoryStore();
  // Never connects: the register asks no database.
  const pool = new Pool();
  return {
    lists: createListFiles({ pool, register, store }),
    put: async (caseKey, kind, content) => {
      const hash = sha256(content);
      const storeKey = await store.put(content);
      return register.insert(pool, {
        storeKey,
        caseKey,
        region: '',
        kind,
        mediaType: 'application/octet-stream',
        bytes: content.length,
        originalHash: hash,
        storedHash: hash,
        capture: { client: null, exif: null },
        uploadedBy: 'test',
      });
    },
    get: async (fileKey) => {
      const row = await register.find(pool, fileKey);
      return row === null ? null : store.get(row.storeKey);
    },
  };
}
