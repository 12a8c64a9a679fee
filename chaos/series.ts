/** The ledger of runs: runs on fresh seeds add up to the counts of the bars. And a file for each seed that failed. */
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Counts } from './experiments/experiment.ts';
import type { RunResult } from './run.ts';
import { projectDir } from './stack/programs.ts';

const folder = path.resolve(projectDir, process.env['ALUR_HOME'] ?? '.alur', 'chaos');
const seriesFile = path.join(folder, 'series.jsonl');

export interface SeriesRun {
  readonly seed: number;
  readonly commit: string;
  readonly profile: string;
  readonly startedAt: string;
  readonly acknowledged: number;
  readonly faults: number;
  readonly lost: number;
  readonly doubled: number;
  readonly stuck: number;
  readonly bars: readonly { readonly id: string; readonly counts: Counts; readonly misses: number }[];
}

export const countOfKind = ({ findings }: RunResult, kind: 'lost' | 'doubled' | 'stuck'): number =>
  findings.filter((finding) => finding.kind === kind).length;

export async function addToSeries(result: RunResult): Promise<void> {
  const { seed, commit, profile, startedAt, acknowledged, faults, bars } = result;
  const entry: SeriesRun = {
    seed,
    commit,
    profile,
    startedAt,
    acknowledged,
    faults: faults.length,
    lost: countOfKind(result, 'lost'),
    doubled: countOfKind(result, 'doubled'),
    stuck: countOfKind(result, 'stuck'),
    bars: bars.map(({ id, counts, misses }) => ({ id, counts, misses: misses.length })),
  };
  await mkdir(folder, { recursive: true });
  await appendFile(seriesFile, `${JSON.stringify(entry)}\n`);
}

export async function readSeries(): Promise<SeriesRun[]> {
  const text = await readFile(seriesFile, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as SeriesRun);
}

/** Returns the file. */
export async function writeFailure(result: RunResult): Promise<string> {
  const file = path.join(folder, `failed-${String(result.seed)}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, JSON.stringify(result, null, 2));
  return file;
}
