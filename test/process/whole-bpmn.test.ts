/** What the wider BPMN asks of the shell: escalations, continue-as-new in the middle, long steps, listeners. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FlowNode } from '#engine/model.ts';
import {
  adHoc,
  boundary,
  call,
  catching,
  compare,
  conditional,
  end,
  escalates,
  escalation,
  eventSub,
  forEach,
  listener,
  pass,
  path,
  processOf,
  rounds,
  service,
  start,
  sub,
  throwing,
  timer,
  undoes,
  user,
  value,
} from '../engine/model-builder.ts';
import { eventually } from '../support/eventually.ts';
import { replayAll } from '../support/replay.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';

let stack: TestStack;
const done: string[] = [];
beforeAll(async () => {
  stack = await TestStack.start();
  const handler = (name: string) => () => {
    done.push(name);
    return Promise.resolve({ outcome: 'completed', variables: {} } as const);
  };
  const names = ['bayar', 'kembalikan', 'kirim', 'tarik', 'catat'];
  await stack.startWorker({ handlers: Object.fromEntries(names.map((name) => [name, handler(name)])) });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const model = (processId: string, ...parts: Parameters<typeof processOf>) => ({ ...processOf(...parts), processId });
async function runsOf(started: StartedCase): Promise<number> {
  let runs = 0;
  for await (const _ of stack.client.workflow.list({ query: `WorkflowId = '${started.workflowId}'` })) runs += 1;
  return runs;
}
/** Changes that mean nothing, until the instance has gone on to another run. */
const age = (started: StartedCase) =>
  eventually(async () => {
    await stack.command(started, { type: 'setVariables', scope: 0, variables: { n: Date.now() }, local: true });
    return (await runsOf(started)) > 1;
  }, 60_000);
const complete = async (started: StartedCase, elementId: string): Promise<void> => {
  const task = await stack.taskOf(started, elementId);
  await stack.command(started, { type: 'completeUserTask', task, variables: {} });
};

describe('an escalation that a called instance does not catch', () => {
  it('reaches the caller, whose non-interrupting event lets the called instance go on', async () => {
    await stack.publish(
      model(
        'anak-lapor',
        [
          start('a'),
          throwing('e', { results: [escalates('TELAT')] }),
          user('t'),
          end('z', { results: [escalates('AKHIR')] }),
        ],
        [path('a', 'e', 't', 'z')],
      ),
    );
    const caught = (id: string, code: string): FlowNode =>
      boundary(id, 'panggil', escalation(code), { interrupting: false });
    const started = await stack.start(
      await stack.publish(
        model(
          'induk-lapor',
          [
            start('a'),
            call('panggil', 'anak-lapor'),
            caught('telat', 'TELAT'),
            caught('akhir', 'AKHIR'),
            user('urus'),
            user('tutup'),
            user('lanjut'),
            end('z'),
          ],
          [path('a', 'panggil', 'lanjut', 'z'), path('telat', 'urus', 'z'), path('akhir', 'tutup', 'z')],
        ),
      ),
    );
    await stack.taskOf(started, 'urus');
    const { rows } = await stack.pool.query<{ key: string }>('select key from instance where parent_key = $1', [
      started.instanceKey,
    ]);
    const child = { instanceKey: rows[0]?.key ?? '', workflowId: `anak-lapor/${rows[0]?.key}` };
    await complete(child, 't');
    // Thrown by its end event, just before it ends: told before the end is.
    await stack.taskOf(started, 'tutup');
    await stack.taskOf(started, 'lanjut');
    const thrown = (await stack.facts(started)).filter(({ fact }) => fact.type === 'escalationThrown');
    expect(thrown.length).toBe(2);
    await stack.command(started, { type: 'cancelInstance', reason: 'cukup' });
  }, 60_000);

  it('reaches the caller, whose interrupting event cancels the called instance', async () => {
    await stack.publish(
      model(
        'anak-henti',
        [start('a'), throwing('e', { results: [escalates('X')] }), user('t'), end('z')],
        [path('a', 'e', 't', 'z')],
      ),
    );
    const started = await stack.start(
      await stack.publish(
        model(
          'induk-henti',
          [
            start('a'),
            call('panggil', 'anak-henti'),
            boundary('x', 'panggil', escalation(null)),
            user('urus'),
            end('z'),
          ],
          [path('a', 'panggil', 'z'), path('x', 'urus', 'z')],
        ),
      ),
    );
    await stack.taskOf(started, 'urus');
    await eventually(async () => {
      const { rows } = await stack.pool.query<{ state: string }>('select state from instance where parent_key = $1', [
        started.instanceKey,
      ]);
      return rows[0]?.state === 'TERMINATED';
    });
    await complete(started, 'urus');
    expect(await stack.ended(started)).toBe('COMPLETED');
  }, 60_000);
});

