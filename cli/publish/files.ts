/** Definitions on disk and the stories beside them. */
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { casesFolder, jsonIn, modelReader, readText } from '../case/files.ts';
import type { CaseFile } from '../case/engine.ts';
import { readCase } from '../case/format.ts';
import { text } from '../texts.ts';

export interface Publication {
  readonly files: readonly CaseFile[];
  /** Decisions that lie beside them and are not published now: the definitions may refer to them. */
  readonly beside: readonly CaseFile[];
  /** Case files whose models are among the files. */
  readonly stories: readonly string[];
}

const isDefinition = (name: string): boolean => /\.(bpmn|dmn|form)$/i.test(name);

/**
 * Of a folder every `.bpmn`, `.dmn` and `.form` in it; the stories are the cases in the `cases` folders beside the definitions. Throws
 * when a path does not exist or there is nothing to publish.
 */
export async function gather(paths: readonly string[]): Promise<Publication> {
  const definitions = new Set<string>();
  for (const given of paths) {
    if (!existsSync(given)) throw new Error(text('pathMissing', { path: given }));
    const full = path.resolve(given);
    if (!statSync(full).isDirectory()) definitions.add(full);
    else for (const name of await readdir(full)) if (isDefinition(name)) definitions.add(path.join(full, name));
  }
  if (definitions.size === 0) throw new Error(text('nothingToPublish', { paths: paths.join(' ') }));
  const files = [...definitions].toSorted();
  const stories: string[] = [];
  const beside: string[] = [];
  for (const folder of new Set(files.map((file) => path.dirname(file)))) {
    const decisions = (await readdir(folder)).filter((name) => name.endsWith('.dmn'));
    beside.push(...decisions.map((name) => path.join(folder, name)).filter((file) => !definitions.has(file)));
    const cases = path.join(folder, casesFolder);
    if (existsSync(cases)) stories.push(...(await jsonIn(cases)).filter((story) => tells(story, definitions)));
  }
  return { files: files.map(read), beside: beside.map(read), stories };
}

const read = (file: string): CaseFile => ({ name: path.basename(file), content: readText(file) });

/** Whether a story is about one of the files; one that cannot be read is, so that it is told of. */
function tells(story: string, definitions: ReadonlySet<string>): boolean {
  try {
    const { model } = readCase(readText(story));
    const find = modelReader(story);
    return [model].flat().some((name) => definitions.has(find(name).path));
  } catch {
    return true;
  }
}
