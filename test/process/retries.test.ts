import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobOutcome } from '#activities/job-handler.ts';
import { recordFacts } from '#db/record-facts.ts';
import { pino } from 'pino';
import { noTrouble, temporalLogger } from '#worker/logging.ts';
import { dropLostFacts, watchLostFacts } from '#worker/lost-facts.ts';
import { end, processOf, serviceTask, start, userTask } from '../support/models.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { StartedCase } from '../support/stack.ts';

let stack: TestStack;
const attempts = new Map<string, number>();
/** What a job's attempts answer, in order; the last one repeats. */
const answers: Record<string, readonly (() => Promise<JobOutcome>)[]> = {
  goyah: [
    () => Promise.reject(new Error('putus')),
    () => Promise.resolve({ outcome: 'failed', message: 'penuh', retryAfterMs: 50 }),
    () => Promise.resolve({ outcome: 'completed', variables: { jadi: true } }),
  ],
  rusak: [() => Promise.resolve({ outcome: 'failed', message: 'tidak bisa' })],
  besar: [() => Promise.resolve({ outcome: 'completed', variables: { isi: 'x'.repeat(900_000) } })],
};
const handlers = Object.fromEntries(
  Object.entries(answers).map(([type, list]) => [
    type,
    ({ jobKey }: { readonly jobKey: string }) => {
      const attempt = attempts.get(jobKey) ?? 0;
      attempts.set(jobKey, attempt + 1);
      const answer = list[Math.min(attempt, list.length - 1)];
      return answer === undefined ? Promise.reject(new Error('no answer')) : answer();
    },
  ]),
);
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({ handlers });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const model = (type: string, retries: number) =>
  processOf(`kerja-${type}`, [start('a'), serviceTask('b', type, retries, ['PT0.1S']), end('c')], ['a>b', 'b>c']);
const incidentOf = (started: StartedCase) =>
  eventually(async () => {
    const { rows } = await stack.pool.query<{ seq: number; code: string }>(
      `select (key & ((1 << 20) - 1))::integer as seq, code from incident where instance_key = $1 and state = 'ACTIVE'`,
      [started.instanceKey],
    );
    return rows[0];
  });

describe('jobs that fail', () => {
  it('are tried again by the model and its back-off', async () => {
    const started = await stack.start(await stack.publish(model('goyah', 3)));
    expect(await stack.ended(started)).toBe('COMPLETED');
    const types = await stack.factTypes(started);
    expect(types.filter((type) => type.startsWith('job'))).toEqual([
      'jobCreated',
      'jobFailed',
      'jobRetried',
      'jobFailed',
      'jobRetried',
      'jobCompleted',
    ]);
  });

  it('become an incident when the attempts are used up, and go on when it is resolved', async () => {
    const started = await stack.start(await stack.publish(model('rusak', 2)));
    const incident = await incidentOf(started);
    expect(incident.code).toBe('JOB_NO_RETRIES');
    const waiting = await stack.pool.query('select incident_count, state from instance where key = $1', [
      started.instanceKey,
    ]);
    expect(waiting.rows).toEqual([{ incident_count: 1, state: 'ACTIVE' }]);
    await stack.command(started, { type: 'resolveIncident', incident: incident.seq, retries: 1 });
    const second = await eventually(async () => {
      const found = await incidentOf(started);
      return found.seq !== incident.seq && found;
    });
    expect(second.code).toBe('JOB_NO_RETRIES');
    expect((await stack.factTypes(started)).filter((type) => type === 'jobFailed').length).toBe(3);
  });

  it('become an incident when their result is too large', async () => {
    const started = await stack.start(await stack.publish(model('besar', 1)));
    expect((await incidentOf(started)).code).toBe('JOB_NO_RETRIES');
  });

  it('become an incident when the model uses a job type of ours', async () => {
    const reserved = processOf(
      'curang',
      [start('a'), serviceTask('b', 'alur.recordFacts', 1), end('c')],
      ['a>b', 'b>c'],
    );
    const started = await stack.start(await stack.publish(reserved));
    expect((await incidentOf(started)).code).toBe('JOB_NO_RETRIES');
  });

  it('survive the database: a step waits until it is recorded', async () => {
    const started = await stack.start(
      await stack.publish(processOf('tahan', [start('a'), userTask('b'), end('c')], ['a>b', 'b>c'])),
    );
    const task = await stack.taskOf(started, 'b');
    await stack.owner.query('revoke insert on fact from alur_worker');
    const answer = stack.command(started, { type: 'completeUserTask', task, variables: {} });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await stack.owner.query('grant insert on fact to alur_worker');
    expect((await answer).accepted).toBe(true);
    expect(await stack.ended(started)).toBe('COMPLETED');
  });
});

describe('facts that a lost workflow task left behind', () => {
  const logger = { info: () => undefined, warn: () => undefined };
  /** What a worker leaves that died between the database and Temporal, or whose answer Temporal did not take. */
  async function leaveFacts(started: StartedCase, task: number): Promise<number> {
    const { instanceKey, processId, definitionKey, businessKey, region, factNumber } = await stack.state(started);
    const fact = { type: 'userTaskCompleted', task, elementId: 'b', by: 'ani' } as const;
    const facts = [{ number: factNumber + 1, atMs: Date.now(), actor: 'ani', commandKey: 'k', fact }];
    await recordFacts(stack.pool, { instanceKey, processId, definitionKey, businessKey, region, facts });
    return factNumber;
  }
  async function begin(): Promise<{ readonly started: StartedCase; readonly task: number }> {
    const model = processOf('hilang', [start('a'), userTask('b'), end('c')], ['a>b', 'b>c']);
    const started = await stack.start(await stack.publish(model));
    return { started, task: await stack.taskOf(started, 'b') };
  }

  it('are taken back', async () => {
    const { started, task } = await begin();
    const factNumber = await leaveFacts(started, task);
    const options = { pool: stack.pool, client: stack.client, logger, settleMs: 100 };
    const since = new Date(Date.now() - 60_000);
    expect(await dropLostFacts({ ...options, since })).toEqual({ dropped: 1, unknown: 0 });
    expect(await stack.taskOf(started, 'b')).toBe(task);
    expect((await stack.facts(started)).length).toBe(factNumber);
  });

  it('are looked for whenever the core of the SDK has warned, and not otherwise', async () => {
    const trouble = noTrouble();
    const parts = { pool: stack.pool, client: stack.client, logger, trouble, since: new Date() };
    const soon = { everyMs: 20, afterMs: 100, settleMs: 100, lookBackMs: 60_000, goesOnMs: 60_000 };
    const stop = watchLostFacts(parts, soon);
    try {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      const { started, task } = await begin();
      const factNumber = await leaveFacts(started, task);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect((await stack.facts(started)).length).toBe(factNumber + 1);
      temporalLogger(pino({ level: 'silent' }), trouble).warn('Task not found when completing', {
        sdkComponent: 'core',
      });
      await eventually(async () => (await stack.facts(started)).length === factNumber, 10_000);
      expect(trouble.warnedMs).toBeNull();
    } finally {
      stop();
    }
  });
});
