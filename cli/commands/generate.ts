/** `alur generate`: a file of invented proposals, its truth, and what the simulators must know. */
import { Command } from 'commander';
import { canaryFile, populationFile, truthFile, writeGenerated } from '../generate/files.ts';
import { generate } from '../generate/generate.ts';
import { proposalsMost, wholeNumber } from '../options.ts';
import { text } from '../texts.ts';

interface Options {
  readonly proposals: number;
  readonly seed: number;
  readonly out: string;
  readonly canaries: number;
}

export const generateCommand = (): Command =>
  new Command('generate')
    .description(text('generate'))
    .option('--proposals <n>', text('proposals'), wholeNumber(1, proposalsMost), 300)
    .option('--seed <n>', text('seed'), wholeNumber(0, 2 ** 31), 7)
    .requiredOption('--out <file.csv>', text('out'))
    .option('--canaries <n>', text('canaries'), wholeNumber(0, 10_000), 0)
    .action(async ({ proposals, seed, out, canaries }: Options) => {
      const generated = await generate({ proposals, seed });
      await writeGenerated(out, generated, canaries);
      const files = [out, truthFile(out), populationFile(out), ...(canaries > 0 ? [canaryFile(out)] : [])];
      for (const file of files) console.log(file);
    });
