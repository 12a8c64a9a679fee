/** Files of a multipart request, within limits, as UTF-8 text. */
import busboy from 'busboy';
import type { Request } from 'express';
import { deploymentLimits } from '#contract/deployment.ts';
import { Refusal } from './refusal.ts';

export interface UploadedFile {
  readonly name: string;
  readonly content: string;
}

/** Base name only: a path in a file name is never used. */
const baseName = (name: string): string => name.split(/[\\/]/).at(-1)?.slice(0, 255) ?? '';

/** All files of the request, whatever their field is called (Camunda's clients say `resources`). @throws Refusal */
export function readFiles(request: Request): Promise<readonly UploadedFile[]> {
  if (!/^multipart\/form-data\b/i.test(request.get('Content-Type') ?? '')) {
    return Promise.reject(
      new Refusal('unsupportedMediaType', 'mediaType', { values: { type: 'multipart/form-data' } }),
    );
  }
  const { files: most, fileBytes } = deploymentLimits;
  return new Promise((resolve, reject) => {
    const files: UploadedFile[] = [];
    const fail = (refusal: Refusal): void => {
      request.unpipe(parser);
      // What is still on its way is read and dropped, so that the answer gets through.
      request.resume();
      reject(refusal);
    };
    const parser = busboy({
      headers: request.headers,
      defParamCharset: 'utf8',
      limits: { files: most, fileSize: fileBytes, fields: 20, parts: most + 20 },
    });
    parser.on('file', (_, stream, { filename }) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => fail(new Refusal('tooLarge', 'bodyTooLarge', { values: { limit: fileBytes } })));
      stream.on('end', () =>
        files.push({ name: baseName(filename ?? ''), content: Buffer.concat(chunks).toString('utf8') }),
      );
    });
    parser.on('filesLimit', () => fail(new Refusal('tooLarge', 'tooManyFiles', { values: { count: most } })));
    parser.on('error', () => fail(new Refusal('invalidRequest', 'badFields')));
    parser.on('close', () => resolve(files));
    request.pipe(parser);
  });
}
