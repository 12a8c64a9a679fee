/** `alur generate`: a file of invented proposals, its truth, and what the simulators must know. */
import { Command } from 'commander';
import { writeGenerated } from '../generate/files.ts';
import { generate } from '../generate/generate.ts';
import { monthsMost, proposalsMost, wholeNumber } from '../options.ts';
import { text } from '../texts.ts';

interface Options {
  readonly proposals: number;
  readonly seed: number;
  readonly months: number;
  readonly out: string;
  readonly canaries: number;
}

export const generateCommand = (): Command =>
  new Command('generate')
    .description(text('generate'))
    .option('--proposals <n>', text('proposals'), wholeNumber(1, proposalsMost), 300)
    .option('--seed <n>', text('seed'), wholeNumber(0, 2 ** 31), 7)
    .option('--months <n>', text('months'), wholeNumber(1, monthsMost), 1)
    .requiredOption('--out <file.csv>', text('out'))
    .option('--canaries <n>', text('canaries'), wholeNumber(0, 10_000), 0)
    .action(async ({ out, canaries, ...size }: Options) => {
      for (const file of await writeGenerated(out, await generate(size), canaries)) console.log(file);
    });
