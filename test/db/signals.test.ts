/** Whom a broadcast reaches, decided by one statement (docs/adr/0010). */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { rebuild } from '#db/rebuild.ts';
import { recordFacts } from '#db/record-facts.ts';
import { inRegion } from '#db/region-scope.ts';
import { openBroadcast, pendingDeliveries } from '#db/signals.ts';
import type { Fact } from '#engine/fact.ts';
import { keyOfNumber, keyWithin } from '#engine/keys.ts';
import { startTestPostgres } from '../support/postgres.ts';

let stop: () => Promise<void>;
let worker: Pool;
let app: Pool;
beforeAll(async () => {
  const postgres = await startTestPostgres();
  stop = () => postgres.stop();
  worker = postgres.pool('alur_worker');
  app = postgres.pool('alur_app');
}, 120_000);
afterAll(() => stop());

let numbers = 0;
const newKey = (): string => keyOfNumber(BigInt((numbers += 1)));
const begun = (instanceKey: string, region: string): Fact => ({
  type: 'instanceStarted',
  instanceKey,
  processId: 'p',
  definitionKey: '1',
  version: 1,
  businessKey: null,
  region,
  parent: null,
});
const opened = (subscription: number, signalName: string, closesOnSignal = true): Fact => ({
  type: 'signalSubscriptionOpened',
  subscription,
  element: 1,
  elementId: 'c',
  signalName,
  closesOnSignal,
});
const thrown = (signal: number, signalName: string): Fact => ({
  type: 'signalBroadcast',
  signal,
  element: 1,
  signalName,
  variables: {},
});
const recordAt = (instanceKey: string, first: number, atMs: number, facts: readonly Fact[], region = '32.15') =>
  recordFacts(worker, {
    instanceKey,
    processId: 'p',
    definitionKey: '1',
    businessKey: null,
    region,
    facts: facts.map((fact, index) => ({ number: first + index, atMs, actor: 'system', commandKey: null, fact })),
  });
const record = (instanceKey: string, first: number, facts: readonly Fact[]) =>
  recordAt(instanceKey, first, 1_000, facts);
const reached = async (signalKey: string): Promise<string[]> =>
  (await pendingDeliveries(worker, signalKey, 100)).map(({ target }) => target).toSorted();

describe('a broadcast by a throw event', () => {
  it('reaches everybody else who waits for it; its own instance has it within the step', async () => {
    const [other, own] = [newKey(), newKey()];
    await record(other, 1, [begun(other, '32.15'), opened(2, 'a'), opened(3, 'b'), opened(4, 'a', false)]);
    await record(own, 1, [begun(own, '32.15'), opened(2, 'a'), opened(3, 'a', false)]);
    const signalKey = keyWithin(own, 6);
    await record(own, 4, [
      thrown(6, 'a'),
      { type: 'signalReceived', subscription: 2, signalKey },
      { type: 'signalReceived', subscription: 3, signalKey },
    ]);
    expect(await reached(signalKey)).toEqual([keyWithin(other, 2), keyWithin(other, 4)].toSorted());
  });

  it('reaches the same when it is recorded again, and nobody when the read model is rebuilt', async () => {
    const [other, own] = [newKey(), newKey()];
    await record(other, 1, [begun(other, '32.15'), opened(2, 'c')]);
    const facts = [begun(own, '32.15'), thrown(2, 'c')];
    await record(own, 1, facts);
    await record(own, 1, facts);
    expect(await reached(keyWithin(own, 2))).toEqual([keyWithin(other, 2)]);
    await worker.query('delete from signal_delivery where signal_key = $1', [keyWithin(own, 2)]);
    await rebuild(worker, own);
    expect(await reached(keyWithin(own, 2))).toEqual([]);
  });

  it('is taken back with facts that never happened', async () => {
    const [other, own] = [newKey(), newKey()];
    await record(other, 1, [begun(other, '32.15'), opened(2, 'd'), opened(3, 'e')]);
    await record(own, 1, [begun(own, '32.15'), thrown(2, 'd')]);
    await recordAt(own, 2, 2_000, [thrown(2, 'e')]);
    expect(await reached(keyWithin(own, 2))).toEqual([keyWithin(other, 3)]);
  });
});

describe('a broadcast from outside', () => {
  it('reaches the region of whoever sends it, once', async () => {
    const [near, far] = [newKey(), newKey()];
    await recordAt(near, 1, 1_000, [begun(near, '32.15.01'), opened(2, 'f')], '32.15.01');
    await recordAt(far, 1, 1_000, [begun(far, '33.01'), opened(2, 'f')], '33.01');
    const [regional, whole] = [newKey(), newKey()];
    const send = (region: string, signalKey: string) =>
      inRegion(app, region, (db) => openBroadcast(db, { signalKey, signalName: 'f', startsInstances: region === '*' }));
    await send('32.15', regional);
    await send('32.15', regional);
    expect(await reached(regional)).toEqual([keyWithin(near, 2)]);
    await send('*', whole);
    expect(await reached(whole)).toEqual([keyWithin(near, 2), keyWithin(far, 2)].toSorted());
  });
});
