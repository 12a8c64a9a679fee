/** The generated lists as files of their mapping profiles, each with its truth beside it. */
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mappingProfile } from '#exchange/profile.ts';
import type { MappingProfile } from '#exchange/profile.ts';
import { writeCsv } from '#exchange/writer.ts';
import type { ListLine, ListName, ListTruth } from './lists.ts';
import { generateLists } from './lists.ts';

export interface ListFiles {
  readonly name: ListName;
  readonly csv: string;
  readonly truth: ListTruth;
}
/** Invented people only; still they are for the owner's eyes. */
const mode = 0o600;
const profiles = path.join(import.meta.dirname, '..', '..', 'definitions', 'dtks', 'profil');

/** Our field → column of the drawn line. */
const source: Readonly<Record<string, keyof ListLine>> = {
  idSumber: 'id_sumber',
  nik: 'nik',
  noKk: 'no_kk',
  nama: 'nama',
  tempatLahir: 'tempat_lahir',
  tanggalLahir: 'tanggal_lahir',
  jenisKelamin: 'jenis_kelamin',
  ibuKandung: 'ibu_kandung',
  alamat: 'alamat',
  rt: 'rt',
  rw: 'rw',
  kodeDesa: 'kode_desa',
  keberadaan: 'keberadaan',
  periode: 'periode',
  jumlah: 'jumlah',
};
async function* cellsOf(profile: MappingProfile, lines: readonly ListLine[]): AsyncGenerator<string[]> {
  for (const line of lines)
    yield profile.columns.map(({ field }) => {
      const drawn = source[field];
      return drawn === undefined ? '' : line[drawn];
    });
}

/** `dtks.csv` … and `dtks.csv.truth.json` … in the folder, in the order of import. */
export async function writeLists(
  folder: string,
  options: { readonly rows: number; readonly seed: number },
): Promise<readonly ListFiles[]> {
  await mkdir(folder, { recursive: true });
  const files: ListFiles[] = [];
  for await (const { name, lines, truth } of generateLists(options)) {
    const profile = mappingProfile.parse(JSON.parse(await readFile(path.join(profiles, `${name}.json`), 'utf8')));
    const csv = path.join(folder, `${name}.csv`);
    const header = profile.columns.map((column) => column.name);
    const content = writeCsv(header, cellsOf(profile, lines), profile.writes.delimiter);
    await pipeline(content, createWriteStream(csv, { mode }));
    await writeFile(`${csv}.truth.json`, JSON.stringify(truth), { mode });
    files.push({ name, csv, truth });
  }
  return files;
}
