/** The profiles of definitions/dtks, read for tests. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { mappingProfile } from '#exchange/profile.ts';
import type { MappingProfile } from '#exchange/profile.ts';

export const profileOf = (id: string): MappingProfile =>
  mappingProfile.parse(
    JSON.parse(readFileSync(path.join(process.cwd(), 'definitions', 'dtks', 'profil', `${id}.json`), 'utf8')),
  );
