/** Names of kode wilayah (Kemendagri) from package idn-area-data (ODbL-1.0): loaded once, on first use. */
import { getDistricts, getProvinces, getRegencies, getVillages } from 'idn-area-data';

let loading: Promise<ReadonlyMap<string, string>> | null = null;

const small = new Set(['dan', 'di']);
/** KABUPATEN KARAWANG → Kab. Karawang; DI YOGYAKARTA and DKI keep their initials. */
const readable = (name: string): string =>
  name === name.toUpperCase()
    ? name
        .toLowerCase()
        .replace(/^kabupaten /, 'kab. ')
        .replaceAll(/\p{L}+/gu, (word) => (small.has(word) ? word : word.charAt(0).toUpperCase() + word.slice(1)))
        .replace(/^Dki\b/, 'DKI')
    : name;

async function load(): Promise<ReadonlyMap<string, string>> {
  const lists = await Promise.all([getProvinces(), getRegencies(), getDistricts(), getVillages()]);
  return new Map(lists.flatMap((list) => list.map(({ code, name }) => [code, readable(name)] as const)));
}
const names = (): Promise<ReadonlyMap<string, string>> => (loading ??= load());

/** Whether the code is in the current list. */
export async function isRegion(code: string): Promise<boolean> {
  return (await names()).has(code);
}

export type RegionNames = (code: string) => string | null;

/** Name of a region with those above it, narrow to wide: "Wadas, Telukjambe Timur, Kab. Karawang, Jawa Barat"; null: unknown code. */
export async function regionNames(): Promise<RegionNames> {
  const known = await names();
  return (code) => {
    const segments = code.split('.');
    const path = segments.map((_, index) => known.get(segments.slice(0, segments.length - index).join('.')));
    return path.every((name) => name !== undefined) ? path.join(', ') : null;
  };
}
