/** One run: an installation, its load, the experiments one after the other, then the checks over everything that happened. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deploymentEndpoints } from '#contract/deployment.ts';
import { createClient } from '#contract/client.ts';
import { gatherEvidence } from './checks/evidence.ts';
import { findingsOf } from './checks/findings.ts';
import type { Finding } from './checks/findings.ts';
import type { Experiment, Lab, Outcome } from './experiments/experiment.ts';
import { FaultLog } from './faults.ts';
import type { Fault } from './faults.ts';
import { fairWeather } from './links/link.ts';
import { Caller } from './load/caller.ts';
import { definitions } from './load/definitions.ts';
import { Ledger } from './load/ledger.ts';
import { Load } from './load/load.ts';
import { OutsideWorker } from './load/outside-worker.ts';
import { Owed, percentile, recoveries } from './load/owed.ts';
import { Sink } from './load/sink.ts';
import { Watcher } from './load/watcher.ts';
import type { Profile } from './profile.ts';
import { dueOf } from './profile.ts';
import { randomOf, seedFor } from './random.ts';
import { account, Installation } from './stack/installation.ts';
import { projectDir } from './stack/programs.ts';

export interface RunOptions {
  readonly seed: number;
  readonly profile: Profile;
  readonly experiments: readonly Experiment[];
  readonly say: (line: string) => void;
  /** No experiment begins later than this many milliseconds after the start. */
  readonly limitMs: number;
  readonly keepsHome: boolean;
}
export interface BarResult extends Outcome {
  readonly id: string;
  readonly title: string;
  readonly durationMs: number;
  readonly recoveryMs: { readonly p50: number; readonly p99: number; readonly samples: number };
}
export interface RunResult {
  readonly seed: number;
  readonly commit: string;
  readonly profile: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly bars: readonly BarResult[];
  /** Bars for which no time was left. */
  readonly left: readonly string[];
  readonly acknowledged: number;
  readonly faults: readonly Fault[];
  readonly findings: readonly Finding[];
  readonly recoveryMs: { readonly p50: number; readonly p99: number };
  readonly statuses: Readonly<Record<string, number>>;
  readonly instances: number;
  /** Effects that were tried again under their key. */
  readonly repeats: number;
}

const patienceMs = 150_000;
const outsideLoops = 2;
/** After the last fault nothing may be stuck for longer. */
const quietLimitMs = 300_000;
/** Temporal tells of a task that fails after some attempts, and the sweeper looks each half minute. */
const stuckMs = 180_000;
const settleMs = 90_000;
const lookEveryMs = 500;

