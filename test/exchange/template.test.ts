/** The workbook that people fill in: what is guarded, and that what they type comes back as it was typed. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openPromise } from 'yauzl';
import { textsOf } from '#api/texts.ts';
import { readTable } from '#exchange/reader.ts';
import { writeTemplate } from '#exchange/template.ts';
import type { TemplateWords } from '#exchange/template.ts';
import { profileOf } from './profiles.ts';

let folder: string;
let file: string;
const parts = new Map<string, string>();
const profile = profileOf('pkh');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alur-template-'));
  file = path.join(folder, 'pkh.xlsx');
  const words = textsOf('id').exchange.template as unknown as TemplateWords;
  await pipeline(writeTemplate(profile, words), createWriteStream(file));
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false });
  for await (const entry of zip.eachEntry())
    parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  zip.close();
});
afterAll(() => rm(folder, { recursive: true }));

const sheet = (number: number): string => parts.get(`xl/worksheets/sheet${String(number)}.xml`) ?? '';
const ruleOf = (column: string): string =>
  new RegExp(`<dataValidation [^>]*sqref="${column}2:[^>]*>(<formula1>.*?</formula1>)?`).exec(sheet(1))?.[0] ?? '';

it('has the header of its profile, and is read by it', async () => {
  const { header, rows } = await readTable(file);
  expect(header).toEqual(profile.columns.map(({ name }) => name));
  expect((await rows.next()).done).toBe(true);
});
it('lets nobody change the header, and only text into the cells below', () => {
  expect(sheet(1)).toContain('<sheetProtection sheet="1"');
  expect(sheet(1)).toMatch(/<cols><col min="1" max="16" [^>]*style="2"/);
  const styles = [...(parts.get('xl/styles.xml') ?? '').matchAll(/<xf numFmtId="(\d+)"(.*?)(?:\/>|<\/xf>)/g)];
  // the last is that of numbers, which no template has
  expect(styles.map(([, format]) => format)).toEqual(['49', '49', '49', '49', '0']);
  expect(styles.map(([xf]) => xf.includes('locked="0"'))).toEqual([false, false, true, false, false]);
});
it('checks NIK and KK for 16 digits, and offers codes', () => {
  for (const column of ['B', 'C']) expect(ruleOf(column)).toMatch(/type="textLength" operator="equal".*<formula1>16</);
  expect(ruleOf('G')).toContain("<formula1>'Kode'!$G$1:$G$2</formula1>");
  expect(sheet(3)).toMatch(/r="G1"[^>]*><is><t[^>]*>L<.*r="G2"[^>]*><is><t[^>]*>P</);
});
it('says in Indonesian what belongs where', () => {
  expect(sheet(2)).toContain('Petunjuk pengisian: Daftar lama penerima PKH');
  for (const { name } of profile.columns) expect(sheet(2)).toContain(`>${name}<`);
  expect(parts.get('xl/workbook.xml')).toMatch(/name="Data".*name="Petunjuk".*name="Kode"[^>]*state="hidden"/);
});
