import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { end, fork, processOf, serviceTask, start, userTask } from '../support/models.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({
    handlers: {
      salam: ({ variables }) =>
        Promise.resolve({ outcome: 'completed', variables: { salam: `Halo ${JSON.stringify(variables['nama'])}` } }),
    },
  });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

describe('an instance on Temporal', () => {
  const story = processOf(
    'cerita',
    [start('mulai'), serviceTask('sapa', 'salam'), userTask('periksa'), end('selesai')],
    ['mulai>sapa', 'sapa>periksa', 'periksa>selesai'],
  );

  it('runs a job and a user task to the end, and the read model follows', async () => {
    const started = await stack.start(await stack.publish(story), { nama: 'Ani' });
    const task = await stack.taskOf(started, 'periksa');
    const answer = await stack.command(started, { type: 'completeUserTask', task, variables: { setuju: true } });
    expect(answer.accepted).toBe(true);
    const { rows } = await stack.pool.query('select state, end_elements from instance where key = $1', [
      started.instanceKey,
    ]);
    expect(rows).toEqual([{ state: 'COMPLETED', end_elements: ['selesai'] }]);
    const variables = await stack.pool.query('select name, value from variable where instance_key = $1 order by name', [
      started.instanceKey,
    ]);
    expect(variables.rows).toEqual([
      { name: 'nama', value: 'Ani' },
      { name: 'salam', value: 'Halo "Ani"' },
      { name: 'setuju', value: true },
    ]);
    const numbers = (await stack.facts(started)).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    await expect(stack.client.workflow.getHandle(started.workflowId).result()).resolves.toEqual({
      type: 'completed',
      variables: {},
    });
  });

  it('refuses a command that cannot be, with the reason and without a trace in history', async () => {
    const started = await stack.start(await stack.publish(story), { nama: 'Ani' });
    await stack.taskOf(started, 'periksa');
    // A query is answered after the task in progress.
    await stack.state(started);
    const before = (await stack.history(started)).events?.length;
    const refused = stack.command(started, { type: 'completeUserTask', task: 999, variables: {} });
    await expect(refused).rejects.toMatchObject({ cause: { type: 'Rejection', details: [{ code: 'unknownTask' }] } });
    expect((await stack.history(started)).events?.length).toBe(before);
  });

  it('gives a repeated key the first answer', async () => {
    const started = await stack.start(await stack.publish(story), { nama: 'Ani' });
    const task = await stack.taskOf(started, 'periksa');
    const assign = { type: 'assignUserTask', task, assignee: 'ani', allowOverride: false } as const;
    const [first, second] = await Promise.all([
      stack.command(started, assign, { key: 'k1' }),
      stack.command(started, assign, { key: 'k1' }),
    ]);
    expect(second).toEqual(first);
    const count = (await stack.facts(started)).filter(({ fact }) => fact.type === 'userTaskAssigned').length;
    expect(count).toBe(1);
  });

  it('parks a job without a handler until an outside worker answers by command', async () => {
    const outside = processOf('luar', [start('a'), serviceTask('b', 'cetak'), end('c')], ['a>b', 'b>c']);
    const started = await stack.start(await stack.publish(outside), { x: 1 });
    const parked = await eventually(async () => {
      const { rows } = await stack.pool.query<{ seq: number; type: string; variables: object }>(
        'select (job_key & ((1 << 20) - 1))::integer as seq, type, variables from parked_job where instance_key = $1',
        [started.instanceKey],
      );
      return rows[0];
    });
    expect(parked).toMatchObject({ type: 'cetak', variables: { x: 1 } });
    await stack.command(started, { type: 'completeJob', job: parked.seq, variables: {} });
    expect(await stack.ended(started)).toBe('COMPLETED');
    const { rowCount } = await stack.pool.query('select from parked_job where instance_key = $1', [
      started.instanceKey,
    ]);
    expect(rowCount).toBe(0);
  });

  it('ends its jobs and tasks when it is cancelled, by command or through Temporal', async () => {
    const two = processOf(
      'dua',
      [start('a'), fork('f'), serviceTask('b', 'cetak'), userTask('c'), fork('j'), end('z')],
      ['a>f', 'f>b', 'f>c', 'b>j', 'c>j', 'j>z'],
    );
    const published = await stack.publish(two);
    const first = await stack.start(published);
    await stack.taskOf(first, 'c');
    await stack.command(first, { type: 'cancelInstance', reason: 'salah' });
    expect(await stack.ended(first)).toBe('TERMINATED');
    const second = await stack.start(published);
    await stack.taskOf(second, 'c');
    await stack.client.workflow.getHandle(second.workflowId).cancel();
    expect(await stack.ended(second)).toBe('TERMINATED');
    const { rows } = await stack.pool.query('select state from user_task where instance_key = $1', [
      second.instanceKey,
    ]);
    expect(rows).toEqual([{ state: 'CANCELED' }]);
  });
});
