/** A month of which every figure is known: May 2024, in three villages of 32.15 and one of 32.16. Nobody's data. */
import type { Pool } from 'pg';
import { monthBegins } from '#registry/calendar.ts';
import { monthsOf } from '#registry/period.ts';
import type { Scope, Stage } from '#db/reports/report.ts';

export const [villageA, villageB, villageC, elsewhere] = [
  '32.15.01.2001',
  '32.15.01.2002',
  '32.15.02.2001',
  '32.16.01.2001',
] as const;
export const period = '2024-05';

/** As the published proposal has them, in short. */
export const stages: readonly Stage[] = (
  [
    ['periksa-usulan', 'diterima', 0],
    ['verifikasi-nik', 'cek-nik', 1],
    ['validasi-lapangan', 'survei', 2],
    ['tinjau-lapangan', 'survei', 2],
    ['tunggu-musyawarah', 'musyawarah', 3],
    ['lengkapi-berkas', 'perlu-perbaikan', 9],
  ] as const
).map(([elementId, status, position]) => ({ processId: 'usulan-dtks', elementId, status, position }));

export function scopeIn(region: string, of = period): Scope {
  const months = monthsOf(of);
  if (months === null) throw new Error(of);
  return {
    region,
    months,
    from: monthBegins(months.first, 'WIB'),
    to: monthBegins(months.last + 1, 'WIB'),
    stages,
  };
}

/** A proposal of one step, which stands for the check of a NIK; instead of the published one. @param sample a process of one user task */
export const proposalOfOneStep = (sample: string): string =>
  sample
    .replaceAll('"contoh"', '"usulan-dtks"')
    .replaceAll('"periksa"', '"verifikasi-nik"')
    .replace(
      'candidateGroups="operator-desa" />',
      '$&<zeebe:properties><zeebe:property name="alur.status" value="cek-nik" /></zeebe:properties>',
    );

/** Keys of what is planted; the pool must be the owner's. */
export async function plantReports(owner: Pool): Promise<void> {
  const run = async (sql: string, rows: readonly (readonly unknown[])[]): Promise<void> => {
    for (const row of rows) await owner.query(sql, [...row]);
  };
  await run(
    `insert into instance (key, process_id, definition_key, version, business_key, region, root_key, state, started_at, ended_at, last_fact)
     values ($1, $2, 1, 1, $3, $4, $1, $5, $6, $7, 1)`,
    [
      [1, 'usulan-dtks', 'N-1', villageA, 'ACTIVE', '2024-05-02T00:00Z', null],
      [2, 'usulan-dtks', 'N-2', villageB, 'ACTIVE', '2024-05-03T00:00Z', null],
      // May begins in the west of the country.
      [3, 'usulan-dtks', 'N-3', villageC, 'COMPLETED', '2024-04-30T17:00Z', '2024-05-09T00:00Z'],
      [4, 'usulan-dtks', 'N-4', elsewhere, 'ACTIVE', '2024-05-03T00:00Z', null],
      [5, 'usulan-dtks', 'N-5', villageA, 'ACTIVE', '2024-04-30T16:59:59Z', null],
      [6, 'verifikasi-pengesahan-kabkota', '32.15/2024-05', '32.15', 'COMPLETED', '2024-05-15T00:00Z', null],
      [7, 'monev', '32.15/2024-T2', '32.15', 'COMPLETED', '2024-07-01T00:00Z', '2024-07-20T00:00Z'],
    ],
  );
  await run(
    `insert into element_instance (key, instance_key, element_id, type, name, scope_key, state, started_at, ended_at)
     values ((select count(*) + 100 from element_instance), $1, $2, 'userTask', null, $1, case when $4::timestamptz is null then 'ACTIVE' else 'COMPLETED' end, $3, $4)`,
    [
      [1, 'periksa-usulan', '2024-05-02T00:00Z', '2024-05-02T00:00Z'],
      [1, 'verifikasi-nik', '2024-05-02T00:00Z', '2024-05-04T00:00Z'],
      [1, 'validasi-lapangan', '2024-05-04T00:00Z', '2024-05-08T00:00Z'],
      // At the same time: counts once.
      [1, 'tinjau-lapangan', '2024-05-05T00:00Z', '2024-05-07T00:00Z'],
      [1, 'tunggu-musyawarah', '2024-05-08T00:00Z', null],
      [2, 'periksa-usulan', '2024-05-03T00:00Z', '2024-05-03T00:00Z'],
      [2, 'verifikasi-nik', '2024-05-03T00:00Z', '2024-05-07T00:00Z'],
      [2, 'validasi-lapangan', '2024-05-07T00:00Z', null],
      [3, 'periksa-usulan', '2024-05-01T00:00Z', '2024-05-01T00:00Z'],
      [3, 'verifikasi-nik', '2024-05-01T00:00Z', '2024-05-04T00:00Z'],
      [4, 'verifikasi-nik', '2024-05-03T00:00Z', null],
      [5, 'verifikasi-nik', '2024-05-01T00:00Z', null],
    ],
  );
  await run(
    `insert into user_task (key, instance_key, process_id, definition_key, business_key, region, element_id, candidate_groups, candidate_users,
       excluded_users, state, priority, headers, properties, created_at, due_at, ended_at)
     select (select count(*) + 200 from user_task), key, process_id, 1, business_key, region, $2, '{psm}', '{}', '{}', $3, 50, '{}', '{}', $4, $5, $6
       from instance where key = $1`,
    [
      [1, 'berkas-ba', 'COMPLETED', '2024-05-04T00:00Z', '2024-05-06T00:00Z', '2024-05-05T00:00Z'],
      [2, 'berkas-ba', 'CREATED', '2024-05-07T00:00Z', '2024-05-10T00:00Z', null],
      [3, 'berkas-ba', 'COMPLETED', '2024-05-01T00:00Z', '2024-05-05T00:00Z', '2024-05-07T00:00Z'],
      [3, 'berkas-ba', 'CANCELED', '2024-05-01T00:00Z', '2024-05-05T00:00Z', '2024-05-07T00:00Z'],
      [4, 'berkas-ba', 'CREATED', '2024-05-07T00:00Z', '2024-05-10T00:00Z', null],
      [1, 'lengkapi-berkas', 'COMPLETED', '2024-05-06T00:00Z', null, '2024-05-07T00:00Z'],
      [3, 'lengkapi-berkas', 'CREATED', '2024-05-06T00:00Z', null, null],
    ],
  );
  await owner.query(
    `insert into incident (key, instance_key, process_id, business_key, region, element_id, code, message, state, created_at)
     values (300, 2, 'usulan-dtks', 'N-2', $1, 'verifikasi-nik', 'IO_MAPPING_ERROR', 'x', 'ACTIVE', '2024-05-09')`,
    [villageB],
  );
  await plantProposals(owner);
  await plantHelp(owner);
  await plantMonitoring(owner);
}

