/** Writes and reads the generated files: the CSV and, beside it, truth, population and canaries. */
import { readFile, writeFile } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import { proposalColumns } from '#contract/proposal.ts';
import type { Generated, Population, Truth } from './generate.ts';

/** Proposals of a month, from 0: those of the first in the file itself, the others beside it. */
export const monthFile = (csv: string, month: number): string =>
  month === 0 ? csv : `${csv}.${String(month + 1)}.csv`;
export const truthFile = (csv: string): string => `${csv}.truth.json`;
export const populationFile = (csv: string): string => `${csv}.population.json`;
export const canaryFile = (csv: string): string => `${csv}.canaries.json`;

export const csvText = (rows: Generated['rows']): string =>
  stringify([...rows], { header: true, columns: [...proposalColumns] });

/** NIKs spread over the file, to be searched for where none may be. */
export function canaries(rows: Generated['rows'], wanted: number): string[] {
  const wellFormed = [...new Set(rows.map((row) => row.nik).filter((nik) => /^[0-9]{16}$/.test(nik)))];
  const every = Math.max(1, Math.floor(wellFormed.length / Math.max(1, wanted)));
  return wellFormed.filter((_, index) => index % every === 0).slice(0, wanted);
}

/** All files hold invented people only; still they are for the owner's eyes. */
const mode = 0o600;

/** @returns the files */
export async function writeGenerated(csv: string, generated: Generated, canaryCount: number): Promise<string[]> {
  const { rows, truth, population } = generated;
  const files = new Map([
    [truthFile(csv), JSON.stringify(truth)],
    [populationFile(csv), JSON.stringify(population)],
  ]);
  for (let month = 0; month < truth.months; month += 1) {
    const ofMonth = rows.filter(({ id_sumber: id }) => truth.cases[id]?.month === month);
    files.set(monthFile(csv, month), csvText(ofMonth));
  }
  if (canaryCount > 0) files.set(canaryFile(csv), JSON.stringify(canaries(rows, canaryCount), null, 2));
  for (const [file, content] of files) await writeFile(file, content, { mode });
  return [...files.keys()].toSorted();
}

/** Throws when a file is missing or no JSON: they are made together with the CSV. */
export async function readTruth(csv: string): Promise<{ readonly truth: Truth; readonly population: Population }> {
  const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
  return { truth: (await read(truthFile(csv))) as Truth, population: (await read(populationFile(csv))) as Population };
}
