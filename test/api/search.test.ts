import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { likePattern } from '#db/queries/search.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { publishSample, writeSampleCase } from './sample-case.ts';
import type { SampleCase } from './sample-case.ts';

const region = '32.15.01.1001';
const supervisor = { name: 'dedi', region: '32.15', roles: ['supervisor'] } as const;
let api: ApiUnderTest;
let token: string;
const cases: SampleCase[] = [];
beforeAll(async () => {
  api = await ApiUnderTest.start();
  token = await api.token(supervisor);
  const definitionKey = await publishSample(api);
  for (let number = 0; number < 7; number++)
    cases.push(await writeSampleCase(api, { region, nik: '3215015505850001', definitionKey }));
  // Equal sort values and missing ones: the hard cases of paging.
  await api.owner.query(
    'update user_task set due_at = null where key in (select key from user_task order by key limit 3)',
  );
  await api.owner.query("update user_task set created_at = '2026-01-01T00:00:00Z'");
}, 120_000);
afterAll(() => api.stop());
const search = async (noun: string, body: object) =>
  (await api.ask('post', `/v2/${noun}/search`, { token, body })).body;
const keysOf = (page: { items: { userTaskKey: string }[] }): string[] =>
  page.items.map(({ userTaskKey }) => userTaskKey);

describe('pages', () => {
  it.each([
    [[{ field: 'dueDate', order: 'ASC' }]],
    [
      [
        { field: 'dueDate', order: 'DESC' },
        { field: 'name', order: 'asc' },
      ],
    ],
    [[{ field: 'creationDate', order: 'DESC' }]],
    [[]],
  ])('by %j: each item once, forwards and backwards', async (sort) => {
    const all = keysOf(await search('user-tasks', { sort }));
    expect(all.length).toBe(7);
    const forwards: string[] = [];
    let page = await search('user-tasks', { sort, page: { limit: 2 } });
    let last = page;
    while (page.items.length > 0) {
      forwards.push(...keysOf(page));
      last = page;
      page = await search('user-tasks', { sort, page: { limit: 2, after: page.page.endCursor } });
    }
    expect(forwards).toEqual(all);
    const backwards: string[] = keysOf(last);
    for (
      let before = await search('user-tasks', { sort, page: { limit: 2, before: last.page.startCursor } });
      before.items.length > 0;
    ) {
      backwards.unshift(...keysOf(before));
      before = await search('user-tasks', { sort, page: { limit: 2, before: before.page.startCursor } });
    }
    expect(backwards).toEqual(all);
  });
  it('count in full, and refuse a cursor of another order', async () => {
    const page = await search('user-tasks', { page: { limit: 1 } });
    expect(page.page).toMatchObject({ totalItems: 7, hasMoreTotalItems: false });
    const refused = await api.ask('post', '/v2/user-tasks/search', {
      token,
      body: { sort: [{ field: 'priority' }], page: { after: page.page.endCursor } },
    });
    expect([refused.status, refused.body.code]).toEqual([400, 'invalidRequest']);
    expect((await api.ask('post', '/v2/user-tasks/search', { token, body: { page: { after: 'xxx' } } })).status).toBe(
      400,
    );
  });
});

describe('filters', () => {
  const count = async (filter: object) => (await search('user-tasks', { filter })).page.totalItems;
  it('have all operators', async () => {
    const key = cases[0]?.businessKey ?? '';
    expect(await count({ businessKey: key })).toBe(1);
    expect(await count({ businessKey: { $neq: key } })).toBe(6);
    expect(await count({ businessKey: { $in: [key, 'x'] } })).toBe(1);
    expect(await count({ businessKey: { $notIn: [key] } })).toBe(6);
    expect(await count({ businessKey: { $like: `?${key.slice(1)}` } })).toBe(1);
    expect(await count({ businessKey: { $like: '?' } })).toBe(0);
    expect(await count({ businessKey: { $like: 'nomor*' } })).toBe(7);
    expect(await count({ assignee: { $exists: false } })).toBe(7);
    expect(await count({ dueDate: { $exists: false } })).toBe(3);
    expect(await count({ priority: { $gte: 50, $lt: 51 } })).toBe(7);
    expect(await count({ state: 'created' })).toBe(7);
    expect(await count({ candidateGroup: 'operator-desa' })).toBe(7);
    expect(await count({ candidateGroup: { $neq: 'operator-desa' } })).toBe(0);
    expect(await count({ region: '32.15' })).toBe(7);
    expect(await count({ region: '32.1' })).toBe(0);
    expect(await count({ overdue: true })).toBe(0);
    expect(await count({ creationDate: { $gt: '2025-12-31T23:59:59+07:00' } })).toBe(7);
  });
  it('never become SQL', async () => {
    const attack = "x'; drop table account; --";
    expect(await count({ businessKey: attack })).toBe(0);
    expect(await count({ candidateGroup: { $like: attack } })).toBe(0);
    expect((await api.ask('get', '/v2/session', { token })).status).toBe(200);
  });
  it('of instances: element, incident, who is waited for, end', async () => {
    const instances = async (filter: object) => (await search('process-instances', { filter })).page.totalItems;
    expect(await instances({ elementId: 'kirim' })).toBe(7);
    expect(await instances({ errorMessage: { $like: 'gangguan*' } })).toBe(7);
    expect(await instances({ hasIncident: true })).toBe(7);
    expect(await instances({ waitingFor: 'operator-desa' })).toBe(7);
    expect(await instances({ waitingFor: 'camat' })).toBe(0);
    expect(await instances({ endElement: 'selesai' })).toBe(0);
  });
  it('$like is what it says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const escaped = text.replaceAll(/[*?\\]/g, (sign) => `\\${sign}`);
        expect(likePattern(escaped).replaceAll(/\\(.)/gs, '$1')).toBe(text);
      }),
    );
  });
});

