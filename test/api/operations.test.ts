/** Repairs by hand, on the real worker: each says first what it would do, then does it, and leaves one audit row. */
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '#contract/client.ts';
import type { DryRunAnswer } from '#contract/operation.ts';
import { routes } from '#contract/routes.ts';
import { eventually } from '../support/eventually.ts';
import { HttpStack, problemOf } from '../support/http-stack.ts';
import { called, caller, repaired } from './operation-processes.ts';
import { filesBody } from './sample-case.ts';

const village = '32.15.01.1001';
const elsewhere = '32.15.01.1003';
const reason = 'salah ketik di lapangan';
const why = { reason };
const asked = { reason, dryRun: true };

let http: HttpStack;
let admin: Client;
let supervisor: Client;
let stranger: Client;
beforeAll(async () => {
  http = await HttpStack.start();
  admin = await http.client({
    name: 'admin',
    roles: ['administrator', 'integration', 'operator'],
    groups: ['operator-desa'],
    region: '*',
  });
  supervisor = await http.client({ name: 'pengawas', roles: ['supervisor'], region: village });
  stranger = await http.client({ name: 'tetangga', roles: ['supervisor'], region: elsewhere });
  const files = { 'perbaiki.bpmn': repaired, 'anak.bpmn': called, 'induk.bpmn': caller };
  await admin(routes.createDeployment, {}, { rawBody: filesBody(files) });
}, 180_000);
afterAll(() => http.stop());

const begin = async (processDefinitionId: string): Promise<string> => {
  const variables = { wilayah: village, catatan: 'awal' };
  return (await admin(routes.createProcessInstance, { body: { processDefinitionId, variables } })).processInstanceKey;
};
const taskOf = (processInstanceKey: string, elementId: string): Promise<string> =>
  eventually(async () => {
    const filter = { processInstanceKey, elementId, state: 'CREATED' } as const;
    return (await admin(routes.searchUserTasks, { body: { filter } })).items[0]?.userTaskKey;
  });
const jobOf = (processInstanceKey: string): Promise<string> =>
  eventually(async () => {
    const body = { type: 'luar.kirim', timeout: 1, maxJobsToActivate: 50, requestTimeout: -1 };
    const { jobs } = await admin(routes.activateJobs, { body });
    return jobs.find((job) => job.processInstanceKey === processInstanceKey)?.jobKey;
  });
/** `alur instance`, as the supervisor. */
const alur = (...args: readonly string[]): Promise<string[]> =>
  new Promise((resolve, reject) => {
    const who = ['--url', http.url, '--account', 'pengawas', '--password', 'password of pengawas'];
    const all = ['--import', 'tsx', 'cli/main.ts', 'instance', ...args, ...who];
    execFile(process.execPath, all, { cwd: process.cwd() }, (error, out) =>
      error === null ? resolve(out.trimEnd().split('\n')) : reject(error),
    );
  });
/** A case whose job has failed for good. */
async function broken(): Promise<{ key: string; jobKey: string; incidentKey: string }> {
  const key = await begin('perbaiki');
  await admin(routes.completeUserTask, { params: { userTaskKey: await taskOf(key, 'periksa') }, body: {} });
  const jobKey = await jobOf(key);
  await admin(routes.failJob, { params: { jobKey }, body: { retries: 0, errorMessage: 'mati' } });
  const filter = { processInstanceKey: key, state: 'ACTIVE' } as const;
  const { items } = await admin(routes.searchIncidents, { body: { filter } });
  return { key, jobKey, incidentKey: items[0]?.incidentKey ?? '' };
}
const kindsOf = (answer: DryRunAnswer) => answer.lines.map(({ kind, elementId }) => `${kind} ${elementId ?? '-'}`);
const auditOf = async (processInstanceKey: string) =>
  (await supervisor(routes.searchAuditLogs, { body: { filter: { processInstanceKey } } })).items;
const factsOf = async (caseKey: string): Promise<number> =>
  (await admin(routes.getCaseFacts, { params: { caseKey }, query: {} })).items.length;
const stateOf = (processInstanceKey: string) => admin(routes.getProcessInstance, { params: { processInstanceKey } });

