/** `alur import-list`: sends an old list (DTKS, PKH, BPNT, BST), waits until it is in the register, and says what it found. */
import { openAsBlob } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { Client } from '#contract/client.ts';
import { exchangeEndpoints } from '#contract/exchange.ts';
import type { ExchangeImport } from '#contract/exchange.ts';
import { openSession } from '../client.ts';
import { defaultUrl, demoPassword } from '../options.ts';
import { openProgress } from '../progress.ts';
import { text } from '../texts.ts';

interface Options {
  readonly profile: string;
  readonly corrects?: string;
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
}
const patienceMs = 5 * 60_000;
const sendTimeoutMs = 600_000;
const pollMs = 1_000;

/** A server that is killed meanwhile is sent the file again (`client`): it goes on where it was. */
async function send(client: Client, file: string, { profile, corrects }: Options): Promise<ExchangeImport> {
  const query = { profile, fileName: path.basename(file), ...(corrects === undefined ? {} : { corrects }) };
  const type = 'application/octet-stream';
  const rawBody = await openAsBlob(file, { type });
  return client(
    exchangeEndpoints.importList,
    { query },
    {
      rawBody,
      rawType: type,
      signal: AbortSignal.timeout(sendTimeoutMs),
    },
  );
}
async function untilMerged(
  client: Client,
  started: ExchangeImport,
  onProgress: (run: ExchangeImport) => void,
): Promise<ExchangeImport> {
  for (let run = started; ; await sleep(pollMs)) {
    onProgress(run);
    if (run.state === 'COMPLETED' || run.state === 'FAILED') return run;
    run = await client(exchangeEndpoints.getExchangeImport, { params: { importKey: started.importKey } });
  }
}

export const importListCommand = (): Command =>
  new Command('import-list')
    .description(text('importList'))
    .argument('<file>')
    .requiredOption('--profile <id>', text('profile'))
    .option('--corrects <key>', text('corrects'))
    .option('--url <url>', text('url'), defaultUrl)
    .option('--account <name>', text('account'), 'admin')
    .option('--password <text>', text('password'), demoPassword)
    .option('--json', text('json'), false)
    .action(async (file: string, options: Options) => {
      const { url: baseUrl, account: name, password, json } = options;
      const client = openSession({ baseUrl, name, password, patienceMs });
      const started = await send(client, file, options);
      const progress = openProgress(!json);
      const bar = progress.bar(text('progressImport'), started.position);
      const run = await untilMerged(client, started, ({ rowsTaken }) => bar.set(rowsTaken)).finally(() =>
        progress.stop(),
      );
      const { importKey, rowsFailed, rowsRepeated, failure } = run;
      const { outcomes, conflicts } = await client(exchangeEndpoints.getExchangeReport, { params: { importKey } });
      if (json) console.log(JSON.stringify({ ...run, outcomes, conflicts }));
      else {
        const { CREATED: created, MATCHED: matched, CONFLICT: conflict, LEFT: left } = outcomes;
        const counts = { importKey, created, matched, conflict, left, repeated: rowsRepeated, failed: rowsFailed };
        console.log(text('importListCounts', counts));
        for (const [kind, count] of Object.entries(conflicts)) console.log(`${kind}: ${String(count)}`);
        if (failure !== null) console.log(`${failure.message} ${failure.remedy}`);
      }
      if (rowsFailed > 0 || failure !== null) process.exitCode = 2;
    });
