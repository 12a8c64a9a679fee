/** A task that Temporal's matching service has and nobody gets is made anew, and only such a one (activities/hand-out.ts). */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { HandOut } from '#activities/hand-out.ts';
import { eventually } from '../support/eventually.ts';
import { startTestTemporal } from '../support/temporal.ts';
import type { TestTemporal } from '../support/temporal.ts';

const nobodyPolls = 'tanpa-pekerja';
let temporal: TestTemporal;
let client: Client;

beforeAll(async () => {
  temporal = await startTestTemporal();
  client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
}, 120_000);
afterAll(async () => {
  await client.connection.close();
  await temporal.stop();
});

const begin = (workflowId: string) => client.workflow.start('apa-saja', { workflowId, taskQueue: nobodyPolls });
/** Tasks that wait in matching. */
async function backlog(): Promise<number> {
  const { stats } = await client.workflowService.describeTaskQueue({
    namespace: 'default',
    taskQueue: { name: nobodyPolls },
    reportStats: true,
  });
  return Number(stats?.approximateBacklogCount ?? 0);
}

it('is made anew once, when it has waited long enough', async () => {
  await begin('kasus/1');
  await eventually(async () => (await backlog()) === 1, 20_000);
  const handOut = new HandOut(client);
  expect(await handOut.again('kasus/1', 3_600)).toBe(false);
  await delay(2_000);
  expect(await handOut.again('kasus/1', 1)).toBe(true);
  await eventually(async () => (await backlog()) === 2, 20_000);
  // by the same watcher only after a while: each leaves an event
  expect(await handOut.again('kasus/1', 1)).toBe(false);
  for (const tasks of [3, 4]) {
    expect(await new HandOut(client).again('kasus/1', 1)).toBe(true);
    await eventually(async () => (await backlog()) === tasks, 20_000);
  }
}, 90_000);

it('is left alone where no task waits', async () => {
  const handle = await begin('kasus/2');
  await handle.terminate('uji');
  expect(await new HandOut(client).again('kasus/2', 0)).toBe(false);
  await expect(new HandOut(client).again('kasus/3', 0)).rejects.toMatchObject({ name: 'WorkflowNotFoundError' });
});