async function plantProposals(owner: Pool): Promise<void> {
  await owner.query(
    `insert into subject (key, region, wrapped_key, ciphertext, nik_masked)
     select key + 400, region, '', '', '321501**********' from instance where key < 5`,
  );
  await owner.query(
    `insert into proposal (number, source_id, subject_key, instance_key, region, created_by)
     select business_key, business_key, key + 400, key, region, 'x' from instance where key < 5`,
  );
  await owner.query(
    `insert into collected_item (instance_key, number, region, facts) select 6, business_key, region, '{}' from instance where key < 4`,
  );
  await owner.query(
    `update collected_item set result = case number when 'N-1' then '{"hasil":"KEMBALI","kode":"NIK_BELUM_PADAN","alasan":"Ibu Siti"}'
       when 'N-2' then '{"hasil":"TOLAK","kode":"A01"}' else '{"hasil":"SAH"}' end::jsonb`,
  );
  await owner.query("update collected_item set decided_at = '2024-05-20'");
  await owner.query(
    `insert into family_finding (key, region, proposal_number, subject_key, kind, period, found_at, settled_at)
     values ('f1', $1, 'N-1', 401, 'PINDAH', '2024-05', '2024-05-25', '2024-06-01'), ('f2', $2, 'N-3', 403, 'PINDAH', '2024-05', '2024-05-26', null)`,
    [villageA, villageC],
  );
  await owner.query(
    `insert into family_check (proposal_number, period, region, state, answer, command_key, checked_at)
     values ('N-1', '2024-05', $1, 'CHECKED', 'MASIH_ADA', 'c', now() - interval '10 days'), ('N-6', '2024-05', $1, 'STALE', null, 'c', now()),
            ('N-3', '2024-04', $2, 'CHECKED', 'MASIH_ADA', 'c', now())`,
    [villageA, villageC],
  );
}

