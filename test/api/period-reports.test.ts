/** Reports over HTTP: who reads which figures of which region, and the same figures as JSON, CSV, workbook and paper. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reportNames } from '#contract/period-report.ts';
import { reports } from '#db/reports/all.ts';
import type { Report } from '#db/reports/report.ts';
import en from '#definitions/dtks/texts.en.json' with { type: 'json' };
import id from '#definitions/dtks/texts.id.json' with { type: 'json' };
import { readWorkbook } from '#exchange/workbook-reader.ts';
import { readPdf } from '../support/pdf-text.ts';
import { period, plantReports, proposalOfOneStep, villageA } from '../support/report-data.ts';
import { ApiUnderTest } from './api-under-test.ts';
import { publishSample, sampleBpmn } from './sample-case.ts';

const district = { name: 'kabid', region: '32.15', roles: ['supervisor'] } as const;
const gatherer = { name: 'pengumpul', region: '32.15', roles: ['integration'] } as const;

let api: ApiUnderTest;
beforeAll(async () => {
  api = await ApiUnderTest.start();
  await publishSample(api, { 'usulan.bpmn': proposalOfOneStep(sampleBpmn) });
  await plantReports(api.owner);
}, 120_000);
afterAll(() => api.stop());

const ask = async (address: string, account: Parameters<ApiUnderTest['token']>[0] = district) =>
  api.ask('get', `/v2/reports${address}`, { token: await api.token(account) });
const download = async (
  address: string,
): Promise<{ readonly type: string | null; readonly name: string; readonly bytes: Buffer }> => {
  const headers = { Authorization: `Bearer ${await api.token(district)}` };
  const response = await fetch(`${api.url}/v2/reports${address}`, { headers });
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? '';
  return { type: response.headers.get('Content-Type'), name, bytes: Buffer.from(await response.arrayBuffer()) };
};

describe('words', () => {
  it('every report, dimension and column has them, in both languages', async () => {
    const names = Object.entries(reports as Readonly<Record<string, Report>>).flatMap(
      ([name, { dimensions, figures }]) => [
        `${name}.title`,
        `${name}.explanation`,
        ...dimensions.map((dimension) => `dimension.${dimension}`),
        ...figures.map((figure) => `${name}.${figure.name}`),
      ],
    );
    for (const texts of [id, en]) expect(names.filter((name) => !Object.hasOwn(texts.reports, name))).toEqual([]);
  });
  it('the list of reports', async () => {
    const { status, body } = await ask('');
    expect(status).toBe(200);
    expect(body.items.map(({ report }: { report: string }) => report)).toEqual(reportNames);
    expect(body.items[0].title).toBe('Corong usulan dan lama tiap tahap');
  });
});

describe('a report', () => {
  it('tells figures in words of the reader', async () => {
    const { status, body } = await ask(`/payments?period=${period}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      report: 'payments',
      region: '32.15',
      regionName: 'Kab. Karawang, Jawa Barat',
      isCut: false,
    });
    expect(body.columns[0]).toEqual({ name: 'allocated', unit: 'count', label: 'Dialokasikan' });
    const pkh = body.rows.find(({ key }: { key: string }) => key === '2024-05~PKH~APBN');
    expect(pkh.labels).toEqual(['2024-05', 'PKH (keluarga harapan)', 'APBN (pusat)']);
    expect(pkh.values.at(-1)).toBe(50_000);
    expect(body.total.at(-1)).toBe(50_000);
  });
  it('knows the stages from the published definition', async () => {
    const { body } = await ask(`/funnel?period=${period}`);
    expect(body.rows).toEqual([{ key: 'cek-nik', labels: ['Cek NIK'], values: [3, 0, 3, 3, 3.8] }]);
  });
  it('by area has one row per area, by its name', async () => {
    const { body } = await ask(`/funnel?period=${period}&by=area`);
    expect(body.dimensions.map(({ label }: { label: string }) => label)).toEqual(['Wilayah', 'Tahap']);
    expect(body.rows.map(({ key }: { key: string }) => key)).toEqual(['32.15.01~cek-nik', '32.15.02~cek-nik']);
    expect(body.rows[0].labels[0]).not.toMatch(/\d/);
  });
  it('refuses a period that is none, and a report that there is not, by name', async () => {
    const bad = await ask('/funnel?period=2024-13');
    expect([bad.status, bad.text.includes('period')]).toEqual([400, true]);
    expect((await ask(`/gossip?period=${period}`)).status).toBe(400);
  });
});

describe('who sees what', () => {
  it('nobody a region that is not his', async () => {
    for (const report of reportNames) {
      const other = await ask(`/${report}?period=${period}&region=32.16`);
      expect([other.status, other.body.code]).toEqual([403, 'notAllowed']);
      expect((await ask(`/${report}/cases?period=${period}&region=32.16&column=x`)).status).toBe(403);
    }
  });
  it('an operator none', async () => {
    const operator = { name: 'operator-r', region: '32.15', roles: ['operator'] } as const;
    expect((await ask(`/funnel?period=${period}`, operator)).status).toBe(403);
  });
  it('amounts only who may see them', async () => {
    const units = async (account: Parameters<typeof ask>[1]): Promise<string[]> =>
      (await ask(`/programmes?period=${period}`, account)).body.columns.map(({ unit }: { unit: string }) => unit);
    expect(await units(district)).toContain('amount');
    expect(await units(gatherer)).not.toContain('amount');
    const asked = await ask(`/payments/cases?period=${period}&column=difference`, gatherer);
    expect([asked.status, asked.text.includes('"column"')]).toEqual([400, true]);
    expect((await ask(`/payments/cases?period=${period}&column=difference`)).body.items).toHaveLength(1);
  });
  it('no report names a person', async () => {
    for (const report of reportNames) {
      const { text } = await ask(`/${report}?period=${period}&by=area`);
      expect(text).not.toMatch(/Siti|\d{16}|\*{6}/);
    }
  });
});

describe('the cases behind a figure', () => {
  it('are as many as it says, with their keys', async () => {
    const { body } = await ask(`/funnel/cases?period=${period}&by=area&row=32.15.01~cek-nik&column=reached`);
    expect(body).toMatchObject({ columnLabel: 'Sampai', next: null });
    expect(body.rowLabels[1]).toBe('Cek NIK');
    expect(body.items.map(({ caseKey }: { caseKey: string }) => caseKey)).toEqual(['1', '2']);
    expect(body.items[0]).toMatchObject({ number: 'N-1', region: villageA });
  });
});

describe('files', () => {
  it('CSV: a header, a line per row, the total', async () => {
    const { type, name, bytes } = await download(`/overlap/csv?period=${period}`);
    expect([type, name]).toEqual(['text/csv; charset=utf-8', 'overlap-32.15-2024-05.csv']);
    expect(bytes.toString('utf8').replace('\uFEFF', '').split('\n').filter(Boolean)).toEqual([
      'Program,Dengan program,Menerima keduanya,Dari dua sumber dana,Ditemukan saat pemeriksaan,Ditemukan dalam daftar',
      'Bantuan provinsi,PKH (keluarga harapan),1,1,1,0',
      'Bantuan sosial tunai (BST),PKH (keluarga harapan),0,0,0,1',
      'PKH (keluarga harapan),Sembako/BPNT,1,0,0,0',
      'Jumlah,,2,1,1,1',
    ]);
  });
  it('workbook: the same, and its numbers are numbers', async () => {
    const { name, bytes } = await download(`/payments/xlsx?period=${period}`);
    expect(name).toBe('payments-32.15-2024-05.xlsx');
    const folder = await mkdtemp(path.join(tmpdir(), 'alur-report-'));
    try {
      const file = path.join(folder, name);
      await writeFile(file, bytes);
      const rows = [];
      for await (const { cells } of readWorkbook(file)) rows.push(cells);
      expect(rows[0]?.map(({ text }) => text).slice(0, 4)).toEqual([
        'Periode bantuan',
        'Program',
        'Sumber dana',
        'Dialokasikan',
      ]);
      expect(rows.at(-1)?.at(0)).toEqual({ text: 'Jumlah', isNumber: false });
      expect(rows.at(-1)?.at(-1)).toEqual({ text: '50000', isNumber: true });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
  it('paper: title, region, chart and table in the reader’s language', async () => {
    const { type, name, bytes } = await download(`/payments/pdf?period=${period}`);
    expect([type, name]).toEqual(['application/pdf', 'payments-32.15-2024-05.pdf']);
    const { pages, language } = await readPdf(bytes);
    const text = pages.join('\n');
    expect(language).toBe('id');
    for (const word of [
      'Rekonsiliasi penyaluran',
      'Kab. Karawang, Jawa Barat',
      'BLT Dana Desa',
      'Rp2.300.000',
      'Rp50.000',
    ])
      expect(text).toContain(word);
  }, 60_000);
});
