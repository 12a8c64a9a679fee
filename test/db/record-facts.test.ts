import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import type { Fact } from '#engine/fact.ts';
import { keyOfNumber, keyWithin } from '#engine/keys.ts';
import { projectedTables } from '#db/projections/all.ts';
import { rebuild } from '#db/rebuild.ts';
import { recordFacts } from '#db/record-facts.ts';
import type { FactBatch } from '#db/record-facts.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

let postgres: TestPostgres;
let pool: Pool;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
}, 120_000);
afterAll(() => postgres.stop());

let instances = 0n;
const newInstance = () => keyOfNumber((instances += 1n));

function batch(instanceKey: string, first: number, atMs: number, facts: readonly Fact[]): FactBatch {
  return {
    instanceKey,
    processId: 'p',
    definitionKey: '1048576',
    businessKey: 'B-1',
    region: '32.15',
    facts: facts.map((fact, index) => ({ number: first + index, atMs, actor: 'ani', commandKey: 'k', fact })),
  };
}
const started = (instanceKey: string): Fact => ({
  type: 'instanceStarted',
  instanceKey,
  processId: 'p',
  definitionKey: '1048576',
  version: 1,
  businessKey: 'B-1',
  region: '32.15',
  parent: null,
});
const activated = (element: number): Fact => ({
  type: 'elementActivated',
  element,
  elementId: `e${element}`,
  elementType: 'userTask',
  name: 'Periksa',
  scope: 0,
  loopCounter: null,
});
const completed = (element: number): Fact => ({
  type: 'elementCompleted',
  element,
  elementId: `e${element}`,
  elementType: 'userTask',
});
const task = (seq: number): Fact => ({
  type: 'userTaskCreated',
  task: seq,
  elementId: `e${seq}`,
  name: 'Periksa',
  formId: null,
  assignee: null,
  candidateGroups: ['operator-desa'],
  candidateUsers: [],
  dueMs: 1_800_000_000_000,
  followUpMs: null,
  priority: 50,
  headers: { a: 'b' },
  properties: {},
  excludedUsers: ['budi'],
});

/** All rows of an instance, as comparable text. */
async function rowsOf(instanceKey: string): Promise<string> {
  const tables = await Promise.all(
    [...projectedTables, 'fact'].map(async (table) => {
      const { rows } = await pool.query<{ row: string }>(
        `select t::text as row from ${table} t where instance_key = $1 order by 1`,
        [instanceKey],
      );
      return [table, ...rows.map(({ row }) => row)].join('\n');
    }),
  );
  const { rows } = await pool.query<{ row: string }>('select t::text as row from instance t where key = $1', [
    instanceKey,
  ]);
  return [...rows.map(({ row }) => row), ...tables].join('\n');
}

