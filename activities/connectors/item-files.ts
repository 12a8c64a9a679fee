/**
 * Lists of batch cases as files of others: written by a mapping profile, and the file that comes back matched row by row. Files lie with the
 * batch case, sealed; variables carry their numbers and counts. Each job can be repeated.
 */
import type { Readable } from 'node:stream';
import type { JsonObject } from '#engine/json.ts';
import type { Decided, ListedItem } from '#db/collected-items.ts';
import { FileFault } from '#exchange/fault.ts';
import { mapperOf } from '#exchange/mapping.ts';
import type { ExchangeRecord, MappedRow } from '#exchange/mapping.ts';
import type { MappingProfile } from '#exchange/profile.ts';
import { writeRecords } from '#exchange/writer.ts';
import { sha256 } from '#files/store.ts';
import type { JobHandler, JobOutcome } from '../job-handler.ts';
import type { ItemFileDeps } from './item-file-deps.ts';
import { partOf, textOf } from './ports.ts';

const limits = {
  /** Items read, and results written, at a time. */
  page: 200,
  /** Line numbers of strange rows that are told. */
  told: 50,
} as const;
const chosen = ['SEMUA', 'BERTANDA'];

const completed = (variables: JsonObject): JobOutcome => ({ outcome: 'completed', variables });
/** Another attempt would come to the same. */
const hopeless = (message: string): JobOutcome => ({ outcome: 'failed', message, retries: 0 });
const headerWrong = (name: string, allowed: string): JobOutcome => hopeless(`MODEL_SALAH (header ${name}: ${allowed})`);
const unreadable = (kode: string, rincian: string): JobOutcome => ({
  outcome: 'error',
  code: 'BERKAS_TIDAK_SAH',
  message: kode,
  variables: { galat: { kode, rincian } },
});

/** Not by iteration: the stream of a workbook may close with its end still unread, which iteration takes for a fault. */
export const contentOf = (stream: Readable): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer | string) => void parts.push(Buffer.from(part)));
    stream.once('end', () => resolve(Buffer.concat(parts)));
    stream.once('error', reject);
  });

async function* itemsOf(
  deps: ItemFileDeps,
  list: string,
  region: string,
  flaggedOnly: boolean,
): AsyncGenerator<ListedItem> {
  for (let after = ''; ;) {
    const items = await deps.items.listed(list, region, { after, limit: limits.page, flaggedOnly });
    yield* items;
    const last = items.at(-1);
    if (last === undefined) return;
    after = last.number;
  }
}
const scalar = (value: unknown): string | number | null =>
  typeof value === 'string' || typeof value === 'number' ? value : null;

/** Fields of profiles; what identifies the citizen only where the profile carries it. null: his data is erased. */
async function recordOf(
  deps: ItemFileDeps,
  { carriesNik }: MappingProfile,
  { number, region, facts, finding }: ListedItem,
): Promise<ExchangeRecord | null> {
  const { usulan } = facts;
  const own = {
    nomorUsulan: number,
    kodeDesa: region,
    program: scalar(partOf(usulan, 'program')),
    periode: scalar(partOf(usulan, 'periode')),
    kode: scalar(partOf(finding, 'kode')),
    kelompok: scalar(partOf(finding, 'kelompok')),
    alasan: scalar(partOf(finding, 'alasan')),
  };
  if (!carriesNik) return own;
  const subjectKey = textOf(facts['warga']);
  const citizen = subjectKey === null ? null : await deps.readSubject(subjectKey);
  return citizen === null ? null : { ...citizen, ...own };
}

/**
 * Job `dtks.buat-ekspor`. Headers: `profil` (setting dtks.profil.<profil>), `hanya` SEMUA (default) | BERTANDA. Variable `kodeWilayah`. Result
 * `ekspor` {berkas, checksum, jumlah, tanpaData}: number of the file with the case, its SHA-256, its rows, and items left out because the citizen's data
 * is erased. The same list gives the same file once.
 */
const exporting =
  (deps: ItemFileDeps): JobHandler =>
  async ({ instanceKey, headers, variables, region: place }, { signal }) => {
    const { profil = '', hanya = 'SEMUA' } = headers;
    if (!chosen.includes(hanya)) return headerWrong('hanya', chosen.join(', '));
    const region = textOf(variables['kodeWilayah']);
    if (region === null) return hopeless('WILAYAH_TIDAK_ADA (kodeWilayah)');
    const profile = await deps.profile(profil);
    if (profile === null) return hopeless(`PENGATURAN_SALAH (dtks.profil.${profil})`);
    let jumlah = 0;
    let tanpaData = 0;
    async function* records(of: MappingProfile): AsyncGenerator<ExchangeRecord> {
      for await (const item of itemsOf(deps, instanceKey, region ?? '', hanya === 'BERTANDA')) {
        signal.throwIfAborted();
        const record = await recordOf(deps, of, item);
        if (record === null) tanpaData += 1;
        else {
          jumlah += 1;
          yield record;
        }
      }
    }
    const content = await contentOf(writeRecords(profile, records(profile)));
    const checksum = sha256(content);
    const berkas = await deps.files.keep(content, {
      caseKey: instanceKey,
      region: place ?? region,
      kind: 'EKSPOR',
      format: profile.writes.as,
      checksum,
    });
    return completed({ ekspor: { berkas, checksum, jumlah, tanpaData } });
  };

