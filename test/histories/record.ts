/**
 * `npm run histories:record -- <release>`: runs the cases of cases.ts on a real dev server and keeps their histories in
 * `test/histories/<release>.json.gz`. Made at each release, and never made again for that release.
 */
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Chance } from '../engine/seeded.ts';
import { TestStack } from '../support/stack.ts';
import { handlersOf, recordDrawn, shapes } from './cases.ts';
import { fieldsOf, replay, tracingBundle, traceOf } from './golden-replay.ts';
import type { Replayed } from './golden-replay.ts';
import { plainHistory, writeRelease } from './history-file.ts';
import type { GoldenHistory } from './history-file.ts';

const projectDir = path.resolve(import.meta.dirname, '../..');
const drawnCases = 150;
/** Of one history, and of all. */
const longestEvents = 400;
const mostBytes = 3_000_000;
/** Histories of the same kinds of events in the same order say the same. */
const sameShape = 3;

async function recorded(seed: number, models: Map<string, string>): Promise<GoldenHistory[]> {
  const stack = await TestStack.start();
  try {
    await stack.startWorker({ handlers: handlersOf(new Chance(seed)), hasTestClock: true });
    for (const [name, shape] of Object.entries(shapes)) {
      process.stdout.write(`${name}\n`);
      await shape(stack);
    }
    await recordDrawn(stack, seed, drawnCases);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const [codec] = stack.dataConverter.payloadCodecs ?? [];
    if (codec === undefined) throw new Error('no codec');
    const found: GoldenHistory[] = [];
    for await (const { workflowId, runId } of stack.client.workflow.list()) {
      const history = await stack.client.workflow.getHandle(workflowId, runId).fetchHistory();
      const plain = await plainHistory(history, codec, models);
      found.push({ workflowId, history: plain, trace: '' });
    }
    return found.toReversed();
  } finally {
    await stack.stop();
  }
}

/** Short enough, not too many of one shape, and not too much in all. */
function chosenFrom(found: readonly GoldenHistory[]): GoldenHistory[] {
  const shapesSeen = new Map<string, number>();
  let bytes = 0;
  return found.filter(({ history, workflowId }) => {
    const key = `${workflowId.split('/')[0]} ${history.events.map(({ eventType }) => eventType).join()}`;
    const seen = shapesSeen.get(key) ?? 0;
    const size = JSON.stringify(history).length;
    if (history.events.length > longestEvents || seen >= sameShape || bytes + size > mostBytes) return false;
    shapesSeen.set(key, seen + 1);
    bytes += size;
    return true;
  });
}

const [release, flag] = process.argv.slice(2);
if (release === undefined || !/^\d+\.\d+\.\d+$/.test(release))
  throw new Error('usage: record.ts <release, such as 0.2.0> [--leave-out-broken]');
const models = new Map<string, string>();
const seed = Number(process.env['ALUR_SEED'] ?? 1);
const candidates = chosenFrom(await recorded(seed, models));
const replayed: Replayed[] = [];
for await (const one of replay(await tracingBundle(projectDir), { histories: candidates, models })) replayed.push(one);
const isWhole = replayed.map(({ violation }) => violation === null);
const broken = candidates.flatMap((golden, index) =>
  isWhole[index] === true ? [] : [{ ...golden, trace: replayed[index]?.violation ?? '' }],
);
if (broken.length > 0) {
  const file = path.join(tmpdir(), `alur-broken-histories-${release}.json`);
  await writeFile(file, JSON.stringify(broken));
  const message = `${broken.length} histories do not replay with the code that made them, see ${file}`;
  if (flag !== '--leave-out-broken') throw new Error(message);
  process.stdout.write(`${message}\n`);
}
const fields = fieldsOf(replayed);
const histories = candidates
  .map((golden, index) => ({ ...golden, trace: traceOf(replayed[index]?.asked ?? [], fields) }))
  .filter((_, index) => isWhole[index]);
const used = new Set(JSON.stringify(histories).match(/[0-9a-f]{64}/g));
await writeRelease({
  name: release,
  histories,
  models: new Map([...models].filter(([sha256]) => used.has(sha256))),
  fields,
});
const events = histories.reduce((sum, { history }) => sum + history.events.length, 0);
process.stdout.write(`${histories.length} histories, ${events} events, ${used.size} models\n`);
process.exit(0);
