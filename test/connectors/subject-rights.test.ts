import { describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { JobOutcome } from '#activities/job-handler.ts';
import type { BreachScope, SubjectRights } from '#db/subject-rights.ts';
import type { Variables } from '#engine/json.ts';
import { noDuplicates, noSubjectRights } from '../support/subject-fakes.ts';
import { depsFor, jobContext, jobRequest } from './fixtures.ts';

const run = (
  jobType: string,
  variables: Variables,
  rights: Partial<SubjectRights> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<JobOutcome> | undefined =>
  createConnectors(
    depsFor({
      duplicates: { ...noDuplicates, recordOf: (number) => Promise.resolve(number === 'A-1' ? '1' : null) },
      subjectRights: { ...noSubjectRights, ...rights },
      readSetting: () => Promise.resolve({ dasar: 'UU 13/2011' }),
    }),
  )[jobType]?.(jobRequest('70', { variables, headers, region: '32.15' }), jobContext());
const restricted = { isRestricted: () => Promise.resolve(true) };

describe('a restricted citizen', () => {
  test('has no data processed: the job is an incident that names the remedy', async () => {
    expect(await run('dtks.segarkan-alamat', { warga: '1' }, restricted)).toEqual({
      outcome: 'failed',
      message: expect.stringContaining('PEMROSESAN_DIBATASI'),
      retries: 0,
    });
    expect(await run('dtks.segarkan-alamat', { warga: '1' })).toMatchObject({ outcome: 'completed' });
  });
  test('is still served in his rights', async () => {
    expect(await run('dtks.batasi-subjek', { warga: '1' }, restricted, { keadaan: 'BEBAS' })).toMatchObject({
      outcome: 'completed',
    });
  });
});

test('dtks.kenali-subjek finds whose data a proposal is about', async () => {
  expect(await run('dtks.kenali-subjek', { usulan: { nomor: 'A-1' } }, restricted)).toEqual({
    outcome: 'completed',
    variables: { subjek: { warga: '1', dibatasi: true } },
  });
  expect(await run('dtks.kenali-subjek', { usulan: { nomor: 'X' } })).toMatchObject({ code: 'USULAN_TIDAK_ADA' });
});

describe('dtks.susun-data-subjek', () => {
  test('hands out key and fingerprint, never content', async () => {
    const compileCopy: SubjectRights['compileCopy'] = (subjectKey, purposes, commandKey) => {
      expect([subjectKey, purposes, commandKey]).toEqual(['1', { dasar: 'UU 13/2011' }, 'job 70']);
      return Promise.resolve({ copyKey: '5', sha256: 'ab', createdAt: '2026-11-22T03:00:00.000Z' });
    };
    expect(await run('dtks.susun-data-subjek', { warga: '1' }, { compileCopy })).toEqual({
      outcome: 'completed',
      variables: { salinan: { kunci: '5', sidik: 'ab', dibuat: '2026-11-22T03:00:00.000Z' } },
    });
  });
  test('nobody there: no further attempt', async () => {
    expect(await run('dtks.susun-data-subjek', { warga: '1' })).toMatchObject({ outcome: 'failed', retries: 0 });
  });
});

describe('dtks.batasi-subjek', () => {
  test('restricts or lifts, with the reason that people gave', async () => {
    const asked: unknown[] = [];
    const restrict: SubjectRights['restrict'] = (subjectKey, isOn, { reason }) =>
      Promise.resolve(asked.push([subjectKey, isOn, reason]) > 0);
    const variables = { warga: '1', hasilHak: { alasan: 'data diperselisihkan' } };
    await run('dtks.batasi-subjek', variables, { restrict }, { keadaan: 'DIBATASI' });
    await run(
      'dtks.batasi-subjek',
      { ...variables, hasilHak: null, permintaan: { uraian: 'cabut' } },
      { restrict },
      { keadaan: 'BEBAS' },
    );
    expect(asked).toEqual([
      ['1', true, 'data diperselisihkan'],
      ['1', false, 'cabut'],
    ]);
  });
  test('a model without the header is told what belongs there', async () => {
    expect(await run('dtks.batasi-subjek', { warga: '1' })).toMatchObject({
      message: 'MODEL_SALAH (header keadaan: DIBATASI, BEBAS)',
    });
  });
});

describe('dtks.kumpulkan-terdampak', () => {
  const scopes: BreachScope[] = [];
  const concernedBy: SubjectRights['concernedBy'] = (scope) => {
    scopes.push(scope);
    return Promise.resolve({ subjectKeys: ['1', '2'], complete: false });
  };
  test('asks for the region of the case, or for what an account opened in it', async () => {
    const told = { outcome: 'completed', variables: { terdampak: ['1', '2'], lengkap: false } };
    expect(await run('dtks.kumpulkan-terdampak', { dampak: { cakupan: 'WILAYAH' } }, { concernedBy })).toEqual(told);
    const dampak = { cakupan: 'AKUN', petugas: 'maling', dari: '2026-11-01', sampai: '2026-11-02' };
    expect(await run('dtks.kumpulkan-terdampak', { dampak }, { concernedBy })).toEqual(told);
    expect(scopes).toEqual([
      { kind: 'region', region: '32.15' },
      { kind: 'account', region: '32.15', account: 'maling', from: '2026-11-01', to: '2026-11-02' },
    ]);
  });
  test('names the field that is wrong', async () => {
    const dampak = { cakupan: 'AKUN', petugas: 'maling', dari: 'kemarin', sampai: '2026-11-02' };
    expect(await run('dtks.kumpulkan-terdampak', { dampak })).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('dampak.dari'),
    });
  });
});
