/** Which version starts, and when: latest by declaration, versions and job types on hold, schedules, unique business keys, deletion. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordFacts } from '#db/record-facts.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { administrator, filesBody } from './sample-case.ts';

let api: ApiUnderTest;
let token: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(administrator);
}, 120_000);
afterAll(() => api.stop());

const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
  api.ask('post', path, { token, body, headers });

interface Parts {
  readonly properties?: Readonly<Record<string, string>>;
  readonly start?: string;
  readonly name?: string;
}
/** A process with a start event and a user task. */
const bpmnOf = (
  processId: string,
  { properties = {}, start = '', name = 'Uji' }: Parts = {},
): string => `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="urn:uji">
  <bpmn:process id="${processId}" name="${name}" isExecutable="true">
    <bpmn:extensionElements><zeebe:properties>${Object.entries(properties)
      .map(([key, value]) => `<zeebe:property name="${key}" value="${value}" />`)
      .join('')}</zeebe:properties></bpmn:extensionElements>
    <bpmn:startEvent id="mulai"><bpmn:outgoing>a</bpmn:outgoing>${start}</bpmn:startEvent>
    <bpmn:sequenceFlow id="a" sourceRef="mulai" targetRef="t" />
    <bpmn:userTask id="t"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>
      <bpmn:incoming>a</bpmn:incoming><bpmn:outgoing>b</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="b" sourceRef="t" targetRef="z" />
    <bpmn:endEvent id="z"><bpmn:incoming>b</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
</bpmn:definitions>`;
async function publish(processId: string, parts: Parts = {}): Promise<string> {
  const answer = await api.ask('post', '/v2/deployments', {
    token,
    rawBody: filesBody({ [`${processId}.bpmn`]: bpmnOf(processId, parts) }),
  });
  expect([answer.status, answer.text]).toEqual([200, answer.text]);
  return answer.body.deployments[0].processDefinition.processDefinitionKey;
}
const start = (processDefinitionId: string, more: object = {}) =>
  post('/v2/process-instances', { processDefinitionId, ...more });
async function audited(action: string): Promise<{ target: string; detail: Record<string, unknown> }[]> {
  const { rows } = await api.owner.query('select target, detail from audit where action = $1 order by number', [
    action,
  ]);
  return rows;
}
async function end(processId: string, instanceKey: string, definitionKey: string): Promise<void> {
  const fact = { type: 'instanceCompleted', endElements: ['z'] } as const;
  const facts = [{ number: 2, atMs: Date.now(), actor: 'system', commandKey: null, fact }];
  await recordFacts(api.worker, { instanceKey, processId, definitionKey, businessKey: null, region: '*', facts });
}

describe('the version that new instances take', () => {
  it('is the one an administrator declares, until another is published', async () => {
    const first = await publish('terkini');
    const second = await publish('terkini', { name: 'Kedua' });
    expect((await start('terkini')).body.processDefinitionKey).toBe(second);
    const declared = await post(`/v2/process-definitions/${first}/latest`, { reason: 'versi 2 salah' });
    expect(declared.status).toBe(204);
    expect((await start('terkini')).body.processDefinitionKey).toBe(first);
    const found = await post('/v2/process-definitions/search', {
      filter: { processDefinitionId: 'terkini' },
      include: ['lifecycle'],
    });
    const latest = found.body.items.map(
      (item: { processDefinitionKey: string; lifecycle: { isLatestVersion: boolean } }) => [
        item.processDefinitionKey,
        item.lifecycle.isLatestVersion,
      ],
    );
    expect(Object.fromEntries(latest)).toEqual({ [first]: true, [second]: false });
    expect((await post(`/v2/process-definitions/${first}/latest`, { reason: 'lagi' })).body.code).toBe('wrongState');
    const third = await publish('terkini', { name: 'Ketiga' });
    expect((await start('terkini')).body.processDefinitionKey).toBe(third);
    expect(await audited('definition.declareLatest')).toMatchObject([
      { target: first, detail: { version: 1, before: second, reason: 'versi 2 salah' } },
    ]);
  });

  it('starts nothing while it is on hold, and says why', async () => {
    const key = await publish('ditahan');
    expect((await post(`/v2/process-definitions/${key}/suspension`, {})).status).toBe(400);
    expect((await post(`/v2/process-definitions/${key}/suspension`, { reason: 'aturan berubah' })).status).toBe(204);
    const refused = await start('ditahan');
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('aturan berubah')]);
    expect((await start('ditahan', { processDefinitionVersion: 1 })).status).toBe(409);
    expect((await post(`/v2/process-definitions/${key}/suspension`, { reason: 'lagi' })).status).toBe(409);
    expect((await post(`/v2/process-definitions/${key}/resumption`, { reason: 'selesai' })).status).toBe(204);
    expect((await start('ditahan')).status).toBe(200);
    expect((await audited('definition.suspend')).length + (await audited('definition.resume')).length).toBe(2);
  });

  it('is deleted only when nothing runs on it', async () => {
    const key = await publish('dihapus');
    const { processInstanceKey } = (await start('dihapus')).body;
    const refused = await post(`/v2/resources/${key}/deletion`, {});
    expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining('1 kasus')]);
    await end('dihapus', processInstanceKey, key);
    expect((await post(`/v2/resources/${key}/deletion`, { reason: 'tidak dipakai' })).status).toBe(200);
    expect((await start('dihapus')).status).toBe(404);
    expect((await audited('definition.delete')).at(-1)?.detail).toMatchObject({ reason: 'tidak dipakai', version: 1 });
  });
});

