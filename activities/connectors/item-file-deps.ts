/** What the jobs on lists as files need from outside; met by our database, the vault and the store of files, for the worker. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pool } from 'pg';
import { listedItems, noteResults } from '#db/collected-items.ts';
import type { ListedItem, ListPage } from '#db/collected-items.ts';
import type { FileRegister } from '#db/files.ts';
import { readSetting } from '#db/settings.ts';
import type { Citizen, Vault } from '#db/vault.ts';
import type { MappedRow, RowMapper } from '#exchange/mapping.ts';
import { mappingProfile, profileSetting } from '#exchange/profile.ts';
import type { MappingProfile } from '#exchange/profile.ts';
import { readTable } from '#exchange/reader.ts';
import type { FileStore } from '#files/store.ts';
import { fileLimits } from '#contract/file.ts';
import type { ItemStore } from './item-deps.ts';

export interface KeptList {
  readonly caseKey: string;
  readonly region: string;
  readonly kind: string;
  readonly format: 'csv' | 'xlsx';
  /** SHA-256 of the content, lowercase hex. */
  readonly checksum: string;
}
export interface ListFiles {
  /** Number of the file; what the case has already is not kept twice. */
  readonly keep: (content: Buffer, about: KeptList) => Promise<string>;
  /** Rows of a file of the case; null: it has none of that number. Throws FileFault. */
  readonly read: (
    fileKey: string,
    caseKey: string,
    mapper: (header: readonly string[]) => RowMapper,
  ) => Promise<readonly MappedRow[] | null>;
}
export interface ItemFileDeps {
  readonly items: Pick<ItemStore, 'noteResults'> & {
    readonly listed: (list: string, region: string, page: ListPage) => Promise<readonly ListedItem[]>;
  };
  /** null: erased. */
  readonly readSubject: (subjectKey: string) => Promise<Citizen | null>;
  /** null: there is none, or nobody can use it. */
  readonly profile: (id: string) => Promise<MappingProfile | null>;
  readonly files: ListFiles;
  /** YYYY-MM-DD. */
  readonly today: () => string;
}

const mediaTypes = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

async function readRows(
  content: Buffer,
  mapper: (header: readonly string[]) => RowMapper,
): Promise<readonly MappedRow[]> {
  // The readers walk a file.
  const folder = await mkdtemp(path.join(tmpdir(), 'alur-hasil-'));
  try {
    const file = path.join(folder, 'hasil');
    await writeFile(file, content, { mode: 0o600 });
    const { header, rows } = await readTable(file);
    try {
      const map = mapper(header);
      const mapped: MappedRow[] = [];
      for await (const row of rows) mapped.push(map(row));
      return mapped;
    } finally {
      await rows.return(undefined);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface ListFileParts {
  readonly pool: Pool;
  readonly register: FileRegister;
  readonly store: FileStore;
}
export const createListFiles = ({ pool, register, store }: ListFileParts): ListFiles => ({
  keep: async (content, { caseKey, region, kind, format, checksum }) => {
    const known = await register.ofCase(pool, caseKey, fileLimits.perCase);
    const same = known.find((file) => file.kind === kind && file.originalHash === checksum);
    if (same !== undefined) return same.fileKey;
    const storeKey = await store.put(content);
    return register.insert(pool, {
      storeKey,
      caseKey,
      region,
      kind,
      mediaType: mediaTypes[format],
      bytes: content.length,
      originalHash: checksum,
      storedHash: checksum,
      capture: { client: null, exif: null },
      uploadedBy: 'system',
    });
  },
  read: async (fileKey, caseKey, mapper) => {
    const row = await register.find(pool, fileKey);
    const content = row?.caseKey === caseKey ? await store.get(row.storeKey) : null;
    return content === null ? null : readRows(content, mapper);
  },
});

export function itemFileDeps(
  parts: ListFileParts & { readonly vault: Vault; readonly today: () => string },
): ItemFileDeps {
  const { pool, vault, today } = parts;
  return {
    items: {
      listed: (list, region, page) => listedItems(pool, list, region, page),
      noteResults: (list, decided) => noteResults(pool, list, decided),
    },
    readSubject: (subjectKey) => vault.read(pool, subjectKey),
    profile: async (id) => {
      const parsed = mappingProfile.safeParse((await readSetting(pool, profileSetting(id)))?.value);
      return parsed.success ? parsed.data : null;
    },
    files: createListFiles(parts),
    today,
  };
}
