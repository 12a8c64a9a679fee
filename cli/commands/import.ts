/** `alur import`: sends a CSV of proposals, shows progress and the rows that were refused. */
import { Command } from 'commander';
import { openSession } from '../client.ts';
import { importFile } from '../import-file.ts';
import { defaultUrl, demoPassword } from '../options.ts';
import { openProgress } from '../progress.ts';

interface Options {
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
}
const patienceMs = 5 * 60_000;
/** Rows of a file are not counted before it is sent; the bar's end is a guess that grows. */
const guess = 1;

export const importCommand = (): Command =>
  new Command('import')
    .description('kirim berkas usulan / import a CSV of proposals; sending it again doubles nothing')
    .argument('<file.csv>')
    .option('--url <url>', 'alamat API / address of the API', defaultUrl)
    .option('--account <name>', 'akun / account', 'admin')
    .option('--password <text>', 'kata sandi (ALUR_PASSWORD) / password', demoPassword)
    .option('--json', 'satu baris JSON / one line of JSON', false)
    .action(async (file: string, { url, account, password, json }: Options) => {
      const client = openSession({ baseUrl: url, name: account, password, patienceMs });
      const progress = openProgress(!json);
      const bar = progress.bar('Impor', guess);
      const { run, problems } = await importFile(
        client,
        file,
        ({ rowsRead, rowsImported, rowsRepeated, rowsRejected }) => {
          bar.set(
            guess,
            `${String(rowsRead)} / +${String(rowsImported)} =${String(rowsRepeated)} !${String(rowsRejected)}`,
          );
        },
      ).finally(() => progress.stop());
      if (json) console.log(JSON.stringify({ ...run, problems }));
      else {
        for (const { line, field, message } of problems)
          console.log(`baris/line ${String(line)}, ${field}: ${message}`);
        console.log(
          `${String(run.rowsImported)} baru/new, ${String(run.rowsRepeated)} sudah ada/known, ${String(run.rowsRejected)} ditolak/refused`,
        );
      }
      if (run.rowsRejected > 0) process.exitCode = 2;
    });
