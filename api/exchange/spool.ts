/** A file sent to us, on disk while it is read: a workbook's table of contents stands at its end, and its hash names the import. */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileFault } from '#exchange/fault.ts';
import { fileLimits } from '#exchange/limits.ts';

/** Runs `work` on the file; it is gone afterwards. Throws FileFault when it is too large, and what `work` throws. */
export async function withSpooled<T>(
  stream: NodeJS.ReadableStream,
  work: (file: string, sha256: Buffer) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-exchange-'));
  try {
    const file = path.join(folder, 'file');
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        bytes += chunk.length;
        hash.update(chunk);
        done(bytes > fileLimits.bytes ? new FileFault('tooManyBytes', { most: fileLimits.bytes }) : null, chunk);
      },
    });
    await pipeline(stream, measure, createWriteStream(file, { mode: 0o600 }));
    return await work(file, hash.digest());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
