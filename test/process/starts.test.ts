/** Starts that nobody waits for: timers that are paused and made up for, versions and job types on hold, unique business keys. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { createTemporal } from '#api/temporal.ts';
import { startTimers } from '#api/timer-starts.ts';
import { resumeJobType, suspendJobType } from '#db/job-types.ts';
import { newInstanceKey } from '#db/queries/start-definition.ts';
import type { ProcessModel } from '#engine/model.ts';
import { messageWorkflowId, messageWorkflowType, publishUpdate, taskQueue } from '#workflows/messages.ts';
import { call, end, fixed, processOf, serviceTask, start, userTask, variable } from '../support/models.ts';
import { eventually } from '../support/eventually.ts';
import { TestStack } from '../support/stack.ts';
import type { Published } from '../support/stack.ts';

const patientMs = 60_000;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let stack: TestStack;
let done = 0;
beforeAll(async () => {
  stack = await TestStack.start();
  await stack.startWorker({
    handlers: {
      hitung: () => {
        done += 1;
        return Promise.resolve({ outcome: 'completed', variables: {} });
      },
    },
  });
}, 180_000);
afterAll(() => stack.stop(), 60_000);

const api = () => createTemporal(stack.client, () => Promise.resolve(0));
const instancesOf = async (processId: string, state = '%'): Promise<string[]> => {
  const { rows } = await stack.pool.query<{ key: string }>(
    'select key from instance where process_id = $1 and state like $2 order by key',
    [processId, state],
  );
  return rows.map(({ key }) => key);
};
const hold = (definitionKey: string, reason: string | null) =>
  stack.owner.query(
    'update process_definition set suspended_reason = $2::text, suspended_at = case when $2::text is null then null else now() end where key = $1',
    [definitionKey, reason],
  );
async function send(name: string, key: string, variables = {}): Promise<void> {
  const messageKey = await newInstanceKey(stack.pool);
  await stack.client.workflow.executeUpdateWithStart(publishUpdate, {
    args: [{ messageKey, name, correlationKey: key, messageId: null, timeToLiveMs: 600_000, variables }],
    startWorkflowOperation: new WithStartWorkflowOperation(messageWorkflowType, {
      workflowId: messageWorkflowId(name, key),
      taskQueue,
      args: [],
      workflowIdConflictPolicy: 'USE_EXISTING',
    }),
  });
}
const byMessage = (processId: string, name: string): ProcessModel => {
  const begin = start('mulai', { type: 'message', message: { name: fixed(name), correlationKey: null } });
  return processOf(processId, [begin, userTask('t'), end('z')], ['mulai>t', 't>z']);
};

describe('a timer start', () => {
  const begin = start('mulai', { type: 'timer', timer: { kind: 'cycle', value: fixed('R/PT1S') } });
  const model = processOf('tiap-detik', [begin, userTask('t'), end('z')], ['mulai>t', 't>z']);
  const addRow = ({ definitionKey, processId }: Published) =>
    stack.owner.query(
      "insert into start_schedule (key, definition_key, process_id, element_id, part, first_due_at, next_due_at) values ($1, $1, $2, 'mulai', 0, now(), now())",
      [definitionKey, processId],
    );
  const setPaused = (definitionKey: string, paused: boolean) =>
    stack.owner.query('update start_schedule set paused_at = case when $2 then now() end where definition_key = $1', [
      definitionKey,
      paused,
    ]);

  it('is left out while it is paused; a time that is made up for starts once', async () => {
    const published = await stack.publish(model);
    const { processId, definitionKey } = published;
    await addRow(published);
    await startTimers(stack.client, { processId, definitionKey, model }, { sinceMs: Date.now(), clockOffsetMs: 0 });
    await eventually(async () => (await instancesOf(processId)).length >= 2, patientMs);
    await setPaused(definitionKey, true);
    // One that was due in the same moment may still be on its way.
    await pause(1_500);
    const before = await instancesOf(processId);
    await pause(2_500);
    expect(await instancesOf(processId)).toEqual(before);
    const { rows } = await stack.owner.query<{ first: number; last: number }>(
      `select (extract(epoch from last_due_at) * 1000)::float8 as last from start_schedule where definition_key = $1`,
      [definitionKey],
    );
    const last = rows[0]?.last ?? 0;
    const order = { processId, definitionKey, startElement: 'mulai', startPart: 0 };
    // The last that was started, and two that were left out.
    const dueMs = [last, last + 1_000, last + 2_000];
    const key = await newInstanceKey(stack.pool);
    await api().backfill(key, { ...order, dueMs, overlap: 'allow' });
    await api().backfill(key, { ...order, dueMs, overlap: 'allow' });
    await eventually(async () => (await instancesOf(processId)).length === before.length + 2, patientMs);
    // An instance of this timer is active: nothing more while that is so.
    const other = await newInstanceKey(stack.pool);
    await api().backfill(other, { ...order, dueMs: [last - 3_600_000], overlap: 'skip' });
    await stack.client.workflow.getHandle(`backfill/${other}`).result();
    await stack.client.workflow.getHandle(`backfill/${key}`).result();
    expect((await instancesOf(processId)).length).toBe(before.length + 2);
    await setPaused(definitionKey, false);
    await eventually(async () => (await instancesOf(processId)).length > before.length + 2, patientMs);
    await stack.client.workflow.getHandle(`timer/${definitionKey}/mulai/0`).terminate('cukup');
  }, 180_000);
});

describe('a version on hold', () => {
  it('keeps messages until it is resumed', async () => {
    const { definitionKey } = await stack.publish(byMessage('tunda-pesan', 'mulai-tunda'));
    await hold(definitionKey, 'aturan berubah');
    await send('mulai-tunda', 'k-1');
    await pause(2_000);
    expect(await instancesOf('tunda-pesan')).toEqual([]);
    await hold(definitionKey, null);
    // Temporal's list of what runs lags behind.
    await eventually(async () => {
      await api().releaseMessages(['mulai-tunda']);
      return (await instancesOf('tunda-pesan')).length === 1;
    }, patientMs);
  }, 120_000);

  it('is an incident of who calls it, resolved when it starts again', async () => {
    const { definitionKey } = await stack.publish(processOf('dipanggil', [start('a'), end('z')], ['a>z']));
    await hold(definitionKey, 'aturan berubah');
    const caller = processOf('memanggil', [start('a'), call('c', 'dipanggil'), end('z')], ['a>c', 'c>z']);
    const started = await stack.start(await stack.publish(caller));
    const incident = await eventually(async () => {
      const { rows } = await stack.pool.query<{ seq: number; message: string }>(
        'select (key & ((1 << 20) - 1))::integer as seq, message from incident where instance_key = $1',
        [started.instanceKey],
      );
      return rows[0];
    }, patientMs);
    expect(incident.message).toContain('aturan berubah');
    await hold(definitionKey, null);
    await stack.command(started, { type: 'resolveIncident', incident: incident.seq, retries: null });
    expect(await stack.ended(started, patientMs)).toBe('COMPLETED');
  }, 120_000);
});

describe('a job type on hold', () => {
  it('has its jobs put aside, and done once each when it is resumed', async () => {
    const model = processOf(
      'menghitung',
      [start('a'), serviceTask('s', 'hitung'), userTask('t'), end('z')],
      ['a>s', 's>t', 't>z'],
    );
    const published = await stack.publish(model);
    const first = await stack.start(published);
    await stack.taskOf(first, 't', patientMs);
    expect(done).toBe(1);
    await suspendJobType(stack.owner, 'hitung', 'admin', 'sistem luar mati');
    await pause(1_100);
    const cases = await Promise.all(Array.from({ length: 12 }, () => stack.start(published)));
    await eventually(async () => {
      const { rowCount } = await stack.pool.query("select from parked_job where type = 'hitung' and own");
      return rowCount === 12;
    }, patientMs);
    expect(done).toBe(1);
    await resumeJobType(stack.owner, 'hitung');
    await api().releaseJobs('hitung');
    await api().releaseJobs('hitung');
    for (const started of cases) await stack.taskOf(started, 't', patientMs);
    expect(done).toBe(13);
    const { rowCount } = await stack.pool.query("select from parked_job where type = 'hitung'");
    expect(rowCount).toBe(0);
    for (const started of cases)
      expect((await stack.factTypes(started)).filter((type) => type === 'jobCompleted').length).toBe(1);
  }, 180_000);
});

describe('a unique business key', () => {
  it('starts one instance by message, and the refusal leaves a trace', async () => {
    const model = { ...byMessage('satu-nomor', 'daftar'), businessKey: variable('nomor') };
    const { definitionKey } = await stack.publish(model);
    await stack.owner.query('update process_definition set unique_business_key = true where key = $1', [definitionKey]);
    await Promise.all(['x', 'y', 'z'].map((key) => send('daftar', key, { nomor: 'N-1' })));
    const refusals = async (): Promise<number> => {
      const { rows } = await stack.owner.query<{ source: string }>(
        "select distinct detail ->> 'source' as source from audit where action = 'case.startRefused'",
      );
      return rows.length;
    };
    await eventually(async () => (await refusals()) === 2, patientMs);
    // the one that was let in may be recorded after the others are refused
    const [only = '', ...others] = await eventually(async () => {
      const found = await instancesOf('satu-nomor', 'ACTIVE');
      return found.length > 0 ? found : undefined;
    }, patientMs);
    expect(others).toEqual([]);
    const started = { instanceKey: only, workflowId: `satu-nomor/${only}` };
    const task = await stack.taskOf(started, 't', patientMs);
    await stack.command(started, { type: 'completeUserTask', task, variables: {} });
    await send('daftar', 'w', { nomor: 'N-1' });
    await eventually(async () => (await instancesOf('satu-nomor')).length === 2, patientMs);
  }, 120_000);

  it('whose start was given up is free, and a start that comes late comes to nothing', async () => {
    const { definitionKey, processId, modelSha256 } = await stack.publish(
      processOf('terlambat', [start('a'), userTask('t'), end('z')], ['a>t', 't>z']),
    );
    const instanceKey = await newInstanceKey(stack.pool);
    expect(await api().fence(processId, instanceKey)).toBe(true);
    const order = { startElement: null, variables: {}, businessKey: 'N', region: null, parent: null, actor: 'ani' };
    await api().start({ processId, modelSha256, start: { instanceKey, definitionKey, version: 1, ...order } });
    expect(await api().startFailure(processId, instanceKey)).toBe('TERMINATED');
    const started = await stack.start({ processId, definitionKey, modelSha256 });
    await stack.taskOf(started, 't', patientMs);
    expect(await api().fence(processId, started.instanceKey)).toBe(false);
    expect(await instancesOf('terlambat')).toEqual([started.instanceKey]);
  }, 120_000);
});
