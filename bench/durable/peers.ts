/**
 * Operaton and Flowable with the same proposal on the same PostgreSQL, where Java 17, Maven and ../shared/peers are (its README says what is
 * compared with what: they run in the process of their client, without HTTP; service tasks are asynchronous, as durable as an Activity).
 */
import { execFile } from 'node:child_process';
import { access, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { Servers } from './servers.ts';

const run = promisify(execFile);
const source = path.resolve(import.meta.dirname, '../../../shared/peers');
const engines = [
  { name: 'operaton', main: 'OperatonEngine' },
  { name: 'flowable', main: 'FlowableEngine' },
] as const;
const limitMs = 30 * 60_000;

/** What ../shared/peers reports of one round, as far as it is shown. */
interface Line {
  readonly engine: string;
  readonly version: string;
  readonly process?: string;
  readonly c: number;
  readonly inst_per_s?: number;
  readonly client_or_engine_cpu_ms_per_inst: number;
  readonly pg_cpu_ms_per_inst: number;
  readonly complete_call_ms: { readonly p50: number; readonly p99: number };
  readonly conflicts: number;
}
export interface PeerRound {
  readonly engine: string;
  readonly clients: number;
  readonly instancesPerSecond: number;
  /** Of the engine with its client. */
  readonly engineCpuMs: number;
  readonly postgresCpuMs: number;
  readonly completeP50: number;
  readonly completeP99: number;
  readonly conflicts: number;
}
export interface PeersOptions {
  readonly servers: Servers;
  readonly clients: readonly number[];
  readonly instances: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

export async function measurePeers(options: PeersOptions): Promise<readonly PeerRound[]> {
  const { say } = options;
  try {
    await access(source);
    await run('java', ['-version']);
    await run('mvn', ['-version']);
  } catch (error) {
    say(`other engines are left out: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    return [];
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-peers-'));
  try {
    await cp(source, folder, { recursive: true });
    await run('python3', ['gen.py'], { cwd: folder });
    const rounds: PeerRound[] = [];
    for (const engine of engines) {
      say(`${engine.name} …`);
      await build(folder, engine.name);
      rounds.push(...(await measure(folder, engine, options)));
    }
    return rounds;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(folder: string, engine: string): Promise<void> {
  const home = path.join(folder, 'java', engine);
  const goal = ['dependency:copy-dependencies', '-DoutputDirectory=lib', '-DincludeScope=runtime'];
  await run('mvn', ['-q', '-B', ...goal], { cwd: home, timeout: limitMs });
  const core = path.join(folder, 'java', 'core', 'bench');
  const files = [core, home].map(async (place) => {
    const names = await readdir(place);
    return names.filter((name) => name.endsWith('.java')).map((name) => path.join(place, name));
  });
  const all = (await Promise.all(files)).flat();
  await run('javac', ['-nowarn', '-d', path.join(home, 'classes'), '-cp', path.join(home, 'lib', '*'), ...all]);
}

async function measure(
  folder: string,
  { name, main }: (typeof engines)[number],
  { servers, clients, instances, rounds, say }: PeersOptions,
): Promise<readonly PeerRound[]> {
  const jdbc = await jdbcUrl(servers.adminUrl, name);
  const home = path.join(folder, 'java', name);
  const settings = {
    engine: name,
    class: main,
    scenario: 'load',
    mode: 'async',
    history: '',
    c: '8',
    bpmn: path.join(folder, 'bpmn', name),
    raw: path.join(folder, `${name}.jsonl`),
    jdbc,
    pgpid: String(servers.pids.postgres ?? 0),
    n1: '8',
    n2: String(instances),
    w1: '200',
    w2: '100',
    runs: String(rounds),
    cs: clients.join(','),
    pool: '40',
    t0: String(Date.now()),
  };
  const flags = Object.entries(settings).map(([key, value]) => `-Dbench.${key}=${value}`);
  const classes = [path.join(home, 'classes'), path.join(home, 'lib', '*')].join(path.delimiter);
  const output = await run('java', ['-Xms64m', '-Xmx1g', '-cp', classes, ...flags, 'bench.Bench'], {
    timeout: limitMs,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: unknown) => {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    // The rounds that it did finish count.
    say(`${name} gave up: ${/^Caused by: (.*)$/m.exec(stderr)?.[1] ?? String(error).split('\n')[0] ?? ''}`);
    return { stdout };
  });
  return output.stdout.split('\n').flatMap((text): PeerRound[] => {
    if (!text.startsWith('{')) return [];
    const line = JSON.parse(text) as Line;
    if (line.process !== 'p2' || line.inst_per_s === undefined) return [];
    return [
      {
        engine: `${line.engine} ${line.version}`,
        clients: line.c,
        instancesPerSecond: line.inst_per_s,
        engineCpuMs: line.client_or_engine_cpu_ms_per_inst,
        postgresCpuMs: line.pg_cpu_ms_per_inst,
        completeP50: line.complete_call_ms.p50,
        completeP99: line.complete_call_ms.p99,
        conflicts: line.conflicts,
      },
    ];
  });
}

/** A database of its own, and an account of its own where the server wants a password. */
async function jdbcUrl(adminUrl: string, engine: string): Promise<string> {
  const database = `bench_${engine}_${randomBytes(4).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`create role ${database} superuser login password '${password}'`);
    await client.query(`create database ${database} owner ${database}`);
  } finally {
    await client.end();
  }
  const { hostname, port } = new URL(adminUrl);
  return `jdbc:postgresql://${hostname}:${port}/${database}?user=${database}&password=${password}`;
}