interface Matched {
  readonly results: ReadonlyMap<string, JsonObject>;
  readonly unknown: readonly number[];
  readonly faulty: readonly number[];
}
/** NIK by number of the items; null: erased. */
async function nikOf(deps: ItemFileDeps, list: string, region: string): Promise<ReadonlyMap<string, string | null>> {
  const found = new Map<string, string | null>();
  for await (const { number, facts } of itemsOf(deps, list, region, false)) {
    const subjectKey = textOf(facts['warga']);
    const citizen = subjectKey === null ? null : await deps.readSubject(subjectKey);
    found.set(number, citizen?.nik ?? null);
  }
  return found;
}
const resultOf = (record: ExchangeRecord): JsonObject => ({
  hasil: record['hasil'] ?? null,
  langkah: record['hasil'] === 'DIKEMBALIKAN' ? 'DATA' : null,
  kode: null,
  alasan: record['alasan'] ?? null,
  idDtks: record['idDtks'] ?? null,
  desil: record['desil'] ?? null,
  statusBayar: record['statusBayar'] ?? null,
});
/** A row belongs to the item it names when the NIK is his; without a number, to the one item with its NIK. The first row of an item counts. */
function match(rows: readonly MappedRow[], niks: ReadonlyMap<string, string | null>): Matched {
  const numbers = new Map([...niks].map(([number, nik]) => [nik, number]));
  const results = new Map<string, JsonObject>();
  const unknown: number[] = [];
  const faulty: number[] = [];
  for (const { line, record } of rows) {
    if (record === null) {
      faulty.push(line);
      continue;
    }
    const nik = String(record['nik'] ?? '');
    const said = record['nomorUsulan'] ?? null;
    const number = said === null ? numbers.get(nik) : String(said);
    if (number === undefined || niks.get(number) !== nik || results.has(number)) unknown.push(line);
    else results.set(number, resultOf(record));
  }
  return { results, unknown, faulty };
}

/**
 * Job `dtks.cocokkan-hasil`. Headers: `profil` (of purpose centralResults), `tanpaBaris`: hasil of items that no row answers. Variable `berkas`:
 * number of a file of this case. Result `pencocokan` {hasil {<hasil>: jumlah}, tidakDikenal, tidakTerbaca, baris}: rows that are of no item or
 * cannot be read, and their lines. Error BERKAS_TIDAK_SAH with `galat` {kode, rincian}. Repeated with another file, that one's results count.
 */
const matching =
  (deps: ItemFileDeps): JobHandler =>
  async ({ instanceKey, region, headers, variables }) => {
    const { profil = '', tanpaBaris } = headers;
    if (tanpaBaris === undefined) return headerWrong('tanpaBaris', '…');
    const profile = await deps.profile(profil);
    if (profile?.purpose !== 'centralResults') return hopeless(`PENGATURAN_SALAH (dtks.profil.${profil})`);
    const fileKey = textOf(variables['berkas']);
    if (fileKey === null || !/^\d{1,19}$/.test(fileKey)) return unreadable('TIDAK_ADA', '');
    let rows: readonly MappedRow[] | null;
    try {
      rows = await deps.files.read(fileKey, instanceKey, (header) => mapperOf(profile, header, deps.today()));
    } catch (error) {
      if (error instanceof FileFault) return unreadable(error.code, Object.values(error.values).join(', '));
      throw error;
    }
    if (rows === null) return unreadable('TIDAK_ADA', fileKey);
    const niks = await nikOf(deps, instanceKey, region ?? '');
    const { results, unknown, faulty } = match(rows, niks);
    const decided = [...niks.keys()].map((number): Decided => ({
      number,
      result: results.get(number) ?? resultOf({ hasil: tanpaBaris }),
    }));
    for (let from = 0; from < decided.length; from += limits.page)
      await deps.items.noteResults(instanceKey, decided.slice(from, from + limits.page));
    const hasil: Record<string, number> = {};
    for (const { result } of decided) {
      const name = textOf(result['hasil']) ?? tanpaBaris;
      hasil[name] = (hasil[name] ?? 0) + 1;
    }
    const baris = [...unknown, ...faulty].toSorted((a, b) => a - b).slice(0, limits.told);
    return completed({ pencocokan: { hasil, tidakDikenal: unknown.length, tidakTerbaca: faulty.length, baris } });
  };

export const createItemFileJobs = (deps: ItemFileDeps): Readonly<Record<string, JobHandler>> => ({
  'dtks.buat-ekspor': exporting(deps),
  'dtks.cocokkan-hasil': matching(deps),
});
