/** A CSV file of proposals, read as it streams in: bad rows are listed by line and field, the rest is written down. */
import { CsvError, parse } from 'csv-parse';
import type { Info } from 'csv-parse';
import type { PoolClient } from 'pg';
import { importLimits, proposalColumns, proposalRequest } from '#contract/proposal.ts';
import type { ProposalColumn, ProposalRequest } from '#contract/proposal.ts';
import { insertImportProblem, updateImport } from '#db/queries/proposals.ts';
import { regionCovers } from '#db/region-scope.ts';
import { isRegion } from '#db/regions.ts';
import type { FieldFault } from '../refusal.ts';
import { faultText, Refusal } from '../refusal.ts';
import { messageText, reasonText, zodTextsOf } from '../texts.ts';
import type { Locale } from '../texts.ts';
import { takeIn } from './intake.ts';
import type { Intake } from './intake.ts';

/** Column of the file → field of a proposal. */
const fieldOf: Readonly<Record<ProposalColumn, keyof ProposalRequest>> = {
  id_sumber: 'sourceId',
  nik: 'nik',
  no_kk: 'noKk',
  nama: 'nama',
  tempat_lahir: 'tempatLahir',
  tanggal_lahir: 'tanggalLahir',
  jenis_kelamin: 'jenisKelamin',
  ibu_kandung: 'ibuKandung',
  hp: 'hp',
  alamat: 'alamat',
  rt: 'rt',
  rw: 'rw',
  penanda: 'penanda',
  lat: 'lat',
  lon: 'lon',
  kode_desa: 'kodeDesa',
  jumlah_anggota: 'jumlahAnggota',
  pekerjaan: 'pekerjaan',
  program_diterima: 'programDiterima',
  program_usulan: 'programUsulan',
  kanal: 'kanal',
  profil_tenggat: 'profilTenggat',
};
const columnOf = new Map<string, string>(Object.entries(fieldOf).map(([column, field]) => [field, column]));
const optionalColumns = new Set<string>(['profil_tenggat']);

type Row = Readonly<Record<string, string>>;
const numberOrText = (text: string): unknown => (/^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text);

function requestOf(row: Row): unknown {
  const text = (column: ProposalColumn): string => row[column] ?? '';
  const optional = (column: ProposalColumn): unknown => (text(column).trim() === '' ? undefined : text(column).trim());
  const number = (column: ProposalColumn): unknown =>
    text(column).trim() === '' ? undefined : numberOrText(text(column));
  const request: Record<string, unknown> = {};
  for (const column of proposalColumns) request[fieldOf[column]] = optional(column);
  return {
    ...request,
    nik: text('nik'),
    noKk: text('no_kk'),
    lat: number('lat'),
    lon: number('lon'),
    jumlahAnggota: number('jumlah_anggota'),
    programDiterima: text('program_diterima')
      .split(';')
      .map((program) => program.trim())
      .filter((program) => program !== ''),
  };
}

export interface ImportContext {
  readonly importKey: string;
  readonly region: string;
  readonly locale: Locale;
  readonly intake: Intake;
  readonly db: <T>(work: (db: PoolClient) => Promise<T>) => Promise<T>;
}
interface Fault {
  readonly line: number;
  readonly field: string;
  readonly message: string;
}

class Import {
  readonly #context: ImportContext;
  #read = 0;
  #repeated = 0;
  #rejected = 0;
  #problems = 0;
  readonly #sources = new Set<string>();

  constructor(context: ImportContext) {
    this.#context = context;
  }

