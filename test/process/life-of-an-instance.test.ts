/**
 * Bars R8 to R12 in small: commands repeated, messages in any order, crowds at one case, continue-as-new under traffic, long cases. The full
 * counts are those of `npm run chaos`; ALUR_LONG_CASE sets the length of the long case.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { Refusal } from '#api/refusal.ts';
import { createTemporal } from '#api/temporal.ts';
import { newInstanceKey } from '#db/queries/start-definition.ts';
import { messageWorkflowId, messageWorkflowType, publishUpdate, taskQueue } from '#workflows/messages.ts';
import { call, end, messageCatch, processOf, serviceTask, start, userTask, variable } from '../support/models.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';

const rounds = Number(process.env['ALUR_LONG_CASE'] ?? '300');
const patientMs = 60_000;
let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({
    handlers: { cepat: () => Promise.resolve({ outcome: 'completed', variables: {} }) },
  });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const single = processOf('satu', [start('a'), userTask('b'), end('z')], ['a>b', 'b>z']);
const circle = processOf(
  'putaran',
  [start('a'), serviceTask('s', 'cepat'), userTask('b'), end('z')],
  ['a>s', 's>b', 'b>s'],
);
const cancel = (started: StartedCase) => stack.command(started, { type: 'cancelInstance', reason: 'cukup' });

/** Fifty commands at once from so many API processes: each is done once and in the read model, or refused. */
async function crowd(started: StartedCase, processes: number): Promise<void> {
  await stack.taskOf(started, 'b', patientMs);
  const api = Array.from({ length: processes }, () => createTemporal(stack.client, () => Promise.resolve(0)));
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => {
      const order = {
        processId: 'satu',
        instanceKey: started.instanceKey,
        key: `ramai/${n}`,
        actor: 'ani',
        command: { type: 'setVariables', scope: 0, variables: { [`v${n}`]: n }, local: true },
      } as const;
      try {
        return (await api[n % api.length]?.command(order)) === undefined ? 'lost' : `v${n}`;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        expect([error.code, error.particulars.retryAfterSeconds]).toEqual(['tooManyRequests', 1]);
        return 'refused';
      }
    }),
  );
  const { rows } = await stack.pool.query<{ name: string }>(
    "select name from variable where instance_key = $1 and name like 'v%'",
    [started.instanceKey],
  );
  expect(outcomes).not.toContain('lost');
  expect(rows.map(({ name }) => name).sort()).toEqual(outcomes.filter((outcome) => outcome !== 'refused').sort());
  await cancel(started);
}

interface Run {
  readonly runId: string;
  readonly events: number;
}
async function runsOf({ workflowId }: StartedCase): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for await (const { runId } of stack.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const { historyLength } = await stack.client.workflow.getHandle(workflowId, runId).describe();
    runs.push({ runId, events: historyLength });
  }
  return runs;
}
/** Numbers without gaps, and how often each type happened. */
async function factsOf(started: StartedCase): Promise<Map<string, number>> {
  const facts = await stack.facts(started);
  expect(facts.map(({ number }) => number)).toEqual(facts.map((_, index) => index + 1));
  const counts = new Map<string, number>();
  for (const { fact } of facts) counts.set(fact.type, (counts.get(fact.type) ?? 0) + 1);
  return counts;
}

