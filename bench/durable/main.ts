/** `npm run bench:durable`: what Alur costs beside the same workflow written by hand. bench/README.md says how and why so. */
import { parseArgs } from 'node:util';
import { Connection } from '@temporalio/client';
import pg from 'pg';
import { measureAge, measureThroughput, openCases } from './measure.ts';
import type { AgeWindow, Bench, Throughput } from './measure.ts';
import { measurePeers } from './peers.ts';
import { loop, proposal, task } from './processes.ts';
import { jsonOf, textOf } from './report.ts';
import type { Growth, Memory, Report } from './report.ts';
import { startServers } from './servers.ts';
import { createSides } from './sides.ts';
import type { SideName } from './sides.ts';
import { WorkerProcess } from './worker-process.ts';

const usage = `npm run bench:durable -- [options]
  --quick            about three minutes: the proposal only, fewer rounds
  --parts <names>    of load, memory, age, open, separated by commas (load, memory, age)
  --clients <n,…>    1,8,32
  --rounds <n>       of each side (5)
  --instances <n>    of one round at 32 clients (96); fewer clients have fewer
  --sides <names>    of alur, hand, handByActivities (all)
  --open <n,…>       part open: cases that are open meanwhile (1000,10000)
  --cached <n>       part memory: cases whose memory is taken (1000)
  --steps <n>        part age: completions of each case (600)
  --peers            Operaton and Flowable as well, on the same PostgreSQL (Java 17, Maven, ../shared/peers)
  --json             one JSON value instead of the tables`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    parts: { type: 'string' },
    clients: { type: 'string' },
    rounds: { type: 'string' },
    instances: { type: 'string' },
    sides: { type: 'string', default: 'alur,hand,handByActivities' },
    open: { type: 'string', default: '1000,10000' },
    cached: { type: 'string' },
    steps: { type: 'string' },
    /** Node flags of the workers, for profiles. */
    'worker-flags': { type: 'string', default: '' },
    peers: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const numbers = (text: string): number[] => text.split(',').map(Number);

const plan = {
  parts: (values.parts ?? (values.quick ? 'load,memory' : 'load,memory,age')).split(','),
  processes: values.quick ? [proposal] : [task, proposal],
  clients: numbers(values.clients ?? (values.quick ? '8,32' : '1,8,32')),
  rounds: Number(values.rounds ?? (values.quick ? 2 : 5)),
  instances: Number(values.instances ?? (values.quick ? 64 : 96)),
  cached: Number(values.cached ?? (values.quick ? 200 : 1_000)),
  steps: Number(values.steps ?? 600),
  open: numbers(values.open),
};
/** Instances of a round: enough for each client to have some. */
const instancesAt = (clients: number): number => Math.max(8, Math.round((plan.instances * Math.min(clients, 32)) / 32));

async function measureLoad(bench: Bench): Promise<readonly Throughput[]> {
  const results: Throughput[] = [];
  for (const process of plan.processes) {
    // Warm up: compiled code, caches, connections.
    for (const side of bench.sides)
      await measureThroughput({ ...bench, sides: [side], say: () => undefined }, process, {
        clients: 8,
        instances: 24,
        rounds: 1,
      });
    for (const clients of plan.clients)
      results.push(
        await measureThroughput(bench, process, { clients, instances: instancesAt(clients), rounds: plan.rounds }),
      );
  }
  return results;
}

/** What cases weigh that a worker keeps; the worker is new, and a fifth of the cases come before the first reading. */
async function measureMemory(bench: Bench, start: StartWorker): Promise<readonly Memory[]> {
  const results: Memory[] = [];
  for (const side of bench.sides) {
    if (side.name === 'handByActivities') continue;
    say(`memory of ${plan.cached} cached cases: ${side.title} …`);
    await bench.workers[side.home].stop();
    const worker = await start(side.home, plan.cached * 2);
    await openCases(side, proposal, Math.round(plan.cached / 5));
    const before = await worker.usage();
    await openCases(side, proposal, plan.cached);
    const after = await worker.usage();
    await worker.stop();
    const bytesPerThousand = ((after.rssBytes - before.rssBytes) / plan.cached) * 1_000;
    results.push({ side: side.name, cases: plan.cached, bytesPerThousand });
    Object.assign(bench.workers, { [side.home]: await start(side.home) });
  }
  return results;
}

/** Autovacuum would have been there long before so many cases were open, and not in the middle of a round. */
async function vacuum(databaseUrl: string): Promise<void> {
  // the owner's own connection: the roles of the programs own no table, and are passed over with a warning only
  const owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  try {
    await owner.query('vacuum (analyze)');
  } finally {
    await owner.end();
  }
}

async function measureOpen(bench: Bench): Promise<readonly Growth[]> {
  const results: Growth[] = [];
  let open = 0;
  for (const target of plan.open) {
    for (const side of bench.sides) {
      say(`opening ${target - open} cases: ${side.title} …`);
      await openCases(side, proposal, target - open);
      await vacuum(bench.servers.databaseUrls[side.home]);
    }
    open = target;
    const options = { clients: 32, instances: plan.instances, rounds: plan.rounds };
    results.push({ open, throughput: await measureThroughput(bench, proposal, options) });
  }
  return results;
}

type StartWorker = (home: 'alur' | 'hand', cached?: number) => Promise<WorkerProcess>;

async function main(): Promise<void> {
  const servers = await startServers(say);
  // The servers have process groups of their own: Ctrl-C does not reach them.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void servers.stop().finally(() => process.exit(1)));
  const flags = values['worker-flags'].split(' ').filter((flag) => flag !== '');
  const running: WorkerProcess[] = [];
  const start: StartWorker = async (home, cached = 1_000) => {
    const worker = await WorkerProcess.start(home, servers, cached, flags);
    running.push(worker);
    return worker;
  };
  try {
    const connection = await Connection.connect({ address: servers.address });
    const asked = values.sides.split(',') as SideName[];
    const sides = (await createSides({ places: servers, connection, processes: [task, proposal, loop] })).filter(
      ({ name }) => asked.includes(name),
    );
    const bench: Bench = { servers, sides, workers: { alur: await start('alur'), hand: await start('hand') }, say };
    const has = (part: string): boolean => plan.parts.includes(part);
    const load = has('load') ? await measureLoad(bench) : [];
    const memory = has('memory') ? await measureMemory(bench, start) : [];
    const ages: { side: SideName; windows: readonly AgeWindow[] }[] = [];
    for (const side of has('age') ? sides : []) {
      if (side.name === 'handByActivities') continue;
      say(`age: ${side.title} …`);
      const windows = await measureAge(bench, side, loop, { cases: 8, windows: 6, steps: Math.ceil(plan.steps / 6) });
      ages.push({ side: side.name, windows });
    }
    const growth = has('open') ? await measureOpen(bench) : [];
    const { clients, instances, rounds } = plan;
    const peers = values.peers ? await measurePeers({ servers, clients, instances, rounds, say }) : [];
    const report: Report = {
      titles: Object.fromEntries(sides.map(({ name, title }) => [name, title])),
      load,
      memory,
      ages,
      growth,
      peers,
    };
    console.log(values.json ? JSON.stringify(jsonOf(report)) : textOf(report));
    for (const { pool } of sides) if (!pool.ended) await pool.end();
    await connection.close();
  } finally {
    await Promise.all(running.map((worker) => worker.stop()));
    await servers.stop();
  }
}

if (values.help) console.log(usage);
else await main();
