/** `npm run bench:registry`: how many duplicates the register finds, how many others it takes for some, and how long a search takes. */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Pool } from 'pg';
import { Random } from '#cli/generate/random.ts';
import { createPool } from '#db/pool.ts';
import { createVault } from '#db/vault.ts';
import type { Citizen, Vault } from '#db/vault.ts';
import { startDatabase } from './database.ts';
import { detect } from './detect.ts';
import { Population } from './people.ts';
import type { Probe } from './people.ts';
import { jsonOf, textOf } from './report.ts';

const usage = `npm run bench:registry -- [options]
  --people <n>   people in the register (50000); one in twenty is in it twice
  --seed <text>  the same seed, the same people (1)
  --json         one JSON value instead of the tables`;

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const batchSize = 1_000;
const batchesInFlight = 2;
const warmUp = 200;
/** A statement of the load may wait for a checkpoint. */
const statementTimeoutMs = 10 * 60_000;

/** Indexes are built after the first fill, as one does. */
const withoutIndexes = [
  'alter table subject_token drop constraint subject_token_pkey',
  'drop index subject_token_subject',
];
const withIndexes = [
  'alter table subject_token add primary key (token, subject_key)',
  'create index subject_token_subject on subject_token (subject_key)',
  'vacuum (analyze) subject, subject_token',
];

/** Each record sealed under a key of its own, as in service. Returns the keys by place. */
async function load(pool: Pool, vault: Vault, population: Population): Promise<string[]> {
  const written: Promise<readonly string[]>[] = [];
  let batch: Citizen[] = [];
  const flush = async (): Promise<void> => {
    written.push(vault.createMany(pool, batch));
    batch = [];
    // While the server writes one batch the next is sealed.
    await written.at(-batchesInFlight);
    if ((written.length * batchSize) % 100_000 === 0) say(`${written.length * batchSize} records …`);
  };
  for (const citizen of population.people()) if (batch.push(citizen) === batchSize) await flush();
  for (const { citizen } of population.later) if (batch.push(citizen) === batchSize) await flush();
  await flush();
  return (await Promise.all(written)).flat();
}

/** Most records of one kind that are asked about. */
const askedMost = 4_000;
/** A part of each kind, mixed. */
function chosen(probes: readonly Probe[]): readonly Probe[] {
  const asked = new Map<string, number>();
  return new Random(values.seed).shuffled(probes).filter(({ kind }) => {
    asked.set(kind, (asked.get(kind) ?? 0) + 1);
    return (asked.get(kind) ?? 0) <= askedMost;
  });
}
function totalsOf(probes: readonly Probe[], people: number): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { kind } of probes) totals.set(kind, (totals.get(kind) ?? 0) + 1);
  return totals.set('anybody', people - (totals.get('twin') ?? 0));
}

async function main(people: number): Promise<void> {
  const database = await startDatabase();
  // The server has a process group of its own: Ctrl-C does not reach it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void database.stop().finally(() => process.exit(1)));
  const pool = createPool({
    connectionString: database.url,
    role: 'alur_worker',
    max: batchesInFlight,
    statementTimeoutMs,
  });
  const owner = createPool({ connectionString: database.url, role: null, max: 1, statementTimeoutMs });
  try {
    const vault = createVault(randomBytes(32));
    const population = new Population(values.seed, people);
    const begun = performance.now();
    for (const statement of withoutIndexes) await owner.query(statement);
    const keys = await load(pool, vault, population);
    for (const statement of withIndexes) await owner.query(statement);
    const loadSeconds = (performance.now() - begun) / 1_000;
    const first = keys.length - population.later.length;
    const later: Probe[] = population.later.map((record, index) => ({ ...record, place: first + index }));
    const all = [...population.probes, ...later];
    const probes = chosen(all);
    say(`${keys.length} records in ${Math.round(loadSeconds)} s; asking about ${probes.length} …`);
    await detect(pool, vault, keys, probes.slice(0, warmUp));
    const detection = await detect(pool, vault, keys, probes);
    const totals = totalsOf(all, first);
    const result = { people: first, records: keys.length, seed: values.seed, loadSeconds, detection, totals };
    console.log(values.json ? JSON.stringify(jsonOf(result)) : textOf(result));
  } finally {
    await Promise.all([pool.end(), owner.end()]);
    await database.stop();
  }
}

const people = Number(values.people);
if (values.help) console.log(usage);
else if (!Number.isInteger(people) || people < 1_000 || people > 10_000_000)
  throw new RangeError(`--people ${values.people}: give a whole number from 1000 to 10000000`);
else await main(people);