describe('a command', () => {
  it('R8: sent three times at once under one key has one effect and three equal answers', async () => {
    const started = await stack.start(await stack.publish(circle));
    for (let round = 0; round < 20; round += 1) {
      const task = await stack.taskOf(started, 'b', patientMs);
      const key = `sama/${round}`;
      const send = () => stack.command(started, { type: 'completeUserTask', task, variables: { round } }, { key });
      const [first, ...others] = await Promise.all([send(), send(), send()]);
      expect(first?.accepted).toBe(true);
      for (const other of others) expect(other).toEqual(first);
    }
    await stack.taskOf(started, 'b', patientMs);
    expect((await factsOf(started)).get('userTaskCompleted')).toBe(20);
    await cancel(started);
  }, 120_000);

  it('R10: fifty at once from several API processes: done once each, or refused with 429 and when to come back', async () => {
    const published = await stack.publish(single);
    for (let round = 0; round < 4; round += 1) await crowd(await stack.start(published), 5);
    // More than Temporal takes: it drops workflow tasks, and what they have begun must not count, whenever it ends (docs/adr/0008).
    await crowd(await stack.start(published), 25);
  }, 240_000);

  it('R10: fifty at once from one API process: none is refused, the others wait for their turn', async () => {
    const started = await stack.start(await stack.publish(single));
    await stack.taskOf(started, 'b', patientMs);
    const one = createTemporal(stack.client, () => Promise.resolve(0));
    const order = { processId: 'satu', instanceKey: started.instanceKey, actor: 'ani' };
    const command = { type: 'setVariables', scope: 0, variables: { x: 1 }, local: true } as const;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => one.command({ ...order, key: `antre/${n}`, command })),
    );
    expect(answers.every((factNumber) => factNumber > 0)).toBe(true);
    await cancel(started);
  }, 120_000);
});

describe('continue-as-new', () => {
  it('R11: each fifty events, under traffic: nothing lost or doubled, keys of earlier runs still known', async () => {
    const published = await stack.publish(circle);
    const cases = await Promise.all(
      Array.from({ length: 6 }, () => stack.start(published, {}, { continueAfterEvents: 50 })),
    );
    const perCase = 24;
    await Promise.all(
      cases.map(async (started) => {
        for (let round = 0; round < perCase; round += 1) {
          const task = await stack.taskOf(started, 'b', patientMs);
          const key = `r${round}`;
          const send = () => stack.command(started, { type: 'completeUserTask', task, variables: { round } }, { key });
          // One of them may meet the end of a run: the same key is sent again.
          const answers = await Promise.allSettled([send(), send()]);
          if (answers.every(({ status }) => status === 'rejected')) await send();
        }
      }),
    );
    for (const started of cases) {
      await stack.taskOf(started, 'b', patientMs);
      const before = await factsOf(started);
      expect(before.get('userTaskCompleted')).toBe(perCase);
      expect((await runsOf(started)).length).toBeGreaterThanOrEqual(5);
      const again = await stack.command(started, { type: 'completeUserTask', task: 1, variables: {} }, { key: 'r0' });
      expect(again.accepted).toBe(true);
      expect(await factsOf(started)).toEqual(before);
      await cancel(started);
    }
  }, 240_000);

  it(`R12: a case of ${rounds} completions ends, and no run of it is long`, async () => {
    const isFull = rounds >= 1_000;
    const started = await stack.start(await stack.publish(circle), {}, isFull ? {} : { continueAfterEvents: 600 });
    for (let round = 0; round < rounds; round += 1) {
      const task = await stack.taskOf(started, 'b', patientMs);
      await stack.command(started, { type: 'completeUserTask', task, variables: { round } }, { key: `p/${round}` });
    }
    await stack.taskOf(started, 'b', patientMs);
    const counts = await factsOf(started);
    expect([counts.get('userTaskCompleted'), counts.get('jobCompleted')]).toEqual([rounds, rounds + 1]);
    const runs = await runsOf(started);
    expect(Math.max(...runs.map(({ events }) => events))).toBeLessThan(isFull ? 10_240 : 1_200);
    await cancel(started);
    expect(await stack.ended(started)).toBe('TERMINATED');
  }, 3_600_000);
});

