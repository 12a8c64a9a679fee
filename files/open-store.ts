/** The store that an installation uses: a folder, or an object storage. Sealed either way. */
import { folderStore } from './folder-store.ts';
import type { S3Options } from './s3-store.ts';
import { sealedStore } from './sealed-store.ts';
import type { FileStore } from './store.ts';

export type FilePlace = { readonly folder: string } | S3Options;

/** @param key 32 bytes */
export async function openStore(place: FilePlace, key: Buffer): Promise<FileStore> {
  if ('folder' in place) return sealedStore(folderStore(place.folder), key);
  // Loaded only where it is used: the SDK is large.
  const { s3Store } = await import('./s3-store.ts');
  return sealedStore(s3Store(place), key);
}