describe('a process whose business keys are unique', () => {
  const properties = { 'alur.uniqueBusinessKey': 'true', 'alur.businessKey': '=nomor' };
  it('has one active instance per key, however many start at once', async () => {
    const key = await publish('unik', { properties });
    const answers = await Promise.all(Array.from({ length: 10 }, () => start('unik', { variables: { nomor: 'A-1' } })));
    const started = answers.filter(({ status }) => status === 200);
    expect([started.length, answers.filter(({ status }) => status === 409).length]).toEqual([1, 9]);
    const refused = await start('unik', { businessId: 'A-1' });
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([
      409,
      'alreadyExists',
      expect.stringContaining('A-1'),
    ]);
    expect((await start('unik', { businessId: 'A-2' })).status).toBe(200);
    await end('unik', started[0]?.body.processInstanceKey, key);
    expect((await start('unik', { businessId: 'A-1' })).status).toBe(200);
  });

  it('a request that is repeated is no other start', async () => {
    await publish('unik-ulang', { properties });
    const once = () =>
      post(
        '/v2/process-instances',
        { processDefinitionId: 'unik-ulang', businessId: 'B' },
        { 'Idempotency-Key': 'ulang' },
      );
    expect([(await once()).status, (await once()).status]).toEqual([200, 200]);
  });

  it('a key whose start never came about is free again once that is certain', async () => {
    await publish('unik-mati', { properties });
    const hold = (key: string, age: string) =>
      api.owner.query(
        "insert into business_key_lock (process_id, business_key, instance_key, taken_at) values ('unik-mati', $1, 77, now() - $2::interval)",
        [key, age],
      );
    await hold('C-1', '5 seconds');
    await hold('C-2', '10 minutes');
    api.temporal.neverStarted = false;
    expect((await start('unik-mati', { businessId: 'C-2' })).status).toBe(409);
    api.temporal.neverStarted = true;
    expect((await start('unik-mati', { businessId: 'C-1' })).status).toBe(409);
    expect((await start('unik-mati', { businessId: 'C-2' })).status).toBe(200);
  });

  it('says so in a way that cannot be misread', async () => {
    const answer = await api.ask('post', '/v2/deployments', {
      token,
      rawBody: filesBody({ 'x.bpmn': bpmnOf('x', { properties: { 'alur.uniqueBusinessKey': 'ya' } }) }),
    });
    expect([answer.status, answer.body.admission[0].rule]).toEqual([422, 'PROPERTY_VALUE']);
  });
});

