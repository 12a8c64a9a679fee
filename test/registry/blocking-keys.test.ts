import { describe, expect, test } from '@jest/globals';
import { blockingKeys } from '#registry/blocking-keys.ts';
import type { PersonRecord } from '#registry/comparison.ts';
import { likenessOf } from '#registry/comparison.ts';
import { nameWords, wordSound } from '#registry/names.ts';

const siti: PersonRecord = {
  nik: '3215015505850001',
  noKk: '3215010101100002',
  nama: 'Siti Zubaedah',
  tanggalLahir: '1985-05-15',
  ibuKandung: 'Entin Supartini',
  hp: '0812-0000-0001',
  alamat: 'Kp. Sukamaju No. 12',
  rt: '003',
  rw: '04',
  kodeDesa: '32.15.01.2001',
};
const shareKey = (a: PersonRecord, b: PersonRecord): boolean =>
  blockingKeys(a).some((key) => blockingKeys(b).includes(key));
/** Nothing in common with `siti`. */
const stranger: PersonRecord = {
  nik: '3273012001700005',
  noKk: '3273010202120003',
  nama: 'Dadang Kosasih',
  tanggalLahir: '1970-01-20',
  ibuKandung: 'Oom',
  hp: '081399999999',
  alamat: 'Jl. Melati 4',
  rt: '1',
  rw: '1',
  kodeDesa: '32.73.01.1001',
};

describe('blocking keys', () => {
  test('strangers share none, and the NIK comes first', () => {
    expect(shareKey(siti, stranger)).toBe(false);
    expect(blockingKeys(siti)[0]).toBe('nik|3215015505850001');
  });
  test.each<[string, Partial<PersonRecord>]>([
    ['the NIK', { nik: siti.nik }],
    ['the family card', { noKk: siti.noKk }],
    ['birth date and village', { tanggalLahir: siti.tanggalLahir, kodeDesa: siti.kodeDesa }],
    ['birth date and one word of the name, otherwise spelt', { tanggalLahir: siti.tanggalLahir, nama: 'JUBAIDAH' }],
    ["birth date and a word of the mother's name", { tanggalLahir: siti.tanggalLahir, ibuKandung: 'SUPPARTINI' }],
    [
      'a word of the name and the address, otherwise written',
      { nama: 'ZUBAEDAH', alamat: 'KAMPUNG SUKAMAJU NO 12', rt: '3', rw: '4', kodeDesa: siti.kodeDesa },
    ],
  ])('%s is enough', (_, agreement) => {
    expect(shareKey(siti, { ...stranger, ...agreement })).toBe(true);
  });
  test.each<[string, Partial<PersonRecord>]>([
    ['birth date alone', { tanggalLahir: siti.tanggalLahir }],
    ['the name alone', { nama: siti.nama }],
    ['the village alone', { kodeDesa: siti.kodeDesa }],
    ['the phone', { hp: siti.hp }],
  ])('%s is not', (_, agreement) => {
    expect(shareKey(siti, { ...stranger, ...agreement })).toBe(false);
  });
  test('what is not known makes no key', () => {
    const unknown = { ...siti, nik: '', noKk: '-', nama: '', tanggalLahir: '', ibuKandung: null, alamat: '' };
    expect(blockingKeys(unknown)).toEqual([]);
  });
});

test.each([
  ['ZUBAEDAH', 'JUBAIDAH'],
  ['SUPRIYATI', 'SUPRIATI'],
  ['FATIMAH', 'PATIMA'],
  ['HASANUDIN', 'ASANUDIN'],
  ['IMAS', 'EMAS'],
])('%s and %s sound alike', (a, b) => {
  expect(nameWords(a).map(wordSound)).toEqual(nameWords(b).map(wordSound));
});

test('two records side by side: facts, none of the text; unknown is equal to nothing', () => {
  const unknown = { ...siti, nik: '', noKk: '', tanggalLahir: '', ibuKandung: null, hp: null, alamat: null };
  expect(likenessOf(unknown, unknown)).toEqual({
    nikSama: false,
    kkSama: false,
    tanggalSama: false,
    ibuSama: false,
    desaSama: true,
    alamatSama: false,
    hpSama: false,
    skorNama: 1,
  });
  const retyped = {
    ...siti,
    nama: 'SITI ZUBAEDAH',
    alamat: 'kp sukamaju 12',
    rt: '3',
    rw: '4',
    hp: '+62812 0000 0001',
  };
  expect(likenessOf(siti, retyped)).toMatchObject({ alamatSama: true, hpSama: true, skorNama: 1, ibuSama: true });
});
