/** Four old lists become one register: what they say against each other is reported as planted, whoever was killed in between. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { findReportedRows, reportOf } from '#db/exchange/rows.ts';
import { findFailedRows, findImports } from '#db/exchange/imports.ts';
import { writeLists } from '#cli/generate/list-files.ts';
import type { ListFiles } from '#cli/generate/list-files.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';
import { publishDecisions } from '../../bench/exchange/decisions.ts';
import { takePart } from '../../bench/exchange/part.ts';
import type { ListPart } from '../../bench/exchange/part.ts';

const rows = 1_500;
let postgres: TestPostgres;
let owner: Pool;
let folder: string;
let files: readonly ListFiles[];
const masterKey = randomBytes(32).toString('base64');

beforeAll(async () => {
  postgres = await startTestPostgres();
  owner = postgres.pool(null, 2);
  folder = await mkdtemp(path.join(tmpdir(), 'alur-lists-'));
  files = await writeLists(folder, { rows, seed: 11 });
  await publishDecisions(owner);
}, 120_000);
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

const partOf = (part: ListPart['part'], list: ListFiles): ListPart => ({
  part,
  databaseUrl: postgres.url,
  masterKey,
  file: list.csv,
  profile: list.name,
});
const finish = (part: ListPart['part'], list: ListFiles): Promise<void> => takePart(partOf(part, list));
const count = async (sql: string): Promise<number> => {
  const { rows: found } = await owner.query<{ count: number }>(`select count(*)::int as count from ${sql}`);
  return found[0]?.count ?? 0;
};
/** Kills a process that does it once some, but not all, is done. */
async function killHalfway(part: ListPart['part'], list: ListFiles, done: string): Promise<void> {
  const before = await count(done);
  const script = path.join(process.cwd(), 'bench', 'exchange', 'part-process.ts');
  const args = ['--import', 'tsx', script, JSON.stringify(partOf(part, list))];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  while ((await count(done)) === before) await delay(5);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect((await count(done)) - before).toBeLessThan(rows - Object.keys(list.truth.failed).length);
}

describe('four lists, of which two are killed while they are written down and merged', () => {
  it.each([
    ['DTKS', 0, false],
    ['PKH', 1, true],
    ['BPNT', 2, false],
    ['BST', 3, true],
  ])('%s', async (_, index, isKilled) => {
    const list = files[index];
    if (list === undefined) throw new Error('no such list');
    if (isKilled) await killHalfway('write', list, 'exchange_row');
    await finish('write', list);
    if (isKilled) await killHalfway('merge', list, 'exchange_row where outcome is not null');
    await finish('merge', list);
    const [run] = await findImports(owner, 1);
    const key = run?.importKey ?? '';
    expect(run).toMatchObject({
      state: 'COMPLETED',
      position: rows,
      rowsFailed: Object.keys(list.truth.failed).length,
      rowsRepeated: 0,
      rowsWaiting: 0,
    });
    const reported = await findReportedRows(owner, key, 0, rows);
    const conflicts = reported.flatMap(({ line, conflicts: found }) =>
      found.length === 0 ? [] : [[String(line), found.map(({ kind }) => kind)] as const],
    );
    expect(Object.fromEntries(conflicts)).toEqual(list.truth.conflicts);
    expect(reported.filter(({ outcome }) => outcome === 'LEFT').map(({ line }) => line)).toEqual(list.truth.left);
    expect((await reportOf(owner, key)).outcomes).toEqual(list.truth.outcomes);
    const failed = await findFailedRows(owner, key, 0, rows);
    expect(Object.fromEntries(failed.map(({ line, faults }) => [line, faults[0]?.code]))).toEqual(list.truth.failed);
  });

  it('made one person of everybody, and entered each help once', async () => {
    const created = files.reduce((sum, { truth }) => sum + truth.outcomes.CREATED, 0);
    expect(await count('person')).toBe(created);
    expect(await count('subject')).toBe(created);
    const taken = files.slice(1).map(({ truth }) => {
      const twice = Object.values(truth.conflicts)
        .flat()
        .filter((kind) => kind === 'AMOUNT_DIFFERS' || kind === 'HELP_TWICE');
      return truth.outcomes.CREATED + truth.outcomes.MATCHED - twice.length;
    });
    expect(await count('participation')).toBe(taken.reduce((sum, some) => sum + some, 0));
    expect(await count('participation_change')).toBe(await count('participation'));
  });
  it('keeps no text of a row that nobody needs to look at', async () => {
    expect(await count("exchange_row where content is not null and outcome in ('CREATED', 'MATCHED')")).toBe(0);
    expect(await count("exchange_row where content is null and outcome in ('CONFLICT', 'LEFT')")).toBe(0);
  });
  it('is not doubled by the same file sent again', async () => {
    const [first] = files;
    if (first === undefined) throw new Error('no list');
    const before = await count('exchange_row');
    await finish('write', first);
    await finish('merge', first);
    expect([await count('exchange_row'), await count('exchange_import')]).toEqual([before, 4]);
  });
});