describe('messages', () => {
  it('R9: ten per case in any order, some before anybody waits, across versions: each is correlated once', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `pesan-${n}`);
    const model = processOf(
      'sepuluh',
      [start('a'), ...names.map((name) => messageCatch(name, name, variable('nomor'))), end('z')],
      ['a', ...names].map((id, index) => `${id}>${[...names, 'z'][index] ?? ''}`),
    );
    const versions = [await stack.publish(model), await stack.publish({ ...model, name: 'Kedua' })];
    const send = async (name: string, key: string): Promise<void> => {
      const message = {
        messageKey: await newInstanceKey(stack.pool),
        name,
        correlationKey: key,
        messageId: `${name}/${key}`,
        timeToLiveMs: 600_000,
        variables: { [name]: 1 },
      };
      const startWorkflowOperation = () =>
        new WithStartWorkflowOperation(messageWorkflowType, {
          workflowId: messageWorkflowId(name, key),
          taskQueue,
          args: [],
          workflowIdConflictPolicy: 'USE_EXISTING',
        });
      const publish = () =>
        stack.client.workflow.executeUpdateWithStart(publishUpdate, {
          args: [message],
          startWorkflowOperation: startWorkflowOperation(),
        });
      await publish();
      // A sender who heard no answer sends again.
      if (name.endsWith('3')) await publish();
    };
    const cases = Array.from({ length: 6 }, (_, n) => ({ key: `kasus-${n}`, n }));
    const started = await Promise.all(
      cases.map(async ({ key, n }) => {
        // A fixed shuffle: 7 and 10 have no common divisor.
        const order = names.map((_, index) => names[(index * 7 + n) % 10] ?? '');
        const early = order.slice(0, n);
        for (const name of early) await send(name, key);
        const published = versions[n % 2];
        if (published === undefined) throw new Error('no version');
        const begun = await stack.start(published, { nomor: key });
        for (const name of order.slice(n)) await send(name, key);
        return begun;
      }),
    );
    for (const one of started) {
      expect(await stack.ended(one, 120_000)).toBe('COMPLETED');
      expect((await factsOf(one)).get('messageCorrelated')).toBe(10);
    }
  }, 300_000);
});

describe('called instances', () => {
  const tail = ['z'];
  const leaf = processOf('daun', [start('a'), userTask('t'), end('z')], ['a>t', 't>z']);
  const caller = (id: string, called: string) =>
    processOf(id, [start('a'), call('c', called), ...tail.map(end)], ['a>c', 'c>z']);
  const childOf = ({ instanceKey }: StartedCase): Promise<StartedCase> =>
    eventually(async () => {
      const { rows } = await stack.pool.query<{ key: string; process_id: string }>(
        "select key, process_id from instance where parent_key = $1 and state = 'ACTIVE'",
        [instanceKey],
      );
      return rows[0] && { instanceKey: rows[0].key, workflowId: `${rows[0].process_id}/${rows[0].key}` };
    }, patientMs);
  const incidentOf = ({ instanceKey }: StartedCase): Promise<{ seq: number; code: string }> =>
    eventually(async () => {
      const { rows } = await stack.pool.query<{ seq: number; code: string }>(
        "select (key & ((1 << 20) - 1))::integer as seq, code from incident where instance_key = $1 and state = 'ACTIVE'",
        [instanceKey],
      );
      return rows[0];
    }, patientMs);

  it('are cancelled with their caller, to any depth', async () => {
    await stack.publish(leaf);
    await stack.publish(caller('cabang', 'daun'));
    await stack.publish(caller('batang', 'cabang'));
    const root = await stack.start(await stack.publish(caller('akar', 'batang')));
    const chain = [root];
    for (let depth = 0; depth < 3; depth += 1) chain.push(await childOf(chain.at(-1) ?? root));
    await cancel(root);
    for (const one of chain) {
      expect(await stack.ended(one, patientMs)).toBe('TERMINATED');
      await eventually(async () => {
        const { status } = await stack.client.workflow.getHandle(one.workflowId).describe();
        return status.name === 'COMPLETED';
      }, patientMs);
    }
  }, 120_000);

  it('that somebody ends leave an incident at their caller; resolved, another one is called', async () => {
    await stack.publish(leaf);
    const parent = await stack.start(await stack.publish(caller('pemanggil', 'daun')));
    const first = await childOf(parent);
    await cancel(first);
    const incident = await incidentOf(parent);
    expect(incident.code).toBe('CALLED_ELEMENT_ERROR');
    await stack.command(parent, { type: 'resolveIncident', incident: incident.seq, retries: null });
    const second = await childOf(parent);
    // Ended behind our back: Temporal's own tools know nothing of cases.
    await stack.client.workflow.getHandle(second.workflowId).terminate('uji');
    expect((await incidentOf(parent)).code).toBe('CALLED_ELEMENT_ERROR');
    await cancel(parent);
  }, 120_000);
});
