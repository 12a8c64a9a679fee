import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Refusal } from '#api/refusal.ts';
import { instanceOf } from '#engine/keys.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { publishSample, writeSampleCase } from './sample-case.ts';

const region = '32.15.01.1001';
const ani = { name: 'ani', region, roles: ['operator'], groups: ['operator-desa'] } as const;
let api: ApiUnderTest;
let token: string;
let definitionKey: string;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  definitionKey = await publishSample(api);
  token = await api.token(ani);
}, 120_000);
afterAll(() => api.stop());
beforeEach(() => {
  api.temporal.answer = () => Promise.resolve(1);
});

const newTask = async (): Promise<string> =>
  (await writeSampleCase(api, { region, nik: '3215015505850001', definitionKey })).userTaskKey;
const complete = (task: string, key: string, variables: object = {}) =>
  api.ask('post', `/v2/user-tasks/${task}/completion`, {
    token,
    body: { variables },
    headers: { 'Idempotency-Key': key },
  });

describe('Idempotency-Key', () => {
  it('repeats the first answer without doing it again', async () => {
    const [task, key] = [await newTask(), randomUUID()];
    const before = api.temporal.commands.length;
    expect((await complete(task, key)).status).toBe(204);
    const again = await complete(task, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([204, 'true']);
    expect(api.temporal.commands.length).toBe(before + 1);
    expect(api.temporal.commands.at(-1)?.key).toBe(`ani/${key}`);
  });
  it('takes facts for done only when the workflow has them for good', async () => {
    const [task, key] = [await newTask(), randomUUID()];
    await api.owner.query('update fact set command_key = $1 where instance_key = $2', [`ani/${key}`, instanceOf(task)]);
    const before = api.temporal.commands.length;
    api.temporal.neverSettles = true;
    const unsure = await complete(task, key);
    expect([unsure.status, unsure.headers.get('retry-after')]).toEqual([503, '1']);
    api.temporal.neverSettles = false;
    expect((await complete(task, key)).status).toBe(204);
    expect(api.temporal.commands.length).toBe(before);
  });
  it('refuses another request under the same key', async () => {
    const [task, key] = [await newTask(), randomUUID()];
    await complete(task, key);
    const other = await complete(task, key, { a: 1 });
    expect([other.status, other.body.code]).toEqual([422, 'idempotencyKeyReused']);
  });
  it('says so while the first is in flight, and gives its answer afterwards', async () => {
    const [task, key] = [await newTask(), randomUUID()];
    let release: (number: number) => void = () => undefined;
    api.temporal.answer = () => new Promise((resolve) => (release = resolve));
    const first = complete(task, key);
    while (api.temporal.commands.at(-1)?.key !== `ani/${key}`) await new Promise((resolve) => setTimeout(resolve, 10));
    const second = await complete(task, key);
    expect([second.status, second.body.code, second.headers.get('retry-after')]).toEqual([409, 'requestInFlight', '1']);
    release(1);
    expect((await first).status).toBe(204);
    expect((await complete(task, key)).status).toBe(204);
  });
  it('leaves the key free after a refusal', async () => {
    const [task, key] = [await newTask(), randomUUID()];
    api.temporal.answer = () => Promise.reject(new Refusal('wrongState', 'caseEnded'));
    expect((await complete(task, key)).status).toBe(409);
    api.temporal.answer = () => Promise.resolve(1);
    expect((await complete(task, key)).status).toBe(204);
  });
  it('lets the same request be repeated at once when nobody knows whether it happened', async () => {
    const [task, key] = [await newTask(), randomUUID()];
    api.temporal.answer = () => Promise.reject(new Refusal('unavailable', 'tryLater', { retryAfterSeconds: 2 }));
    const lost = await complete(task, key);
    expect([lost.status, lost.headers.get('retry-after')]).toEqual([503, '2']);
    expect((await complete(task, key, { a: 1 })).status).toBe(422);
    api.temporal.answer = () => Promise.resolve(1);
    expect((await complete(task, key)).status).toBe(204);
  });
  it('answers as done what has taken effect although its answer was lost', async () => {
    const [task, key] = [await newTask(), randomUUID()];
    // The facts of the first try are in the read model, its answer is not stored: the API died in between.
    const { rows } = await api.owner.query<{ instance_key: string; number: number }>(
      'select instance_key, max(number) as number from fact group by instance_key order by instance_key desc limit 1',
    );
    await api.owner.query(
      `insert into fact (instance_key, number, at, actor, command_key, type, body) values ($1, $2, now(), 'ani', $3, 'userTaskCompleted', '{}')`,
      [rows[0]?.instance_key, (rows[0]?.number ?? 0) + 1, `ani/${key}`],
    );
    await api.owner.query("update user_task set state = 'COMPLETED', completed_by = 'ani' where key = $1", [task]);
    const before = api.temporal.commands.length;
    expect((await complete(task, key)).status).toBe(204);
    expect(api.temporal.commands.length).toBe(before);
  });
  it('starts one instance however often the start is repeated', async () => {
    const key = randomUUID();
    const start = () =>
      api.ask('post', '/v2/process-instances', {
        token,
        body: { processDefinitionId: 'contoh', variables: { wilayah: region } },
        headers: { 'Idempotency-Key': key },
      });
    const first = await start();
    expect(first.status).toBe(200);
    expect((await start()).body.processInstanceKey).toBe(first.body.processInstanceKey);
    // As if the process had died before it stored the answer: the key of the instance is remembered.
    await api.owner.query(
      `update idempotency set status = null, created_at = '-infinity', body = jsonb_build_object('definitionKey', $2::text, 'instanceKey', $3::text, 'variables', '{}'::jsonb, 'region', $4::text) where key = $1`,
      [key, definitionKey, first.body.processInstanceKey, region],
    );
    expect((await start()).body.processInstanceKey).toBe(first.body.processInstanceKey);
  });
});
