/** Case files on disk: which ones a command line names, and where the models of each lie. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { text } from '../texts.ts';
import type { CaseFile } from './engine.ts';

/** Folder of the cases; models lie beside it. */
export const casesFolder = 'cases';
/** Folders are searched so deep. */
const depthMost = 12;
const fileBytesMost = 16 * 1024 * 1024;

/**
 * Case files named by files and folders, each once, in order of name. Of a folder: every `.json` in a `cases` folder within it, or, when
 * there is none such, every `.json` directly in it. Throws when a path does not exist or names no case.
 */
export async function findCases(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const given of paths) {
    if (!existsSync(given)) throw new Error(text('pathMissing', { path: given }));
    const files = statSync(given).isDirectory() ? await casesIn(given) : [given];
    if (files.length === 0) throw new Error(text('noCases', { path: given }));
    found.push(...files);
  }
  return [...new Set(found.map((file) => path.resolve(file)))];
}

/** Empty: none. */
export async function casesIn(folder: string): Promise<string[]> {
  const below = await casesBelow(folder, 0);
  return below.length > 0 ? below : jsonIn(folder);
}

/** Every `.json` directly in the folder. */
export async function jsonIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .map((name) => path.join(folder, name));
}

async function casesBelow(folder: string, depth: number): Promise<string[]> {
  if (path.basename(path.resolve(folder)) === casesFolder) return jsonIn(folder);
  if (depth === depthMost) return [];
  const entries = await readdir(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules');
  const found: string[] = [];
  for (const { name } of folders.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    found.push(...(await casesBelow(path.join(folder, name), depth + 1)));
  }
  return found;
}

/**
 * Reads the models of a case: paths are relative to the folder that holds `cases`, else to the case file's own folder, else to the one
 * above. The reader throws when there is no such file.
 */
export function modelReader(caseFile: string): (modelPath: string) => CaseFile & { readonly path: string } {
  const own = path.dirname(path.resolve(caseFile));
  const above = path.dirname(own);
  const roots = path.basename(own) === casesFolder ? [above, own] : [own, above];
  return (modelPath) => {
    const file = roots.map((root) => path.resolve(root, modelPath)).find((candidate) => existsSync(candidate));
    if (file === undefined) throw new Error(text('modelMissing', { path: modelPath, folders: roots.join(', ') }));
    return { name: path.basename(file), content: readText(file), path: file };
  };
}

/** Throws when it is too large to be a case or a model. */
export function readText(file: string): string {
  if (statSync(file).size > fileBytesMost) throw new Error(text('fileTooLarge', { path: file }));
  return readFileSync(file, 'utf8');
}
