/** Mapping profiles are settings of the installation: an administrator changes them like any other. */
import type { PoolClient } from 'pg';
import { readSettings } from '#db/settings.ts';
import { mappingProfile, profileSetting } from '#exchange/profile.ts';
import type { MappingProfile } from '#exchange/profile.ts';
import { notFound } from '../refusal.ts';

/** Lists that go into the register. The other profiles are read and written by processes. */
export const isImported = (profile: MappingProfile): boolean => profile.purpose === 'legacyList';

/** A profile that an administrator has broken is not offered. */
export async function readProfiles(db: PoolClient): Promise<readonly MappingProfile[]> {
  const settings = await readSettings(db, profileSetting(''));
  return settings.flatMap(({ value }) => {
    const parsed = mappingProfile.safeParse(value);
    return parsed.success ? [parsed.data] : [];
  });
}
/** @throws Refusal when there is none. */
export async function readProfile(db: PoolClient, id: string): Promise<MappingProfile> {
  const profile = (await readProfiles(db)).find((one) => one.id === id);
  if (profile === undefined) throw notFound();
  return profile;
}