describe('continue-as-new keeps', () => {
  it('the timers of event sub-processes', async () => {
    const repeating = model(
      'berkala-di-dalam',
      [
        start('a'),
        user('t'),
        end('z'),
        eventSub('es'),
        start('tik', { parent: 'es', trigger: timer('R/PT3S', 'cycle'), interrupting: false }),
        pass('catatan', { parent: 'es' }),
        end('oz', { parent: 'es' }),
      ],
      [path('a', 't', 'z'), path('tik', 'catatan', 'oz')],
    );
    const started = await stack.start(await stack.publish(repeating), {}, { continueAfterEvents: 20 });
    await age(started);
    const ticks = async (): Promise<number> =>
      (await stack.factTypes(started)).filter((type) => type === 'timerFired').length;
    const before = await ticks();
    await eventually(async () => (await ticks()) >= before + 2, 30_000);
    await complete(started, 't');
    expect(await stack.ended(started)).toBe('COMPLETED');
  }, 90_000);

  it('what can be undone', async () => {
    const undo = { type: 'compensation' } as const;
    const trip = model(
      'perjalanan-batal',
      [
        start('a'),
        service('bayar'),
        boundary('cb', 'bayar', undo, { handler: 'kembalikan' }),
        service('kembalikan', { isForCompensation: true }),
        sub('pengiriman'),
        start('sa', { parent: 'pengiriman' }),
        service('kirim', { parent: 'pengiriman' }),
        boundary('ck', 'kirim', undo, { handler: 'tarik', parent: 'pengiriman' }),
        service('tarik', { parent: 'pengiriman', isForCompensation: true }),
        end('sz', { parent: 'pengiriman' }),
        user('t'),
        throwing('batal', { results: [undoes(null)] }),
        end('z'),
      ],
      [path('a', 'bayar', 'pengiriman', 't', 'batal', 'z'), path('sa', 'kirim', 'sz')],
    );
    const started = await stack.start(await stack.publish(trip), {}, { continueAfterEvents: 30 });
    await stack.taskOf(started, 't');
    await age(started);
    await complete(started, 't');
    expect(await stack.ended(started)).toBe('COMPLETED');
    expect(done.filter((name) => ['kembalikan', 'tarik'].includes(name)).toSorted()).toEqual(['kembalikan', 'tarik']);
  }, 90_000);
});

