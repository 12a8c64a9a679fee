/** Batch operations on the real worker: counted, settled, done item by item, on hold, through restarts, within the region of whoever asked. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wakeBatches } from '#api/batches.ts';
import { createTemporal } from '#api/temporal.ts';
import type { BatchOperation } from '#contract/batch-operation.ts';
import type { Client } from '#contract/client.ts';
import { routes } from '#contract/routes.ts';
import { createPool } from '#db/pool.ts';
import { eventually } from '../support/eventually.ts';
import { HttpStack, problemOf } from '../support/http-stack.ts';
import { called, caller, line, repaired } from './operation-processes.ts';
import { filesBody } from './sample-case.ts';

const village = '32.15.01.1001';
const elsewhere = '32.15.01.1003';
const why = { reason: 'gangguan layanan pusat' };

let http: HttpStack;
let admin: Client;
let supervisor: Client;
beforeAll(async () => {
  http = await HttpStack.start();
  const roles = ['administrator', 'integration', 'operator'] as const;
  admin = await http.client({ name: 'admin', roles, groups: ['operator-desa'], region: '*' });
  supervisor = await http.client({ name: 'pengawas', roles: ['supervisor'], region: village });
  const files = { 'perbaiki.bpmn': repaired, 'anak.bpmn': called, 'induk.bpmn': caller };
  await admin(routes.createDeployment, {}, { rawBody: filesBody(files) });
}, 180_000);
afterAll(() => http.stop());

let groups = 0;
/** So many cases that one filter means, and no other case. */
async function cases(count: number, wilayah = village, process = 'perbaiki') {
  groups += 1;
  const prefix = `kelompok-${groups}-`;
  const keys: string[] = [];
  const numbers = Array.from({ length: count }, (_, index) => index);
  const start = async (): Promise<void> => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const body = {
        processDefinitionId: process,
        variables: { wilayah },
        businessId: `${prefix}${number}`,
      };
      keys.push((await admin(routes.createProcessInstance, { body })).processInstanceKey);
    }
  };
  await Promise.all([start(), start(), start(), start()]);
  return { keys, filter: { businessId: { $like: `${prefix}*` } } };
}
const look = (batchOperationKey: string): Promise<BatchOperation> =>
  supervisor(routes.getBatchOperation, { params: { batchOperationKey } });
const reached = (key: string, state: BatchOperation['state']): Promise<BatchOperation> =>
  eventually(async () => {
    const batch = await look(key);
    return batch.state === state && batch;
  }, 60_000);
const countOf = async (filter: object): Promise<number> =>
  (await admin(routes.searchProcessInstances, { body: { filter } })).page.totalItems;
const suspend = async (filter: object, more: object = {}): Promise<string> =>
  (await supervisor(routes.suspendProcessInstances, { body: { filter, ...why, ...more } })).batchOperationKey ?? '';

