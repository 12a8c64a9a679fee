/** Both stores restored from different times: every difference is listed, and what can be is put right (R25, small). */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '#db/pool.ts';
import { TestStack } from '../support/stack.ts';
import type { RunningWorker, StartedCase } from '../support/stack.ts';
import { eventually } from '../support/eventually.ts';
import { handlers, Verifying } from './verifying.ts';
import type { Kind } from './verifying.ts';

/** Something younger may be on its way. */
const settledMs = 62_000;

let stack: TestStack;
let worker: RunningWorker;
let verifying: Verifying;
beforeAll(async () => {
  stack = await TestStack.start();
  worker = await stack.startWorker({ handlers });
  verifying = new Verifying(stack);
  await verifying.publish();
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const begin = async (kind: Kind): Promise<StartedCase> => verifying.settled(await verifying.start(kind), kind);
const several = (count: number, kind: Kind): Promise<StartedCase[]> =>
  Promise.all(Array.from({ length: count }, () => begin(kind)));
const finish = async (started: StartedCase): Promise<void> => {
  await stack.command(started, { type: 'completeUserTask', task: await stack.taskOf(started, 'tugas'), variables: {} });
};
const move = async (started: StartedCase): Promise<void> => {
  await stack.command(started, { type: 'setVariables', scope: 0, variables: { langkah: 'baru' }, local: true });
};
const keysOf = (...cases: readonly (readonly StartedCase[])[]): string[] =>
  cases
    .flat()
    .map(({ instanceKey }) => instanceKey)
    .toSorted();
/** Back to the copies; everybody who was connected comes again. */
const without = async (work: () => Promise<void>): Promise<void> => {
  await worker.stop();
  await work();
  const { DATABASE_URL: connectionString = '' } = stack.environment;
  await eventually(async () => {
    const pool = createPool({ connectionString, role: 'alur_worker', max: 1 });
    try {
      return (await pool.query('select 1')).rowCount === 1;
    } finally {
      await pool.end();
    }
  }, 60_000);
  await eventually(
    () =>
      stack.client.workflow.count("ExecutionStatus = 'Running'").then(
        () => true,
        () => false,
      ),
    60_000,
  );
  await stack.pool.query('select 1').catch(() => undefined);
  worker = await stack.startWorker({ handlers, afterRestore: true });
};

describe('after a restore', () => {
  it('PostgreSQL of a later time: nothing acknowledged by it is lost', async () => {
    const copies = { temporal: path.join(stack.home, 'temporal'), postgres: path.join(stack.home, 'postgres') };
    const same = await several(4, 'task');
    const moved = await several(4, 'task');
    const ended = await several(3, 'task');
    await without(() => stack.stores.temporal.backup(copies.temporal));
    await Promise.all([...moved.map(move), ...ended.map(finish)]);
    const added = [...(await several(3, 'task')), ...(await several(2, 'message')), ...(await several(2, 'outside'))];
    await sleep(settledMs / 4);
    await without(() => stack.stores.temporal.restore(copies.temporal));
    const key = await verifying.run({ restored: true });
    const found = await verifying.differences(key);
    const told = (kind: string): string[] =>
      found
        .filter((one) => one.kind === kind)
        .map(({ instanceKey }) => instanceKey ?? '')
        .toSorted();
    expect(told('workflowLost')).toEqual(keysOf(added));
    expect(told('factExtra')).toEqual(keysOf(moved, ended));
    expect(new Set(found.map(({ instanceKey }) => instanceKey)).size).toBe(added.length + moved.length + ended.length);
    await verifying.repair(key);
    const left = await verifying.verify({ restored: true });
    expect(left).toEqual([]);
    await Promise.all([...same, ...moved, ...added.slice(0, 3)].map(finish));
    for (const one of [...same, ...moved, ...added.slice(0, 3)])
      expect(await stack.ended(one, 60_000)).toBe('COMPLETED');
  }, 400_000);
});