/** PKH and BANPROV for one family, PKH and (of a list) SEMBAKO for another, BLT that came back for a third, PKH elsewhere. */
async function plantHelp(owner: Pool): Promise<void> {
  const may = 24_292;
  const people = [villageA, villageB, villageC, elsewhere];
  for (const [index, region] of people.entries()) {
    await owner.query('insert into person (key, region) values ($1, $2)', [501 + index, region]);
    await owner.query('insert into family (key, region, card_hash) values ($1, $2, $3)', [
      601 + index,
      region,
      Buffer.from([index]),
    ]);
  }
  const helps: readonly (readonly [
    person: number,
    programme: string,
    source: string,
    state: string,
    allocated: number | null,
    recorded: number,
    number: string | null,
  ])[] = [
    [1, 'PKH', 'APBN', 'PAID', 750_000, 750_000, 'N-1'],
    [1, 'BANPROV', 'APBD_PROV', 'RESERVED', 500_000, 500_000, 'N-1'],
    [2, 'PKH', 'APBN', 'PAID', 750_000, 700_000, 'N-2'],
    [2, 'SEMBAKO', 'APBN', 'PAID', null, 600_000, null],
    [3, 'BLT_DD', 'APBDES', 'RETURNED', 300_000, 300_000, 'N-3'],
    [4, 'PKH', 'APBN', 'PAID', 750_000, 750_000, 'N-4'],
  ];
  for (const [index, [person, programme, source, state, allocated, recorded, number]] of helps.entries()) {
    const [key, region] = [701 + index, people[person - 1]];
    await owner.query(
      `insert into participation (key, region, family_key, person_key, unit, programme, source, period, months, amount, state, proposal_number)
       values ($1, $2, $3, $4, 'KK', $5, $6, '2024-05', int4range($7, $7, '[]'), $8, $9, $10)`,
      [key, region, 600 + person, 500 + person, programme, source, may, recorded, state, number],
    );
    const change = `insert into participation_change (key, participation_key, region, state, amount, actor) values ($1, $2, $3, $4, $5, 'x')`;
    if (allocated !== null) await owner.query(change, [`${key}/1`, key, region, 'RESERVED', allocated]);
    if (state !== 'RESERVED') await owner.query(change, [`${key}/2`, key, region, state, recorded]);
  }
  const explanation = {
    inputs: { usulan: { program: 'PKH' } },
    output: { boleh: false, larangan: [{ program: 'BANPROV', alasan: ['banprov_dan_lain'] }] },
  };
  await owner.query(
    `insert into decision_evaluation (instance_key, fact_number, region, element_key, element_id, decision_id, explanation, at)
     values (1, 1, $1, 1, 'nilai-tumpang-tindih', 'tumpang_tindih', $2, '2024-05-21')`,
    [villageA, JSON.stringify(explanation)],
  );
  await owner.query(
    `insert into exchange_import (key, profile, file_name, file_sha256, region, header, created_by, created_at)
     values (800, 'pkh', 'x.csv', '', '32.15', '{}', 'x', '2024-05-22')`,
  );
  await owner.query(
    `insert into exchange_row (import_key, line, profile, identity, region) values (800, 2, 'pkh', '', $1)`,
    [villageB],
  );
  await owner.query(
    `insert into exchange_conflict (import_key, line, kind, region, person_key, detail) values (800, 2, 'FORBIDDEN_OVERLAP', $1, 502, $2)`,
    [villageB, JSON.stringify({ programme: 'BST', period: '2024-05', against: [{ programme: 'PKH' }] })],
  );
}

async function plantMonitoring(owner: Pool): Promise<void> {
  const found = (kelompok: string, nomor: string, temuan: string) => ({ nomor, kelompok, temuan });
  const sample = [
    found('PENERIMA', 'N-1', 'LAYAK'),
    found('PENERIMA', 'N-2', 'MAMPU'),
    found('PENERIMA', 'K-9', 'LAYAK'),
    found('PENERIMA', 'K-8', 'TIDAK_TERKUNJUNGI'),
    found('DITOLAK', 'N-3', 'LAYAK'),
    found('DITOLAK', 'N-9', 'MAMPU'),
  ];
  await owner.query(
    `insert into variable (instance_key, scope_key, name, value) values (7, 7, 'periode', '"2024-T2"'), (7, 7, 'hasilSampel', $1)`,
    [JSON.stringify(sample)],
  );
  await owner.query(
    `insert into monitoring_report (region, period, number, signed_on, figures, command_key) values ('32.15', '2024-T2', '700/1', '2024-07-20', '{}', 'x')`,
  );
}
