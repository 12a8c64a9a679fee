/** Reports by region and period, on data of which every figure is known; a figure equals the list of what lies behind it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { inRegion } from '#db/region-scope.ts';
import { reports } from '#db/reports/all.ts';
import { casesBehind, readReport } from '#db/reports/read.ts';
import type { ReportTable } from '#db/reports/read.ts';
import { count } from '#db/reports/report.ts';
import type { Report } from '#db/reports/report.ts';
import { period, plantReports, scopeIn, villageA, villageB, villageC } from '../support/report-data.ts';
import { startTestPostgres } from '../support/postgres.ts';
import type { TestPostgres } from '../support/postgres.ts';

type Name = keyof typeof reports;
const names = Object.keys(reports) as Name[];
let postgres: TestPostgres;
let app: Pool;
let owner: Pool;
beforeAll(async () => {
  postgres = await startTestPostgres();
  [app, owner] = [postgres.pool('alur_app'), postgres.pool(null, 2)];
  await plantReports(owner);
}, 120_000);
afterAll(() => postgres.stop());

interface Asked {
  readonly reader?: string;
  readonly region?: string;
  readonly of?: string;
  readonly byArea?: boolean;
  readonly most?: number;
}
const read = (name: Name, { reader = '*', region = '32.15', of = period, byArea = false, most = 100 }: Asked = {}) => {
  const report: Report = reports[name];
  return inRegion(app, reader, (db) =>
    readReport(db, report, { scope: scopeIn(region, of), byArea, figures: report.figures, most }),
  );
};
/** Rows as text → figures by name. */
function told(name: Name, { rows, total }: ReportTable): Record<string, Record<string, number | null>> {
  const { figures }: Report = reports[name];
  const named = (values: readonly (number | null)[]) =>
    Object.fromEntries(figures.map((figure, index) => [figure.name, values[index] ?? null]));
  return { ...Object.fromEntries(rows.map(({ of, values }) => [of.join(' '), named(values)])), total: named(total) };
}
const figures = async (name: Name, asked: Asked = {}) => told(name, await read(name, asked));

describe('figures', () => {
  it('funnel: proposals begun in the month, how far they got and how long it took; what goes on at once counts once', async () => {
    const table = await figures('funnel');
    expect(Object.keys(table)).toEqual(['diterima', 'cek-nik', 'survei', 'musyawarah', 'total']);
    expect(table).toMatchObject({
      diterima: { reached: 3, standing: 0, left: 3, median: 0 },
      'cek-nik': { reached: 3, standing: 0, median: 3, ninetieth: 3.8 },
      survei: { reached: 2, standing: 1, left: 1, median: 4 },
      musyawarah: { reached: 1, standing: 1, left: 0, median: null },
      total: { reached: 3, standing: 2, median: null },
    });
  });
  it('delays: what was due in the month, and what got stuck in it', async () => {
    expect(await figures('delays')).toMatchObject({
      'usulan-dtks/berkas-ba': { due: 3, onTime: 1, late: 1, overdue: 1, incidents: 0, stuck: 0 },
      'usulan-dtks/verifikasi-nik': { due: 0, incidents: 1, stuck: 1 },
    });
  });
  it('returns: from where and why, without a word that people wrote', async () => {
    const table = await figures('returns');
    expect(table).toEqual({
      'usulan-dtks/lengkapi-berkas ': { returned: 2, mended: 1, waiting: 1, refused: 0 },
      'penyaluran-konfirmasi PINDAH': { returned: 2, mended: 1, waiting: 1, refused: 0 },
      'verifikasi-pengesahan-kabkota NIK_BELUM_PADAN': { returned: 1, mended: 0, waiting: 0, refused: 0 },
      'verifikasi-pengesahan-kabkota A01': { returned: 0, mended: 0, waiting: 0, refused: 1 },
      // A case that came back twice is one case.
      total: { returned: 2, mended: 1, waiting: 1, refused: 1 },
    });
  });
  it('overlap: held, across funds, found forbidden, brought by lists', async () => {
    expect(await figures('overlap')).toEqual({
      'BANPROV PKH': { held: 1, acrossFunds: 1, forbidden: 1, inLists: 0 },
      'BST PKH': { held: 0, acrossFunds: 0, forbidden: 0, inLists: 1 },
      'PKH SEMBAKO': { held: 1, acrossFunds: 0, forbidden: 0, inLists: 0 },
      total: { held: 2, acrossFunds: 1, forbidden: 1, inLists: 1 },
    });
  });
  it('estimate: errors among the families of the sample that were met, with their interval', async () => {
    expect(await figures('estimate', { of: '2024-T2' })).toEqual({
      PENERIMA: { visited: 3, notMet: 1, wrong: 1, wrongShare: 33.3, atLeast: 6.1, atMost: 79.2 },
      DITOLAK: { visited: 2, notMet: 0, wrong: 1, wrongShare: 50, atLeast: 9.5, atMost: 90.5 },
      total: { visited: 5, notMet: 1, wrong: 2, wrongShare: null, atLeast: null, atMost: null },
    });
    // The quarter's report is the month's, too; another quarter has none.
    expect(Object.keys(await figures('estimate'))).toEqual(['PENERIMA', 'DITOLAK', 'total']);
    expect(Object.keys(await figures('estimate', { of: '2024-07' }))).toEqual(['total']);
  });
  it('an estimate that nobody has signed is none', async () => {
    await owner.query("update monitoring_report set period = '2023-T1'");
    expect(Object.keys(await figures('estimate'))).toEqual(['total']);
    await owner.query("update monitoring_report set period = '2024-T2'");
  });
  it('scorecard: village by village', async () => {
    const table = await figures('scorecard');
    const nothing = { families: 0, confirmed: 0, stale: 0, confirmedShare: null, lastCheck: null };
    expect(table).toMatchObject({
      [villageA]: { families: 2, confirmed: 1, stale: 1, confirmedShare: 50, lastCheck: 10, openFindings: 0 },
      [villageB]: { ...nothing, proposals: 1, overdue: 1 },
      [villageC]: { ...nothing, openFindings: 1, proposals: 1, overdue: 0 },
      total: { families: 2, confirmedShare: 50, proposals: 3, overdue: 1 },
    });
  });
  it('programmes: by whose funds', async () => {
    const table = await figures('programmes');
    expect(Object.keys(table)).toEqual(['APBN PKH', 'APBN SEMBAKO', 'APBD_PROV BANPROV', 'total']);
    expect(table).toMatchObject({
      'APBN PKH': { recipients: 2, paid: 2, reserved: 0, paidAmount: 1_450_000 },
      'APBD_PROV BANPROV': { recipients: 1, paid: 0, reserved: 1, reservedAmount: 500_000 },
      total: { recipients: 2, paid: 2, reserved: 1, paidAmount: 2_050_000, reservedAmount: 500_000 },
    });
  });
  it('payments: allocated = paid + returned + pending, and what is missing from it', async () => {
    expect(await figures('payments')).toMatchObject({
      '2024-05 PKH APBN': { allocated: 2, paid: 2, wrong: 1, allocatedAmount: 1_500_000, difference: 50_000 },
      '2024-05 BLT_DD APBDES': { allocated: 1, returned: 1, returnedAmount: 300_000, difference: 0 },
      '2024-05 BANPROV APBD_PROV': { allocated: 1, pending: 1, pendingAmount: 500_000 },
      total: {
        allocated: 4,
        allocatedAmount: 2_300_000,
        paidAmount: 1_450_000,
        returnedAmount: 300_000,
        pendingAmount: 500_000,
        difference: 50_000,
      },
    });
  });
});

