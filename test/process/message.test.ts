import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { newInstanceKey } from '#db/queries/start-definition.ts';
import type { Variables } from '#engine/json.ts';
import {
  correlateUpdate,
  messageWorkflowId,
  messageWorkflowType,
  publishUpdate,
  taskQueue,
} from '#workflows/messages.ts';
import {
  boundaryTimer,
  end,
  fixed,
  messageCatch,
  messageThrow,
  processOf,
  start,
  userTask,
  variable,
} from '../support/models.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker();
}, 180_000);
afterAll(() => stack.stop(), 60_000);

interface Sent {
  readonly name?: string;
  readonly key: string;
  readonly timeToLiveMs?: number;
  readonly messageId?: string | null;
  readonly variables?: Variables;
}
const toEntity = (name: string, key: string) =>
  new WithStartWorkflowOperation(messageWorkflowType, {
    workflowId: messageWorkflowId(name, key),
    taskQueue,
    args: [],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
async function send(update: typeof publishUpdate | typeof correlateUpdate, sent: Sent): Promise<unknown> {
  const { name = 'hasil', key, timeToLiveMs = 0, messageId = null, variables = {} } = sent;
  const message = {
    messageKey: await newInstanceKey(stack.pool),
    name,
    correlationKey: key,
    messageId,
    timeToLiveMs,
    variables,
  };
  return stack.client.workflow.executeUpdateWithStart(update as typeof publishUpdate, {
    args: [message],
    startWorkflowOperation: toEntity(name, key),
  });
}
const publish = (sent: Sent) => send(publishUpdate, sent) as Promise<{ messageKey: string; duplicate: boolean }>;
const correlate = (sent: Sent) => send(correlateUpdate, sent) as Promise<{ instanceKey: string | null }>;

const waiting = processOf(
  'menunggu',
  [start('a'), messageCatch('b', 'hasil', variable('nomor')), userTask('c'), end('d')],
  ['a>b', 'b>c', 'c>d'],
);

describe('messages', () => {
  it('reach an instance that waits, once, with their variables', async () => {
    const started = await stack.start(await stack.publish(waiting), { nomor: 'n-1' });
    await eventually(async () => (await stack.factTypes(started)).includes('messageSubscriptionOpened'));
    const answer = await publish({ key: 'n-1', variables: { hasil: 'TERIMA' } });
    expect(answer.duplicate).toBe(false);
    await stack.taskOf(started, 'c');
    const { rows } = await stack.pool.query("select value from variable where instance_key = $1 and name = 'hasil'", [
      started.instanceKey,
    ]);
    expect(rows).toEqual([{ value: 'TERIMA' }]);
    const subscriptions = await stack.pool.query('select state from message_subscription where instance_key = $1', [
      started.instanceKey,
    ]);
    expect(subscriptions.rows).toEqual([{ state: 'CORRELATED' }]);
  });

  it('wait for their subscription during their time to live', async () => {
    await publish({ key: 'n-2', timeToLiveMs: 60_000, variables: { dari: 'dulu' } });
    const published = await stack.publish(waiting);
    const started = await stack.start(published, { nomor: 'n-2' });
    await stack.taskOf(started, 'c');
    // Once per process: the next instance does not get it again.
    const second = await stack.start(published, { nomor: 'n-2' });
    await eventually(async () => (await stack.factTypes(second)).includes('messageSubscriptionOpened'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await stack.factTypes(second)).not.toContain('messageCorrelated');
  });

  it('are taken once per message id while it is remembered', async () => {
    const first = await publish({ key: 'n-3', timeToLiveMs: 60_000, messageId: 'm' });
    const again = await publish({ key: 'n-3', timeToLiveMs: 60_000, messageId: 'm' });
    expect(again).toEqual({ messageKey: first.messageKey, duplicate: true });
  });

  it('go to the subscription that has waited longest', async () => {
    const published = await stack.publish(waiting);
    const first = await stack.start(published, { nomor: 'n-4' });
    await eventually(async () => (await stack.factTypes(first)).includes('messageSubscriptionOpened'));
    const second = await stack.start(published, { nomor: 'n-4' });
    await eventually(async () => (await stack.factTypes(second)).includes('messageSubscriptionOpened'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await correlate({ key: 'n-4' })).toMatchObject({ instanceKey: first.instanceKey });
    expect(await correlate({ key: 'n-4' })).toMatchObject({ instanceKey: second.instanceKey });
    expect(await correlate({ key: 'n-4' })).toMatchObject({ instanceKey: null });
  });

  it('skip an instance that was cancelled, and the entity ends when nothing is left', async () => {
    const published = await stack.publish(waiting);
    const first = await stack.start(published, { nomor: 'n-5' });
    await eventually(async () => (await stack.factTypes(first)).includes('messageSubscriptionOpened'));
    await stack.command(first, { type: 'cancelInstance', reason: 'salah' });
    expect(await correlate({ key: 'n-5' })).toMatchObject({ instanceKey: null });
    const second = await stack.start(published, { nomor: 'n-6' });
    await eventually(async () => (await stack.factTypes(second)).includes('messageSubscriptionOpened'));
    await stack.command(second, { type: 'cancelInstance', reason: 'salah' });
    await eventually(async () => {
      const { status } = await stack.client.workflow.getHandle(messageWorkflowId('hasil', 'n-6')).describe();
      return status.name === 'COMPLETED';
    });
  });

  it('thrown by one instance reach another', async () => {
    const receiver = await stack.start(await stack.publish(waiting), { nomor: 'n-7' });
    const thrower = processOf(
      'melempar',
      [start('a'), messageThrow('b', 'hasil', fixed('n-7'), 'PT1M'), end('c')],
      ['a>b', 'b>c'],
    );
    const sender = await stack.start(await stack.publish(thrower), { isi: 1 });
    expect(await stack.ended(sender)).toBe('COMPLETED');
    await stack.taskOf(receiver, 'c');
  });

  it('start an instance of the newest version, once', async () => {
    const begin = start('mulai', { type: 'message', message: { name: fixed('usul'), correlationKey: null } });
    const model = processOf('dimulai', [begin, userTask('b'), end('c')], ['mulai>b', 'b>c']);
    await stack.publish(model);
    const newest = await stack.publish(model);
    const answer = await correlate({ name: 'usul', key: 'k', variables: { nomor: 7 } });
    expect(answer.instanceKey).not.toBeNull();
    const instance = await eventually(async () => {
      const { rows } = await stack.pool.query('select key, definition_key from instance where process_id = $1', [
        'dimulai',
      ]);
      return rows.length > 0 && rows;
    });
    expect(instance).toEqual([{ key: answer.instanceKey, definition_key: newest.definitionKey }]);
  });
});

describe('a message start event', () => {
  it('waits while an instance that its correlation key started is active', async () => {
    const begin = start('mulai', { type: 'message', message: { name: fixed('daftar'), correlationKey: null } });
    await stack.publish(processOf('satu-per-kunci', [begin, userTask('b'), end('c')], ['mulai>b', 'b>c']));
    const send = (n: number) => publish({ name: 'daftar', key: 'sama', timeToLiveMs: 60_000, variables: { n } });
    await send(1);
    await send(2);
    const active = () =>
      eventually(async () => {
        const { rows } = await stack.pool.query<{ key: string }>(
          "select key from instance where process_id = 'satu-per-kunci' and state = 'ACTIVE' order by key",
        );
        return rows.length > 0 && rows.map(({ key }) => key);
      });
    const [first = ''] = await active();
    const other = await publish({ name: 'daftar', key: 'lain', timeToLiveMs: 60_000 });
    expect(other.duplicate).toBe(false);
    await eventually(async () => (await active()).length === 2);
    const started = { instanceKey: first, workflowId: `satu-per-kunci/${first}` };
    const task = await stack.taskOf(started, 'b');
    await stack.command(started, { type: 'completeUserTask', task, variables: {} });
    const next = await eventually(async () => {
      const { rows } = await stack.pool.query<{ instance_key: string }>(
        "select v.instance_key from variable v join instance i on i.key = v.instance_key where i.process_id = 'satu-per-kunci' and v.name = 'n' and v.value = '2'",
      );
      return rows[0]?.instance_key;
    });
    expect(next).not.toBe(first);
  });
});

describe('timers', () => {
  it('fire at a boundary, interrupting or not, and an earlier one later in the case still rings in time', async () => {
    const model = processOf(
      'batas',
      [
        start('a'),
        userTask('b'),
        boundaryTimer('ingat', 'b', 'PT0.4S', false),
        boundaryTimer('lama', 'b', 'PT1H'),
        userTask('c'),
        boundaryTimer('habis', 'c', 'PT0.6S'),
        userTask('d'),
        userTask('e'),
        end('z'),
      ],
      ['a>b', 'b>c', 'ingat>e', 'lama>z', 'c>z', 'habis>d', 'd>z', 'e>z'],
    );
    const started = await stack.start(await stack.publish(model));
    await stack.taskOf(started, 'e');
    const task = await stack.taskOf(started, 'b');
    await stack.command(started, { type: 'completeUserTask', task, variables: {} });
    await stack.taskOf(started, 'd');
    const { rows } = await stack.pool.query(
      'select element_id, state from timer where instance_key = $1 order by key',
      [started.instanceKey],
    );
    expect(rows).toEqual([
      { element_id: 'ingat', state: 'FIRED' },
      { element_id: 'lama', state: 'CANCELED' },
      { element_id: 'habis', state: 'FIRED' },
    ]);
  });
});
