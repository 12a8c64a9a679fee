/** Forms of the update and of objections, judged as the API judges them. */
import { describe, expect, test } from '@jest/globals';
import { judgeForm } from '#api/forms/validate.ts';
import type { JsonObject } from '#engine/json.ts';
import { read } from './dtks.ts';

const judge = (form: string, data: JsonObject) =>
  judgeForm(JSON.parse(read(`${form}.form`)) as JsonObject, data, {
    variables: {},
    shown: new Map(),
    nowMs: 0,
    zone: 'Asia/Jakarta',
  });
const fields = (form: string, data: JsonObject): string[] => judge(form, data).faults.map(({ field }) => field);

describe('confirmation of an RT', () => {
  test('a state for each family, and nothing else', () => {
    const keluarga = [{ nomor: 'A-1', keadaan: 'MASIH_ADA' }];
    expect(judge('konfirmasi-rt', { keluarga })).toMatchObject({ faults: [], variables: { keluarga } });
    expect(fields('konfirmasi-rt', { keluarga: [{ nomor: 'A-1', keadaan: 'KAYA', warga: '1' }] })).toEqual([
      'keluarga.0.warga',
      'keluarga.0.keadaan',
    ]);
  });
});

describe('an objection', () => {
  const objection = {
    nomorUsulan: '3215012001-202610-000007',
    terhadap: 'PENCANTUMAN',
    dasar: 'MAMPU',
    keterangan: 'Keluarga ini memiliki dua mobil dan toko besar',
  };
  const reporter = {
    nik: '3215011201900001',
    noKk: '3215010101100002',
    nama: 'DADANG KURNIAWAN',
    tanggalLahir: '1990-01-12',
    jenisKelamin: 'L',
    hp: '081200000001',
    kodeDesa: '32.15.01.2001',
  };
  test('of a citizen needs who he is, which goes to the vault only', () => {
    expect(fields('sanggah', { ...objection, kanal: 'WARGA' }).toSorted()).toEqual(Object.keys(reporter).toSorted());
    const { faults, variables, vault } = judge('sanggah', { ...objection, ...reporter, kanal: 'WARGA' });
    expect([faults, variables, vault]).toEqual([[], { ...objection, kanal: 'WARGA' }, reporter]);
  });
  test('of staff keeps nobody’s identity, even if given', () => {
    const { faults, vault } = judge('sanggah', { ...objection, ...reporter, kanal: 'PETUGAS' });
    expect([faults, vault]).toEqual([[], {}]);
  });
  test('needs a statement of 30 letters and a number as it is published', () => {
    const poor = { ...objection, kanal: 'PEMERIKSA', keterangan: 'kaya', nomorUsulan: '123' };
    expect(fields('sanggah', poor)).toEqual(['nomorUsulan', 'keterangan']);
  });
});
