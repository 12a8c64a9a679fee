/** Rows of lists hold what the vault holds: they lie sealed as well, under keys of their own, and are named by keyed hashes. */
import { createHmac, randomBytes } from 'node:crypto';
import { seal, unseal } from '../case-keys.ts';
import { deriveKey } from '../vault.ts';

export interface RowSeal {
  /** @param place where it lies: sealed text cannot be moved elsewhere. */
  readonly seal: (place: string, value: unknown) => Buffer;
  /** Throws when it was changed, or comes from another place. */
  readonly open: (place: string, sealed: Buffer) => unknown;
  /** What names a row in its list. */
  readonly identity: (profile: string, text: string) => Buffer;
}

/** What binds the sealed text of a row to its place. */
export const rowPlace = (importKey: string, line: number): string => `exchange ${importKey} ${String(line)}`;

const identityBytes = 16;

/** @param masterKey 32 bytes, kept outside the database. */
export function createRowSeal(masterKey: Buffer): RowSeal {
  const [sealKey, identityKey] = [
    deriveKey(masterKey, 'exchange row v1'),
    deriveKey(masterKey, 'exchange identity v1'),
  ];
  return {
    seal: (place, value) => seal(sealKey, randomBytes(12), place, Buffer.from(JSON.stringify(value))),
    open: (place, sealed) => JSON.parse(unseal(sealKey, place, sealed).toString()) as unknown,
    identity: (profile, text) =>
      createHmac('sha256', identityKey).update(`${profile}\n${text}`).digest().subarray(0, identityBytes),
  };
}
