/** The whole demo in memory: definitions, connectors, simulators and player agree with the oracle about every case. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { monthBefore } from '#cli/demo/months.ts';
import { runDemo } from '#cli/demo/run.ts';
import type { Trouble } from '#cli/demo/troubles.ts';
import { readTruth, writeGenerated } from '#cli/generate/files.ts';
import { generate } from '#cli/generate/generate.ts';
import { openProgress } from '#cli/progress.ts';
import { createDukcapil } from '#simulators/dukcapil.ts';
import { createNotification } from '#simulators/notification.ts';
import { createPos } from '#simulators/pos.ts';
import { createSiksNg } from '#simulators/siks-ng.ts';
import { listen } from '../connectors/fixtures.ts';
import { MemoryProduct } from './memory-product.ts';

const seeds = (process.env['ALUR_DEMO_SEEDS'] ?? '7').split(',').map(Number);
const usual = Number(process.env['ALUR_DEMO_PROPOSALS'] ?? 72);

const noTrouble: Trouble = { quota: null, outageDays: 0 };

async function play(seed: number, { proposals = usual, months = 1, trouble = noTrouble } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'alur-demo-'));
  const options = { seed, stateDir: null };
  const dukcapil = await listen(createDukcapil(options));
  const notification = await listen(createNotification(options));
  const siks = await listen(createSiksNg(options));
  // The simulator of PT Pos and the product need each other's address.
  let apiUrl = '';
  const lateApi = {
    get apiUrl() {
      return apiUrl;
    },
  };
  const posApp = createPos(
    Object.defineProperty({ ...options, apiToken: null, deliveryDelayMs: 20, apiUrl: '' }, 'apiUrl', {
      get: () => lateApi.apiUrl,
    }),
  );
  const pos = await listen(posApp.app);
  const product = await MemoryProduct.create({ dukcapil: dukcapil.url, pos: pos.url, notification: notification.url });
  const api = await listen(product.app);
  apiUrl = api.url;
  product.start();
  try {
    const csv = join(folder, 'usulan.csv');
    await writeGenerated(csv, await generate({ proposals, seed, months }), 0);
    const ledgerFile = join(folder, 'ledger.jsonl');
    const result = await runDemo({
      csv,
      ...(await readTruth(csv)),
      baseUrl: api.url,
      dukcapilUrl: dukcapil.url,
      posUrl: pos.url,
      siksUrl: siks.url,
      password: 'alur-demo',
      concurrency: 8,
      ledgerFile,
      stallMs: 90_000,
      spread: false,
      trouble,
      progress: openProgress(false),
      say: () => undefined,
    });
    const ledger = readFileSync(ledgerFile, 'utf8').trim().split('\n');
    return { result, ledger, faults: product.faults };
  } finally {
    product.stop();
    posApp.stop();
    await Promise.all([api, pos, dukcapil, notification, siks].map((running) => running.close()));
    rmSync(folder, { recursive: true, force: true });
  }
}

test.each(seeds)(
  'seed %i: every case ends as the oracle told',
  async (seed) => {
    const { result, ledger, faults } = await play(seed);
    expect(faults).toEqual([]);
    expect(result.refused).toEqual([]);
    expect(result.mismatches).toEqual([]);
    expect(result).toMatchObject({ matched: usual, lost: [], doubled: [], incidents: 0 });
    const { allocated, paid, returned } = result.ledger;
    expect(result).toMatchObject({
      forbiddenOverlaps: [],
      paidTwice: [],
      unforetold: [],
      closed: [monthBefore(new Date(), 0)],
    });
    expect(result.ledger).toEqual({ allocated, paid, returned, pending: 0, wrong: 0, difference: 0 });
    expect(allocated).toBeGreaterThan(0);
    expect(ledger.filter((line) => line.includes('completeUserTask'))).toHaveLength(
      result.steps - ledger.filter((line) => line.includes('dtks.penarikan')).length,
    );
  },
  600_000,
);

test('two months, each closed with the books that the oracle told, in spite of a used-up quota and a day without Dukcapil', async () => {
  const [proposals, months, quota] = [20, 2, 4];
  const { result, faults } = await play(7, { proposals, months, trouble: { quota, outageDays: 1 } });
  expect({ faults, refused: result.refused, mismatches: result.mismatches }).toEqual({
    faults: [],
    refused: [],
    mismatches: [],
  });
  expect(result).toMatchObject({ matched: proposals, lost: [], doubled: [], incidents: 0 });
  expect(result.updates).toBeGreaterThan(0);
  expect(result.objections).toBeGreaterThan(0);
  const periods = [monthBefore(new Date(), 1), monthBefore(new Date(), 0)];
  expect(result).toMatchObject({ unforetold: [], paidTwice: [], closed: periods });
  expect(Object.keys(result.months)).toEqual(periods);
  for (const sums of Object.values(result.months)) {
    expect(sums).toMatchObject({ pending: 0, difference: 0, wrong: 0 });
    expect(sums.allocated).toBeGreaterThan(0);
  }
  const { requests, answered } = result.dukcapil;
  expect(answered).toBeGreaterThan(quota);
  expect(requests).toBeGreaterThan(answered);
}, 600_000);
