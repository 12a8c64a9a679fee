/** Letterhead of the office of a region, from setting `dtks.kop`. A village without an entry of its own writes under its regency's. */
import { z } from 'zod';
import type { PoolClient } from 'pg';
import { documentKinds } from '#contract/document.ts';
import type { DocumentOrder } from '#contract/document.ts';
import { regionCode } from '#contract/values.ts';
import { regionNames } from '#db/regions.ts';
import { readSetting } from '#db/settings.ts';
import type { JsonObject } from '#engine/json.ts';
import type { Office } from '#documents/layout.ts';
import { CannotIssue } from './cannot-issue.ts';

const lines = z.array(z.string().min(1)).min(1).max(5);
const setting = z.object({
  /** IANA time zone. */
  zona: z.string(),
  /** By kode wilayah. */
  kantor: z.record(
    regionCode,
    z.object({
      baris: lines,
      alamat: z.string(),
      kontak: z.string(),
      tempat: z.string(),
      /** Papers that another authority of the region signs. */
      khusus: z.partialRecord(z.enum(documentKinds), lines).default({}),
      /** Fields of an order (contract/document.ts) that the office fills in every time. */
      isian: z.partialRecord(z.enum(documentKinds), z.record(z.string(), z.json())).default({}),
    }),
  ),
});
type Letterheads = z.output<typeof setting>;

/** `32.15.01.2001` → itself, `32.15.01`, `32.15`, `32`. */
const upwards = (region: string): string[] => {
  const segments = region.split('.');
  return segments.map((_, index) => segments.slice(0, segments.length - index).join('.'));
};
/** Fourth segment of a kelurahan begins with 1, of a desa with 2 (Kemendagri). */
const rank = (segments: number, code: string): string =>
  segments === 3 ? 'Kecamatan' : code.split('.').at(-1)?.startsWith('1') === true ? 'Kelurahan' : 'Desa';

/** The office of a part of the region that an entry is for: the same authority, then what lies in between. */
function officeBelow(
  head: Letterheads['kantor'][string],
  from: string,
  region: string,
  name: string,
  zone: string,
): Office {
  const names = name.split(', ');
  const between = upwards(region)
    .filter((code) => code.length > from.length)
    .map((code, index) => `${rank(code.split('.').length, code)} ${names[index] ?? code}`);
  return {
    lines: [head.baris[0] ?? '', ...between.toReversed()],
    address: names.slice(1).join(', '),
    contact: '',
    place: names[0] ?? '',
    zone,
  };
}

const letterheads = async (db: PoolClient): Promise<z.ZodSafeParseResult<Letterheads>> =>
  setting.safeParse((await readSetting(db, 'dtks.kop'))?.value);

/** What the office of a region, else one above it, says on every paper of a kind: fields of its order. */
export async function usualAnswers(db: PoolClient, region: string, kind: DocumentOrder['kind']): Promise<JsonObject> {
  const { data } = await letterheads(db);
  const answers = upwards(region).map((code) => data?.kantor[code]?.isian[kind]);
  return answers.find((found) => found !== undefined) ?? {};
}
/** @throws CannotIssue when no region above has a letterhead. */
export async function officeOf(db: PoolClient, region: string, kind: DocumentOrder['kind']): Promise<Office> {
  const parsed = await letterheads(db);
  const from = parsed.success ? upwards(region).find((code) => parsed.data.kantor[code] !== undefined) : undefined;
  const head = from === undefined ? undefined : parsed.data?.kantor[from];
  if (!parsed.success || from === undefined || head === undefined) throw new CannotIssue('officeUnknown', { region });
  const { zona: zone } = parsed.data;
  if (from !== region) {
    const nameOf = await regionNames();
    return officeBelow(head, from, region, nameOf(region) ?? region, zone);
  }
  return {
    lines: head.khusus[kind] ?? head.baris,
    address: head.alamat,
    contact: head.kontak,
    place: head.tempat,
    zone,
  };
}
