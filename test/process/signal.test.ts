/** Signals reach everybody who waits, once each, whatever dies meanwhile (docs/adr/0010). */
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTemporal } from '#api/temporal.ts';
import { newInstanceKey } from '#db/queries/start-definition.ts';
import { openBroadcast } from '#db/signals.ts';
import {
  broadcasts,
  catching,
  end,
  forEach,
  gateway,
  path,
  processOf,
  signal,
  start,
  sub,
  throwing,
  user,
  value,
} from '../engine/model-builder.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';
import { startWorkerProcess } from '../support/worker-process.ts';

const patientMs = 60_000;
/** In cases of `perCase` each. */
const subscribers = Number(process.env['ALUR_SUBSCRIBERS'] ?? '500');
const perCase = 50;
let stack: TestStack;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  stack = await TestStack.start();
}, 180_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await stack.stop();
}, 60_000);

const model = (processId: string, ...parts: Parameters<typeof processOf>) => ({ ...processOf(...parts), processId });
const waiting = model(
  'menunggu',
  [start('a'), catching('c', signal('bencana')), user('t'), end('z')],
  [path('a', 'c', 't', 'z')],
);

async function broadcast(name: string, variables = {}): Promise<string> {
  const signalKey = await newInstanceKey(stack.pool);
  await openBroadcast(stack.pool, { signalKey, signalName: name, startsInstances: true });
  await createTemporal(stack.client, () => Promise.resolve(0)).broadcast({ signalKey, name, variables });
  return signalKey;
}
const open = async (name: string): Promise<number> => {
  const { rowCount } = await stack.pool.query(
    "select from signal_subscription where signal_name = $1 and state = 'OPEN'",
    [name],
  );
  return rowCount ?? 0;
};
const received = async (started: StartedCase): Promise<number> =>
  (await stack.factTypes(started)).filter((type) => type === 'signalReceived').length;

describe('a broadcast', () => {
  it('reaches a hundred cases and a start event once each, though the worker is killed in the middle', async () => {
    let worker = startWorkerProcess(stack);
    children.add(worker.child);
    const published = await stack.publish(waiting);
    await stack.publish(
      model('tanggap', [start('m', { trigger: signal('bencana') }), user('u'), end('z')], [path('m', 'u', 'z')]),
    );
    const cases = await Promise.all(Array.from({ length: 100 }, () => stack.start(published)));
    await eventually(async () => (await open('bencana')) === 100, 120_000);
    await broadcast('bencana', { wilayah: '32.15' });
    await eventually(async () => (await open('bencana')) <= 80, 60_000);
    worker.child.kill('SIGKILL');
    await worker.ended;
    worker = startWorkerProcess(stack);
    children.add(worker.child);
    await eventually(async () => (await stack.pool.query('select from signal_delivery')).rowCount === 0, 120_000);
    for (const started of cases) {
      await stack.taskOf(started, 't', 30_000);
      expect(await received(started)).toBe(1);
      const facts = await stack.facts(started);
      expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
    }
    const { rows } = await eventually(async () => {
      const found = await stack.pool.query<{ value: unknown }>(
        "select v.value from instance i join variable v on v.instance_key = i.key where i.process_id = 'tanggap' and v.name = 'wilayah'",
      );
      return found.rowCount === 1 && found;
    });
    expect(rows).toEqual([{ value: '32.15' }]);
  }, 300_000);

  it('meets whoever waited before it was thrown, and nobody who came later', async () => {
    const around = model(
      'keliling',
      [
        start('a'),
        gateway('f', 'parallelGateway'),
        catching('sebelum', signal('putar')),
        user('dulu'),
        user('siap'),
        throwing('lempar', { results: [broadcasts('putar')] }),
        catching('sesudah', signal('putar')),
        user('nanti'),
        end('z'),
      ],
      [path('a', 'f', 'sebelum', 'dulu', 'z'), path('f', 'siap', 'lempar', 'sesudah', 'nanti', 'z')],
    );
    const started = await stack.start(await stack.publish(around));
    const other = await stack.start(
      await stack.publish(
        model('lain', [start('a'), catching('c', signal('putar')), user('t'), end('z')], [path('a', 'c', 't', 'z')]),
      ),
    );
    // Tasks given to the killed worker's last polls come back after ten seconds.
    const ready = await stack.taskOf(started, 'siap', patientMs);
    await eventually(async () => (await open('putar')) === 2, patientMs);
    await stack.command(started, { type: 'completeUserTask', task: ready, variables: {} });
    await stack.taskOf(started, 'dulu', patientMs);
    await stack.taskOf(other, 't', patientMs);
    await eventually(async () => (await stack.pool.query('select from signal_delivery')).rowCount === 0, patientMs);
    expect(await received(started)).toBe(1);
    expect(await open('putar')).toBe(1);
    await broadcast('putar');
    await stack.taskOf(started, 'nanti', patientMs);
    expect(await received(started)).toBe(2);
  }, 240_000);

  it(`reaches each of ${subscribers} subscriptions once`, async () => {
    const inner = { inputCollection: null, cardinality: value(perCase) };
    const many = model(
      'banyak',
      [
        start('a'),
        sub('s', forEach(inner)),
        start('b', { parent: 's' }),
        catching('c', signal('serentak'), { parent: 's' }),
        end('y', { parent: 's' }),
        user('t'),
        end('z'),
      ],
      [path('a', 's', 't', 'z'), path('b', 'c', 'y')],
    );
    const published = await stack.publish(many);
    const cases = await Promise.all(Array.from({ length: subscribers / perCase }, () => stack.start(published)));
    await eventually(async () => (await open('serentak')) === subscribers, 120_000);
    await broadcast('serentak', { n: 1 });
    for (const started of cases) {
      await stack.taskOf(started, 't', 240_000);
      expect(await received(started)).toBe(perCase);
    }
    expect(await open('serentak')).toBe(0);
  }, 600_000);
});
