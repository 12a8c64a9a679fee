/** A new version on the real stack: its impact before and after it is published, a canary, the rest, and one that goes back. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '#contract/client.ts';
import { routes } from '#contract/routes.ts';
import { eventually } from '../support/eventually.ts';
import { HttpStack, problemOf } from '../support/http-stack.ts';
import { repaired } from './operation-processes.ts';
import { filesBody } from './sample-case.ts';

const village = '32.15.01.1001';
const why = { reason: 'versi baru' };
/** `periksa` has another name and a deadline less; between `kirim` and `sahkan` comes a new task. */
const next = repaired
  .replaceAll('"periksa"', '"periksa-ulang"')
  .replaceAll('periksa_', 'periksa-ulang_')
  .replaceAll('_periksa"', '_periksa-ulang"')
  .replace('<bpmn:endEvent id="z" />', '<bpmn:manualTask id="catat" name="Catat" /><bpmn:endEvent id="z" />')
  .replace('id="sahkan_z" sourceRef="sahkan" targetRef="z"', 'id="sahkan_catat" sourceRef="sahkan" targetRef="catat"')
  .replace('</bpmn:process>', '<bpmn:sequenceFlow id="catat_z" sourceRef="catat" targetRef="z" /></bpmn:process>');
const mappingInstructions = [{ sourceElementId: 'periksa', targetElementId: 'periksa-ulang' }];

let http: HttpStack;
let admin: Client;
beforeAll(async () => {
  http = await HttpStack.start();
  admin = await http.client({
    name: 'admin',
    roles: ['administrator', 'supervisor', 'integration', 'operator'],
    groups: ['operator-desa'],
    region: '*',
  });
}, 180_000);
afterAll(() => http.stop());

const publish = async (xml: string): Promise<string> => {
  const { deployments } = await admin(routes.createDeployment, {}, { rawBody: filesBody({ 'perbaiki.bpmn': xml }) });
  return deployments[0]?.processDefinition?.processDefinitionKey ?? '';
};
const begin = async (): Promise<string> => {
  const body = { processDefinitionId: 'perbaiki', variables: { wilayah: village } };
  return (await admin(routes.createProcessInstance, { body })).processInstanceKey;
};
const taskOf = (processInstanceKey: string, elementId: string): Promise<string> =>
  eventually(async () => {
    const filter = { processInstanceKey, elementId, state: 'CREATED' } as const;
    return (await admin(routes.searchUserTasks, { body: { filter } })).items[0]?.userTaskKey;
  });
const versionOf = async (processInstanceKey: string): Promise<number> =>
  (await admin(routes.getProcessInstance, { params: { processInstanceKey } })).processDefinitionVersion;

describe('a new version of a process with running cases', () => {
  it('is previewed, followed by a canary and the rest, and taken back', async () => {
    const first = await publish(repaired);
    const cases = [await begin(), await begin(), await begin()];
    for (const key of cases) await taskOf(key, 'periksa');
    const checked = await admin(routes.checkImpact, {}, { rawBody: filesBody({ 'perbaiki.bpmn': next }) });
    expect(checked).toMatchObject({ admitted: true, impacts: [{ counts: { safe: 3, needsMapping: 0, blocked: 0 } }] });
    const target = await publish(next);
    const asked = { params: { processDefinitionKey: first }, body: { targetProcessDefinitionKey: target } };
    const unmapped = await admin(routes.getImpact, { ...asked, body: { ...asked.body, mappingInstructions: [] } });
    expect(unmapped.counts).toEqual({ safe: 0, needsMapping: 3, blocked: 0 });
    expect(unmapped.groups[0]?.reasons[0]?.message).toContain("'periksa'");
    expect(unmapped.changes.map(({ change, id }) => `${change} ${id}`)).toContain('added catat');
    const proposed = await admin(routes.getImpact, asked);
    expect(proposed.mappingInstructions).toEqual(mappingInstructions);
    expect(proposed.counts).toEqual({ safe: 3, needsMapping: 0, blocked: 0 });

    const plan = { targetProcessDefinitionKey: target, mappingInstructions };
    const [one = '', two = '', three = ''] = cases;
    const params = { processInstanceKey: one };
    const body = { ...plan, ...why };
    const bare = { ...body, mappingInstructions: [] };
    expect(await problemOf(admin(routes.migrateProcessInstance, { params, body: bare }))).toBe('invalidRequest');
    const told = await admin(routes.migrateProcessInstance, { params, body: { ...body, dryRun: true } });
    expect(JSON.stringify(told)).toContain('caseMigrated');
    expect(await versionOf(one)).toBe(1);
    await admin(routes.migrateProcessInstance, { params, body });
    expect(await versionOf(one)).toBe(2);
    await taskOf(one, 'periksa-ulang');

    const filter = { processDefinitionKey: first, state: 'ACTIVE' } as const;
    const batch = await admin(routes.migrateProcessInstances, {
      body: { filter, migrationPlan: plan, canary: 1, ...why },
    });
    expect(batch.operationsTotalCount).toBe(2);
    const batchParams = { batchOperationKey: batch.batchOperationKey ?? '' };
    const isIn = async (state: string) =>
      (await admin(routes.getBatchOperation, { params: batchParams })).state === state ? true : undefined;
    await eventually(() => isIn('SUSPENDED'));
    expect((await Promise.all([two, three].map(versionOf))).reduce((sum, version) => sum + version)).toBe(3);
    await admin(routes.resumeBatchOperation, { params: batchParams, body: why });
    await eventually(() => isIn('COMPLETED'));
    expect(await Promise.all([two, three].map(versionOf))).toEqual([2, 2]);

    await admin(routes.revertMigration, { params: { processInstanceKey: two }, body: why });
    expect(await versionOf(two)).toBe(1);
    await admin(routes.completeUserTask, { params: { userTaskKey: await taskOf(three, 'periksa-ulang') }, body: {} });
    expect(await problemOf(admin(routes.revertMigration, { params: { processInstanceKey: three }, body: why }))).toBe(
      'wrongState',
    );
    const back = await admin(routes.revertMigrations, {
      body: { filter: { processDefinitionKey: target, state: 'ACTIVE' }, ...why },
    });
    const backKey = { batchOperationKey: back.batchOperationKey ?? '' };
    await eventually(async () =>
      (await admin(routes.getBatchOperation, { params: backKey })).state === 'COMPLETED' ? true : undefined,
    );
    const { items } = await admin(routes.searchBatchOperationItems, { body: { filter: backKey } });
    const results = items.map(({ processInstanceKey, state, errorCode }) => [processInstanceKey, state, errorCode]);
    expect(Object.fromEntries(results.map(([key, ...result]) => [key, result]))).toEqual({
      [one]: ['COMPLETED', null],
      [three]: ['FAILED', 'moved'],
    });
    expect(await versionOf(one)).toBe(1);
    await taskOf(one, 'periksa');
    await admin(routes.completeUserTask, { params: { userTaskKey: await taskOf(two, 'periksa') }, body: {} });
    const filterOfAudit = { processInstanceKey: two };
    const audit = await admin(routes.searchAuditLogs, { body: { filter: filterOfAudit } });
    expect(JSON.stringify(audit.items)).toContain('case.migrate');
  }, 180_000);
});