describe('within an instance', () => {
  it('a condition is met by variables that somebody sets', async () => {
    const watched = model(
      'ambang',
      [start('a'), catching('c', conditional(compare('kuota', '>=', 10), ['kuota'])), user('t'), end('z')],
      [path('a', 'c', 't', 'z')],
    );
    const started = await stack.start(await stack.publish(watched), { kuota: 1 });
    await stack.command(started, { type: 'setVariables', scope: 0, variables: { kuota: 9 }, local: true });
    const open = async () =>
      (
        await stack.pool.query("select from condition_watch where instance_key = $1 and state = 'OPEN'", [
          started.instanceKey,
        ])
      ).rowCount;
    expect(await open()).toBe(1);
    await stack.command(started, { type: 'setVariables', scope: 0, variables: { kuota: 10 }, local: true });
    expect(await open()).toBe(0);
    await complete(started, 't');
    expect(await stack.ended(started)).toBe('COMPLETED');
  });

  it('elements of an ad-hoc sub-process begin by command', async () => {
    const free = model(
      'bebas',
      [start('a'), adHoc('ah'), user('x', {}, { parent: 'ah' }), user('y', {}, { parent: 'ah' }), end('z')],
      [path('a', 'ah', 'z')],
    );
    const started = await stack.start(await stack.publish(free));
    const { rows } = await eventually(async () => {
      const found = await stack.pool.query<{ seq: number }>(
        "select (key & ((1 << 20) - 1))::integer as seq from element_instance where instance_key = $1 and type = 'adHocSubProcess'",
        [started.instanceKey],
      );
      return found.rowCount === 1 && found;
    });
    await stack.command(started, {
      type: 'activateAdHocElements',
      element: rows[0]?.seq ?? 0,
      elements: [{ elementId: 'x', variables: { untuk: 'x' } }],
      cancelRemainingInstances: false,
    });
    await complete(started, 'x');
    expect(await stack.ended(started)).toBe('COMPLETED');
  });

  it('listeners are jobs like any other', async () => {
    const heard = model(
      'didengar',
      [start('a'), user('t', {}, { listeners: [listener('start', 'catat')] }), end('z')],
      [path('a', 't', 'z')],
    );
    const started = await stack.start(await stack.publish(heard));
    await complete(started, 't');
    expect(await stack.ended(started)).toBe('COMPLETED');
    const { rows } = await stack.pool.query('select kind, listener_event, state from job where instance_key = $1', [
      started.instanceKey,
    ]);
    expect(rows).toEqual([{ kind: 'EXECUTION_LISTENER', listener_event: 'START', state: 'COMPLETED' }]);
  });

  it('hundreds of jobs at once take their turns', async () => {
    const many = model(
      'ramai',
      [
        start('a'),
        service('bayar', forEach({ inputCollection: null, inputElement: null, cardinality: value(400) })),
        user('t'),
        end('z'),
      ],
      [path('a', 'bayar', 't', 'z')],
    );
    const started = await stack.start(await stack.publish(many));
    await stack.taskOf(started, 't', 200_000);
    const facts = await stack.factTypes(started);
    expect(facts.filter((type) => type === 'jobCompleted').length).toBe(400);
  }, 240_000);

  it('ten thousand rounds that never wait leave the neighbours fast, and every fact is there', async () => {
    const long = model(
      'panjang',
      [start('a'), pass('p', rounds({ condition: compare('loopCounter', '<', 10_000) })), user('t'), end('z')],
      [path('a', 'p', 't', 'z')],
    );
    const neighbour = model('tetangga', [start('a'), user('t'), user('u'), end('z')], [path('a', 't', 'u', 'z')]);
    const quick = await stack.start(await stack.publish(neighbour));
    const task = await stack.taskOf(quick, 't');
    const started = await stack.start(await stack.publish(long));
    await eventually(async () => (await stack.factTypes(started)).includes('stepPaused'), 60_000);
    const before = Date.now();
    await stack.command(quick, { type: 'completeUserTask', task, variables: {} });
    const answeredMs = Date.now() - before;
    expect((await stack.factTypes(started)).filter((type) => type === 'userTaskCreated')).toEqual([]);
    await stack.taskOf(started, 't', 120_000);
    expect(answeredMs).toBeLessThan(5_000);
    const facts = await stack.facts(started);
    expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
    const rows = facts.filter(({ fact }) => fact.type === 'elementCompleted' && fact.elementId === 'p');
    expect(rows.length).toBe(10_001);
    const { events } = await stack.history(started);
    expect(events?.filter(({ workflowTaskFailedEventAttributes: failed }) => failed != null)).toEqual([]);
  }, 240_000);
});

it('all of it replays', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await replayAll(stack)).toBeGreaterThan(12);
}, 120_000);
