/** Verbs that are one call of the API: options, the call under one Idempotency-Key, its answer as lines or as JSON. */
import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import type { Client } from '#contract/client.ts';
import { openSession } from './client.ts';
import { defaultUrl, demoPassword } from './options.ts';
import { text } from './texts.ts';

export interface ServerOptions {
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
}
const patienceMs = 60_000;

export const onServer = (name: string, description: Parameters<typeof text>[0]): Command =>
  new Command(name)
    .description(text(description))
    .option('--url <url>', text('url'), defaultUrl)
    .option('--account <name>', text('account'), 'admin')
    .option('--password <text>', text('password'), demoPassword)
    .option('--json', text('json'), false);
export const withReason = (command: Command): Command => command.requiredOption('--reason <text>', text('reason'));

/** Tried again while the server is away, and done once all the same. Throws what remains. */
export async function answerWith<T>(
  { url, account, password, json }: ServerOptions,
  call: (client: Client) => Promise<T>,
  lines: (answer: T) => readonly string[],
): Promise<void> {
  const session = openSession({ baseUrl: url, name: account, password, patienceMs });
  const idempotencyKey = randomUUID();
  const answer = await call((endpoint, input, options) => session(endpoint, input, { idempotencyKey, ...options }));
  if (json) console.log(JSON.stringify(answer ?? {}));
  else for (const line of lines(answer)) console.log(line);
}
