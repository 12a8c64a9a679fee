/** `alur regression`: which of the last finished cases would end differently with these definitions, before they are published. */
import { Command } from 'commander';
import type { z } from 'zod';
import { historyEndpoints, regressionLimits } from '#contract/history.ts';
import { filesBody } from '../case/durable/wire.ts';
import { openSession } from '../client.ts';
import { defaultUrl, demoPassword, wholeNumber } from '../options.ts';
import { gather } from '../publish/files.ts';
import { text } from '../texts.ts';

interface Options {
  readonly cases: number;
  readonly url: string;
  readonly account: string;
  readonly password: string;
  readonly json: boolean;
}
type Result = z.infer<(typeof historyEndpoints)['checkRegression']['ok']>['items'][number];
type Compared = Result['cases'][number];

/** The whole comparison is one request. */
const patienceMs = 10 * 60_000;

async function regression(paths: readonly string[], options: Options): Promise<void> {
  const { files } = await gather(paths);
  const { url, account: name, password, cases } = options;
  const client = openSession({ baseUrl: url, name, password, patienceMs });
  const request = { query: { cases } };
  const { items } = await client(historyEndpoints.checkRegression, request, { rawBody: filesBody(files) });
  if (options.json) console.log(JSON.stringify({ items }));
  else for (const line of items.flatMap(linesOf)) console.log(line);
  if (items.some(({ different, open, refused }) => different + open + refused > 0)) process.exitCode = 1;
}

function linesOf(result: Result): string[] {
  const { processDefinitionId, variables, cases, ...counts } = result;
  const values = Object.entries(variables).map(([name, count]) => text('regressionVariable', { name, count }));
  return [text('regressionSummary', { processDefinitionId, ...counts }), ...values, ...cases.map(lineOf)];
}

function lineOf({ processInstanceKey: key, businessId, kind, ...compared }: Compared): string {
  const { after, waitsAt = [], elementId = '', fields = [], parting } = compared;
  const values = {
    case: businessId ?? key,
    ends: after?.endElements.join(', ') ?? '',
    waits: waitsAt.join(', '),
    elementId,
    fields: fields.join(', '),
  };
  const first = parting
    ? text('regressionParting', {
        number: parting.factNumber ?? '–',
        recorded: parting.recorded ?? '–',
        candidate: parting.candidate ?? '–',
      })
    : '';
  return `${text(`regression-${kind}`, values)}${first}`;
}

export const regressionCommand = (): Command =>
  new Command('regression')
    .description(text('regression'))
    .argument('<paths...>', text('publishPaths'))
    .option('--cases <n>', text('regressionCases'), wholeNumber(1, regressionLimits.cases), 200)
    .option('--url <url>', text('url'), defaultUrl)
    .option('--account <name>', text('account'), 'admin')
    .option('--password <text>', text('password'), demoPassword)
    .option('--json', text('json'), false)
    .action(regression);
