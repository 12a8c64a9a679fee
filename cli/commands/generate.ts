/** `alur generate`: a file of invented proposals, its truth, and what the simulators must know. */
import { Command } from 'commander';
import { canaryFile, populationFile, truthFile, writeGenerated } from '../generate/files.ts';
import { generate } from '../generate/generate.ts';
import { proposalsMost, wholeNumber } from '../options.ts';

interface Options {
  readonly proposals: number;
  readonly seed: number;
  readonly out: string;
  readonly canaries: number;
}

export const generateCommand = (): Command =>
  new Command('generate')
    .description('buat berkas usulan tiruan beserta kebenarannya / write invented proposals with their ground truth')
    .option('--proposals <n>', 'jumlah usulan / how many', wholeNumber(1, proposalsMost), 300)
    .option('--seed <n>', 'benih / the same seed gives the same files', wholeNumber(0, 2 ** 31), 7)
    .requiredOption('--out <file.csv>', 'berkas CSV / the CSV file; the others are written beside it')
    .option('--canaries <n>', 'daftar NIK penanda / also list NIKs to search for', wholeNumber(0, 10_000), 0)
    .action(async ({ proposals, seed, out, canaries }: Options) => {
      const generated = await generate({ proposals, seed });
      await writeGenerated(out, generated, canaries);
      const files = [out, truthFile(out), populationFile(out), ...(canaries > 0 ? [canaryFile(out)] : [])];
      for (const file of files) console.log(file);
    });
