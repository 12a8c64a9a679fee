/** `npm run bench:engine`: Alur's core beside other engines, in one run. bench/README.md says how and why so. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureSpeed, measureWeight } from './measure.ts';
import type { Effort, Speed } from './measure.ts';
import { rowsOf, waitingRow } from './models.ts';
import { engines as installedEngines } from './peers.ts';
import { jsonOf, textOf } from './report.ts';
import type { Result } from './report.ts';

const usage = `npm run bench:engine -- [options]
  --rows <ids>     only these rows, separated by commas
  --rounds <n>     samples of each engine (7)
  --full           the other engines, too, go through all iterations of the loop (takes minutes)
  --json           one JSON value instead of the tables`;

const { values } = parseArgs({
  options: {
    rows: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    full: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const cache = join(import.meta.dirname, '../.cache/bench');
  const models = join(cache, 'models');
  const effort: Effort = { rounds: Number(values.rounds), sampleMs: 400, warmupMs: 2_000, held: 1_000 };
  const asked = values.rows?.split(',');
  const engines = await installedEngines(cache);
  const speeds: Result<Speed>[] = [];
  for (const row of rowsOf(values.full)) {
    if (asked && !asked.includes(row.id)) continue;
    process.stderr.write(`${row.title} …\n`);
    speeds.push({ row, outcomes: await measureSpeed(engines, row, models, effort) });
  }
  process.stderr.write(`${waitingRow.title} …\n`);
  const weights = [{ row: waitingRow, outcomes: await measureWeight(engines, waitingRow, models, effort) }];
  const report = { engines, speeds, weights };
  console.log(values.json ? JSON.stringify(jsonOf(report)) : textOf(report));
}

if (values.help) console.log(usage);
else await main();
