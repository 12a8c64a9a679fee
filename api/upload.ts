/** One file of a multipart request, with the fields before it, within limits. */
import busboy from 'busboy';
import type { Request } from 'express';
import { Refusal } from './refusal.ts';

export interface Upload {
  readonly fields: Readonly<Record<string, string>>;
  readonly content: Buffer;
}
const fieldsMost = 20;
const fieldBytes = 200;

/** @throws Refusal unless there is exactly one file of at most so many bytes. */
export function readUpload(request: Request, mostBytes: number): Promise<Upload> {
  if (!/^multipart\/form-data\b/i.test(request.get('Content-Type') ?? '')) {
    return Promise.reject(
      new Refusal('unsupportedMediaType', 'mediaType', { values: { type: 'multipart/form-data' } }),
    );
  }
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = {};
    const files: Buffer[] = [];
    const parser = busboy({
      headers: request.headers,
      limits: { files: 1, fileSize: mostBytes, fields: fieldsMost, fieldSize: fieldBytes },
    });
    const fail = (refusal: Refusal): void => {
      request.unpipe(parser);
      // What is still on its way is read and dropped, so that the answer gets through.
      request.resume();
      reject(refusal);
    };
    parser.on('field', (name, value) => {
      fields[name] = value;
    });
    parser.on('file', (_, stream) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('limit', () => fail(new Refusal('tooLarge', 'fileTooLarge', { values: { limit: mostBytes } })));
      stream.on('end', () => files.push(Buffer.concat(chunks)));
    });
    parser.on('filesLimit', () => fail(new Refusal('invalidFile', 'fileMissing')));
    parser.on('error', () => fail(new Refusal('invalidRequest', 'badFields')));
    parser.on('close', () => {
      const [content] = files;
      if (content === undefined) fail(new Refusal('invalidFile', 'fileMissing'));
      else resolve({ fields, content });
    });
    request.pipe(parser);
  });
}
