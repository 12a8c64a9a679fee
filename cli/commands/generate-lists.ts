/** `alur generate-lists`: the four old lists over one invented population, with planted conflicts and the truth beside them. */
import { Command } from 'commander';
import { writeLists } from '../generate/list-files.ts';
import { wholeNumber } from '../options.ts';
import { text } from '../texts.ts';

interface Options {
  readonly rows: number;
  readonly seed: number;
  readonly out: string;
}
/** Fewer leave no room for one row of each planted kind. */
const rowsLeast = 200;
const rowsMost = 200_000;

export const generateListsCommand = (): Command =>
  new Command('generate-lists')
    .description(text('generateLists'))
    .option('--rows <n>', text('listRows'), wholeNumber(rowsLeast, rowsMost), 2_000)
    .option('--seed <n>', text('seed'), wholeNumber(0, 2 ** 31), 7)
    .requiredOption('--out <folder>', text('listsOut'))
    .action(async ({ rows, seed, out }: Options) => {
      for (const { csv } of await writeLists(out, { rows, seed })) console.log(csv);
    });