export async function run(options: RunOptions): Promise<RunResult> {
  const { seed, profile, say } = options;
  const startedMs = Date.now();
  const home = await mkdtemp(path.join(tmpdir(), 'alur-chaos-'));
  await mkdir(path.join(home, 'logs'), { recursive: true });
  const installation = await Installation.create({ home, say, seed, ...profile.shape });
  const random = (purpose: string) => randomOf(seedFor(seed, purpose));
  const sink = new Sink(path.join(home, 'sink.jsonl'), random('sink'));
  const owed = new Owed();
  const faults = new FaultLog();
  const ledger = new Ledger(path.join(home, 'ledger.jsonl'));
  const watcher = new Watcher(installation.owner, owed);
  const clearAway = async (): Promise<void> => {
    watcher.stop();
    await installation.stop();
    await sink.close();
    if (options.keepsHome) say(`the data stays in ${home}`);
    else await rm(home, { recursive: true, force: true });
  };
  // whoever ends us ends the installation
  const endings = ['SIGINT', 'SIGTERM'] as const;
  const onEnding = (): void => void clearAway().finally(() => process.exit(1));
  for (const signal of endings) process.once(signal, onEnding);
  try {
    await sink.open();
    await installation.start(sink.port);
    const { urls, token } = installation;
    const caller = new Caller({ urls, token, random: random('caller'), ledger, owed, patienceMs });
    const outside = new OutsideWorker(caller, sink);
    const load = new Load({ caller, watcher, ledger, patienceMs }, seed);
    const lab: Lab = {
      installation,
      load,
      caller,
      watcher,
      outside,
      ledger,
      sink,
      owed,
      faults,
      profile: profile.name,
      say,
      random,
    };
    await publish(urls, token);
    watcher.start();
    outside.start(outsideLoops);
    say(`ready after ${seconds(Date.now() - startedMs)}`);
    const { bars, left } = await runExperiments(lab, options, startedMs);
    await untilQuiet(lab);
    await outside.stop();
    watcher.stop();
    say('checking');
    const evidence = await gatherEvidence({
      owner: installation.owner,
      client: installation.client,
      account,
      ledgerFile: ledger.file,
      effects: [...sink.effects.values()],
      statesMost: profile.statesMost,
    });
    const findings = findingsOf(evidence);
    const samples = recoveries(owed.settled, faults.entries);
    return {
      seed,
      commit: await commitOf(),
      profile: profile.name,
      startedAt: new Date(startedMs).toISOString(),
      durationMs: Date.now() - startedMs,
      bars,
      left,
      acknowledged: ledger.acknowledged,
      faults: faults.entries,
      findings,
      recoveryMs: { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) },
      statuses: Object.fromEntries(caller.statuses),
      instances: evidence.instances.length,
      repeats: sink.repeats,
    };
  } finally {
    for (const signal of endings) process.off(signal, onEnding);
    await clearAway();
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

const commitOf = async (): Promise<string> => {
  try {
    return (await promisify(execFile)('git', ['rev-parse', '--short', 'HEAD'], { cwd: projectDir })).stdout.trim();
  } catch {
    return 'unknown';
  }
};

async function publish(urls: readonly string[], token: string): Promise<void> {
  const form = new FormData();
  for (const [name, xml] of Object.entries(definitions)) form.append('resources', new Blob([xml]), name);
  const client = createClient({
    baseUrl: urls[0] ?? '',
    fetch: (url, init) => fetch(url, init),
    headers: () => ({ Authorization: `Bearer ${token}` }),
  });
  await client(deploymentEndpoints.createDeployment, {}, { rawBody: form });
}

/** Processes that ended by themselves: nobody shall notice, but it is a fault of ours. */
const crashesOf = ({ installation }: Lab): string[] => installation.processes.flatMap(({ crashes }) => crashes);

async function runExperiments(
  lab: Lab,
  { experiments, profile, limitMs, say }: RunOptions,
  startedMs: number,
): Promise<{ bars: BarResult[]; left: string[] }> {
  const bars: BarResult[] = [];
  const left: string[] = [];
  for (const experiment of experiments) {
    const { id, title } = experiment;
    if (Date.now() - startedMs > limitMs) {
      left.push(id);
      continue;
    }
    say(`${id} ${title}`);
    lab.faults.experiment = id;
    const fromMs = Date.now();
    const firstFault = lab.faults.entries.length;
    const firstDebt = lab.owed.settled.length;
    const crashesBefore = crashesOf(lab).length;
    const outcome = await experiment.run(lab, dueOf(profile, experiment.full)).catch((error: unknown): Outcome => {
      const why = error instanceof Error ? error.message : String(error);
      return { counts: {}, figures: {}, misses: [`it could not be carried out: ${why}`] };
    });
    for (const link of lab.installation.links) link.weather = fairWeather;
    await lab.installation.untilServing(settleMs);
    const samples = recoveries(lab.owed.settled.slice(firstDebt), lab.faults.entries.slice(firstFault));
    const recoveryMs = { p50: percentile(samples, 0.5), p99: percentile(samples, 0.99), samples: samples.length };
    const late =
      experiment.recoveryP99Ms !== null && recoveryMs.p99 > experiment.recoveryP99Ms
        ? [`recovery p99 ${seconds(recoveryMs.p99)} is above ${seconds(experiment.recoveryP99Ms)}`]
        : [];
    const crashes = crashesOf(lab).slice(crashesBefore);
    const misses = [...crashes, ...outcome.misses, ...late];
    bars.push({ ...outcome, misses, id, title, durationMs: Date.now() - fromMs, recoveryMs });
    say(`${id} took ${seconds(Date.now() - fromMs)}: ${JSON.stringify({ ...outcome, misses, recoveryMs })}`);
  }
  return { bars, left };
}

/** Waits until every case has ended, or nothing has moved for so long that what is left is stuck. */
async function untilQuiet({ installation: { owner }, say }: Lab): Promise<void> {
  const deadline = Date.now() + quietLimitMs;
  let last = '';
  let since = Date.now();
  while (Date.now() < deadline) {
    const { rows } = await owner
      .query<{ open: string; mark: string }>(
        `select count(*) filter (where state = 'ACTIVE') as open, concat(count(*), '/', sum(last_fact)) as mark
           from instance where process_id like 'chaos-%'`,
      )
      .catch(() => ({ rows: [] }));
    const [seen] = rows;
    if (seen !== undefined && seen.mark !== last) {
      last = seen.mark;
      since = Date.now();
    }
    // Closed workflows need a moment to be closed in Temporal too.
    if (seen?.open === '0' && Date.now() - since > 2_000) return;
    if (Date.now() - since > stuckMs) {
      say(`${seen?.open ?? '?'} cases have not moved for ${seconds(stuckMs)}`);
      return;
    }
    await delay(lookEveryMs);
  }
}