describe('a batch operation', () => {
  it('says how many first, then does it to exactly those, each with its result', async () => {
    const { filter } = await cases(12);
    const dry = await supervisor(routes.suspendProcessInstances, { body: { filter, ...why, dryRun: true } });
    expect(dry).toEqual({ batchOperationType: 'SUSPEND_PROCESS_INSTANCE', operationsTotalCount: 12 });
    const body = { filter, ...why, expectedCount: 11 };
    expect(await problemOf(supervisor(routes.suspendProcessInstances, { body }))).toBe('wrongState');
    const begin = () =>
      supervisor(
        routes.suspendProcessInstances,
        { body: { filter, ...why, expectedCount: 12 } },
        { idempotencyKey: `tahan-${filter.businessId.$like}` },
      );
    const [first, again] = [await begin(), await begin()];
    expect(again).toEqual(first);
    const batchOperationKey = first.batchOperationKey ?? '';
    const batch = await reached(batchOperationKey, 'COMPLETED');
    expect(batch).toMatchObject({ operationsCompletedCount: 12, operationsFailedCount: 0, actorId: 'pengawas' });
    expect(await countOf({ ...filter, suspended: true })).toBe(12);
    const items = { filter: { batchOperationKey, state: 'COMPLETED' } } as const;
    expect((await supervisor(routes.searchBatchOperationItems, { body: items })).page.totalItems).toBe(12);
    const audit = { filter: { batchOperationKey, action: 'case.suspend' } };
    expect((await supervisor(routes.searchAuditLogs, { body: audit })).page.totalItems).toBe(12);

    const resumed = await supervisor(routes.resumeProcessInstances, { body: { filter, ...why } });
    await reached(resumed.batchOperationKey ?? '', 'COMPLETED');
    expect(await countOf({ ...filter, suspended: true })).toBe(0);
    expect(await problemOf(supervisor(routes.resumeProcessInstances, { body: { filter, ...why } }))).toBe('notFound');
  });

  it('touches nothing outside the region of whoever asked, nor once he may not any more', async () => {
    const { filter } = await cases(2, elsewhere);
    expect(await problemOf(supervisor(routes.suspendProcessInstances, { body: { filter, ...why } }))).toBe('notFound');
    const temporary = await http.client({ name: 'sementara', roles: ['supervisor'], region: '32.15.01' });
    const { batchOperationKey = '' } = await temporary(routes.suspendProcessInstances, {
      body: { filter, ...why, canary: 1 },
    });
    const params = { batchOperationKey };
    await eventually(async () => (await temporary(routes.getBatchOperation, { params })).state === 'SUSPENDED');
    expect(await problemOf(supervisor(routes.getBatchOperation, { params }))).toBe('notFound');
    expect(await problemOf(supervisor(routes.resumeBatchOperation, { params, body: why }))).toBe('notFound');
    await http.stack.owner.query("update account set region = $1 where name = 'sementara'", [village]);
    await admin(routes.resumeBatchOperation, { params, body: why });
    const done = await eventually(async () => {
      const batch = await admin(routes.getBatchOperation, { params });
      return batch.state === 'COMPLETED' && batch;
    });
    expect(done).toMatchObject({ operationsCompletedCount: 1, operationsFailedCount: 1 });
    const failed = { filter: { batchOperationKey, state: 'FAILED' } } as const;
    const { items } = await admin(routes.searchBatchOperationItems, { body: failed });
    expect(items).toMatchObject([{ errorCode: 'notAllowed' }]);
  });

  it('waits after its first items, goes on when told, and ends when canceled', async () => {
    const { filter } = await cases(6);
    const key = await suspend(filter, { canary: 2 });
    expect(await reached(key, 'SUSPENDED')).toMatchObject({ operationsCompletedCount: 2, canary: 2 });
    expect(await countOf({ ...filter, suspended: true })).toBe(2);
    const params = { batchOperationKey: key };
    expect(await problemOf(supervisor(routes.suspendBatchOperation, { params, body: why }))).toBe('wrongState');
    await supervisor(routes.resumeBatchOperation, { params, body: why });
    expect(await reached(key, 'COMPLETED')).toMatchObject({ operationsCompletedCount: 6 });

    const other = await cases(5);
    const second = await suspend(other.filter, { canary: 1 });
    await reached(second, 'SUSPENDED');
    await supervisor(routes.cancelBatchOperation, { params: { batchOperationKey: second }, body: why });
    await eventually(async () => (await look(second)).endDate !== null);
    const body = { filter: { batchOperationKey: second, state: 'CANCELED' } } as const;
    expect((await supervisor(routes.searchBatchOperationItems, { body })).page.totalItems).toBe(4);
    expect(await countOf({ ...other.filter, suspended: true })).toBe(1);
    const filterOfBatch = { filter: { entityKey: second } };
    const { items } = await supervisor(routes.searchAuditLogs, { body: filterOfBatch });
    expect(items.map(({ action }) => action)).toEqual(['batch.cancel', 'batch.create']);
  });

  it('holds what its instances have called as well', async () => {
    const { filter } = await cases(2, village, 'induk');
    const children = { processDefinitionId: 'anak', state: 'ACTIVE' } as const;
    await eventually(async () => (await countOf(children)) === 2);
    await reached(await suspend(filter), 'COMPLETED');
    expect(await countOf({ ...children, suspended: true })).toBe(2);
  });

  it('sets variables, cancels, and says why an item was not done', async () => {
    const { filter, keys } = await cases(4);
    const set = await supervisor(routes.setProcessInstancesVariables, {
      body: { filter, ...why, variables: { catatan: 'massal' }, canary: 1 },
    });
    const key = set.batchOperationKey ?? '';
    await reached(key, 'SUSPENDED');
    const done = await supervisor(routes.searchBatchOperationItems, {
      body: { filter: { batchOperationKey: key, state: 'ACTIVE' } },
    });
    const processInstanceKey = done.items[0]?.processInstanceKey ?? '';
    await supervisor(routes.cancelProcessInstance, { params: { processInstanceKey }, body: why });
    await supervisor(routes.resumeBatchOperation, { params: { batchOperationKey: key }, body: why });
    expect(await reached(key, 'COMPLETED')).toMatchObject({ operationsCompletedCount: 3, operationsFailedCount: 1 });
    const failed = { filter: { batchOperationKey: key, state: 'FAILED' } } as const;
    const { items } = await supervisor(routes.searchBatchOperationItems, { body: failed });
    expect(items).toMatchObject([{ processInstanceKey, errorCode: 'notActive' }]);
    const cancel = await supervisor(routes.cancelProcessInstances, { body: { filter, ...why } });
    expect(cancel.operationsTotalCount).toBe(keys.length - 1);
    await reached(cancel.batchOperationKey ?? '', 'COMPLETED');
    expect(await countOf({ ...filter, state: 'TERMINATED' })).toBe(4);
  });

  it('tries failed jobs again, or resolves their incidents', async () => {
    const { filter, keys } = await cases(3);
    for (const processInstanceKey of keys) {
      const wanted = { processInstanceKey, elementId: 'periksa', state: 'CREATED' } as const;
      const { items } = await admin(routes.searchUserTasks, { body: { filter: wanted } });
      await admin(routes.completeUserTask, { params: { userTaskKey: items[0]?.userTaskKey ?? '' }, body: {} });
    }
    const fail = async (): Promise<void> => {
      const jobs = await eventually(async () => {
        const body = { type: 'luar.kirim', timeout: 1, maxJobsToActivate: 50, requestTimeout: -1 };
        const found = (await admin(routes.activateJobs, { body })).jobs;
        return found.length === 3 && found;
      });
      for (const { jobKey } of jobs) await admin(routes.failJob, { params: { jobKey }, body: { retries: 0 } });
    };
    await fail();
    const jobFilter = { processInstanceKey: { $in: keys } };
    const retried = await supervisor(routes.retryJobs, { body: { filter: jobFilter, ...why } });
    expect(retried.operationsTotalCount).toBe(3);
    await reached(retried.batchOperationKey ?? '', 'COMPLETED');
    await fail();
    const resolved = await supervisor(routes.resolveIncidents, { body: { filter, ...why, retries: 2 } });
    expect(resolved.operationsTotalCount).toBe(3);
    expect(await reached(resolved.batchOperationKey ?? '', 'COMPLETED')).toMatchObject({ operationsFailedCount: 0 });
    expect(await countOf({ ...filter, hasIncident: true })).toBe(0);
  });

  it('migrates what can end under the new version, and says what cannot', async () => {
    const publish = async (tasks: readonly string[]): Promise<string> => {
      const rawBody = filesBody({ 'urut.bpmn': line(tasks) });
      const { deployments } = await admin(routes.createDeployment, {}, { rawBody });
      return deployments[0]?.processDefinition?.processDefinitionKey ?? '';
    };
    await publish(['x', 'y']);
    const { filter, keys } = await cases(3, village, 'urut');
    const [processInstanceKey = ''] = keys;
    const task = { filter: { processInstanceKey, state: 'CREATED' } } as const;
    const { items } = await admin(routes.searchUserTasks, { body: task });
    await admin(routes.completeUserTask, { params: { userTaskKey: items[0]?.userTaskKey ?? '' }, body: {} });
    const targetProcessDefinitionKey = await publish(['x', 'baru']);
    const body = { filter, ...why, migrationPlan: { targetProcessDefinitionKey, mappingInstructions: [] } };
    const counts = { operationsTotalCount: 3, operationsRefusedCount: 1 };
    const dry = await supervisor(routes.migrateProcessInstances, { body: { ...body, dryRun: true } });
    expect(dry).toMatchObject(counts);
    expect((await supervisor(routes.searchBatchOperations, { body: {} })).items[0]?.batchOperationType).not.toBe(
      'MIGRATE_PROCESS_INSTANCE',
    );
    const made = await supervisor(routes.migrateProcessInstances, { body });
    expect(made).toMatchObject(counts);
    const key = made.batchOperationKey ?? '';
    expect(await reached(key, 'COMPLETED')).toMatchObject({ operationsCompletedCount: 2, operationsFailedCount: 1 });
    expect(await countOf({ ...filter, processDefinitionKey: targetProcessDefinitionKey })).toBe(2);
    const failed = { filter: { batchOperationKey: key, state: 'FAILED' } } as const;
    const refused = await supervisor(routes.searchBatchOperationItems, { body: failed });
    expect(refused.items).toMatchObject([{ processInstanceKey, errorMessage: expect.stringContaining('y') }]);
  });

  it('survives its worker, and an API that died before it told anybody', async () => {
    const { filter } = await cases(30);
    await http.worker.stop();
    // Nobody works now, and nobody is told: as if the API had died right after writing it down.
    const key = await suspend(filter, { canary: 30 });
    const second = await http.stack.startWorker();
    await eventually(async () => (await look(key)).operationsCompletedCount > 0, 60_000);
    await second.stop();
    const { DATABASE_URL: connectionString = '' } = http.stack.environment;
    const pool = createPool({ connectionString, role: 'alur_app' });
    const temporal = createTemporal(http.stack.client, () => Promise.resolve(0));
    await http.stack.startWorker();
    await wakeBatches({ pool, temporal });
    await pool.end();
    expect(await reached(key, 'COMPLETED')).toMatchObject({ operationsCompletedCount: 30, operationsFailedCount: 0 });
    const { rows } = await http.stack.owner.query<{ count: number }>(
      `select count(*)::int as count from fact f where f.type = 'instanceSuspended'
        and f.instance_key in (select instance_key from batch_operation_item where batch_key = $1)`,
      [key],
    );
    expect(rows[0]?.count).toBe(30);
  }, 120_000);
});
