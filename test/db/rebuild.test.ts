/** The read model equals what its facts come to, can be compared with it, and replaced by it while cases go on. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { compareRows, rebuild } from '#db/rebuild.ts';
import { recordFacts } from '#db/record-facts.ts';
import type { Fact } from '#engine/fact.ts';
import { keyOfNumber, keyWithin } from '#engine/keys.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let pool: Pool;
let instances = 0n;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
}, 120_000);
afterAll(() => postgres.stop());

const region = '32.15';
const newKey = (): string => keyOfNumber(900n + (instances += 1n));
const record = (instanceKey: string, from: number, facts: readonly Fact[]): Promise<unknown> =>
  recordFacts(pool, {
    instanceKey,
    processId: 'p',
    definitionKey: '1048576',
    businessKey: null,
    region,
    facts: facts.map((fact, index) => ({
      number: from + index,
      atMs: from * 1_000,
      actor: 'ani',
      commandKey: null,
      fact,
    })),
  });
const begin = (instanceKey: string): Promise<unknown> =>
  record(instanceKey, 1, [
    {
      type: 'instanceStarted',
      instanceKey,
      processId: 'p',
      definitionKey: '1048576',
      version: 1,
      businessKey: null,
      region,
      parent: null,
    },
    { type: 'variablesSet', scope: 0, variables: { jumlah: 0, kosong: null } },
    {
      type: 'elementActivated',
      element: 1,
      elementId: 'e',
      elementType: 'serviceTask',
      name: 'E',
      scope: 0,
      loopCounter: null,
    },
    {
      type: 'jobCreated',
      job: 2,
      element: 1,
      elementId: 'e',
      jobType: 't',
      retries: 3,
      headers: {},
      purpose: { kind: 'element' },
    },
  ]);
/** One step more: three facts. */
const step = (instanceKey: string, number: number): Promise<unknown> =>
  record(instanceKey, number, [
    { type: 'variablesSet', scope: 0, variables: { jumlah: number, [`v${number}`]: number } },
    { type: 'jobFailed', job: 2, retries: number, message: `ke-${number}`, retryAtMs: number },
    { type: 'jobRetried', job: 2, retries: number + 1 },
  ]);

describe('the read model and its facts', () => {
  it('agree while nobody interferes', async () => {
    const keys = [newKey(), newKey()];
    for (const key of keys) {
      await begin(key);
      await step(key, 5);
    }
    expect(await compareRows(pool, keys)).toEqual([]);
  });

  it('differ by name of row and column when somebody does, and agree again after a rebuild', async () => {
    const key = newKey();
    await begin(key);
    await step(key, 5);
    const owner = postgres.pool(null, 1);
    await owner.query('update job set retries = 99 where instance_key = $1', [key]);
    await owner.query('delete from element_instance where instance_key = $1', [key]);
    await owner.query("insert into variable values ($1, $1, 'asing', '1')", [key]);
    const found = await compareRows(pool, [key]);
    expect(found).toEqual([
      { instanceKey: key, table: 'element_instance', row: { key: keyWithin(key, 1) }, kind: 'missing', columns: [] },
      {
        instanceKey: key,
        table: 'variable',
        row: { instance_key: key, scope_key: key, name: 'asing' },
        kind: 'extra',
        columns: [],
      },
      { instanceKey: key, table: 'job', row: { key: keyWithin(key, 2) }, kind: 'differs', columns: ['retries'] },
    ]);
    await rebuild(pool, key);
    expect(await compareRows(pool, [key])).toEqual([]);
  });

  it('is rebuilt while its case goes on, and loses no step', async () => {
    const key = newKey();
    await begin(key);
    let goesOn = true;
    const rebuilding = (async () => {
      for (let count = 0; ; count += 1) {
        await rebuild(pool, key);
        if (!goesOn) return count;
      }
    })();
    for (let number = 5; number < 5 + 3 * 100; number += 3) await step(key, number);
    goesOn = false;
    expect(await rebuilding).toBeGreaterThan(3);
    const { rows } = await pool.query<{ last_fact: number }>('select last_fact from instance where key = $1', [key]);
    expect(rows).toEqual([{ last_fact: 304 }]);
    expect(await compareRows(pool, [key])).toEqual([]);
  });

  it('is made again when all of it was lost', async () => {
    const key = newKey();
    await begin(key);
    await step(key, 5);
    await pool.query('delete from instance where key = $1', [key]);
    await pool.query('delete from variable where instance_key = $1', [key]);
    expect(await compareRows(pool, [key])).toHaveLength(4);
    await rebuild(pool, key);
    expect(await compareRows(pool, [key])).toEqual([]);
  });
});