describe('schedules of timer starts', () => {
  const timer = (cycle: string): string =>
    `<bpmn:timerEventDefinition><bpmn:timeCycle xsi:type="bpmn:tFormalExpression">${cycle}</bpmn:timeCycle></bpmn:timerEventDefinition>`;
  const search = async (processDefinitionId: string) =>
    (await post('/v2/start-schedules/search', { filter: { processDefinitionId } })).body.items[0];

  it('are listed with what comes next, on the clocks of their zone', async () => {
    await publish('jadwal', { start: timer('TZ=Asia/Makassar 0 0 8 * * MON-FRI') });
    const schedule = await search('jadwal');
    expect(schedule).toMatchObject({
      state: 'RUNNING',
      kind: 'cycle',
      expression: 'TZ=Asia/Makassar 0 0 8 * * MON-FRI',
    });
    const { body } = await api.ask('get', `/v2/start-schedules/${schedule.startScheduleKey}/times?count=3`, { token });
    expect(body.zone).toBe('Asia/Makassar');
    expect(body.times.map(({ local }: { local: string }) => local.slice(10))).toEqual(Array(3).fill('T08:00:00+08:00'));
    expect(body.times[0].time).toBe(schedule.nextTime);
  });

  it('can be tried before they are drawn', async () => {
    const preview = (body: object) => post('/v2/start-schedules/preview', body);
    const daily = await preview({ value: 'R3/PT12H', from: '2026-11-30T00:00:00Z', zone: 'Asia/Jayapura' });
    expect(daily.body.times.map(({ local }: { local: string }) => local)).toEqual([
      '2026-11-30T21:00:00+09:00',
      '2026-12-01T09:00:00+09:00',
      '2026-12-01T21:00:00+09:00',
    ]);
    expect((await preview({ value: '0 0 8 * *' })).body.errors[0].field).toBe('value');
    expect((await preview({ value: 'R/PT1H', zone: 'Asia/Nowhere' })).body.errors[0].field).toBe('zone');
  });

  it('are paused with a reason, and make up for what was left out as wished', async () => {
    await publish('jeda', { start: timer('R/PT1H') });
    const { startScheduleKey: key } = await search('jeda');
    expect((await post(`/v2/start-schedules/${key}/pause`, { reason: 'libur' })).status).toBe(204);
    expect((await post(`/v2/start-schedules/${key}/pause`, { reason: 'libur' })).status).toBe(409);
    expect(await search('jeda')).toMatchObject({ state: 'PAUSED', pausedReason: 'libur', pausedBy: 'admin' });
    // Three and a half hours ago.
    await api.owner.query(
      "update start_schedule set paused_at = now() - interval '3.5 hours', first_due_at = now() - interval '10 hours' where key = $1",
      [key],
    );
    const resumed = await post(
      `/v2/start-schedules/${key}/resumption`,
      { reason: 'kembali', catchUp: 'latest' },
      { 'Idempotency-Key': 'lanjut' },
    );
    expect(resumed.body).toEqual({ missed: 4, started: 1 });
    expect(api.temporal.backfills.at(-1)?.dueMs.length).toBe(1);
    expect((await search('jeda')).state).toBe('RUNNING');
    const backfilled = await post(`/v2/start-schedules/${key}/backfill`, {
      reason: 'server mati',
      from: new Date(Date.now() - 5.5 * 3_600_000).toISOString(),
      to: new Date(Date.now() + 3_600_000).toISOString(),
      overlap: 'skip',
    });
    expect([backfilled.status, backfilled.body]).toEqual([202, { missed: 6, started: 6 }]);
    expect(api.temporal.backfills.at(-1)).toMatchObject({ processId: 'jeda', startElement: 'mulai', overlap: 'skip' });
    const tooMany = await post(`/v2/start-schedules/${key}/backfill`, {
      reason: 'x',
      from: '2020-01-01T00:00:00Z',
      to: '2026-01-01T00:00:00Z',
    });
    expect([200, 202, 413]).toContain(tooMany.status);
    for (const action of ['schedule.pause', 'schedule.resume', 'schedule.backfill'])
      expect((await audited(action)).map(({ target }) => target)).toContain(key);
  });

  it('stay paused in the next version, and follow the version that is declared', async () => {
    const first = await publish('ikut', { start: timer('R/PT1H') });
    const { startScheduleKey } = await search('ikut');
    await post(`/v2/start-schedules/${startScheduleKey}/pause`, { reason: 'tunggu' });
    const second = await publish('ikut', { start: timer('R/PT2H') });
    expect(await search('ikut')).toMatchObject({
      processDefinitionKey: second,
      state: 'PAUSED',
      pausedReason: 'tunggu',
    });
    const timersOf = (key: string) => [...api.temporal.timers].filter((id) => id.startsWith(`timer/${key}/`)).length;
    expect([timersOf(first), timersOf(second)]).toEqual([0, 1]);
    await post(`/v2/process-definitions/${first}/latest`, { reason: 'kembali' });
    expect([timersOf(first), timersOf(second)]).toEqual([1, 0]);
    expect((await search('ikut')).processDefinitionKey).toBe(first);
  });
});

describe('a job type on hold', () => {
  it('is given to nobody until it is resumed', async () => {
    const activate = () =>
      post('/v2/jobs/activation', { type: 'luar.tahan', timeout: 1_000, maxJobsToActivate: 5, requestTimeout: -1 });
    expect((await post('/v2/job-types/luar.tahan/suspension', { reason: 'sistem luar mati' })).status).toBe(204);
    expect((await post('/v2/job-types/luar.tahan/suspension', { reason: 'lagi' })).status).toBe(409);
    const { body } = await api.ask('get', '/v2/job-types', { token });
    expect(body.items).toContainEqual(
      expect.objectContaining({ type: 'luar.tahan', suspendedReason: 'sistem luar mati' }),
    );
    expect((await activate()).body.jobs).toEqual([]);
    expect((await post('/v2/job-types/luar.tahan/resumption', { reason: 'hidup lagi' })).status).toBe(204);
    expect(api.temporal.releasedJobs).toEqual(['luar.tahan']);
    expect((await audited('jobType.resume'))[0]?.detail).toEqual({ reason: 'hidup lagi' });
  });
});