describe('an instance', () => {
  it('is suspended and resumed with what it has called; its tasks are paused', async () => {
    const key = await begin('induk');
    const child = await eventually(async () => {
      const filter = { parentProcessInstanceKey: key };
      return (await admin(routes.searchProcessInstances, { body: { filter } })).items[0]?.processInstanceKey;
    });
    const userTaskKey = await taskOf(child, 'isi');
    const params = { processInstanceKey: key };
    const before = await factsOf(key);
    expect(kindsOf(await supervisor(routes.suspendProcessInstance, { params, body: asked }))).toEqual([
      'caseSuspended -',
      'caseSuspended -',
    ]);
    expect(await factsOf(key)).toBe(before);

    await supervisor(routes.suspendProcessInstance, { params, body: why }, { idempotencyKey: 'tahan' });
    await supervisor(routes.suspendProcessInstance, { params, body: why }, { idempotencyKey: 'tahan' });
    expect(await problemOf(supervisor(routes.suspendProcessInstance, { params, body: why }))).toBe('wrongState');
    const filter = { suspended: true, processInstanceKey: { $in: [key, child] } };
    const held = await admin(routes.searchProcessInstances, { body: { filter, include: ['case'] } });
    expect(held.items.map((item) => [item.state, item.case?.waitReason?.kind])).toEqual([
      ['ACTIVE', 'suspended'],
      ['ACTIVE', 'suspended'],
    ]);
    const task = await admin(routes.getUserTask, { params: { userTaskKey }, query: { include: 'case' } });
    expect(task.case).toMatchObject({ suspendedAt: expect.any(String), claimable: false, completable: false });
    const refused = await problemOf(admin(routes.completeUserTask, { params: { userTaskKey }, body: {} }));
    expect(refused).toBe('wrongState');
    const { suspendedAt } = await admin(routes.getCase, { params: { caseKey: key } });
    expect(suspendedAt).toEqual(expect.any(String));

    await supervisor(routes.resumeProcessInstance, { params, body: why });
    await admin(routes.completeUserTask, { params: { userTaskKey }, body: {} });
    await eventually(async () => (await stateOf(key)).state === 'COMPLETED');
    expect((await auditOf(key)).map(({ action, actorId, annotation }) => [action, actorId, annotation])).toEqual([
      ['case.resume', 'pengawas', reason],
      ['case.suspend', 'pengawas', reason],
    ]);
  });

  it('is canceled after it was told what that would do', async () => {
    const key = await begin('perbaiki');
    await taskOf(key, 'periksa');
    const params = { processInstanceKey: key };
    const told = kindsOf(await supervisor(routes.cancelProcessInstance, { params, body: asked }));
    expect(told).toEqual(expect.arrayContaining(['taskWithdrawn periksa', 'timerWithdrawn batas', 'caseCanceled -']));
    expect(await problemOf(supervisor(routes.cancelProcessInstance, { params, body: {} }))).toBe('invalidRequest');
    await supervisor(routes.cancelProcessInstance, { params, body: why });
    expect((await stateOf(key)).state).toBe('TERMINATED');
    expect((await auditOf(key)).map(({ operationType, entityType }) => [operationType, entityType])).toEqual([
      ['CANCEL', 'PROCESS_INSTANCE'],
    ]);
  });

  it('that has ended is started anew with what it began with; again at an element', async () => {
    const key = await begin('perbaiki');
    const params = { processInstanceKey: key };
    expect(await problemOf(supervisor(routes.restartProcessInstance, { params, body: why }))).toBe('wrongState');
    const change = { variables: { catatan: 'lain' }, reason };
    await supervisor(routes.setElementInstanceVariables, { params: { elementInstanceKey: key }, body: change });
    await supervisor(routes.cancelProcessInstance, { params, body: why });
    const plan = await supervisor(routes.restartProcessInstance, { params, body: asked });
    expect(plan).toMatchObject({ variables: { wilayah: village, catatan: 'awal' } });
    expect(plan.processInstanceKey).toBeUndefined();
    const restart = () =>
      supervisor(routes.restartProcessInstance, { params, body: why }, { idempotencyKey: 'mulai-lagi' });
    const [first, second] = [await restart(), await restart()];
    expect(second.processInstanceKey).toBe(first.processInstanceKey);
    await taskOf(first.processInstanceKey ?? '', 'periksa');
    expect((await auditOf(key)).filter(({ action }) => action === 'case.restart')).toHaveLength(1);
  });

  it('is modified and sent back, and begins again at an element of choice', async () => {
    const key = await begin('perbaiki');
    await taskOf(key, 'periksa');
    const params = { processInstanceKey: key };
    const moveInstructions = [{ sourceElementId: 'periksa', targetElementId: 'sahkan' }];
    const told = await supervisor(routes.modifyProcessInstance, { params, body: { moveInstructions, ...asked } });
    expect(kindsOf(told)).toEqual(expect.arrayContaining(['taskWithdrawn periksa', 'taskCreated sahkan']));
    await supervisor(routes.modifyProcessInstance, { params, body: { moveInstructions, ...why } });
    await taskOf(key, 'sahkan');
    expect(await problemOf(supervisor(routes.modifyProcessInstance, { params, body: why }))).toBe('invalidRequest');
    await supervisor(routes.sendBackProcessInstance, { params, body: { to: 'periksa', ...why } });
    await taskOf(key, 'periksa');
    await supervisor(routes.cancelProcessInstance, { params, body: { compensate: true, ...why } });
    const startInstructions = [{ elementId: 'sahkan' }];
    const again = await supervisor(routes.restartProcessInstance, { params, body: { startInstructions, ...why } });
    await taskOf(again.processInstanceKey ?? '', 'sahkan');
    expect((await auditOf(key)).map(({ action }) => action)).toEqual([
      'case.restart',
      'case.cancel',
      'case.sendBack',
      'case.modify',
    ]);
  });

  it('of another region is out of reach, whatever is asked', async () => {
    const key = await begin('perbaiki');
    const params = { processInstanceKey: key };
    expect(await problemOf(stranger(routes.suspendProcessInstance, { params, body: why }))).toBe('notFound');
    expect(await problemOf(stranger(routes.cancelProcessInstance, { params, body: asked }))).toBe('notFound');
    await supervisor(routes.cancelProcessInstance, { params, body: why });
    const { items } = await stranger(routes.searchAuditLogs, { body: { filter: { processInstanceKey: key } } });
    expect(items).toEqual([]);
  });
});

