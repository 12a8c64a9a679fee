import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { JobHandler, JobOutcome } from '#activities/job-handler.ts';
import { createDukcapil } from '#simulators/dukcapil.ts';
import { citizen, depsFor, jobContext, jobRequest, listen, post, type Running } from './fixtures.ts';

const entry = {
  nik: citizen.nik,
  noKk: citizen.noKk,
  nama: citizen.nama,
  tanggalLahir: citizen.tanggalLahir,
  jenisKelamin: citizen.jenisKelamin,
};
const ada = { kode: 'ADA', nikSesuai: true, kkSesuai: true, tanggalSesuai: true, kelaminSesuai: true, skorNama: 100 };

describe('dukcapil.verifikasi against the simulator', () => {
  let running: Running;
  let verify: JobHandler;
  const ask = (key = '7'): Promise<JobOutcome> => verify(jobRequest(key), jobContext());
  const register = (change: object): Promise<unknown> =>
    post(`${running.url}/_sim/population`, [{ ...entry, ...change }]);

  beforeEach(async () => {
    running = await listen(createDukcapil({ seed: 1, stateDir: null }));
    const deps = depsFor({});
    const found = createConnectors({ ...deps, dukcapil: { ...deps.dukcapil, url: running.url } })[
      'dukcapil.verifikasi'
    ];
    if (found === undefined) throw new Error('no connector');
    verify = found;
  });
  afterEach(() => running.close());

  test('a matching person', async () => {
    await register({});
    expect(await ask()).toEqual({ outcome: 'completed', variables: { jawaban: ada } });
  });
  test.each([
    [{ noKk: '3215010101100009' }, { kkSesuai: false }],
    [{ tanggalLahir: '1990-01-13' }, { tanggalSesuai: false }],
    [{ jenisKelamin: 'P' }, { kelaminSesuai: false }],
    [{ skorNama: { 'DADANG KURNIAWAN': 86 } }, { skorNama: 86 }],
    [{ skorNama: { 'DADANG KURNIAWAN': 45 } }, { skorNama: 45 }],
  ])('differences: %j', async (change, expected) => {
    await register(change);
    expect(await ask()).toEqual({ outcome: 'completed', variables: { jawaban: { ...ada, ...expected } } });
  });
  test.each([
    ['MENINGGAL', 'MENINGGAL'],
    ['GANDA', 'GANDA'],
    ['NONAKTIF', 'NONAKTIF'],
  ])('business outcomes end the job: %s', async (status, kode) => {
    await register({ status });
    expect(await ask()).toMatchObject({ outcome: 'completed', variables: { jawaban: { kode, nikSesuai: false } } });
  });
  test('a number nobody has is not found', async () => {
    expect(await ask()).toMatchObject({ outcome: 'completed', variables: { jawaban: { kode: 'TIDAK_DITEMUKAN' } } });
  });
  test('the used-up quota is a BPMN error, the refused access an incident at once', async () => {
    await register({});
    await post(`${running.url}/_sim/script`, { quota: 1 });
    expect((await ask()).outcome).toBe('completed');
    expect(await ask()).toMatchObject({ outcome: 'error', code: 'KUOTA_HABIS' });
    await post(`${running.url}/_sim/script`, { quota: null, accessDenied: true });
    expect(await ask()).toMatchObject({ outcome: 'failed', retries: 0 });
  });
  test('outage, slowness and a fault are attempts that failed, without personal data in the message', async () => {
    await register({ gangguan: 1 });
    const answers = [await ask()];
    expect((await ask()).outcome).toBe('completed');
    await post(`${running.url}/_sim/script`, { outage: true });
    answers.push(await ask());
    await post(`${running.url}/_sim/script`, { outage: false, slownessMs: 900 });
    answers.push(await ask());
    for (const answer of answers) {
      expect(answer.outcome).toBe('failed');
      expect(answer).not.toHaveProperty('retries');
      expect(JSON.stringify(answer)).not.toMatch(/\d{16}|DADANG/);
    }
    expect(JSON.stringify(answers[2])).toContain('WAKTU_HABIS');
  });
});
