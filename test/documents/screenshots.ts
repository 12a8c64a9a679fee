/**
 * `npm run documents:screenshots [folder]`: prints every kind of document with invented data and pictures its pages into
 * docs/screenshots/documents. Needs `pdftoppm` (Debian package poppler-utils).
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { wordingOf } from '#documents/wording.ts';
import { kindNames, kinds } from './rendered.ts';

const folder = process.argv[2] ?? path.resolve(import.meta.dirname, '..', '..', 'docs', 'screenshots', 'documents');
const dotsPerInch = '72';
const wording = wordingOf('id', 'Asia/Jakarta');
const scratch = await mkdtemp(path.join(tmpdir(), 'alur-documents-'));
await mkdir(folder, { recursive: true });
for (const kind of kindNames) {
  const file = path.join(scratch, `${kind}.pdf`);
  await writeFile(file, await kinds[kind](wording));
  await promisify(execFile)('pdftoppm', ['-png', '-r', dotsPerInch, file, path.join(folder, kind)]);
}
await rm(scratch, { recursive: true });
