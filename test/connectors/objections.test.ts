import { describe, expect, test } from '@jest/globals';
import { createConnectors } from '#activities/connectors/index.ts';
import type { Objections } from '#db/queries/objections.ts';
import type { Json } from '#engine/json.ts';
import { memoryObjections } from '../support/memory-updates.ts';
import { depsFor, jobContext, jobRequest } from './fixtures.ts';

const number = '3215012001-202610-000007';
const check = (variables: Record<string, Json>, change: Partial<Objections> = {}) =>
  createConnectors(depsFor({ objections: { ...memoryObjections(), ...change } }))['dtks.periksa-sanggah']?.(
    jobRequest('1', { variables: { nomorUsulan: number, pelapor: '9', ...variables } }),
    jobContext(),
  );

describe('dtks.periksa-sanggah', () => {
  test('tells the proposal, whose it is, who saw the family, and how many objections there are', async () => {
    const asked: unknown[] = [];
    const outcome = await check(
      {},
      {
        disputed: () =>
          Promise.resolve({
            village: '32.15.01.2001',
            program: 'PKH',
            period: '2026-10',
            subjectKey: '5',
            surveyors: ['psm'],
          }),
        countOf: (reporter, sinceMs) => {
          asked.push(reporter, new Date(sinceMs).toISOString());
          return Promise.resolve(2);
        },
        openAgainst: (proposal, instance) => {
          asked.push(proposal, instance);
          return Promise.resolve(1);
        },
      },
    );
    expect(outcome).toEqual({
      outcome: 'completed',
      variables: {
        pemeriksaan: {
          nomorSanggah: 'SG-1048576',
          ditemukan: true,
          usulan: { nomor: number, kodeDesa: '32.15.01.2001', program: 'PKH', periode: '2026-10' },
          warga: '5',
          penyurvei: ['psm'],
          keberapa: 2,
          lain: 1,
        },
      },
    });
    expect(asked).toEqual(['9', '2026-10-31T17:00:00.000Z', number, '1048576']);
  });
  test('an unknown number is told; staff have no limit', async () => {
    expect(await check({ pelapor: null }, { countOf: () => Promise.reject(new Error('not asked')) })).toMatchObject({
      variables: { pemeriksaan: { ditemukan: false, usulan: null, warga: null, penyurvei: [], keberapa: 0 } },
    });
  });
});
