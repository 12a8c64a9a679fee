/** The built web app that the API serves: built on first start, and again when a source is newer than the build. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'vite';

async function newest(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  return Math.max(0, ...times);
}

/** Builds web/ into web/dist when that is missing or older than its sources. */
export async function buildWeb(projectDir: string, say: (line: string) => void): Promise<void> {
  const root = path.join(projectDir, 'web');
  const built = await stat(path.join(root, 'dist', 'index.html')).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const sources = await Promise.all([newest(path.join(root, 'src')), newest(path.join(projectDir, 'contract'))]);
  if (built > Math.max(...sources)) return;
  say('web: building');
  await build({ root, logLevel: 'error' });
  say('web: built');
}
