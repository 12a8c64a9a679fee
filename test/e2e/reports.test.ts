/**
 * A head of department reads reports in a real browser, from the real server, over data of which every figure is known: from a figure to its
 * cases, from an area to its report, and the files. Looked over at 390 and 1440 px.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { reportNames } from '#contract/period-report.ts';
import { ApiUnderTest } from '../api/api-under-test.ts';
import { publishSample, sampleBpmn } from '../api/sample-case.ts';
import { launchBrowser } from '../support/browser.ts';
import { builtWeb } from '../support/built-web.ts';
import { period, plantReports, proposalOfOneStep } from '../support/report-data.ts';
import { Visitor } from '../support/visitor.ts';

const testMs = 240_000;
let api: ApiUnderTest;
let browser: Browser;
let head: Visitor;

beforeAll(async () => {
  api = await ApiUnderTest.start({ webRoot: await builtWeb() });
  await publishSample(api, { 'usulan.bpmn': proposalOfOneStep(sampleBpmn) });
  await plantReports(api.owner);
  await api.token({ name: 'kabid', region: '32.15', roles: ['supervisor'] });
  browser = await launchBrowser();
  head = await Visitor.arrive(browser, api.url);
  await head.signIn('kabid', 'password of kabid');
}, 900_000);
afterAll(async () => {
  await browser.close();
  await api.stop();
}, 120_000);

test(
  'from the tab to a report, from a figure to its cases and back',
  async () => {
    await head.open('/supervision');
    await head.page.getByRole('link', { name: 'Laporan', exact: true }).click();
    await head.heading('Corong usulan dan lama tiap tahap').waitFor();
    await head.open(`/supervision/reports/funnel?period=${period}`);
    const row = head.page.getByRole('row', { name: /^Cek NIK/ });
    await row.getByRole('link', { name: '3', exact: true }).first().click();
    await head.heading('Corong usulan dan lama tiap tahap: Sampai').waitFor();
    expect(await head.page.locator('tbody tr').count()).toBe(3);
    expect(await head.inspect('report-cases')).toEqual([]);
    expect(await head.page.getByRole('link', { name: 'N-1' }).getAttribute('href')).toBe('/cases/1');
    await head.page.goBack();
    await row.waitFor();
  },
  testMs,
);

test(
  'by area, down to a sub-district and up again',
  async () => {
    await head.open(`/supervision/reports/payments?period=${period}`);
    await head.page.getByLabel('Rinci per wilayah').check();
    await head.page.waitForURL(/by=area/);
    await head.settled();
    const area = head.page.locator('tbody th a').first();
    const name = (await area.textContent()) ?? '';
    await area.click();
    await head.page.waitForURL(/region=32\.15\.01/);
    await head.page.locator('.card header', { hasText: name }).waitFor();
    await head.page.getByRole('link', { name: 'Kab. Karawang' }).click();
    await head.page.waitForURL(/region=32\.15&/);
  },
  testMs,
);

test.each(reportNames)(
  '%s is readable at both widths',
  async (name) => {
    await head.open(`/supervision/reports/${name}?period=${name === 'estimate' ? '2024-T2' : period}`);
    await head.page.locator('.report-table').waitFor();
    expect(await head.inspect(`report-${name}`)).toEqual([]);
  },
  testMs,
);

test(
  'a report is downloaded',
  async () => {
    await head.open(`/supervision/reports/overlap?period=${period}`);
    const [download] = await Promise.all([
      head.page.waitForEvent('download'),
      head.page.getByRole('link', { name: 'Unduh CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe(`overlap-32.15-${period}.csv`);
    expect(head.complaints).toEqual([]);
  },
  testMs,
);