describe('a case', () => {
  it('waits for exactly one thing, the incident first', async () => {
    const { body } = await api.ask('get', `/v2/cases/${cases[0]?.instanceKey}`, { token });
    expect(body.waitReason).toMatchObject({
      kind: 'incident',
      elementId: 'kirim',
      detail: { incidentCode: 'IO_MAPPING_ERROR' },
    });
    expect(body.positions.sort()).toEqual(['kirim', 'periksa', 'tunggu']);
    await api.owner.query("update incident set state = 'RESOLVED' where instance_key = $1", [cases[0]?.instanceKey]);
    const after = await api.ask('get', `/v2/cases/${cases[0]?.instanceKey}`, { token });
    expect(after.body.waitReason).toMatchObject({
      kind: 'userTask',
      forWhom: { assignee: null, groups: ['operator-desa'] },
    });
    await api.owner.query("update user_task set state = 'CANCELED' where instance_key = $1", [cases[0]?.instanceKey]);
    const message = await api.ask('get', `/v2/cases/${cases[0]?.instanceKey}`, { token });
    expect(message.body.waitReason).toMatchObject({
      kind: 'message',
      elementId: 'tunggu',
      detail: { messageName: 'hasil' },
      until: expect.any(String),
    });
  });
  it('that waits for one it has called waits for what lies at the end of the calls', async () => {
    const [called, calling, first] = cases.slice(4).map(({ instanceKey }) => instanceKey);
    const waits = [
      'incident',
      'user_task',
      'message_subscription',
      'signal_subscription',
      'condition_watch',
      'job',
      'timer',
    ];
    for (const key of [calling, first])
      for (const table of waits) await api.owner.query(`delete from ${table} where instance_key = $1`, [key]);
    const call = (child: unknown, parent: unknown) =>
      api.owner.query(
        `update instance set parent_key = $2, parent_element_key = (select min(key) from element_instance where instance_key = $2 and element_id = 'tunggu')
          where key = $1`,
        [child, parent],
      );
    const reasonOf = async (key: string | undefined) =>
      (await api.ask('get', `/v2/cases/${key ?? ''}`, { token })).body.waitReason;
    await call(calling, first);
    expect(await reasonOf(first)).toMatchObject({ kind: 'child', detail: { childCaseKey: calling } });
    await call(called, calling);
    const told = {
      kind: 'incident',
      elementId: 'kirim',
      detail: { incidentCode: 'IO_MAPPING_ERROR', childCaseKey: called },
    };
    expect(await reasonOf(first)).toMatchObject(told);
    expect(await reasonOf(calling)).toMatchObject(told);
    // in the list as on its page
    const { items } = await search('process-instances', { filter: { processInstanceKey: first }, include: ['case'] });
    expect(items[0]?.case?.waitReason).toMatchObject(told);
  });
  it('is told as a timeline', async () => {
    const { body } = await api.ask('get', `/v2/cases/${cases[1]?.instanceKey}/timeline`, { token });
    expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual([
      'caseStarted',
      'userTaskCreated',
      'messageAwaited',
      'signalAwaited',
      'conditionAwaited',
      'timerSet',
      'incidentRaised',
      'decisionEvaluated',
      'interventionMade',
    ]);
    expect(body.next).toBeNull();
  });
});
