/** What a reader of a PDF sees: the text of each page, and what the file says of itself. */
import { execFile } from 'node:child_process';
import path from 'node:path';

export interface PdfText {
  readonly pages: readonly string[];
  readonly title: string;
  readonly language: string | null;
}

export function readPdf(pdf: Uint8Array): Promise<PdfText> {
  return new Promise((resolve, reject) => {
    const reader = execFile(
      process.execPath,
      [path.join(__dirname, 'pdf-reader.mjs')],
      { maxBuffer: 16 * 1024 * 1024 },
      (error, stdout) => (error === null ? resolve(JSON.parse(stdout) as PdfText) : reject(error)),
    );
    reader.stdin?.end(pdf);
  });
}
