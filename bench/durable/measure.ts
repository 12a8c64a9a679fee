/** Samples: what one side used for one round of work. Rounds of the sides alternate, so that a busy machine is busy for all of them. */
import { readdirSync } from 'node:fs';
import type pg from 'pg';
import type { BenchProcess } from './processes.ts';
import { atOnce, runLoad, untilOpen } from './load.ts';
import type { Load } from './load.ts';
import { treeCpuMs } from './servers.ts';
import type { Servers } from './servers.ts';
import type { Side, SideName, StartedCase } from './sides.ts';
import type { WorkerProcess } from './worker-process.ts';

export interface Bench {
  readonly servers: Servers;
  readonly sides: readonly Side[];
  readonly workers: Readonly<Record<'alur' | 'hand', WorkerProcess>>;
  readonly say: (line: string) => void;
}

/** CPU in milliseconds and bytes, all per instance unless it says otherwise; null: not known here. */
export interface Sample extends Omit<Load, 'cases'> {
  readonly workerCpuMs: number;
  readonly temporalCpuMs: number | null;
  readonly postgresCpuMs: number | null;
  readonly historyEvents: number;
  readonly historyBytes: number;
  readonly walBytes: number;
  readonly rows: number;
}

interface Cost {
  readonly workerCpuMs: number;
  readonly temporalCpuMs: number | null;
  readonly postgresCpuMs: number | null;
  readonly walBytes: number;
}
async function costs({ servers, workers }: Bench, side: Side): Promise<Cost> {
  const pids = readdirSync('/proc', { withFileTypes: true })
    .map(({ name }) => Number(name))
    .filter((pid) => pid > 0);
  const { rows } = await side.pool.query<{ bytes: string }>(
    `select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as bytes`,
  );
  return {
    workerCpuMs: (await workers[side.home].usage()).cpuMs,
    temporalCpuMs: treeCpuMs(servers.pids.temporal, pids),
    postgresCpuMs: treeCpuMs(servers.pids.postgres, pids),
    walBytes: Number(rows[0]?.bytes),
  };
}

const per = (after: number | null, before: number | null, count: number): number | null =>
  after === null || before === null ? null : (after - before) / count;

async function spent<T>(bench: Bench, side: Side, count: number, work: () => Promise<T>): Promise<readonly [T, Cost]> {
  const before = await costs(bench, side);
  const result = await work();
  const after = await costs(bench, side);
  const of = (part: keyof Cost): number | null => per(after[part], before[part], count);
  const known = { workerCpuMs: of('workerCpuMs') ?? NaN, walBytes: of('walBytes') ?? NaN };
  return [result, { ...known, temporalCpuMs: of('temporalCpuMs'), postgresCpuMs: of('postgresCpuMs') }];
}

export async function sample(
  bench: Bench,
  side: Side,
  process: BenchProcess,
  { clients, instances }: { readonly clients: number; readonly instances: number },
): Promise<Sample> {
  const [{ cases, ...load }, cost] = await spent(bench, side, instances, () =>
    runLoad(side, process, clients, instances),
  );
  return { ...load, ...cost, ...(await historyOf(side, cases)), rows: await rowsOf(side.pool, cases) };
}

const historiesLooked = 8;
async function historyOf(
  { client }: Side,
  cases: readonly StartedCase[],
): Promise<{ readonly historyEvents: number; readonly historyBytes: number }> {
  const some = cases.slice(-historiesLooked);
  let [events, bytes] = [0, 0];
  for (const { workflowId } of some) {
    const handle = client.workflow.getHandle(workflowId);
    await handle.result();
    const description = await handle.describe();
    events += description.historyLength;
    bytes += description.historySize ?? NaN;
  }
  return { historyEvents: events / some.length, historyBytes: bytes / some.length };
}

const tables = ['fact', 'element_instance', 'variable', 'user_task', 'job', 'timer'] as const;
async function rowsOf(pool: pg.Pool, cases: readonly StartedCase[]): Promise<number> {
  const keys = cases.map(({ instanceKey }) => instanceKey);
  let sum = 1;
  for (const table of tables) {
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::int as count from ${table} where instance_key = any($1::bigint[])`,
      [keys],
    );
    sum += (rows[0]?.count ?? 0) / keys.length;
  }
  return sum;
}

export interface Throughput {
  readonly process: BenchProcess['id'];
  readonly title: string;
  readonly clients: number;
  readonly sides: readonly { readonly side: SideName; readonly samples: readonly Sample[] }[];
}
export async function measureThroughput(
  bench: Bench,
  process: BenchProcess,
  { clients, instances, rounds }: { readonly clients: number; readonly instances: number; readonly rounds: number },
): Promise<Throughput> {
  bench.say(`${process.title}, ${clients} clients, ${rounds} × ${instances} instances …`);
  const samples = new Map<SideName, Sample[]>(bench.sides.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    // Who is first changes from round to round.
    const order = round % 2 === 0 ? bench.sides : bench.sides.toReversed();
    for (const side of order) samples.get(side.name)?.push(await sample(bench, side, process, { clients, instances }));
  }
  const sides = [...samples].map(([side, each]) => ({ side, samples: each }));
  return { process: process.id, title: process.title, clients, sides };
}

/** Cases that stay open at their first task. */
export async function openCases(side: Side, process: BenchProcess, count: number): Promise<readonly StartedCase[]> {
  const cases: StartedCase[] = [];
  const [first] = process.waits;
  await atOnce(16, count, async () => {
    const started = await side.start(process);
    cases.push(started);
    if (first !== undefined) await untilOpen(side, started, first.element, first.tasks);
  });
  return cases;
}

export interface AgeWindow {
  /** Completions of one case so far. */
  readonly from: number;
  readonly to: number;
  readonly workerCpuMs: number;
  readonly completeMs: readonly number[];
}
/** One completion after another in the same few cases: does a step of an old case cost more? Figures are per completion. */
export async function measureAge(
  bench: Bench,
  side: Side,
  process: BenchProcess,
  { cases, windows, steps }: { readonly cases: number; readonly windows: number; readonly steps: number },
): Promise<readonly AgeWindow[]> {
  const started = await Promise.all(Array.from({ length: cases }, () => side.start(process)));
  const results: AgeWindow[] = [];
  for (let window = 0; window < windows; window += 1) {
    const completeMs: number[] = [];
    const advance = async (one: StartedCase, index: number): Promise<void> => {
      for (let step = 0; step < steps; step += 1) {
        const [task] = await untilOpen(side, one, 'work', 1);
        if (task === undefined) throw new Error('no task');
        const begin = performance.now();
        await side.complete(one, task, { isEnough: false, step: window * steps + step, index });
        completeMs.push(performance.now() - begin);
      }
    };
    const [, { workerCpuMs }] = await spent(bench, side, cases * steps, () => Promise.all(started.map(advance)));
    results.push({ from: window * steps, to: (window + 1) * steps, workerCpuMs, completeMs });
  }
  for (const one of started) {
    const [task] = await untilOpen(side, one, 'work', 1);
    if (task !== undefined) await side.complete(one, task, { isEnough: true });
  }
  return results;
}
