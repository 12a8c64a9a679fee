/** A stored file as an answer: to be saved, never to be shown as a page of ours. */
import type { Response } from 'express';
import { workbookType } from '#files/media-type.ts';
import type { FileStore } from '#files/store.ts';
import { notFound } from './refusal.ts';

const endings: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'application/pdf': 'pdf',
  'text/csv': 'csv',
  [workbookType]: 'xlsx',
};

/** @throws Refusal when the store has lost it. @param file `name` without its ending; letters, digits, dashes and underscores */
export async function sendFile(
  response: Response,
  files: FileStore,
  file: { readonly storeKey: string; readonly mediaType: string; readonly name: string },
): Promise<void> {
  const content = await files.get(file.storeKey);
  if (content === null) throw notFound();
  response
    .status(200)
    .set('Cache-Control', 'no-store')
    .set('Content-Disposition', `attachment; filename="${file.name}.${endings[file.mediaType] ?? 'bin'}"`)
    .set('X-Content-Type-Options', 'nosniff')
    .set('Content-Security-Policy', "default-src 'none'; sandbox")
    .type(file.mediaType)
    .send(content);
}