describe('variables', () => {
  it('are told before and after, set, and written down', async () => {
    const key = await begin('perbaiki');
    const params = { elementInstanceKey: key };
    const variables = { catatan: 'betul', baru: 1 };
    const told = await supervisor(routes.setElementInstanceVariables, { params, body: { variables, ...asked } });
    expect(told.lines.map(({ detail }) => detail)).toEqual([
      { variable: 'catatan', scopeKey: key, before: 'awal', after: 'betul' },
      { variable: 'baru', scopeKey: key, after: 1 },
    ]);
    await supervisor(routes.setElementInstanceVariables, { params, body: { variables, ...why } });
    const [row] = await auditOf(key);
    expect(row).toMatchObject({ action: 'case.setVariables', before: { catatan: 'awal' }, after: variables });
    const { items } = await supervisor(routes.getCaseTimeline, { params: { caseKey: key }, query: {} });
    expect(items.at(-1)).toMatchObject({
      kind: 'interventionMade',
      actor: 'pengawas',
      detail: { command: 'setVariables', reason, before: { catatan: 'awal' }, after: variables },
    });
    const withNumber = { variables: { catatan: '3215015505850001' }, ...why };
    const refused = await problemOf(supervisor(routes.setElementInstanceVariables, { params, body: withNumber }));
    expect(refused).toBe('invalidVariables');
    const inReason = { variables, reason: 'NIK 3215015505850001 keliru' };
    const told2 = await problemOf(supervisor(routes.setElementInstanceVariables, { params, body: inReason }));
    expect(told2).toBe('invalidVariables');
  });
});

describe('timers', () => {
  it('are found, redated and fired', async () => {
    const key = await begin('perbaiki');
    await taskOf(key, 'periksa');
    const filter = { processInstanceKey: key };
    const { items } = await supervisor(routes.searchTimers, { body: { filter } });
    expect(items).toMatchObject([{ elementId: 'batas', state: 'ACTIVE' }]);
    const params = { timerKey: items[0]?.timerKey ?? '' };
    const dueDate = '2031-02-03T04:05:06.000Z';
    const told = await supervisor(routes.updateTimer, { params, body: { dueDate, ...asked } });
    expect(told.lines).toMatchObject([{ kind: 'timerMoved', elementId: 'batas', detail: { dueDate } }]);
    await supervisor(routes.updateTimer, { params, body: { dueDate, ...why } });
    expect((await supervisor(routes.searchTimers, { body: { filter } })).items[0]?.dueDate).toBe(dueDate);
    expect(kindsOf(await supervisor(routes.triggerTimer, { params, body: asked }))).toEqual(
      expect.arrayContaining(['timerFired batas', 'taskWithdrawn periksa', 'caseCompleted -']),
    );
    await supervisor(routes.triggerTimer, { params, body: why });
    expect((await stateOf(key)).state).toBe('COMPLETED');
    expect(await problemOf(supervisor(routes.triggerTimer, { params, body: why }))).toBe('wrongState');
    const rows = await auditOf(key);
    expect(rows.map(({ action, entityKey }) => [action, entityKey])).toEqual([
      ['timer.trigger', params.timerKey],
      ['timer.update', params.timerKey],
    ]);
  });
});

