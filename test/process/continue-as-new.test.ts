/** Style.md §9: the shell's two deadlocks, and what must hold over all runs of an instance. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, end, fixed, messageCatch, processOf, serviceTask, start, userTask } from '../support/models.ts';
import { eventually } from '../support/eventually.ts';
import { replayAll } from '../support/replay.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({
    handlers: {
      cepat: () => Promise.resolve({ outcome: 'completed', variables: {} }),
      lambat: async () => {
        await new Promise((resolve) => setTimeout(resolve, 400));
        return { outcome: 'completed', variables: {} };
      },
    },
  });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const loop = processOf(
  'putar',
  [start('a'), serviceTask('s', 'cepat'), userTask('b'), end('z')],
  ['a>s', 's>b', 'b>s'],
);

async function runsOf(started: StartedCase): Promise<string[]> {
  const runs: string[] = [];
  for await (const { runId } of stack.client.workflow.list({ query: `WorkflowId = '${started.workflowId}'` }))
    runs.push(runId);
  return runs;
}

describe('continue-as-new', () => {
  it('loses nothing and accepts one of three racing completions in every round', async () => {
    const started = await stack.start(await stack.publish(loop), {}, { continueAfterEvents: 40 });
    for (let round = 0; round < 12; round += 1) {
      const task = await stack.taskOf(started, 'b');
      const racing = [1, 2, 3].map((racer) =>
        stack
          .command(started, { type: 'completeUserTask', task, variables: { racer } }, { key: `${round}/${racer}` })
          .then(
            ({ accepted }) => accepted,
            () => false,
          ),
      );
      expect((await Promise.all(racing)).filter(Boolean).length).toBe(1);
    }
    await stack.taskOf(started, 'b');
    const facts = await stack.facts(started);
    expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
    expect(facts.filter(({ fact }) => fact.type === 'userTaskCompleted').length).toBe(12);
    expect((await runsOf(started)).length).toBeGreaterThanOrEqual(3);
    // A key of an earlier run still gets its first answer, and nothing happens again.
    const winner = facts.find(({ fact }) => fact.type === 'userTaskCompleted');
    const keys = await stack.pool.query<{ command_key: string }>(
      'select command_key from fact where instance_key = $1 and number = $2',
      [started.instanceKey, winner?.number],
    );
    const key = keys.rows[0]?.command_key ?? '';
    const again = await stack.command(started, { type: 'completeUserTask', task: 1, variables: {} }, { key });
    expect(again.accepted).toBe(true);
    expect((await stack.facts(started)).length).toBe(facts.length);
    await stack.command(started, { type: 'cancelInstance', reason: 'cukup' });
  }, 90_000);

  it('waits for jobs in flight and keeps new ones for the next run', async () => {
    const model = processOf(
      'antre',
      [start('a'), userTask('b'), serviceTask('s', 'lambat'), userTask('c'), end('z')],
      ['a>b', 'b>s', 's>c', 'c>z'],
    );
    const started = await stack.start(await stack.publish(model), {}, { continueAfterEvents: 8 });
    const task = await stack.taskOf(started, 'b');
    await stack.command(started, { type: 'completeUserTask', task, variables: {} });
    const next = await stack.taskOf(started, 'c');
    await stack.command(started, { type: 'completeUserTask', task: next, variables: {} });
    expect(await stack.ended(started)).toBe('COMPLETED');
    expect((await runsOf(started)).length).toBeGreaterThanOrEqual(2);
  });

  it('keeps timers, subscriptions and called instances', async () => {
    await stack.publish(
      processOf('anak', [start('a'), userTask('tugas-anak'), end('z')], ['a>tugas-anak', 'tugas-anak>z']),
    );
    const model = processOf(
      'induk',
      [start('a'), userTask('b'), call('panggil', 'anak'), messageCatch('m', 'lanjut', fixed('induk-1')), end('z')],
      ['a>b', 'b>panggil', 'panggil>m', 'm>z'],
    );
    const started = await stack.start(await stack.publish(model), {}, { continueAfterEvents: 14 });
    const task = await stack.taskOf(started, 'b');
    await stack.command(started, { type: 'completeUserTask', task, variables: {} });
    const child = await eventually(async () => {
      const { rows } = await stack.pool.query<{ key: string; process_id: string }>(
        'select key, process_id from instance where parent_key = $1',
        [started.instanceKey],
      );
      return rows[0];
    });
    const childCase = { instanceKey: child.key, workflowId: `anak/${child.key}` };
    const childTask = await stack.taskOf(childCase, 'tugas-anak');
    // Commands that change little, until the parent has gone on to a new run while its child waits.
    await eventually(async () => {
      await stack.command(started, { type: 'setVariables', scope: 0, variables: { n: Date.now() }, local: true });
      return (await runsOf(started)).length > 1;
    });
    await stack.command(childCase, { type: 'completeUserTask', task: childTask, variables: { dariAnak: 7 } });
    await eventually(async () => (await stack.factTypes(started)).includes('messageSubscriptionOpened'));
    const { rows } = await stack.pool.query(
      "select value from variable where instance_key = $1 and name = 'dariAnak'",
      [started.instanceKey],
    );
    expect(rows).toEqual([{ value: 7 }]);
    await stack.command(started, { type: 'cancelInstance', reason: 'cukup' });
  }, 60_000);

  it('leaves histories that replay', async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await replayAll(stack)).toBeGreaterThan(6);
  }, 60_000);
});

describe('a called instance', () => {
  const child = processOf('sub', [start('a'), userTask('t'), end('z')], ['a>t', 't>z']);
  const parent = processOf('utama', [start('a'), call('c', 'sub'), userTask('u'), end('z')], ['a>c', 'c>u', 'u>z']);
  const childOf = (started: StartedCase) =>
    eventually(async () => {
      const { rows } = await stack.pool.query<{ key: string }>('select key from instance where parent_key = $1', [
        started.instanceKey,
      ]);
      return rows[0] && { instanceKey: rows[0].key, workflowId: `sub/${rows[0].key}` };
    });

  it('gets and gives variables', async () => {
    await stack.publish(child);
    const started = await stack.start(await stack.publish(parent), { x: 1 });
    const called = await childOf(started);
    const task = await stack.taskOf(called, 't');
    await stack.command(called, { type: 'completeUserTask', task, variables: { y: 2 } });
    await stack.taskOf(started, 'u');
    const { rows } = await stack.pool.query('select name, value from variable where instance_key = $1 order by name', [
      started.instanceKey,
    ]);
    expect(rows).toEqual([
      { name: 'x', value: 1 },
      { name: 'y', value: 2 },
    ]);
  });

  it('is cancelled with its caller', async () => {
    const started = await stack.start(await stack.publish(parent), { x: 1 });
    const called = await childOf(started);
    await stack.taskOf(called, 't');
    await stack.command(started, { type: 'cancelInstance', reason: 'salah' });
    expect(await stack.ended(called)).toBe('TERMINATED');
    await stack.client.workflow.getHandle(started.workflowId).result();
  });

  it('that is not published is an incident, resolved when it is', async () => {
    const lonely = processOf('sendiri', [start('a'), call('c', 'belum-ada'), end('z')], ['a>c', 'c>z']);
    const started = await stack.start(await stack.publish(lonely));
    const incident = await eventually(async () => {
      const { rows } = await stack.pool.query<{ seq: number; code: string }>(
        'select (key & ((1 << 20) - 1))::integer as seq, code from incident where instance_key = $1',
        [started.instanceKey],
      );
      return rows[0];
    });
    expect(incident.code).toBe('CALLED_ELEMENT_ERROR');
    await stack.publish(processOf('belum-ada', [start('a'), end('z')], ['a>z']));
    await stack.command(started, { type: 'resolveIncident', incident: incident.seq, retries: null });
    expect(await stack.ended(started)).toBe('COMPLETED');
  });
});
