/** Files on their way to a case. A file that was sent is never sent again, and every try of it carries the same Idempotency-Key. */
import { fileEndpoints, fileLimits, uploadTypes, type FileKind, type StoredFile } from '#contract/file.ts';
import { call, newIdempotencyKey } from './api.ts';

export type Unfit = 'size' | 'type' | 'empty';
/** What the person has to choose anew. */
export class UnfitFile extends Error {
  readonly fileName: string;
  readonly why: Unfit;

  constructor(fileName: string, why: Unfit) {
    super(`${why}: ${fileName}`);
    this.name = 'UnfitFile';
    this.fileName = fileName;
    this.why = why;
  }
}
/** A browser that does not know a type says nothing; the server looks at the bytes. */
function unfitness({ size, type }: File): Unfit | null {
  if (size === 0) return 'empty';
  if (size > fileLimits.uploadBytes) return 'size';
  return type === '' || uploadTypes.some((known) => known === type) ? null : 'type';
}

/** @throws UnfitFile for the first that the person has to choose anew */
export function assertFit(files: readonly File[]): void {
  for (const file of files) {
    const why = unfitness(file);
    if (why !== null) throw new UnfitFile(file.name, why);
  }
}

interface Sending {
  readonly idempotencyKey: string;
  stored: StoredFile | null;
}
export class Uploads {
  readonly #caseKey: string;
  readonly #sendings = new WeakMap<File, Sending>();

  constructor(caseKey: string) {
    this.#caseKey = caseKey;
  }

  /** @throws UnfitFile before anything is sent; else what `call` throws: the same file may be tried again */
  async send(file: File, kind: FileKind): Promise<StoredFile> {
    assertFit([file]);
    const sending = this.#sendings.get(file) ?? { idempotencyKey: newIdempotencyKey(), stored: null };
    this.#sendings.set(file, sending);
    if (sending.stored !== null) return sending.stored;
    const form = new FormData();
    form.append('caseKey', this.#caseKey);
    form.append('kind', kind);
    form.append('file', file);
    const { idempotencyKey } = sending;
    sending.stored = await call(fileEndpoints.uploadFile, {}, { rawBody: form, idempotencyKey });
    return sending.stored;
  }
}
