/** A converted process is published and runs to its end. */
import { expect, test } from '@jest/globals';
import { compileDeployment } from '#bpmn/deployment.ts';
import { MemoryHost } from '#engine/memory.ts';
import type { ProcessModel } from '#engine/model.ts';
import { problemLines } from '../bpmn/support.ts';
import { convertFixture } from './support.ts';

const startMs = Date.UTC(2026, 10, 30);

async function published(): Promise<ProcessModel> {
  const { content, generated } = await convertFixture('purchase.bpmn');
  const approve = { id: 'approve', type: 'default', components: [] };
  const deployment = await compileDeployment(
    [
      { name: 'purchase.bpmn', content: content ?? '' },
      { name: 'approve.form', content: JSON.stringify(approve) },
      ...generated,
    ],
    { decisions: {} },
  );
  if (!deployment.ok) throw new Error(problemLines(deployment.report).join('\n'));
  const [process] = deployment.processes;
  if (process === undefined) throw new Error('no process');
  return process.model;
}

async function started(approved: boolean): Promise<{ host: MemoryHost; key: string }> {
  const host = new MemoryHost(startMs);
  host.deploy([await published()]);
  const variables = {
    orderNumber: 'A-1',
    amount: 100,
    kind: 'goods',
    urgent: false,
    approver: 'ana',
    packer: 'budi, citra',
    items: ['x', 'y'],
    stop: false,
  };
  const created = host.createInstance({ processId: 'purchase', variables });
  if ('code' in created) throw new Error(created.message);
  const [task] = host.userTasks();
  expect(task).toMatchObject({ elementId: 'approve', assignee: 'ana', variables: { summary: 'Order A-1: 110' } });
  host.completeUserTask(task?.key ?? '', { approved });
  return { host, key: created.instanceKey };
}

test('approved: booked with mapped inputs and retries, each item packed', async () => {
  const { host, key } = await started(true);
  const [job] = host.jobs();
  expect(job).toMatchObject({
    type: 'book-order',
    retries: 5,
    variables: { order: { number: 'A-1', tags: ['new', 'goods'] } },
  });
  host.completeJob(job?.key ?? '', { bookingNumber: 'B-7' });
  for (const item of ['x', 'y']) {
    const [task] = host.userTasks();
    expect(task).toMatchObject({ elementId: 'pack', variables: { item, booking: 'B-7' } });
    host.completeUserTask(task?.key ?? '', {});
  }
  expect(host.stateOf(key).status).toBe('completed');
});

test('the caught error carries its code', async () => {
  const { host, key } = await started(true);
  host.throwJobError(host.jobs()[0]?.key ?? '', 'NO_STOCK', {});
  expect(host.stateOf(key).status).toBe('completed');
  const facts = host.factsOf(key).map((fact) => JSON.stringify(fact));
  expect(facts.some((fact) => fact.includes('"code":"NO_STOCK"'))).toBe(true);
});

test('refused: the default flow', async () => {
  const { host, key } = await started(false);
  expect(host.stateOf(key).status).toBe('completed');
});
