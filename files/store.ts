/** Where files lie: a folder by default, or any object storage that speaks S3. Named by the SHA-256 of what was put, and never changed. */
import { createHash } from 'node:crypto';

export interface FileStore {
  /** Keeps the bytes; when they are there already, nothing happens. @returns their key */
  readonly put: (content: Uint8Array) => Promise<string>;
  /** null: there is no such file. */
  readonly get: (key: string) => Promise<Buffer | null>;
  readonly head: (key: string) => Promise<{ readonly bytes: number } | null>;
  /** Also when there is none. */
  readonly delete: (key: string) => Promise<void>;
}

/** Lowercase hex: the key of a content. */
export const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Guards against keys that would leave the store. @throws Error */
export function assertKey(key: string): void {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new Error('a key of a file is a SHA-256 in lowercase hex');
}