  /** One row in its own transaction: a crash loses nothing that was counted. */
  async row(row: Row, line: number): Promise<void> {
    const { locale } = this.#context;
    this.#read += 1;
    const parsed = proposalRequest.safeParse(requestOf(row), { error: zodTextsOf(locale) });
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => ({
        field: columnOf.get(String(path[0])) ?? '*',
        message: messageText(locale, message),
      }));
      await this.#reject(faults.map((fault) => ({ line, ...fault })));
      return;
    }
    const fault = await this.#faultOf(parsed.data);
    if (fault !== null) {
      await this.#reject([{ line, field: fault.field, message: faultText(locale, fault) }]);
      return;
    }
    await this.#take(parsed.data, line);
  }

  async #faultOf({ sourceId, kodeDesa }: ProposalRequest): Promise<FieldFault | null> {
    const { region, locale } = this.#context;
    if (!regionCovers(region, kodeDesa)) return { field: 'kode_desa', text: reasonText(locale, 'outsideRegion') };
    if (!(await isRegion(kodeDesa)))
      return { field: 'kode_desa', text: reasonText(locale, 'villageUnknown', { code: kodeDesa }) };
    if (this.#sources.has(sourceId)) return { field: 'id_sumber', text: 'repeatedInFile' };
    this.#sources.add(sourceId);
    return null;
  }

  async #take(proposal: ProposalRequest, line: number): Promise<void> {
    const { db, intake, locale } = this.#context;
    const taken = await db((client) => takeIn(client, proposal, intake)).catch((error: unknown) => {
      if (error instanceof Refusal) return error;
      throw error;
    });
    if (taken instanceof Refusal) {
      await this.#reject([
        { line, field: 'id_sumber', message: reasonText(locale, taken.reason, taken.particulars.values) },
      ]);
      return;
    }
    if (taken.state === 'known') this.#repeated += 1;
    if (this.#read % 25 === 0) await this.progress('RUNNING');
  }

  async #reject(faults: readonly Fault[]): Promise<void> {
    this.#rejected += 1;
    await this.problem(faults);
  }
  async problem(faults: readonly Fault[]): Promise<void> {
    const kept = faults.slice(0, Math.max(0, importLimits.problemsKept - this.#problems));
    this.#problems += kept.length;
    if (kept.length === 0) return;
    await this.#context.db(async (client) => {
      for (const fault of kept) await insertImportProblem(client, this.#context.importKey, fault);
    });
  }
  async progress(state: 'RUNNING' | 'COMPLETED' | 'FAILED'): Promise<void> {
    const counts = { rowsRead: this.#read, rowsRepeated: this.#repeated, rowsRejected: this.#rejected };
    await this.#context.db((client) => updateImport(client, this.#context.importKey, counts, state));
  }
  get rowsRead(): number {
    return this.#read;
  }
}

const missingColumns = (header: readonly string[]): readonly string[] =>
  proposalColumns.filter((column) => !header.includes(column) && !optionalColumns.has(column));

/** Reads the stream to its end. Problems of the file as a whole are kept with the import, which then is FAILED. */
export async function importProposals(stream: NodeJS.ReadableStream, context: ImportContext): Promise<void> {
  const { locale } = context;
  const run = new Import(context);
  const parser = stream.pipe(
    parse({
      bom: true,
      columns: (header: string[]) => {
        const names = header.map((name) => name.trim().toLowerCase());
        const missing = missingColumns(names);
        if (missing.length > 0)
          throw new Refusal('invalidProposal', 'csvHeader', { values: { columns: missing.join(', ') } });
        return names;
      },
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 64 * 1024,
    }),
  );
  // A caller who hangs up ends the file early: nothing more comes.
  stream.once('error', (error: Error) => parser.destroy(error));
  stream.once('aborted', () => parser.destroy(new Error('the upload was cut off')));
  try {
    for await (const item of parser) {
      const { record, info } = item as { record: Row; info: Info };
      if (run.rowsRead >= importLimits.rows)
        throw new Refusal('tooLarge', 'tooManyRows', { values: { count: importLimits.rows } });
      await run.row(record, info.lines);
    }
    await run.progress('COMPLETED');
  } catch (error) {
    const line = parser.info.lines;
    const message =
      error instanceof Refusal
        ? reasonText(locale, error.reason, error.particulars.values)
        : reasonText(locale, 'csvBroken', { line });
    await run.problem([{ line, field: '*', message }]);
    await run.progress('FAILED');
    if (error instanceof Refusal) throw error;
    if (!isFileFault(error)) throw error;
    throw new Refusal('invalidProposal', 'csvBroken', { values: { line } });
  }
}
const isFileFault = (error: unknown): boolean => error instanceof CsvError;
