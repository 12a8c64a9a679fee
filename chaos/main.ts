/** `npm run chaos`: faults on a real installation under load, and the proof that nothing acknowledged was lost or done twice. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { experiments } from './experiments/all.ts';
import { profiles } from './profile.ts';
import { jsonLine, textOf } from './report.ts';
import { run } from './run.ts';
import { addToSeries, readSeries, writeFailure } from './series.ts';

const usage = `npm run chaos -- [options]
  --profile ci|night   ci: minutes, on the embedded stack; night: full counts, on a two-node Temporal cluster that is built first (ci)
  --seed N             the seed of a run that failed; default: a fresh one
  --only R1,R4         only these bars
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
    minutes: { type: 'string' },
    json: { type: 'boolean', default: false },
    series: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const profile = profiles[values.profile === 'night' ? 'night' : 'ci'];
  if (values.help || values.profile !== profile.name) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  if (values.series) {
    console.log(textOf(null, await readSeries(), profile));
    return 0;
  }
  const seed = values.seed === undefined ? randomInt(seedsMost) : Number(values.seed);
  const asked = values.only?.split(',');
  const chosen = experiments.filter(({ id, isNightOnly }) =>
    asked === undefined ? isNightOnly !== true || profile.name === 'night' : asked.includes(id),
  );
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
