/** `npm run bench:exchange`: four old lists into an empty register, in processes of their own as in an installation. bench/README.md says how. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { findReportedRows, reportOf } from '#db/exchange/rows.ts';
import { findFailedRows, findImports } from '#db/exchange/imports.ts';
import { createPool } from '#db/pool.ts';
import { writeLists } from '#cli/generate/list-files.ts';
import type { ListFiles } from '#cli/generate/list-files.ts';
import { startDatabase } from '../registry/database.ts';
import { publishDecisions } from './decisions.ts';
import type { ListPart } from './part.ts';
import type { PartDone } from './part-process.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
/** The report of a whole list is read at once. */
const statementTimeoutMs = 5 * 60_000;
const [rows, seed] = [Number(values.rows), Number(values.seed)];

/** Runs a part in a process of its own: its peak memory is its own. */
async function run(part: ListPart): Promise<PartDone> {
  const script = path.join(import.meta.dirname, 'part-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(part)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${part.part} of ${part.profile} ended with code ${String(code)}`);
  return JSON.parse(output) as PartDone;
}

const sorted = (record: object): string =>
  JSON.stringify(Object.entries(record).sort(([a], [b]) => Number(a) - Number(b)));

/** What differs between the report and the truth; empty: nothing. */
async function differences(owner: Pool, { truth }: ListFiles): Promise<string[]> {
  const [last] = await findImports(owner, 1);
  const key = last?.importKey ?? '';
  const reported = await findReportedRows(owner, key, 0, rows);
  const failed = await findFailedRows(owner, key, 0, rows);
  const { outcomes } = await reportOf(owner, key);
  const conflicts = Object.fromEntries(
    reported.flatMap(({ line, conflicts: found }) =>
      found.length === 0 ? [] : [[line, found.map(({ kind }) => kind)] as const],
    ),
  );
  const left = reported.filter(({ outcome }) => outcome === 'LEFT').map(({ line }) => line);
  const faults = Object.fromEntries(failed.map(({ line, faults: [fault] }) => [line, fault?.code]));
  return [
    ...(sorted(conflicts) === sorted(truth.conflicts) ? [] : ['conflicts']),
    ...(JSON.stringify(left) === JSON.stringify(truth.left) ? [] : ['left for people']),
    ...(sorted(faults) === sorted(truth.failed) ? [] : ['unreadable rows']),
    ...(JSON.stringify(outcomes) === JSON.stringify(truth.outcomes) ? [] : ['outcomes']),
  ];
}

async function measure(
  owner: Pool,
  list: ListFiles,
  common: Pick<ListPart, 'databaseUrl' | 'masterKey'>,
): Promise<boolean> {
  const part = { ...common, file: list.csv, profile: list.name };
  const written = await run({ ...part, part: 'write' });
  const merged = await run({ ...part, part: 'merge' });
  const wrong = await differences(owner, list);
  const planted =
    Object.keys(list.truth.conflicts).length + list.truth.left.length + Object.keys(list.truth.failed).length;
  const speed = ({ ms }: PartDone): string => `${String(Math.round((rows / ms) * 1_000))} rows/s`;
  const mebibytes = ({ peakBytes }: PartDone): string => `${String(Math.round(peakBytes / 2 ** 20))} MiB`;
  console.log(
    `${list.name.padEnd(4)} ${String(rows)} rows, ${String(Math.round((await stat(list.csv)).size / 2 ** 20))} MiB: written ${speed(written)} (peak ${mebibytes(written)}), merged ${speed(merged)} (peak ${mebibytes(merged)}), planted ${String(planted)}, ${wrong.length === 0 ? 'reported exactly' : `DIFFERENT: ${wrong.join(', ')}`}`,
  );
  return wrong.length === 0;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-bench-exchange-'));
  const { url: databaseUrl, stop } = await startDatabase();
  const owner = createPool({ connectionString: databaseUrl, role: null, max: 2, statementTimeoutMs });
  try {
    await publishDecisions(owner);
    const common = { databaseUrl, masterKey: randomBytes(32).toString('base64') };
    for (const list of await writeLists(folder, { rows, seed }))
      if (!(await measure(owner, list, common))) process.exitCode = 1;
  } finally {
    await owner.end();
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}
await main();
