/** `npm run chaos`: faults on a real installation under load, and the proof that nothing acknowledged was lost or done twice. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { experiments } from './experiments/all.ts';
import type { Experiment } from './experiments/experiment.ts';
import { profiles } from './profile.ts';
import type { Profile } from './profile.ts';
import { jsonLine, textOf } from './report.ts';
import { run } from './run.ts';
import { addToSeries, readSeries, writeFailure } from './series.ts';

const usage = `npm run chaos -- [options]
  --profile ci|cluster|night   ci: minutes, on the embedded stack; cluster: the same counts on a two-node Temporal cluster
                       that is built first; night: full counts on that cluster (ci)
  --seed N             the seed of a run that failed; default: a fresh one
  --only R1,R4         only these bars
  --quarter            with --only: a quarter of their full counts in this one run
  --minutes N          no bar begins later than this
  --json               the last line is one JSON value
  --series             only tells what the runs so far add up to
  --keep               the data of the run stays`;

const seedsMost = 2 ** 31;
const minuteMs = 60_000;

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'ci' },
    seed: { type: 'string' },
    only: { type: 'string' },
    quarter: { type: 'boolean', default: false },
    minutes: { type: 'string' },
    json: { type: 'boolean', default: false },
    series: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

/** Each seed begins with another bar, so that a series on a slow machine gets round to all of them. */
function chosenFor(profile: Profile, seed: number, asked: readonly string[] | undefined): readonly Experiment[] {
  if (asked !== undefined) return experiments.filter(({ id }) => asked.includes(id));
  const due = experiments.filter(({ needsCluster }) => needsCluster !== true || profile.shape.temporal !== 'dev');
  const first = seed % due.length;
  return [...due.slice(first), ...due.slice(0, first)];
}

async function main(): Promise<number> {
  const named = Object.values(profiles).find(({ name }) => name === values.profile) ?? profiles.ci;
  const profile = values.quarter ? { ...named, fraction: 1 / 4 } : named;
  if (values.help || values.profile !== profile.name) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  if (values.series) {
    console.log(textOf(null, await readSeries(), profile));
    return 0;
  }
  const known = experiments.map(({ id }) => id);
  const unknown = values.only?.split(',').filter((id) => !known.includes(id)) ?? [];
  if (unknown.length > 0) {
    console.error(`--only ${unknown.join(',')}: there is no such bar here. There are ${known.join(', ')}.`);
    return 2;
  }
  const seed = values.seed === undefined ? randomInt(seedsMost) : Number(values.seed);
  const chosen = chosenFor(profile, seed, values.only?.split(','));
  const say = (line: string): void => console.error(`[chaos] ${line}`);
  say(`profile ${profile.name}, seed ${String(seed)}`);
  const limitMs = (values.minutes === undefined ? profile.minutes : Number(values.minutes)) * minuteMs;
  const result = await run({ seed, profile, experiments: chosen, say, limitMs, keepsHome: values.keep });
  await addToSeries(result);
  if (result.findings.length > 0) say(`the failing seed is in ${await writeFailure(result)}`);
  console.log(values.json ? jsonLine(result) : textOf(result, await readSeries(), profile));
  return result.findings.length === 0 ? 0 : 1;
}

process.exit(await main());
