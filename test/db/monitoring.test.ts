/** What quarterly monitoring draws from and measures (db/queries/monitoring.ts), on PostgreSQL. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { createMonitoring } from '#db/queries/monitoring.ts';
import type { Monitoring } from '#db/queries/monitoring.ts';
import { transaction } from '#db/pool.ts';
import { enterHelp, holdRecipient } from '#db/registry/participations.ts';
import { registerPerson } from '#db/registry/people.ts';
import { createVault } from '#db/vault.ts';
import { citizen } from '../connectors/fixtures.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

const vault = createVault(randomBytes(32));
const today = '2026-10-02';
const quarter = { region: '32.15', period: '2026-T3' };
let postgres: TestPostgres;
let pool: Pool;
let monitoring: Monitoring;
let key = 100;

async function ended(
  process: string,
  end: string,
  { from, to, region = citizen.kodeDesa }: { readonly from: string; readonly to: string; readonly region?: string },
): Promise<void> {
  key += 1;
  await pool.query(
    `insert into instance (key, process_id, definition_key, version, business_key, region, root_key, state, started_at, ended_at, last_fact)
     values ($1, $2, 1, 1, $3, $4, $1, 'COMPLETED', $5, $6, 1)`,
    [key, process, `N-${key}`, region, from, to],
  );
  await pool.query(`insert into variable (instance_key, scope_key, name, value) values ($1, $1, 'akhir', $2)`, [
    key,
    JSON.stringify(end),
  ]);
}

beforeAll(async () => {
  postgres = await startTestPostgres();
  pool = postgres.pool('alur_worker');
  monitoring = createMonitoring(pool);
  // The quarter begins and ends at midnight of western Indonesia: the first is of June there, the fourth of October.
  await ended('usulan-dtks', 'ditolak', { from: '2026-06-01T00:00:00Z', to: '2026-06-30T16:59:59Z' });
  await ended('usulan-dtks', 'ditolak', { from: '2026-06-01T00:00:00Z', to: '2026-06-30T17:00:00Z' });
  await ended('usulan-dtks', 'ditolak', { from: '2026-07-01T00:00:00Z', to: '2026-08-15T00:00:00Z' });
  await ended('usulan-dtks', 'ditolak', { from: '2026-08-01T00:00:00Z', to: '2026-09-30T17:00:00Z' });
  await ended('usulan-dtks', 'ditolak', {
    from: '2026-07-01T00:00:00Z',
    to: '2026-08-01T00:00:00Z',
    region: '32.16.01.2001',
  });
  await ended('usulan-dtks', 'terdaftar', { from: '2026-07-01T00:00:00Z', to: '2026-09-09T00:00:00Z' });
  await ended('sanggah', 'sanggah-diterima', {
    from: '2026-07-01T00:00:00Z',
    to: '2026-07-09T00:00:00Z',
    region: '32.15',
  });
}, 120_000);
afterAll(() => postgres.stop());

describe('samples', () => {
  it('of the rejected: of this district and this quarter, the same whenever drawn', async () => {
    expect(await monitoring.population('rejected', quarter, today)).toBe(2);
    const drawn = await monitoring.sample('rejected', quarter, today, 10);
    expect(drawn.map(({ number }) => number).toSorted()).toEqual(['N-102', 'N-103']);
    expect(await monitoring.sample('rejected', quarter, today, 10)).toEqual(drawn);
    expect(await monitoring.sample('rejected', quarter, today, 1)).toEqual(drawn.slice(0, 1));
  });
  it('of the recipients: who holds help today', async () => {
    const subjectKey = await vault.create(pool, citizen);
    const person = await transaction(pool, (db) =>
      registerPerson(db, vault, { subjectKey, on: '2026-01-01', isNewest: true }),
    );
    await transaction(pool, async (db) =>
      enterHelp(
        db,
        await holdRecipient(db, person?.personKey ?? ''),
        {
          programme: 'PKH',
          source: 'APBN',
          period: '2026-T3',
          unit: 'KK',
          region: citizen.kodeDesa,
          proposalNumber: 'A-1',
          amount: 1,
          state: 'PAID',
          instanceKey: null,
        },
        { key: 't', actor: 'uji' },
      ),
    );
    expect(await monitoring.population('recipients', quarter, today)).toBe(1);
    expect(await monitoring.sample('recipients', quarter, today, 5)).toEqual([
      { number: 'A-1', village: citizen.kodeDesa },
    ]);
    expect(await monitoring.population('recipients', { ...quarter, region: '32.16' }, today)).toBe(0);
  });
});

it('performance: how long proposals took, who waited, what came back, what became of objections', async () => {
  await pool.query(
    `insert into user_task (key, instance_key, process_id, definition_key, region, element_id, candidate_groups, candidate_users,
       excluded_users, state, priority, headers, properties, created_at, due_at, ended_at, completed_by)
     select n, 1, 'usulan-dtks', 1, $1, 'survei', '{psm}', '{}', '{}', 'COMPLETED', 50, '{}', '{}', t, t + interval '5 hours', t + n * interval '2 hours', 'ani'
       from generate_series(1, 3) n, (values (timestamptz '2026-08-01T00:00:00Z')) as at (t)`,
    [citizen.kodeDesa],
  );
  const subjectKey = await vault.create(pool, citizen);
  await pool.query(
    `insert into family_finding (key, region, proposal_number, subject_key, kind, period, found_at)
     select 'f' || n, $1, 'A-' || n, $2, case n when 3 then 'MENOLAK' else 'PINDAH' end, '2026-08', '2026-08-10' from generate_series(1, 3) n`,
    [citizen.kodeDesa, subjectKey],
  );
  expect(await monitoring.performance(quarter)).toEqual({
    // Ended within the quarter: after 29.7, 45 and 70 days.
    usulan: { masuk: 3, selesai: 3, tepatWaktu: 2, medianHari: 45, p90Hari: 65 },
    antrean: [{ kelompok: 'psm', jumlah: 3, terlambat: 1, medianJam: 4 }],
    pengembalian: [
      { sebab: 'PINDAH', jumlah: 2 },
      { sebab: 'MENOLAK', jumlah: 1 },
    ],
    sanggah: { masuk: 1, diterima: 1, dipertahankan: 0 },
  });
});

it('a report is kept; a second one of the quarter takes its place', async () => {
  const report = {
    ...quarter,
    number: '700/1',
    signedOn: '2026-10-30',
    figures: { kunjungan: 1 },
    commandKey: 'job 1',
  };
  await monitoring.keep(report);
  await monitoring.keep({ ...report, number: '700/2', figures: { kunjungan: 2 } });
  const { rows } = await pool.query('select number, signed_on::text as day, figures from monitoring_report');
  expect(rows).toEqual([{ number: '700/2', day: '2026-10-30', figures: { kunjungan: 2 } }]);
});
