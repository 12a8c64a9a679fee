/** Other builds of the worker: a copy of its sources with one change, so that it has another build id. */
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { projectDir } from './programs.ts';

const workflowFile = path.join('workflows', 'process-instance.ts');

export type Change = (source: string) => string;

/** Nothing that a history could tell. */
export const harmless: Change = (source) => `${source}\n// Another build.\n`;
/** Every instance waits a moment before it goes on: no history of an open case has that timer. */
export const nondeterministic: Change = (source) => {
  const planted = source.replace(/(async run\(\): Promise<InstanceOutcome> \{\n)/, '$1    await sleep(1);\n');
  if (planted === source)
    throw new Error('the workflow has changed its shape: there is no place for the planted fault');
  return planted;
};

/** What is installed is shared. */
export async function copySources(folder: string): Promise<void> {
  const own = await readFile(path.join(projectDir, 'package.json'), 'utf8');
  const { imports } = JSON.parse(own) as { readonly imports: Readonly<Record<string, string>> };
  const parts = Object.values(imports).map((place) => path.dirname(place));
  for (const part of [...parts, 'package.json', 'tsconfig.json'])
    await cp(path.join(projectDir, part), path.join(folder, part), { recursive: true });
  await symlink(path.join(projectDir, 'node_modules'), path.join(folder, 'node_modules'));
}

/** Returns the folder. */
export async function makeBuild(home: string, name: string, change: Change): Promise<string> {
  const folder = path.join(home, 'builds', name);
  await mkdir(folder, { recursive: true });
  await copySources(folder);
  const file = path.join(folder, workflowFile);
  await writeFile(file, change(await readFile(file, 'utf8')));
  return folder;
}
