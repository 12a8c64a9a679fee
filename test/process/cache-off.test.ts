/** Every workflow task replays from the start: what a worker does after a restart, all the time. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MultiInstance } from '#engine/model.ts';
import {
  call,
  end,
  fixed,
  messageThrow,
  processOf,
  serviceTask,
  start,
  userTask,
  variable,
} from '../support/models.ts';
import { startTimers } from '#api/timer-starts.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({
    maxCachedWorkflows: 0,
    handlers: { jasa: () => Promise.resolve({ outcome: 'completed', variables: { jasa: 1 } }) },
  });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const votes: MultiInstance = {
  sequential: false,
  inputCollection: variable('anggota'),
  cardinality: null,
  inputElement: 'nama',
  outputCollection: 'suara',
  outputElement: variable('setuju'),
  completionCondition: null,
};

it('runs jobs, five votes at once, a called instance and a message with the workflow cache off', async () => {
  await stack.publish(processOf('anak', [start('a'), serviceTask('s', 'jasa'), end('z')], ['a>s', 's>z']));
  const model = processOf(
    'musyawarah',
    [
      start('a'),
      serviceTask('s', 'jasa'),
      userTask('suara', { multiInstance: votes }),
      call('c', 'anak'),
      messageThrow('m', 'hasil', variable('nomor'), 'PT1M'),
      userTask('tutup'),
      end('z'),
    ],
    ['a>s', 's>suara', 'suara>c', 'c>m', 'm>tutup', 'tutup>z'],
  );
  const members = ['ani', 'budi', 'cici', 'dedi', 'eka'];
  const started = await stack.start(await stack.publish(model), { anggota: members, nomor: 'n' });
  const tasks = await eventually(async () => {
    const { rows } = await stack.pool.query<{ seq: number }>(
      `select (key & ((1 << 20) - 1))::integer as seq from user_task where instance_key = $1 and element_id = 'suara' and state = 'CREATED' order by key`,
      [started.instanceKey],
    );
    return rows.length === members.length && rows.map(({ seq }) => seq);
  });
  // At once, as a meeting votes.
  const answers = await Promise.all(
    tasks.map((task, index) =>
      stack.command(started, { type: 'completeUserTask', task, variables: { setuju: index !== 2 } }),
    ),
  );
  expect(answers.every(({ accepted }) => accepted)).toBe(true);
  // A workflow task that Temporal lost is done again, and what the read model showed of it is taken back (ADR 0008): look again.
  await eventually(async () => {
    const task = await stack.taskOf(started, 'tutup');
    return stack.command(started, { type: 'completeUserTask', task, variables: {} }).then(
      ({ accepted }) => accepted,
      () => false,
    );
  });
  expect(await stack.ended(started)).toBe('COMPLETED');
  const { rows } = await stack.pool.query(
    `select value from variable where instance_key = $1 and name = 'suara' and scope_key = instance_key`,
    [started.instanceKey],
  );
  expect(rows).toEqual([{ value: [true, true, false, true, true] }]);
  const facts = await stack.facts(started);
  expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
}, 90_000);

it('starts an instance of the newest version whenever a timer is due, once per due time', async () => {
  const begin = start('mulai', { type: 'timer', timer: { kind: 'cycle', value: fixed('R9/PT1S') } });
  const model = processOf('berkala', [begin, end('z')], ['mulai>z']);
  const { processId, definitionKey } = await stack.publish(model);
  const version = { processId, definitionKey, model };
  const since = { sinceMs: Date.now(), clockOffsetMs: 0 };
  await startTimers(stack.client, version, since);
  await startTimers(stack.client, version, since);
  const started = async (): Promise<number> => {
    const { rowCount } = await stack.pool.query(
      "select from instance where process_id = 'berkala' and state = 'COMPLETED'",
    );
    return rowCount ?? 0;
  };
  await eventually(async () => (await started()) >= 2);
  await stack.publish({ ...model, name: 'Baru' });
  // One that was due in the same moment may still be on its way.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const before = await started();
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(await started()).toBe(before);
}, 60_000);
