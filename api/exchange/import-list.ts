/** A list in a file becomes an import: understood by its profile, then written down row by row. */
import type { PoolClient } from 'pg';
import { findImport, openImport } from '#db/exchange/imports.ts';
import type { RowSeal } from '#db/exchange/row-seal.ts';
import { nextKey } from '#db/queries/definitions.ts';
import { mapperOf } from '#exchange/mapping.ts';
import type { MappingProfile } from '#exchange/profile.ts';
import { readTable } from '#exchange/reader.ts';
import { notFound, Refusal } from '../refusal.ts';
import { readList } from './list-reader.ts';
import { today } from './today.ts';

export interface ListToImport {
  readonly file: string;
  readonly sha256: Buffer;
  readonly fileName: string;
  readonly profile: MappingProfile;
  /** Import whose failed rows it corrects. */
  readonly correctsKey: string | null;
  /** kode wilayah of who sends it. */
  readonly region: string;
  readonly createdBy: string;
}
export interface ImportDeps {
  readonly rowSeal: RowSeal;
  /** Runs queries in one transaction under the sender's region. */
  readonly db: <T>(work: (db: PoolClient) => Promise<T>) => Promise<T>;
}

/**
 * Key of the import; a file that was sent before goes on where it was. @throws FileFault when the header cannot be understood, Refusal
 * when another process is reading the same file, or there is nothing to correct
 */
export async function importList(list: ListToImport, { rowSeal, db }: ImportDeps): Promise<string> {
  const { file, profile, region, correctsKey } = list;
  const { header, rows } = await readTable(file);
  try {
    const map = mapperOf(profile, header, today());
    const { key, state, position } = await db(async (client) => {
      if (correctsKey !== null && (await findImport(client, correctsKey)) === null) throw notFound();
      return openImport(client, { ...list, key: await nextKey(client), profile: profile.id, header });
    });
    const context = { importKey: key, correctsKey, region, profile, map, rowSeal, db };
    if (state === 'READING' && (await readList({ header, rows }, position, context)) === 'elsewhere')
      throw new Refusal('requestInFlight', 'importRunning');
    return key;
  } finally {
    await rows.return(undefined);
  }
}
