/** `alur import`: sends a CSV of proposals, shows progress and the rows that were refused. */
import { createReadStream } from 'node:fs';
import { Command } from 'commander';
import { openSession } from '../client.ts';
import { importFile } from '../import-file.ts';
import { defaultUrl, demoPassword } from '../options.ts';
import { openProgress } from '../progress.ts';
import { text } from '../texts.ts';

interface Options {
  readonly period?: string;
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
}
const patienceMs = 5 * 60_000;

/** Lines of a file, for the length of the bar. */
async function countLines(file: string): Promise<number> {
  let lines = 0;
  for await (const chunk of createReadStream(file)) for (const byte of chunk as Buffer) if (byte === 10) lines += 1;
  return lines;
}

export const importCommand = (): Command =>
  new Command('import')
    .description(text('import'))
    .argument('<file.csv>')
    .option('--period <month>', text('period'))
    .option('--url <url>', text('url'), defaultUrl)
    .option('--account <name>', text('account'), 'admin')
    .option('--password <text>', text('password'), demoPassword)
    .option('--json', text('json'), false)
    .action(async (file: string, { period, url, account, password, json }: Options) => {
      const client = openSession({ baseUrl: url, name: account, password, patienceMs });
      const progress = openProgress(!json);
      const bar = progress.bar(text('progressImport'), Math.max(0, (await countLines(file)) - 1));
      const { run, problems } = await importFile(client, { file, period }, ({ rowsRead }) => bar.set(rowsRead)).finally(
        () => progress.stop(),
      );
      if (json) console.log(JSON.stringify({ ...run, problems }));
      else {
        for (const problem of problems) console.log(text('importProblem', problem));
        const { rowsImported: imported, rowsRepeated: repeated, rowsRejected: rejected } = run;
        console.log(text('importCounts', { imported, repeated, rejected }));
      }
      if (run.rowsRejected > 0) process.exitCode = 2;
    });
