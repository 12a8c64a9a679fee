/** The simulated SIKS-NG: takes a workbook written by our profile, gives one that our profile reads. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { contentOf } from '#activities/connectors/item-files.ts';
import { workbookType } from '#contract/endpoint.ts';
import { mapperOf, type ExchangeRecord } from '#exchange/mapping.ts';
import { mappingProfile, type MappingProfile } from '#exchange/profile.ts';
import { readTable } from '#exchange/reader.ts';
import { writeRecords } from '#exchange/writer.ts';
import { createSiksNg } from '#simulators/siks-ng.ts';
import { citizen, listen, post, type Running } from './fixtures.ts';

let folder: string;
let running: Running;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'alur-siks-'));
  running = await listen(createSiksNg({ seed: 1, stateDir: null }));
});
afterAll(async () => {
  await running.close();
  await rm(folder, { recursive: true, force: true });
});

const profileOf = async (id: string): Promise<MappingProfile> =>
  mappingProfile.parse(
    JSON.parse(await readFile(path.join(__dirname, `../../definitions/dtks/profil/${id}.json`), 'utf8')),
  );
const numbers = ['A-1', 'A-2', 'A-3', 'A-4'];
async function upload(proposals: readonly string[]): Promise<{ nomorTanda: string; jumlah: number }> {
  const rows = proposals.map((nomorUsulan) => ({ ...citizen, nomorUsulan, program: 'PKH', periode: '2026-11' }));
  const content = await contentOf(writeRecords(await profileOf('siks-ng-usulan'), rows));
  const response = await fetch(`${running.url}/unggah`, {
    method: 'POST',
    headers: { 'Content-Type': workbookType },
    body: new Uint8Array(content),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as { nomorTanda: string; jumlah: number };
}
/** hasil by number, as our profile reads the file. */
async function resultsOf(nomorTanda: string): Promise<Record<string, unknown>> {
  const response = await fetch(`${running.url}/hasil/${nomorTanda}`);
  const file = path.join(folder, 'hasil.xlsx');
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  const { header, rows } = await readTable(file);
  const map = mapperOf(await profileOf('siks-ng-hasil'), header, '2026-11-23');
  const records: ExchangeRecord[] = [];
  for await (const row of rows) {
    const { record } = map(row);
    if (record !== null) records.push(record);
  }
  return Object.fromEntries(records.map((record) => [String(record['nomorUsulan']), record['hasil']]));
}

test('each proposal is answered as the centre intends, or not at all; nobody told of is decreed', async () => {
  await post(`${running.url}/_sim/population`, [
    { nomor: 'A-1', jawaban: ['TANPA_JAWABAN', 'DITETAPKAN'] },
    { nomor: 'A-2', jawaban: ['DAFTAR_TUNGGU'] },
    { nomor: 'A-3', jawaban: ['DIKEMBALIKAN'] },
  ]);
  const first = await upload(numbers);
  expect(first.jumlah).toBe(4);
  // The same file again is the same upload.
  expect(await upload(numbers)).toEqual(first);
  expect(await resultsOf(first.nomorTanda)).toEqual({
    'A-2': 'DAFTAR_TUNGGU',
    'A-3': 'DIKEMBALIKAN',
    'A-4': 'DITETAPKAN',
  });
  const second = await upload(['A-1']);
  expect(await resultsOf(second.nomorTanda)).toEqual({ 'A-1': 'DITETAPKAN' });
});

test('wrong rows name nobody of the list; asked again, all are right', async () => {
  await post(`${running.url}/_sim/script`, { wrongRate: 1 });
  const { nomorTanda } = await upload(['B-1']);
  expect(await resultsOf(nomorTanda)).toEqual({ 'B-1-X': 'DITETAPKAN' });
  expect(await resultsOf(nomorTanda)).toEqual({ 'B-1': 'DITETAPKAN' });
});

test('what is no workbook is refused', async () => {
  const response = await fetch(`${running.url}/unggah`, {
    method: 'POST',
    headers: { 'Content-Type': workbookType },
    body: 'no workbook',
  });
  expect(response.status).toBe(422);
  expect((await fetch(`${running.url}/hasil/SIKS-0`)).status).toBe(404);
});
