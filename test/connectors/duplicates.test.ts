import { describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { JobOutcome } from '#activities/job-handler.ts';
import type { Duplicates, MergeChoice } from '#db/registry/duplicates.ts';
import type { Variables } from '#engine/json.ts';
import { noDuplicates } from '../support/subject-fakes.ts';
import { citizen, depsFor, jobContext, jobRequest } from './fixtures.ts';

const other = { ...citizen, nik: '3215011201900077', nama: 'DADANG KURNIA', rt: '9' };
const records: Readonly<Record<string, string>> = { 'A-1': '1', 'B-2': '2' };
const run = (
  jobType: string,
  variables: Variables,
  duplicates: Partial<Duplicates> = {},
): Promise<JobOutcome> | undefined =>
  createConnectors(
    depsFor({
      readSubject: (key) => Promise.resolve(key === '1' ? citizen : key === '2' ? other : null),
      duplicates: { ...noDuplicates, recordOf: (number) => Promise.resolve(records[number] ?? null), ...duplicates },
    }),
  )[jobType]?.(jobRequest('70', { variables, elementId: 'langkah' }), jobContext());
const pair = { perbandingan: { pertama: '1', kedua: '2' } };

describe('dtks.bandingkan-orang', () => {
  const both = { usulan: { nomor: 'A-1' }, pembanding: { nomor: 'B-2' } };
  test('tells what is alike and what differs, and no citizen data', async () => {
    const outcome = await run('dtks.bandingkan-orang', both);
    expect(outcome).toMatchObject({
      outcome: 'completed',
      variables: {
        perbandingan: {
          keadaan: 'BARU',
          pertama: '1',
          kedua: '2',
          kandidat: { usulan: 'B-2', nikSama: false, kkSama: true, tanggalSama: true, alamatSama: false },
          beda: { nik: true, noKk: false, nama: true, alamat: true, ibuKandung: false },
        },
      },
    });
    expect(JSON.stringify(outcome)).not.toMatch(/\d{16}|DADANG|Sukamaju/);
  });
  test.each([
    ['MERGED', 'SUDAH_DIGABUNG'],
    ['REFUSED', 'BUKAN_GANDA'],
  ] as const)('a pair that is %s is told as %s', async (standing, keadaan) => {
    expect(await run('dtks.bandingkan-orang', both, { standing: () => Promise.resolve(standing) })).toMatchObject({
      variables: { perbandingan: { keadaan } },
    });
  });
  test.each([
    { ...both, pembanding: { nomor: 'C-3' } },
    { ...both, pembanding: { nomor: 'A-1' } },
    { usulan: { nomor: 'A-1' } },
  ])('an unknown or the same number is a BPMN error: %j', async (variables) => {
    expect(await run('dtks.bandingkan-orang', variables)).toMatchObject({ outcome: 'error', code: 'USULAN_TIDAK_ADA' });
  });
});

describe('dtks.gabungkan-orang', () => {
  const choose = (bertahan: string, isian: Variables = {}): Variables => ({
    ...pair,
    pilihanGanda: { bertahan, isian },
    alasan: 'bukti cukup',
  });
  test('who stays keeps his data but for the fields chosen from the other', async () => {
    const asked: MergeChoice[] = [];
    const outcome = await run('dtks.gabungkan-orang', choose('KEDUA', { nama: 'PERTAMA', alamat: 'KEDUA' }), {
      merge: (choice) => {
        asked.push(choice);
        const paidTwice = [{ programme: 'PKH', period: '2026-T4', first: '8', second: '9' }];
        return Promise.resolve({ outcome: 'merged', mergeKey: '5', moved: 2, paidTwice });
      },
    });
    expect(asked).toEqual([
      {
        survivor: '2',
        loser: '1',
        fromLoser: ['nama'],
        today: '2026-11-22',
        commandKey: 'job 70',
        actor: 'langkah',
        reason: 'bukti cukup',
      },
    ]);
    expect(outcome).toEqual({
      outcome: 'completed',
      variables: {
        penggabungan: {
          kunci: '5',
          butirPindah: 2,
          terbayarGanda: [{ program: 'PKH', periode: '2026-T4', kepesertaan: '9' }],
        },
      },
    });
  });
  test('one person already: the diagram knows', async () => {
    const merge = (): Promise<never> => Promise.resolve({ outcome: 'refused', code: 'SAME_PERSON' } as never);
    expect(await run('dtks.gabungkan-orang', choose('PERTAMA'), { merge })).toMatchObject({
      outcome: 'error',
      code: 'SUDAH_SATU_ORANG',
    });
  });
  test('without a comparison or a choice nothing is merged, and what is missing is named', async () => {
    expect(await run('dtks.gabungkan-orang', { pilihanGanda: { bertahan: 'KEDUA' } })).toMatchObject({
      message: expect.stringContaining('perbandingan.pertama'),
      retries: 0,
    });
    expect(await run('dtks.gabungkan-orang', pair)).toMatchObject({
      message: expect.stringContaining('pilihanGanda.bertahan'),
      retries: 0,
    });
  });
});

test('dtks.catat-bukan-ganda remembers the pair with the reason', async () => {
  const refused: unknown[] = [];
  const refuse: Duplicates['refuse'] = (given, { reason }) => Promise.resolve(void refused.push([given, reason]));
  expect(await run('dtks.catat-bukan-ganda', { ...pair, alasan: 'kembar' }, { refuse })).toMatchObject({
    outcome: 'completed',
  });
  expect(refused).toEqual([[{ first: '1', second: '2' }, 'kembar']]);
});

test('dtks.urai-orang undoes the merge, or says why it cannot', async () => {
  const merged = { penggabungan: { kunci: '5' } };
  expect(await run('dtks.urai-orang', merged)).toMatchObject({ outcome: 'completed' });
  const undo: Duplicates['undo'] = () => Promise.resolve({ outcome: 'refused', code: 'SURVIVOR_MERGED' });
  expect(await run('dtks.urai-orang', merged, { undo })).toMatchObject({
    outcome: 'failed',
    message: expect.stringContaining('SURVIVOR_MERGED'),
  });
});