describe('jobs and incidents', () => {
  it('a job is tried again although it has no attempts left', async () => {
    const { key, jobKey } = await broken();
    const params = { jobKey };
    expect(await problemOf(supervisor(routes.updateJob, { params, body: { changeset: { retries: 3 }, ...why } }))).toBe(
      'invalidRequest',
    );
    expect(kindsOf(await supervisor(routes.retryJob, { params, body: { retries: 2, ...asked } }))).toEqual([
      'incidentResolved kirim',
      'jobRetried kirim',
    ]);
    await supervisor(routes.retryJob, { params, body: { retries: 2, ...why } });
    expect(await jobOf(key)).toBe(jobKey);
    await supervisor(routes.updateJob, { params, body: { changeset: { retries: 7 }, ...why } });
    const { items } = await admin(routes.searchJobs, { body: { filter: { jobKey } } });
    expect(items).toMatchObject([{ state: 'CREATED', retries: 7 }]);
  });
  it('a job is skipped with what it would have brought', async () => {
    const { key, jobKey } = await broken();
    const body = { variables: { terkirim: true } };
    const told = kindsOf(await supervisor(routes.skipJob, { params: { jobKey }, body: { ...body, ...asked } }));
    expect(told).toEqual(expect.arrayContaining(['jobCompleted kirim', 'taskCreated sahkan']));
    await supervisor(routes.skipJob, { params: { jobKey }, body: { ...body, ...why } });
    await taskOf(key, 'sahkan');
    expect((await auditOf(key))[0]).toMatchObject({ action: 'job.skip', entityKey: jobKey, annotation: reason });
  });
  it('an incident is resolved with variables and new attempts', async () => {
    const { key, jobKey, incidentKey } = await broken();
    const body = { variables: { catatan: 'lengkap' }, retries: 4 };
    const params = { incidentKey };
    const told = await supervisor(routes.resolveIncident, { params, body: { ...body, ...asked } });
    expect(kindsOf(told)).toEqual(['variableSet -', 'incidentResolved kirim', 'jobRetried kirim']);
    await supervisor(routes.resolveIncident, { params, body: { ...body, ...why } });
    const { items } = await admin(routes.searchJobs, { body: { filter: { jobKey } } });
    expect(items[0]?.retries).toBe(4);
    expect((await auditOf(key))[0]).toMatchObject({ action: 'incident.resolve', before: { catatan: 'awal' } });
  });
  it('clients of Camunda give a record of their own instead of a reason, and it is kept', async () => {
    const { key, incidentKey } = await broken();
    await supervisor(routes.resolveIncident, { params: { incidentKey }, body: { operationReference: 42 } });
    expect((await auditOf(key))[0]?.annotation).toBe('operationReference 42');
  });
});

describe('the command line', () => {
  it('says what would happen, then does it with a reason', async () => {
    const key = await begin('perbaiki');
    const told = await alur('suspend', key, '--reason', reason, '--dry-run');
    expect(told.slice(1)).toEqual([`   ${key} caseSuspended`]);
    await alur('suspend', key, '--reason', reason);
    expect((await auditOf(key))[0]).toMatchObject({ action: 'case.suspend', annotation: reason });
  }, 60_000);
});

describe('the audit', () => {
  it('has one row for a command however often its facts are reported, and is found by person and action', async () => {
    const key = await begin('perbaiki');
    const body = { variables: { catatan: 'x' }, ...why };
    await supervisor(routes.setElementInstanceVariables, { params: { elementInstanceKey: key }, body });
    const { rows } = await http.stack.owner.query<{ count: number }>(
      "select count(*)::int as count from audit where target = $1 and action = 'case.setVariables'",
      [key],
    );
    expect(rows[0]?.count).toBe(1);
    const filter = { actorId: 'pengawas', action: 'case.setVariables', processInstanceKey: key };
    const { items } = await supervisor(routes.searchAuditLogs, { body: { filter } });
    expect(items).toHaveLength(1);
    const { auditLogKey = '' } = items[0] ?? {};
    expect(await supervisor(routes.getAuditLog, { params: { auditLogKey } })).toEqual(items[0]);
  });
});
