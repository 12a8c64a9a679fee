/** Every mapping profile of the DTKS definitions is sound, and a profile that is not is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { mappingProfile } from '#exchange/profile.ts';
import type { MappingProfile } from '#exchange/profile.ts';
import { profileOf } from './profiles.ts';

const folder = path.join(process.cwd(), 'definitions', 'dtks');
const files = readdirSync(path.join(folder, 'profil'));

describe('the profiles of definitions/dtks', () => {
  it.each(files)('%s is sound, called by its id, and a setting of the installation', (file) => {
    const profile = mappingProfile.parse(JSON.parse(readFileSync(path.join(folder, 'profil', file), 'utf8')));
    expect(`${profile.id}.json`).toBe(file);
    const settings = JSON.parse(readFileSync(path.join(folder, 'settings.json'), 'utf8')) as Record<string, unknown>;
    expect(settings[`dtks.profil.${profile.id}`]).toEqual({ file: `profil/${file}` });
  });
  it('give PT Pos no population number', () => {
    for (const id of ['pos-danom', 'pos-hasil'])
      expect([id, profileOf(id).carriesNik, profileOf(id).columns.some(({ type }) => type === 'nik')]).toEqual([
        id,
        false,
        false,
      ]);
  });
});

describe('a profile', () => {
  const given = (change: (profile: MappingProfile) => unknown): string[] => {
    const parsed = mappingProfile.safeParse(change(profileOf('bst')));
    return parsed.success ? [] : parsed.error.issues.map(({ message }) => message);
  };
  it('has no NIK unless it says so', () => {
    expect(given((profile) => ({ ...profile, carriesNik: false }))[0]).toContain('carriesNik');
  });
  it('has one column for a header, and for a field', () => {
    const [first] = profileOf('bst').columns;
    expect(given((profile) => ({ ...profile, columns: [...profile.columns, first] }))).toEqual([
      'two columns are called IDBST',
      'two columns are called NODANOM',
      'two columns are called IDBAYAR',
      'two columns are called NOURUTDANOM',
      'two columns fill the field idSumber',
    ]);
  });
  it('can name a row only by a field it has', () => {
    expect(given((profile) => ({ ...profile, identity: 'nomor' }))[0]).toContain('nomor');
  });
});
