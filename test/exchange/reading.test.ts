/** Files of all sorts are read by a profile: the same rows, whoever saved them; each fault with its line and column. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mapperOf } from '#exchange/mapping.ts';
import type { ExchangeRecord, MappedRow } from '#exchange/mapping.ts';
import { readTable } from '#exchange/reader.ts';
import { writeRecords } from '#exchange/writer.ts';
import { writeWorkbook } from '#exchange/workbook-writer.ts';
import { profileOf } from './profiles.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alur-exchange-'));
});
afterAll(() => rm(folder, { recursive: true }));

const fileOf = async (content: string | Buffer): Promise<string> => {
  files += 1;
  const file = path.join(folder, String(files));
  await writeFile(file, content);
  return file;
};
async function rowsOf(profile: string, file: string): Promise<MappedRow[]> {
  const { header, rows } = await readTable(file);
  const map = mapperOf(profileOf(profile), header, '2026-11-23');
  const mapped: MappedRow[] = [];
  for await (const row of rows) mapped.push(map(row));
  return mapped;
}
const readText = async (profile: string, content: string | Buffer) => rowsOf(profile, await fileOf(content));

const header = ['ID_BST', 'NIK', 'NO_KK', 'Nama Penerima', 'TGL_LAHIR', 'JK', 'KODE_DESA', 'TAHAP', 'NOMINAL'];
const good = [
  'B-1',
  '3215015505850007',
  '3215010101100002',
  'ANI É',
  '15-05-1985',
  'P',
  '3215012001',
  '2020-05',
  'Rp 600.000,00',
];
const bst = {
  idSumber: 'B-1',
  nik: '3215015505850007',
  noKk: '3215010101100002',
  nama: 'ANI É',
  tempatLahir: null,
  tanggalLahir: '1985-05-15',
  jenisKelamin: 'P',
  ibuKandung: null,
  hp: null,
  alamat: null,
  rt: null,
  rw: null,
  kodeDesa: '32.15.01.2001',
  keberadaan: null,
  periode: '2020-05',
  jumlah: 600_000,
  program: 'BST',
  sumberDana: 'APBN',
} satisfies ExchangeRecord;
const lines = (delimiter: string, ...rows: readonly (readonly string[])[]): string =>
  rows.map((row) => row.join(delimiter)).join('\r\n');

describe('a text file', () => {
  it.each([
    ['semicolons, Windows-1252', Buffer.from(lines(';', header, good), 'latin1')],
    ['tabs, UTF-8', Buffer.from(lines('\t', header, good))],
    ['semicolons, UTF-8 with a byte order mark', Buffer.from(`\uFEFF${lines(';', header, good)}`)],
    ['tabs, UTF-16 ("Unicode text" of Excel)', Buffer.from(`\uFEFF${lines('\t', header, good)}`, 'utf16le')],
  ])('%s', async (_, content) => {
    expect(await readText('bst', content)).toEqual([{ line: 2, record: bst, faults: null }]);
  });
  it('may have other columns and blank lines, and headers in any case', async () => {
    const text = lines(
      ',',
      [...header.map((name) => name.toLowerCase()), 'catatan'],
      [],
      [...good.slice(0, 8), '600000', 'tidak dibaca'],
    );
    expect(await readText('bst', text)).toEqual([{ line: 3, record: bst, faults: null }]);
  });
});

describe('faults', () => {
  const faultsOf = async (change: Readonly<Record<string, string>>): Promise<unknown> => {
    const row = header.map((name, index) => change[name] ?? good[index] ?? '');
    const [mapped] = await readText('bst', lines(';', header, row));
    return mapped?.faults?.map(({ field, code }) => [field, code]);
  };
  it.each([
    ['3,21502E+15', 'scientificNumber'],
    ['3.2150155058500E15', 'scientificNumber'],
    ['321501550585007', 'notDigits16'],
    ['3215015513850007', 'notANik'],
    ['', 'missing'],
  ])('NIK %s: %s', async (NIK, code) => {
    expect(await faultsOf({ NIK })).toEqual([['NIK', code]]);
  });
  it.each([
    ['TGL_LAHIR', '31-02-1985', 'notADate'],
    ['TGL_LAHIR', '05/15/1985', 'notADate'],
    ['JK', 'X', 'notInList'],
    ['KODE_DESA', '32.1501.2001', 'notAVillage'],
    ['TAHAP', '2020-13', 'notAPeriod'],
    ['NOMINAL', '6oo.000', 'notMoney'],
    ['NOMINAL', '600.50', 'notMoney'],
    ['NO_KK', '3215019901100002', 'notAFamilyCard'],
  ])('%s %s: %s', async (field, text, code) => {
    expect(await faultsOf({ [field]: text })).toEqual([[field, code]]);
  });
  it('are all told, by the header that the file has', async () => {
    expect(await faultsOf({ 'Nama Penerima': 'X'.repeat(121), JK: 'Q' })).toEqual([
      ['Nama Penerima', 'tooLong'],
      ['JK', 'notInList'],
    ]);
  });
  it('tell nothing of what the cell holds', async () => {
    const [mapped] = await readText('bst', lines(';', header, good.with(1, '3215015513850007')));
    expect(JSON.stringify(mapped?.faults)).not.toContain('3215015513850007');
  });
  it('a row with more cells than the header', async () => {
    const [mapped] = await readText('bst', lines(';', header, [...good, 'lebih']));
    expect(mapped?.faults).toEqual([{ field: '*', code: 'tooManyCells', values: { count: 9 } }]);
  });
  it.each([
    ['empty', ''],
    ['headerLacks', 'NIK;NAMA\n1;2'],
    ['headerTwice', `${lines(';', [...header, 'NO NIK'])}\n`],
    ['brokenCsv', `${lines(';', header, good)}\n"tidak ditutup`],
    ['brokenCsv', `${lines(';', header)}\n"${'x'.repeat(70_000)}"`],
    ['brokenWorkbook', Buffer.from('PK\u0003\u0004 bukan arsip')],
  ])('of the file: %s', async (code, content) => {
    await expect(readText('bst', content)).rejects.toMatchObject({ name: 'FileFault', code });
  });
});

async function written(profile: string, records: readonly ExchangeRecord[]): Promise<string> {
  const file = await fileOf('');
  await pipeline(writeRecords(profileOf(profile), records), createWriteStream(file));
  return file;
}

describe('what is written is read again', () => {
  const order = {
    idBayar: '00012',
    nama: '=HYPERLINK("http://contoh")',
    nikSamar: '321501**********',
    alamat: '-KP. A & <B> "C"',
    rt: '001',
    rw: '+2',
    kodeDesa: '32.15.01.2001',
    hp: '@0812',
    jumlah: 600_000,
    periode: '2026-T1',
  };
  it('by a workbook', async () => {
    expect(await rowsOf('pos-danom', await written('pos-danom', [order, order]))).toEqual([
      { line: 2, record: order, faults: null },
      { line: 3, record: order, faults: null },
    ]);
  });
  it('by a CSV, whose formulas are dead', async () => {
    const file = await written('bst', [{ ...bst, nama: '=1+1' }]);
    const [mapped] = await rowsOf('bst', file);
    expect(mapped?.record?.['nama']).toBe('=1+1');
    const csv = await readFile(file, 'utf8');
    expect(csv).toContain(",'=1+1,");
    // Of the forms a code may have, the first.
    expect(csv).toContain(',15-05-1985,P,');
  });
});

describe('a workbook from elsewhere', () => {
  const cell = (reference: string, type: string, value: string): string =>
    `<c r="${reference}" t="${type}"><v>${value}</v></c>`;
  const sheet = (rows: string) => ({
    name: 'Data',
    isHidden: false,
    xml: [
      '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>',
      rows.replaceAll(/<(\/?)(?=[a-z])/g, '<$1x:'),
      '</x:sheetData></x:worksheet>',
    ],
  });
  const head = `<row r="1">${header.map((name, index) => cell(`${'ABCDEFGHI'.charAt(index)}1`, 'str', name)).join('')}</row>`;
  const read = async (rows: string): Promise<MappedRow[]> => {
    const file = await fileOf('');
    await pipeline(writeWorkbook([sheet(head + rows)]), createWriteStream(file));
    return rowsOf('bst', file);
  };
  const texts = good.map((text, index) => cell(`${'ABCDEFGHI'.charAt(index)}7`, 'str', text));

  it('has dates as days since 1900 and gaps between cells and rows', async () => {
    const date = cell('E7', 'n', '31182');
    expect(await read(`<row r="7">${texts.with(4, date).join('')}</row>`)).toEqual([
      { line: 7, record: bst, faults: null },
    ]);
  });
  it('has lost digits of a NIK that is a number there', async () => {
    const nik = cell('B7', 'n', '3215015505850000');
    const [mapped] = await read(`<row r="7">${texts.with(1, nik).join('')}</row>`);
    expect(mapped?.faults).toEqual([{ field: 'NIK', code: 'digitsLost', values: {} }]);
  });
});
