/** A case from its publication to its end through HTTP only, on the real worker, Temporal and PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '#contract/client.ts';
import { routes } from '#contract/routes.ts';
import { eventually } from '../support/eventually.ts';
import { HttpStack, problemOf } from '../support/http-stack.ts';
import { filesBody } from './sample-case.ts';

const bpmn = `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:uji">
  <bpmn:message id="m" name="hasil"><bpmn:extensionElements><zeebe:subscription correlationKey="=nomor" /></bpmn:extensionElements></bpmn:message>
  <bpmn:process id="perjalanan" name="Perjalanan" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties>
      <zeebe:property name="alur.businessKey" value="=nomor" /><zeebe:property name="alur.region" value="=wilayah" />
    </zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="mulai"><bpmn:outgoing>a</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="periksa" name="Periksa">
      <bpmn:extensionElements><zeebe:userTask /><zeebe:assignmentDefinition candidateGroups="operator-desa" /></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:serviceTask id="kirim" name="Kirim">
      <bpmn:extensionElements><zeebe:taskDefinition type="luar.kirim" retries="2" />
        <zeebe:taskHeaders><zeebe:header key="arah" value="keluar" /></zeebe:taskHeaders></bpmn:extensionElements>
      <bpmn:incoming>b</bpmn:incoming><bpmn:outgoing>c</bpmn:outgoing>
    </bpmn:serviceTask>
    <bpmn:receiveTask id="tunggu" name="Tunggu hasil" messageRef="m"><bpmn:incoming>c</bpmn:incoming><bpmn:outgoing>e</bpmn:outgoing></bpmn:receiveTask>
    <bpmn:endEvent id="selesai" name="Selesai"><bpmn:incoming>e</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="a" sourceRef="mulai" targetRef="periksa" /><bpmn:sequenceFlow id="b" sourceRef="periksa" targetRef="kirim" />
    <bpmn:sequenceFlow id="c" sourceRef="kirim" targetRef="tunggu" /><bpmn:sequenceFlow id="e" sourceRef="tunggu" targetRef="selesai" />
  </bpmn:process>
</bpmn:definitions>`;
const region = '32.15.01.1001';

let http: HttpStack;
let admin: Client;
let ani: Client;
let system: Client;

beforeAll(async () => {
  http = await HttpStack.start();
  admin = await http.client({ name: 'admin', roles: ['administrator', 'supervisor'], region: '*' });
  ani = await http.client({ name: 'ani', roles: ['operator'], groups: ['operator-desa'], region });
  system = await http.client({ name: 'luar', roles: ['integration'], region: '32.15' });
  await admin(routes.createDeployment, {}, { rawBody: filesBody({ 'perjalanan.bpmn': bpmn }) });
}, 180_000);
afterAll(() => http.stop());

let count = 0;
async function newCase(): Promise<{ key: string; nomor: string; task: string }> {
  count += 1;
  const nomor = `U-${count}`;
  const { processInstanceKey: key } = await ani(routes.createProcessInstance, {
    body: { processDefinitionId: 'perjalanan', variables: { nomor, wilayah: region } },
  });
  // The answer came after the first facts: the task is there.
  const { items } = await ani(routes.searchUserTasks, {
    body: { filter: { processInstanceKey: key, state: 'CREATED' } },
  });
  return { key, nomor, task: items[0]?.userTaskKey ?? '' };
}
const activate = (most = 10) =>
  system(routes.activateJobs, {
    body: { type: 'luar.kirim', timeout: 60_000, maxJobsToActivate: most, worker: 'w', requestTimeout: 5_000 },
  });
describe('a case through HTTP', () => {
  it('runs from start to end, and everybody reads what he has just written', async () => {
    const { key, nomor, task } = await newCase();
    await ani(routes.assignUserTask, { params: { userTaskKey: task }, body: {} });
    expect((await ani(routes.getUserTask, { params: { userTaskKey: task } })).assignee).toBe('ani');
    await ani(routes.completeUserTask, { params: { userTaskKey: task }, body: { variables: { setuju: true } } });
    expect((await ani(routes.getUserTask, { params: { userTaskKey: task } })).state).toBe('COMPLETED');
    const { jobs } = await activate();
    const job = jobs.find(({ processInstanceKey }) => processInstanceKey === key);
    expect(job).toMatchObject({
      type: 'luar.kirim',
      retries: 2,
      customHeaders: { arah: 'keluar' },
      worker: 'w',
      elementId: 'kirim',
    });
    expect((await activate(1)).jobs.filter(({ jobKey }) => jobKey === job?.jobKey)).toEqual([]);
    await system(routes.completeJob, { params: { jobKey: job?.jobKey ?? '' }, body: { variables: { resi: 'R-1' } } });
    expect(await problemOf(system(routes.completeJob, { params: { jobKey: job?.jobKey ?? '' }, body: {} }))).toBe(
      'wrongState',
    );
    const waiting = await ani(routes.getCase, { params: { caseKey: key } });
    expect(waiting).toMatchObject({ positions: ['tunggu'], waitReason: { kind: 'message', name: 'Tunggu hasil' } });
    await system(routes.publishMessage, {
      body: { name: 'hasil', correlationKey: nomor, timeToLive: 60_000, variables: { hasil: 'TERIMA' } },
    });
    const ended = await eventually(async () => {
      const found = await ani(routes.getCase, { params: { caseKey: key } });
      return found.state === 'COMPLETED' && found;
    });
    expect(ended).toMatchObject({ endElements: ['selesai'], waitReason: null, businessKey: nomor });
    const { items } = await ani(routes.searchVariables, {
      body: { filter: { processInstanceKey: key }, sort: [{ field: 'name' }] },
    });
    expect(items.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'hasil="TERIMA"',
      `nomor="${nomor}"`,
      'resi="R-1"',
      'setuju=true',
      `wilayah="${region}"`,
    ]);
    const { items: lines } = await ani(routes.getCaseTimeline, { params: { caseKey: key } });
    expect(lines.map(({ kind }) => kind)).toEqual([
      'caseStarted',
      'userTaskCreated',
      'userTaskAssigned',
      'userTaskCompleted',
      'jobCompleted',
      'messageAwaited',
      'messageReceived',
      'caseCompleted',
    ]);
  });
  it('a job that fails is tried again, then raises an incident that a person resolves', async () => {
    const { key, task } = await newCase();
    await ani(routes.completeUserTask, { params: { userTaskKey: task }, body: {} });
    const take = () =>
      eventually(async () => (await activate()).jobs.find(({ processInstanceKey }) => processInstanceKey === key));
    const first = await take();
    await system(routes.failJob, {
      params: { jobKey: first.jobKey },
      body: { retries: 1, errorMessage: 'putus', retryBackOff: 10 },
    });
    const second = await take();
    expect(second.retries).toBe(1);
    await system(routes.failJob, {
      params: { jobKey: second.jobKey },
      body: { retries: 0, errorMessage: 'masih putus' },
    });
    const { items } = await admin(routes.searchIncidents, {
      body: { filter: { processInstanceKey: key, state: 'ACTIVE' } },
    });
    expect(items).toMatchObject([
      { errorType: 'JOB_NO_RETRIES', errorMessage: expect.stringContaining('masih putus') },
    ]);
    const incidentKey = items[0]?.incidentKey ?? '';
    await admin(routes.resolveIncident, { params: { incidentKey }, body: { retries: 3, reason: 'uji coba' } });
    expect((await admin(routes.getIncident, { params: { incidentKey } })).state).toBe('RESOLVED');
    expect(
      await problemOf(admin(routes.resolveIncident, { params: { incidentKey }, body: { reason: 'uji coba' } })),
    ).toBe('wrongState');
    const third = await take();
    await system(routes.completeJob, { params: { jobKey: third.jobKey }, body: {} });
  });
  it('three racing completions with one key are one; with three keys one wins', async () => {
    const { key, task } = await newCase();
    const complete = (idempotencyKey: string) =>
      problemOf(ani(routes.completeUserTask, { params: { userTaskKey: task }, body: {} }, { idempotencyKey }));
    const same = randomUUID();
    expect(
      (await Promise.all([complete(same), complete(same), complete(same)])).filter(
        (answer) => answer !== 'none' && answer !== 'requestInFlight',
      ),
    ).toEqual([]);
    const again = await newCase();
    const race = (idempotencyKey: string) =>
      problemOf(ani(routes.completeUserTask, { params: { userTaskKey: again.task }, body: {} }, { idempotencyKey }));
    expect((await Promise.all([race('a'), race('b'), race('c')])).sort()).toEqual(['none', 'wrongState', 'wrongState']);
    const { rows } = await http.stack.owner.query<{ count: number }>(
      "select count(*)::int as count from fact where instance_key = $1 and type = 'userTaskCompleted'",
      [key],
    );
    expect(rows[0]?.count).toBe(1);
  });
  it('is canceled with a reason; what has ended is refused', async () => {
    const { key, task } = await newCase();
    await admin(routes.cancelProcessInstance, {
      params: { processInstanceKey: key },
      body: { reason: 'salah daftar' },
    });
    expect((await ani(routes.getCase, { params: { caseKey: key } })).state).toBe('TERMINATED');
    expect(await problemOf(ani(routes.completeUserTask, { params: { userTaskKey: task }, body: {} }))).toBe(
      'wrongState',
    );
    expect(
      await problemOf(
        admin(routes.cancelProcessInstance, { params: { processInstanceKey: key }, body: { reason: 'lagi' } }),
      ),
    ).toBe('wrongState');
  });
  it('variables are corrected by a supervisor', async () => {
    const { key } = await newCase();
    await admin(routes.setElementInstanceVariables, {
      params: { elementInstanceKey: key },
      body: { variables: { catatan: 'dibetulkan' }, reason: 'salah tulis' },
    });
    const { items } = await admin(routes.searchVariables, {
      body: { filter: { processInstanceKey: key, name: 'catatan' } },
    });
    expect(items.map(({ value }) => value)).toEqual(['"dibetulkan"']);
  });
  it('a correlation that nobody waits for is told so', async () => {
    const { nomor } = await newCase();
    expect(await problemOf(system(routes.correlateMessage, { body: { name: 'hasil', correlationKey: nomor } }))).toBe(
      'notFound',
    );
    expect(
      await problemOf(system(routes.publishMessage, { body: { name: 'hasil', correlationKey: 'tidak-ada' } })),
    ).toBe('notFound');
  });
  it('an empty long poll waits and answers 200', async () => {
    const begin = Date.now();
    const { jobs } = await system(routes.activateJobs, {
      body: { type: 'tidak-ada', timeout: 1_000, maxJobsToActivate: 1, requestTimeout: 600 },
    });
    expect(jobs).toEqual([]);
    expect(Date.now() - begin).toBeGreaterThanOrEqual(550);
  });
});
