/** `alur verify`: every difference between the two stores and the audit, with its remedy. Exit code 0 only when there is none. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { z } from 'zod';
import type { Client } from '#contract/client.ts';
import { verificationEndpoints } from '#contract/verification.ts';
import type { difference } from '#contract/verification.ts';
import { openSession } from '../client.ts';
import { defaultUrl, demoPassword, wholeNumber } from '../options.ts';
import { openProgress } from '../progress.ts';
import { text } from '../texts.ts';

interface Options {
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
  readonly all: boolean;
  readonly sample?: number;
  readonly restored: boolean;
  readonly fix: boolean;
  readonly reason?: string;
}
type Difference = z.output<typeof difference>;

const patienceMs = 5 * 60_000;
const pollMs = 500;

interface Found {
  readonly verificationKey: string;
  readonly checked: number;
  readonly differences: readonly Difference[];
}

/** Waits until a verification or a repair is over. */
async function ended(client: Client, verificationKey: string, onChecked: (checked: number) => void): Promise<number> {
  for (;;) {
    const { state, checked, message } = await client(verificationEndpoints.getVerification, {
      params: { verificationKey },
    });
    onChecked(checked);
    if (state === 'COMPLETED') return checked;
    if (state === 'FAILED') throw new Error(text('verifyFailed', { message: message ?? '' }));
    await sleep(pollMs);
  }
}
async function differencesOf(client: Client, verificationKey: string): Promise<readonly Difference[]> {
  const all: Difference[] = [];
  for (let after = 0; ;) {
    const { items } = await client(verificationEndpoints.listDifferences, {
      params: { verificationKey },
      query: { after },
    });
    all.push(...items);
    const last = items.at(-1);
    if (last === undefined) return all;
    after = last.number;
  }
}
async function verify(client: Client, { all, sample, restored, json }: Options): Promise<Found> {
  const body = { scope: all ? 'all' : 'open', restored, ...(sample === undefined ? {} : { sample }) } as const;
  const { verificationKey } = await client(verificationEndpoints.createVerification, { body });
  const progress = openProgress(!json);
  const bar = progress.bar(text('verifyBar'), 1_000_000);
  const checked = await ended(client, verificationKey, (count) => bar.set(count)).finally(() => progress.stop());
  return { verificationKey, checked, differences: await differencesOf(client, verificationKey) };
}
async function fix(client: Client, { verificationKey }: Found, reason: string): Promise<readonly Difference[]> {
  await client(verificationEndpoints.repairDifferences, { params: { verificationKey }, body: { reason } });
  await ended(client, verificationKey, () => undefined);
  return differencesOf(client, verificationKey);
}

async function run(options: Options): Promise<void> {
  const { url, account, password, json, reason } = options;
  if (options.fix && reason === undefined) throw new Error(text('verifyNoReason'));
  const client = openSession({ baseUrl: url, name: account, password, patienceMs });
  let found = await verify(client, options);
  if (options.fix && reason !== undefined && found.differences.some(({ repair }) => repair !== null)) {
    for (const { number, outcome, outcomeMessage } of await fix(client, found, reason)) {
      if (json || outcome === null) continue;
      if (outcome === 'REPAIRED') console.log(text('verifyOutcome', { number }));
      else console.log(text('verifyNotRepaired', { number, message: outcomeMessage ?? '' }));
    }
    found = await verify(client, options);
  }
  const { checked, differences } = found;
  if (json) {
    const told = differences.map(({ kind, instanceKey, detail, remedy }) => ({ kind, instanceKey, detail, remedy }));
    console.log(JSON.stringify({ checked, differences: told }));
  } else {
    for (const { kind, instanceKey, detail, remedy } of differences)
      console.log(text('verifyDifference', { kind, instance: instanceKey ?? '', detail, remedy }));
    console.log(text('verifyCounts', { checked, differences: differences.length }));
  }
  if (differences.length > 0) process.exitCode = 1;
}

export const verifyCommand = (): Command =>
  new Command('verify')
    .description(text('verify'))
    .option('--url <url>', text('url'), defaultUrl)
    .option('--account <name>', text('account'), 'admin')
    .option('--password <text>', text('password'), demoPassword)
    .option('--all', text('verifyAll'), false)
    .option('--sample <n>', text('verifySample'), wholeNumber(1, 100_000))
    .option('--restored', text('verifyRestored'), false)
    .option('--fix', text('verifyFix'), false)
    .option('--reason <text>', text('verifyReason'))
    .option('--json', text('verifyJson'), false)
    .action(run);
