/** Who may compare the stores, and what is told of it. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { differenceKinds } from '#contract/verification.ts';
import { addDifferences, endVerification } from '#db/verification/store.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { administrator } from './sample-case.ts';

let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start();
}, 120_000);
afterAll(() => api.stop());

it('is for administrators of the whole country', async () => {
  const local = await api.token({ name: 'admin-desa', region: '32.15', roles: ['administrator'] });
  const { status } = await api.ask('post', '/v2/verifications', { token: local, body: {} });
  expect(status).toBe(403);
});

it('tells every kind of difference and its remedy, and repairs with a reason once it is over', async () => {
  const token = await api.token(administrator);
  const begun = await api.ask('post', '/v2/verifications', { token, body: { sample: 5 } });
  expect(begun.status).toBe(202);
  const key: string = begun.body.verificationKey;
  const repair = () =>
    api.ask('post', `/v2/verifications/${key}/repairs`, { token, body: { reason: 'sesudah pemulihan' } });
  expect((await repair()).status).toBe(409);
  const found = differenceKinds.map((kind) => ({ kind, instanceKey: null, detail: {}, repair: null }));
  await addDifferences(api.worker, key, found);
  await endVerification(api.worker, key, null);
  const one = await api.ask('get', `/v2/verifications/${key}`, { token });
  expect(one.body).toMatchObject({
    state: 'COMPLETED',
    differences: differenceKinds.length,
    createdBy: administrator.name,
  });
  const { body } = await api.ask('get', `/v2/verifications/${key}/differences`, { token });
  expect(body.items.map(({ kind }: { kind: string }) => kind)).toEqual(differenceKinds);
  expect(new Set(body.items.map(({ remedy }: { remedy: string }) => remedy.length > 10))).toEqual(new Set([true]));
  expect((await repair()).status).toBe(202);
  const { rows } = await api.owner.query(
    `select detail ->> 'reason' as reason from audit where action = 'verification.repair'`,
  );
  expect(rows).toEqual([{ reason: 'sesudah pemulihan' }]);
});
