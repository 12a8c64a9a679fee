/** What an objection is checked against (db/queries/objections.ts), on PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createObjections } from '#db/queries/objections.ts';
import type { Objections } from '#db/queries/objections.ts';
import { createVault } from '#db/vault.ts';
import { citizen } from '../connectors/fixtures.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

const vault = createVault(randomBytes(32));
const number = '3215012001-202610-000007';
let postgres: TestPostgres;
let pool: Pool;
let objections: Objections;
beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  objections = createObjections(pool, vault);
}, 120_000);
afterAll(() => postgres.stop());

interface Case {
  readonly key: number;
  readonly process: string;
  readonly startedAt?: string;
  readonly state?: 'ACTIVE' | 'COMPLETED';
  readonly root?: number;
  readonly variables?: Record<string, unknown>;
}
async function insertCase({ key, process, startedAt, state, root, variables = {} }: Case): Promise<void> {
  await pool.query(
    `insert into instance (key, process_id, definition_key, version, region, root_key, state, started_at, last_fact)
     values ($1, $2, 1, 1, '32.15', $3, $4, $5, 1)`,
    [key, process, root ?? key, state ?? 'ACTIVE', startedAt ?? '2026-11-10T00:00:00Z'],
  );
  for (const [name, value] of Object.entries(variables))
    await pool.query('insert into variable (instance_key, scope_key, name, value) values ($1, $1, $2, $3)', [
      key,
      name,
      JSON.stringify(value),
    ]);
}
const insertTask = (key: number, instance: number, process: string, element: string, by: string): Promise<unknown> =>
  pool.query(
    `insert into user_task (key, instance_key, process_id, definition_key, region, element_id, candidate_groups, candidate_users,
       excluded_users, state, priority, headers, properties, created_at, completed_by)
     values ($1, $2, $3, 1, '32.15.01.2001', $4, '{}', '{}', '{}', 'COMPLETED', 50, '{}', '{}', now(), $5)`,
    [key, instance, process, element, by],
  );

it('tells whose proposal it is and who surveyed it, in its own case or in one it called', async () => {
  const subjectKey = await vault.create(pool, citizen);
  await insertCase({ key: 10, process: 'usulan-dtks' });
  await insertCase({ key: 11, process: 'validasi-lapangan', root: 10 });
  await insertTask(1, 10, 'usulan-dtks', 'validasi-lapangan', 'cici');
  await insertTask(2, 11, 'validasi-lapangan', 'kunjungan', 'ani');
  await insertTask(3, 10, 'usulan-dtks', 'usulan-awal', 'operator');
  await pool.query(
    `insert into proposal (number, source_id, subject_key, instance_key, region, created_by, variables) values ($1, 's', $2, 10, $3, 'ani', $4)`,
    [number, subjectKey, citizen.kodeDesa, JSON.stringify({ usulan: { program: 'PKH', periode: '2026-10' } })],
  );
  expect(await objections.disputed(number)).toEqual({
    village: citizen.kodeDesa,
    program: 'PKH',
    period: '2026-10',
    subjectKey,
    surveyors: ['ani', 'cici'],
  });
  expect(await objections.disputed('3215012001-202610-000008')).toBeNull();
});

it('counts the objections of a person since a day, whatever record he made them under', async () => {
  const [one, two, other] = [
    await vault.create(pool, citizen),
    await vault.create(pool, { ...citizen, nama: 'DADANG K.' }),
    await vault.create(pool, { ...citizen, nik: '3215011201900077' }),
  ];
  const objection = (key: number, pelapor: string, startedAt?: string): Promise<void> =>
    insertCase({
      key,
      process: 'sanggah',
      variables: { pelapor, nomorUsulan: number },
      ...(startedAt && { startedAt }),
    });
  await objection(20, one);
  await objection(21, two);
  await objection(22, other);
  await objection(23, one, '2026-10-30T00:00:00Z');
  expect(await objections.countOf(one, Date.parse('2026-11-01T00:00:00+07:00'))).toBe(2);
  expect(await objections.countOf('1', 0)).toBe(0);
});

it('counts other open objections to a proposal', async () => {
  await insertCase({ key: 30, process: 'sanggah', state: 'COMPLETED', variables: { nomorUsulan: number } });
  expect(await objections.openAgainst(number, '20')).toBe(3);
  expect(await objections.openAgainst('3215012001-202610-000099', '20')).toBe(0);
});