describe.each(names)('%s', (name) => {
  const report: Report = reports[name];
  it.each([false, true])('counts are the number of what lies behind them (by area: %s)', async (byArea) => {
    const { rows, total } = await read(name, { byArea });
    const behind = (row: readonly string[] | null, figure: (typeof report.figures)[number]) =>
      inRegion(app, '*', (db) =>
        casesBehind(db, report, { scope: scopeIn('32.15'), byArea, row, figure, after: '', most: 100 }),
      );
    expect(rows.length).toBeGreaterThan(0);
    const counts = report.figures
      .map((figure, index) => ({ figure, index }))
      .filter(({ figure }) => figure.unit === 'count');
    for (const { figure, index } of counts) {
      for (const { of, values } of rows) expect(await behind(of, figure)).toHaveLength(values[index] ?? -1);
      expect(await behind(null, figure)).toHaveLength(total[index] ?? -1);
    }
  });
  it('shows nothing of another region, whatever is asked, and nothing to nobody', async () => {
    const other = await read(name, { reader: '32.17', region: '*', byArea: true });
    expect(other.rows).toEqual([]);
    expect((await read(name, { reader: '' })).rows).toEqual([]);
    const near = await read(name, { reader: '*', region: '32.1' });
    expect(near.rows).toEqual([]);
  });
  it('of a month without anything has no rows', async () => {
    expect((await read(name, { of: '2019-01' })).rows).toEqual([]);
  });
});

it('areas are those of the level below the region', async () => {
  const areas = async (region: string) => (await read('funnel', { region, byArea: true })).rows.map(({ of }) => of[0]);
  expect(new Set(await areas('*'))).toEqual(new Set(['32']));
  expect(new Set(await areas('32'))).toEqual(new Set(['32.15', '32.16']));
  expect(new Set(await areas('32.15'))).toEqual(new Set(['32.15.01', '32.15.02']));
  expect(new Set(await areas(villageA))).toEqual(new Set([villageA]));
});

it('more rows than wanted are left out, and said so; the total is of all', async () => {
  const cut = await read('funnel', { most: 2 });
  expect([cut.rows.length, cut.isCut, cut.total[0]]).toEqual([2, true, 3]);
  expect((await read('funnel', { most: 4 })).isCut).toBe(false);
});

it('what lies behind a figure is read on from where it ended, and leads to cases', async () => {
  const figure = count('reached');
  const page = (after: string) =>
    inRegion(app, '*', (db) =>
      casesBehind(db, reports.funnel, {
        scope: scopeIn('32.15'),
        byArea: false,
        row: ['cek-nik'],
        figure,
        after,
        most: 2,
      }),
    );
  const first = await page('');
  expect(first).toEqual([
    { ref: '1', caseKey: '1', number: 'N-1', personKey: null, region: villageA },
    { ref: '2', caseKey: '2', number: 'N-2', personKey: null, region: villageB },
  ]);
  expect((await page('2')).map(({ number }) => number)).toEqual(['N-3']);
});

it('an item of a batch knows when it was decided, and forgets it when that is taken back', async () => {
  const decidedAt = async () =>
    (await owner.query<{ at: Date | null }>("select decided_at as at from collected_item where number = 'N-3'")).rows[0]
      ?.at;
  await owner.query(`update collected_item set result = '{"hasil":"TOLAK"}' where number = 'N-3'`);
  expect(await decidedAt()).toBeInstanceOf(Date);
  await owner.query("update collected_item set result = null where number = 'N-3'");
  expect(await decidedAt()).toBeNull();
});