describe('recording facts', () => {
  it('projects a batch and later changes of its rows', async () => {
    const key = newInstance();
    await recordFacts(
      pool,
      batch(key, 1, 1_000, [
        started(key),
        activated(1),
        task(1),
        { type: 'variablesSet', scope: 0, variables: { a: null, b: [1] } },
      ]),
    );
    await recordFacts(pool, batch(key, 5, 2_000, [{ type: 'userTaskAssigned', task: 1, assignee: 'ani' }]));
    await recordFacts(
      pool,
      batch(key, 6, 3_000, [
        { type: 'userTaskCompleted', task: 1, elementId: 'e1', by: 'ani' },
        completed(1),
        activated(2),
        completed(2),
        { type: 'instanceCompleted', endElements: ['e2'] },
      ]),
    );
    const instance = await pool.query('select state, last_fact, end_elements, region from instance where key = $1', [
      key,
    ]);
    expect(instance.rows).toEqual([{ state: 'COMPLETED', last_fact: 10, end_elements: ['e2'], region: '32.15' }]);
    const tasks = await pool.query(
      'select key, state, assignee, completed_by, candidate_groups, excluded_users, headers from user_task where instance_key = $1',
      [key],
    );
    expect(tasks.rows).toEqual([
      {
        key: keyWithin(key, 1),
        state: 'COMPLETED',
        assignee: 'ani',
        completed_by: 'ani',
        candidate_groups: ['operator-desa'],
        excluded_users: ['budi'],
        headers: { a: 'b' },
      },
    ]);
    const variables = await pool.query('select name, value from variable where instance_key = $1 order by name', [key]);
    expect(variables.rows).toEqual([
      { name: 'a', value: null },
      { name: 'b', value: [1] },
    ]);
    const elements = await pool.query(
      'select element_id, state from element_instance where instance_key = $1 order by key',
      [key],
    );
    expect(elements.rows).toEqual([
      { element_id: 'e1', state: 'COMPLETED' },
      { element_id: 'e2', state: 'COMPLETED' },
    ]);
  });

  it('changes nothing when a batch is repeated, whole or with more behind it', async () => {
    const key = newInstance();
    const first = [started(key), activated(1), task(1)];
    await recordFacts(pool, batch(key, 1, 1_000, first));
    const before = await rowsOf(key);
    await recordFacts(pool, batch(key, 1, 1_000, first));
    expect(await rowsOf(key)).toBe(before);
    await recordFacts(pool, batch(key, 1, 1_000, [...first, { type: 'userTaskAssigned', task: 1, assignee: 'ani' }]));
    const tasks = await pool.query('select assignee from user_task where instance_key = $1', [key]);
    expect(tasks.rows).toEqual([{ assignee: 'ani' }]);
  });

  it('follows the later attempt of a workflow task, whichever arrives last', async () => {
    const key = newInstance();
    const lost = [
      started(key),
      activated(1),
      task(1),
      { type: 'userTaskAssigned', task: 1, assignee: 'ani' } as const,
      activated(9),
    ];
    const kept = [
      started(key),
      activated(1),
      task(1),
      { type: 'userTaskAssigned', task: 1, assignee: 'budi' } as const,
    ];
    await recordFacts(pool, batch(key, 1, 1_000, lost));
    await recordFacts(pool, batch(key, 1, 2_000, kept));
    const after = await rowsOf(key);
    expect(after).toContain('budi');
    expect(after).not.toContain('e9');
    await recordFacts(pool, batch(key, 1, 1_000, lost));
    expect(await rowsOf(key)).toBe(after);
    await recordFacts(pool, batch(key, 5, 3_000, [completed(1)]));
    const instance = await pool.query('select last_fact from instance where key = $1', [key]);
    expect(instance.rows).toEqual([{ last_fact: 5 }]);
  });

  it('has the times of the attempt that counts, also when both did the same', async () => {
    const key = newInstance();
    const facts = [started(key), activated(1), task(1)];
    const times = async () => {
      const { rows } = await pool.query(
        `select distinct (extract(epoch from at) * 1000)::integer as ms from (
           select at from fact where instance_key = $1 union all select created_at from user_task where instance_key = $1) t`,
        [key],
      );
      return rows.map(({ ms }) => ms);
    };
    await recordFacts(pool, batch(key, 1, 1_000, facts));
    expect(await recordFacts(pool, batch(key, 1, 1_500, facts))).toBe('recorded');
    expect(await times()).toEqual([1_500]);
    // the first, late: it is told to look again once its task is in history
    expect(await recordFacts(pool, batch(key, 1, 1_000, facts))).toBe('outdated');
    expect(await times()).toEqual([1_500]);
    // after a restore the stored facts stay, whatever their times
    const keepsStored = { isOver: () => Promise.resolve(false), keepsStored: true };
    expect(await recordFacts(pool, batch(key, 1, 2_000, facts), keepsStored)).toBe('recorded');
    expect(await times()).toEqual([1_500]);
  });

  it('leaves everything as it is when Temporal has gone on without the attempt', async () => {
    const key = newInstance();
    const kept = [started(key), activated(1)];
    await recordFacts(pool, batch(key, 1, 1_000, kept));
    const after = await rowsOf(key);
    const isOver = () => Promise.resolve(true);
    // A lost attempt that was begun later than the one that counts.
    const lost = batch(key, 1, 2_000, [started(key), activated(9)]);
    expect(await recordFacts(pool, lost, { isOver })).toBe('outdated');
    expect(await recordFacts(pool, batch(key, 1, 2_000, [...kept, activated(9)]), { isOver })).toBe('outdated');
    expect(await rowsOf(key)).toBe(after);
    // Facts that are in history count whatever is stored.
    expect(
      await recordFacts(
        pool,
        { ...lost, facts: lost.facts.map((fact) => ({ ...fact, atMs: 500 })) },
        { isOver, isSettled: true },
      ),
    ).toBe('recorded');
    expect(await rowsOf(key)).toContain('e9');
  });

  it('drops facts of a lost attempt that went further than the later one', async () => {
    const key = newInstance();
    await recordFacts(pool, batch(key, 1, 1_000, [started(key), activated(1), activated(2)]));
    await recordFacts(pool, batch(key, 1, 2_000, [started(key), activated(1)]));
    await recordFacts(pool, batch(key, 3, 3_000, [activated(3)]));
    const elements = await pool.query('select element_id from element_instance where instance_key = $1 order by key', [
      key,
    ]);
    expect(elements.rows).toEqual([{ element_id: 'e1' }, { element_id: 'e3' }]);
  });

  it('stores text that PostgreSQL cannot hold with replacement characters', async () => {
    const key = newInstance();
    const facts = [started(key), { type: 'variablesSet', scope: 0, variables: { teks: 'a\0b \ud800 😀' } } as const];
    await recordFacts(pool, batch(key, 1, 1_000, facts));
    await recordFacts(pool, batch(key, 1, 1_000, facts));
    const variables = await pool.query('select value from variable where instance_key = $1', [key]);
    expect(variables.rows).toEqual([{ value: 'a\uFFFDb \uFFFD 😀' }]);
  });

  it('rebuilds the same rows from facts', async () => {
    const key = newInstance();
    const timer = {
      type: 'timerSet',
      timer: 4,
      element: 1,
      elementId: 't',
      interval: 'PT1M',
      repetitions: null,
    } as const;
    const job = {
      type: 'jobCreated',
      job: 5,
      element: 1,
      elementId: 'e1',
      jobType: 'x',
      retries: 3,
      headers: {},
      purpose: { kind: 'element' },
    } as const;
    await recordFacts(
      pool,
      batch(key, 1, 1_000, [started(key), activated(1), task(1), { ...timer, dueMs: 5_000 }, job]),
    );
    await recordFacts(
      pool,
      batch(key, 6, 5_000, [
        { type: 'timerFired', timer: 4 },
        { ...timer, dueMs: 65_000 },
      ]),
    );
    await recordFacts(
      pool,
      batch(key, 8, 6_000, [{ type: 'jobFailed', job: 5, retries: 2, message: 'mati', retryAtMs: 9_000 }]),
    );
    await recordFacts(pool, batch(key, 9, 9_000, [{ type: 'jobRetried', job: 5, retries: 2 }]));
    const subscription = {
      type: 'messageSubscriptionOpened',
      element: 1,
      elementId: 'm',
      messageName: 'n',
      correlationKey: 'k',
    } as const;
    await recordFacts(
      pool,
      batch(key, 10, 10_000, [
        { ...subscription, subscription: 6, closesOnCorrelation: true },
        { ...subscription, subscription: 7, closesOnCorrelation: false },
        {
          type: 'incidentRaised',
          incident: 8,
          element: 1,
          elementId: 'e1',
          job: 5,
          code: 'JOB_NO_RETRIES',
          message: 'mati',
          stage: 'job',
        },
      ]),
    );
    await recordFacts(
      pool,
      batch(key, 13, 11_000, [
        { type: 'messageCorrelated', subscription: 6, messageKey: '1' },
        { type: 'messageCorrelated', subscription: 7, messageKey: '2' },
        { type: 'incidentResolved', incident: 8 },
        completed(1),
      ]),
    );
    const live = await rowsOf(key);
    expect(live).toContain('OPEN');
    await rebuild(pool, key);
    expect(await rowsOf(key)).toBe(live);
  });

  it('shows an instance only to readers of its region', async () => {
    const key = newInstance();
    await recordFacts(pool, batch(key, 1, 1_000, [started(key), activated(1)]));
    const app = postgres.pool('alur_app', 1);
    const seen = async (region: string) => {
      await app.query("select set_config('app.region', $1, false)", [region]);
      const { rowCount } = await app.query('select from element_instance where instance_key = $1', [key]);
      return rowCount;
    };
    expect([
      await seen('32'),
      await seen('32.15'),
      await seen('32.1'),
      await seen('32.16'),
      await seen('*'),
      await seen(''),
    ]).toEqual([1, 1, 0, 0, 1, 0]);
  });
});
