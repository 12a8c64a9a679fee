/** One list taken in, as the API and a worker do it: written down, or merged. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { mergeLists } from '#activities/lists/merge-lists.ts';
import { importList } from '#api/exchange/import-list.ts';
import type { ImportDeps } from '#api/exchange/import-list.ts';
import { createRowSeal } from '#db/exchange/row-seal.ts';
import { createPool } from '#db/pool.ts';
import { inRegion } from '#db/region-scope.ts';
import { createVault } from '#db/vault.ts';
import { mappingProfile } from '#exchange/profile.ts';

export interface ListPart {
  readonly part: 'write' | 'merge';
  readonly databaseUrl: string;
  /** base64 */
  readonly masterKey: string;
  readonly file: string;
  readonly profile: string;
}
const region = '32.15';
const createdBy = 'bench';

export async function takePart({ part, databaseUrl, masterKey, file, profile: id }: ListPart): Promise<void> {
  const key = Buffer.from(masterKey, 'base64');
  const rowSeal = createRowSeal(key);
  const role = part === 'write' ? 'alur_app' : 'alur_worker';
  const pool = createPool({ connectionString: databaseUrl, role, max: 2 });
  try {
    if (part === 'merge') {
      await mergeLists({ pool, vault: createVault(key), rowSeal });
      return;
    }
    const definition = path.join(process.cwd(), 'definitions', 'dtks', 'profil', `${id}.json`);
    const profile = mappingProfile.parse(JSON.parse(await readFile(definition, 'utf8')));
    const sha256 = createHash('sha256')
      .update(await readFile(file))
      .digest();
    const list = { file, sha256, fileName: path.basename(file), profile, correctsKey: null, region, createdBy };
    const db: ImportDeps['db'] = (work) => inRegion(pool, region, work);
    await importList(list, { rowSeal, db });
  } finally {
    await pool.end();
  }
}
