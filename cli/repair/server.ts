/** What the verbs that change running cases share: the server, a reason, a dry run, and how the answers are shown. */
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { Client } from '#contract/client.ts';
import type { DryRunAnswer, DryRunLine } from '#contract/operation.ts';
import { openSession } from '../client.ts';
import { defaultUrl, demoPassword } from '../options.ts';
import { text } from '../texts.ts';

export interface ServerOptions {
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
}
export interface RepairOptions extends ServerOptions {
  readonly reason: string;
  readonly dryRun: boolean;
}
const patienceMs = 60_000;

export const sessionOf = ({ url, account, password }: ServerOptions): Client =>
  openSession({ baseUrl: url, name: account, password, patienceMs });

export const withServer = (command: Command): Command =>
  command
    .option('--url <url>', text('url'), defaultUrl)
    .option('--account <name>', text('account'), 'admin')
    .option('--password <text>', text('password'), demoPassword)
    .option('--json', text('json'), false);
export const withReason = (command: Command): Command =>
  withServer(command)
    .requiredOption('--reason <text>', text('repairReason'))
    .option('--dry-run', text('repairDryRun'), false);

/** Parser of a JSON object. */
export function jsonObject(given: string): Record<string, never> {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InvalidArgumentError(text('jsonObject'));
  // The server checks what is in it.
  return value as Record<string, never>;
}
/** Parser of a JSON list. */
export function jsonList(given: string): never[] {
  let value: unknown;
  try {
    value = JSON.parse(given);
  } catch {
    value = null;
  }
  if (!Array.isArray(value)) throw new InvalidArgumentError(text('jsonList'));
  return value as never[];
}

const shown = (detail: DryRunLine['detail']): string =>
  Object.keys(detail).length === 0 ? '' : JSON.stringify(detail);

/** Shows what a repair did, or would do. */
export function tell(answer: DryRunAnswer | undefined, { json }: ServerOptions): void {
  if (json) {
    console.log(JSON.stringify(answer ?? { done: true }));
    return;
  }
  if (answer === undefined) {
    console.log(text('repairDone'));
    return;
  }
  console.log(text('repairWould', { count: answer.lines.length }));
  for (const { processInstanceKey, kind, elementId, name, detail } of answer.lines) {
    console.log(
      ['  ', processInstanceKey, kind, elementId ?? '', name ?? '', shown(detail)]
        .filter((part) => part !== '')
        .join(' '),
    );
  }
}
