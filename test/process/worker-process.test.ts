/** The worker as a process: it reports itself, drains on SIGTERM, and a killed one loses nothing. */
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { end, processOf, serviceTask, start, userTask } from '../support/models.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import { startWorkerProcess } from '../support/worker-process.ts';
import type { WorkerProcess } from '../support/worker-process.ts';

let stack: TestStack;
const children = new Set<ChildProcess>();
beforeAll(async () => {
  stack = await TestStack.start();
}, 180_000);
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await stack.stop();
}, 60_000);

function startProcess(): WorkerProcess {
  const worker = startWorkerProcess(stack);
  children.add(worker.child);
  return worker;
}
const model = processOf(
  'tahan',
  [start('a'), userTask('b'), serviceTask('s', 'tanpa-penangan'), end('c')],
  ['a>b', 'b>s', 's>c'],
);

describe('a worker process', () => {
  it('says when it last polled, serves, and ends with 0 on SIGTERM', async () => {
    const worker = startProcess();
    await eventually(async () => {
      const { rows } = await stack.pool.query<{ build_id: string }>('select build_id from worker_heartbeat');
      return rows[0]?.build_id.startsWith('alur-');
    }, 60_000).catch((error: unknown) => {
      throw new Error(`no heartbeat:\n${worker.output()}`, { cause: error });
    });
    const started = await stack.start(await stack.publish(model), { rahasia: 'KENARI-1' });
    await stack.taskOf(started, 'b');
    worker.child.kill('SIGTERM');
    expect(await worker.ended).toBe(0);
    expect(worker.output()).not.toContain('KENARI-1');
  }, 120_000);

  it('killed at random loses no accepted command and applies none twice', async () => {
    const published = await stack.publish(model);
    let worker = startProcess();
    const cases = await Promise.all(Array.from({ length: 10 }, () => stack.start(published)));
    const work = cases.map(async (started, index) => {
      const task = await stack.taskOf(started, 'b', 90_000);
      await new Promise((resolve) => setTimeout(resolve, index * 200));
      await stack.command(started, { type: 'completeUserTask', task, variables: {} }, { key: 'selesai' });
    });
    const all = Promise.all(work);
    for (let kill = 0; kill < 2; kill += 1) {
      const done = 2 + kill * 3;
      await eventually(async () => {
        const { rows } = await stack.pool.query<{ count: string }>(
          "select count(*) from fact where type = 'userTaskCompleted'",
        );
        return Number(rows[0]?.count) >= done;
      }, 90_000);
      worker.child.kill('SIGKILL');
      await worker.ended;
      worker = startProcess();
    }
    await all;
    await eventually(async () => {
      const { rows } = await stack.pool.query<{ count: string }>(
        "select count(*) from parked_job where type = 'tanpa-penangan'",
      );
      return rows[0]?.count === '10';
    }, 60_000);
    for (const started of cases) {
      const facts = await stack.facts(started);
      expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
      expect(facts.filter(({ fact }) => fact.type === 'userTaskCompleted').length).toBe(1);
      expect((await stack.state(started)).factNumber).toBe(facts.length);
    }
    worker.child.kill('SIGTERM');
    await worker.ended;
  }, 240_000);
});
