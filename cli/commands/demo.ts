/** `alur demo`: plays every role until all cases have ended, and compares each end with the truth. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { readTruth, writeGenerated } from '../generate/files.ts';
import { generate } from '../generate/generate.ts';
import { defaultUrl, demoPassword, monthsMost, proposalsMost, wholeNumber } from '../options.ts';
import { text } from '../texts.ts';
import { openProgress } from '../progress.ts';
import { closes } from '../demo/books.ts';
import { runDemo, type DemoResult } from '../demo/run.ts';

interface Options {
  readonly proposals: number;
  readonly seed: number;
  readonly months: number;
  readonly file?: string;
  readonly url: string;
  readonly password: string;
  readonly ledger?: string;
  readonly concurrency: number;
  readonly stall: number;
  readonly spread: boolean;
  readonly dukcapilOutage: number;
  readonly dukcapilQuota?: number;
  readonly json: boolean;
}

const mismatchesShown = 50;

async function prepareFile(options: Options): Promise<{ readonly csv: string; readonly discard: () => Promise<void> }> {
  if (options.file !== undefined) return { csv: options.file, discard: () => Promise.resolve() };
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-demo-'));
  const csv = path.join(folder, 'usulan.csv');
  await writeGenerated(csv, await generate(options), 0);
  return { csv, discard: () => rm(folder, { recursive: true, force: true }) };
}

function show(result: DemoResult, proposals: number, json: boolean): boolean {
  const { matched, mismatches, lost, doubled, ends, ...figures } = result;
  if (!json) {
    for (const { sourceId, expected, found } of mismatches.slice(0, mismatchesShown))
      console.log(`${sourceId}: ${expected} ≠ ${found}`);
    for (const line of [...lost, ...doubled, ...figures.refused].slice(0, mismatchesShown)) console.log(line);
  }
  const summary = {
    proposals,
    matched,
    mismatched: mismatches.length,
    lost: lost.length,
    doubled: doubled.length,
    ends,
    ...figures,
    refused: figures.refused.slice(0, mismatchesShown),
    mismatches: mismatches.slice(0, mismatchesShown),
    faults: [...lost, ...doubled].slice(0, mismatchesShown),
  };
  console.log(JSON.stringify(summary));
  return mismatches.length === 0 && lost.length === 0 && doubled.length === 0 && closes(result);
}

async function demo(options: Options): Promise<void> {
  const { csv, discard } = await prepareFile(options);
  const progress = openProgress(!options.json);
  try {
    const { truth, population } = await readTruth(csv);
    const result = await runDemo({
      csv,
      truth,
      population,
      baseUrl: options.url,
      dukcapilUrl: process.env['ALUR_DUKCAPIL_URL'] ?? 'http://127.0.0.1:8091',
      posUrl: process.env['ALUR_POS_URL'] ?? 'http://127.0.0.1:8092',
      siksUrl: process.env['ALUR_SIKS_URL'] ?? 'http://127.0.0.1:8094',
      password: options.password,
      concurrency: options.concurrency,
      ledgerFile: options.ledger ?? null,
      stallMs: options.stall * 1_000,
      spread: options.spread,
      trouble: { quota: options.dukcapilQuota ?? null, outageDays: options.dukcapilOutage },
      progress,
      say: (line) => {
        if (!options.json) console.error(line);
      },
    });
    progress.stop();
    if (!show(result, truth.proposals, options.json)) process.exitCode = 1;
  } finally {
    progress.stop();
    await discard();
  }
}

export const demoCommand = (): Command =>
  new Command('demo')
    .description(text('demo'))
    .option('--proposals <n>', text('proposals'), wholeNumber(1, proposalsMost), 300)
    .option('--seed <n>', text('seed'), wholeNumber(0, 2 ** 31), 7)
    .addOption(
      new Option('--months <n>', text('months')).argParser(wholeNumber(1, monthsMost)).default(1).conflicts('spread'),
    )
    .option('--file <file.csv>', text('file'))
    .option('--url <url>', text('url'), defaultUrl)
    .option('--password <text>', text('password'), demoPassword)
    .option('--ledger <file>', text('ledger'))
    .option('--concurrency <n>', text('concurrency'), wholeNumber(1, 64), 8)
    .option('--stall <seconds>', text('stall'), wholeNumber(10, 86_400), 600)
    .option('--spread', text('spread'), false)
    .option('--dukcapil-outage <days>', text('dukcapilOutage'), wholeNumber(0, 30), 0)
    .option('--dukcapil-quota <n>', text('dukcapilQuota'), wholeNumber(0, proposalsMost))
    .option('--json', text('json'), false)
    .action(demo);
