/** Jobs dtks.gerbang and dtks.aturan, with the settings as the definitions ship them. */
import { describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { JobOutcome, JobRequest } from '#activities/job-handler.ts';
import type { Json } from '#engine/json.ts';
import { read } from '../definitions/dtks.ts';
import { depsFor, jobContext, jobRequest } from './fixtures.ts';

const shipped = (file: string): Json => JSON.parse(read(file)) as Json;
const calendar = shipped('kalender.json') as Record<string, Json>;
const settings: Record<string, Json> = { 'dtks.kalender': calendar, 'dtks.tenggat': shipped('tenggat.json') };

async function run(
  type: 'dtks.gerbang' | 'dtks.aturan',
  request: Partial<JobRequest>,
  change: Record<string, Json> = {},
): Promise<JobOutcome | undefined> {
  const known: Record<string, Json> = { ...settings, ...change };
  const deps = depsFor({ readSetting: (name) => Promise.resolve(known[name] ?? null) });
  return createConnectors(deps)[type]?.(jobRequest('1', request), jobContext());
}
const gate = (headers: Record<string, string>, change: Record<string, Json> = {}, region = '32.15.01.2001') =>
  run('dtks.gerbang', { headers, region }, change);

describe('dtks.gerbang', () => {
  test.each<[Record<string, string>, string]>([
    [{ gerbang: 'buka_input' }, '2026-12-01T00:00:00+07:00'],
    [{ gerbang: 'tutup_input' }, '2026-12-12T00:00:00+07:00'],
    [{ gerbang: 'penetapan' }, '2026-11-30T16:00:00+07:00'],
    [{ hariKerja: '5' }, '2026-11-28T00:00:00+07:00'],
  ])('%j: %s', async (headers, gerbang) => {
    expect(await gate(headers)).toEqual({ outcome: 'completed', variables: { gerbang } });
  });
  test('on the clocks of the region', async () => {
    expect(await gate({ gerbang: 'buka_input' }, {}, '91.01')).toMatchObject({
      variables: { gerbang: '2026-12-01T00:00:00+09:00' },
    });
  });
  test('the demo profile reaches it within ten minutes', async () => {
    const outcome = await gate({ gerbang: 'tutup_input' }, { 'dtks.kalender': { ...calendar, profil: 'demo' } });
    // It is 10:00: 11 of 30 days into the next ten minutes.
    expect(outcome).toMatchObject({ variables: { gerbang: '2026-11-22T10:03:40+07:00' } });
  });
  test.each<[Record<string, string>, Record<string, Json>, string]>([
    [{ gerbang: 'tutup' }, {}, 'MODEL_SALAH (header gerbang: buka_input, tutup_input'],
    [{}, {}, 'MODEL_SALAH (header hariKerja: 1 … 250)'],
    [{ hariKerja: '0' }, {}, 'MODEL_SALAH (header hariKerja'],
    [
      { gerbang: 'penetapan' },
      { 'dtks.kalender': { ...calendar, profil: 'cepat' } },
      'dtks.kalender; profil: menitPerBulan',
    ],
    [
      { gerbang: 'penetapan' },
      { 'dtks.kalender': { ...calendar, libur: [{ tanggal: '17-08', nama: 'x' }] } },
      'dtks.kalender; libur.0.tanggal: YYYY-MM-DD, MM-DD',
    ],
  ])('%j is an incident at once that says what is wrong: %#', async (headers, change, message) => {
    expect(await gate(headers, change)).toEqual({
      outcome: 'failed',
      message: expect.stringContaining(message),
      retries: 0,
    });
  });
});

describe('dtks.aturan', () => {
  const rules = (variables: Record<string, Json>, change: Record<string, Json> = {}) =>
    run('dtks.aturan', { variables }, change);
  const profiles = shipped('tenggat.json') as Record<string, Json>;
  test('deadlines of the usual profile, or of the one asked for; the policy when there is one', async () => {
    expect(await rules({})).toEqual({
      outcome: 'completed',
      variables: { tenggat: profiles['baku'], kebijakan: null },
    });
    const policies = shipped('kebijakan.json') as Json[];
    expect(await rules({ profilTenggat: 'singkat' }, { 'dtks.kebijakan': policies })).toEqual({
      outcome: 'completed',
      variables: { tenggat: profiles['singkat'], kebijakan: policies[1] },
    });
  });
  test('an unknown profile is an incident', async () => {
    expect(await rules({ profilTenggat: 'santai' })).toEqual({
      outcome: 'failed',
      message: 'PENGATURAN_SALAH (dtks.tenggat.santai)',
      retries: 0,
    });
  });
});
