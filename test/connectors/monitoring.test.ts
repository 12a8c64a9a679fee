/** Jobs of quarterly monitoring. */
import { describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { JobOutcome } from '#activities/job-handler.ts';
import type { Monitoring, MonitoringReport } from '#db/queries/monitoring.ts';
import type { Json } from '#engine/json.ts';
import { memoryMonitoring } from '../support/memory-updates.ts';
import { depsFor, jobContext, jobRequest } from './fixtures.ts';

const scope = { kodeWilayah: '32.15', periode: '2026-T3' };
const run = (
  type: string,
  variables: Record<string, Json>,
  change: Partial<Monitoring> = {},
): Promise<JobOutcome> | undefined =>
  createConnectors(depsFor({ monitoring: { ...memoryMonitoring(), ...change } }))[type]?.(
    jobRequest('7', { variables: { ...scope, ...variables } }),
    jobContext(),
  );

describe('dtks.rencana-sampel', () => {
  const drawing = (sizes: unknown[]): Partial<Monitoring> => ({
    population: (group) => Promise.resolve(group === 'recipients' ? 300 : 2),
    sample: (group, about, today, size) => {
      sizes.push([group, about, today, size]);
      return Promise.resolve([{ number: `${group}-1`, village: '32.15.01.2001' }]);
    },
  });
  const about = { region: '32.15', period: '2026-T3' };
  test('draws from both groups as many as the margin takes', async () => {
    const sizes: unknown[] = [];
    expect(await run('dtks.rencana-sampel', {}, drawing(sizes))).toEqual({
      outcome: 'completed',
      variables: {
        sampel: [
          { nomor: 'recipients-1', kodeDesa: '32.15.01.2001', kelompok: 'PENERIMA' },
          { nomor: 'rejected-1', kodeDesa: '32.15.01.2001', kelompok: 'DITOLAK' },
        ],
        populasi: { penerima: 300, ditolak: 2 },
      },
    });
    expect(sizes).toEqual([
      ['recipients', about, '2026-11-22', 73],
      ['rejected', about, '2026-11-22', 2],
    ]);
  });
  test('or as many as were asked for', async () => {
    const sizes: unknown[] = [];
    await run('dtks.rencana-sampel', { ukuran: 5 }, drawing(sizes));
    expect(sizes).toEqual([
      ['recipients', about, '2026-11-22', 5],
      ['rejected', about, '2026-11-22', 5],
    ]);
  });
  test('a quarter that is none is an incident that names it', async () => {
    expect(await run('dtks.rencana-sampel', { periode: '2026-11', ukuran: 0 })).toEqual({
      outcome: 'failed',
      message: 'VARIABEL_SALAH (periode, ukuran)',
      retries: 0,
    });
  });
});

test('dtks.simpan-monev keeps counts and findings, not who was visited', async () => {
  const kept: MonitoringReport[] = [];
  const variables = {
    laporan: { nomor: '700/1', tanggal: '2026-10-30' },
    populasi: { penerima: 300, ditolak: 2 },
    estimasi: { inklusi: null, eksklusi: null },
    kinerja: { usulan: { masuk: 3 } },
    hasilSampel: [{ nomor: 'A-1', kelompok: 'PENERIMA', temuan: 'LAYAK' }],
    daftarTemuan: [],
  };
  await run('dtks.simpan-monev', variables, { keep: (report) => Promise.resolve(void kept.push(report)) });
  expect(kept).toEqual([
    {
      region: '32.15',
      period: '2026-T3',
      number: '700/1',
      signedOn: '2026-10-30',
      commandKey: 'job 7',
      figures: {
        populasi: variables.populasi,
        estimasi: variables.estimasi,
        kinerja: variables.kinerja,
        kunjungan: 1,
        temuan: [],
        tindakan: [],
      },
    },
  ]);
  expect(JSON.stringify(kept)).not.toContain('A-1');
});
test('dtks.hitung-kinerja asks for the quarter of the district', async () => {
  const performance: Monitoring['performance'] = (about) => Promise.resolve({ ...about });
  expect(await run('dtks.hitung-kinerja', {}, { performance })).toEqual({
    outcome: 'completed',
    variables: { kinerja: { region: '32.15', period: '2026-T3' } },
  });
});
