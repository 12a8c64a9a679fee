/** Who a row of a list is about, beside the people that it may be about. Nothing here merges people: what is in doubt is left for people. */
import { likenessOf, provesSamePerson } from '#registry/comparison.ts';
import type { Likeness, PersonRecord } from '#registry/comparison.ts';

/** A record of somebody whom the register knows. */
export interface KnownRecord {
  readonly personKey: string;
  readonly record: PersonRecord;
}
export type PersonFinding =
  | { readonly outcome: 'CREATED' }
  | { readonly outcome: 'MATCHED'; readonly personKey: string; readonly birthDateDiffers: boolean }
  | {
      readonly outcome: 'CONFLICT';
      readonly personKey: string;
      readonly kinds: readonly ('NAME_DIFFERS' | 'BIRTH_DATE_DIFFERS' | 'SECOND_NIK')[];
      readonly score: number;
    }
  | { readonly outcome: 'LEFT'; readonly personKey: string; readonly score: number };

/** Thresholds of the process usulan-dtks (domain D4): from the first one the same person, from the second for a person to judge. */
const surelySame = 0.9;
const maybeSame = 0.7;

interface Compared extends KnownRecord {
  readonly likeness: Likeness;
  readonly score: number;
}

/** @param scoreOf decision `skor_duplikat` */
export function findPerson(
  row: PersonRecord,
  known: readonly KnownRecord[],
  scoreOf: (likeness: Likeness) => number,
): PersonFinding {
  const compared = known.map((one): Compared => {
    const likeness = likenessOf(row, one.record);
    return { ...one, likeness, score: scoreOf(likeness) };
  });
  const best = (some: readonly Compared[]): Compared | undefined =>
    some.toSorted((a, b) => b.score - a.score || b.likeness.skorNama - a.likeness.skorNama)[0];
  const proven = compared.filter(({ likeness }) => provesSamePerson(likeness));
  const same = best(proven);
  if (same !== undefined) {
    const birthDateDiffers = !proven.some(
      ({ personKey, likeness }) => personKey === same.personKey && likeness.tanggalSama,
    );
    return { outcome: 'MATCHED', personKey: same.personKey, birthDateDiffers };
  }
  const holder = best(compared.filter(({ likeness }) => likeness.nikSama));
  if (holder !== undefined) {
    const kinds = ['NAME_DIFFERS' as const, ...(holder.likeness.tanggalSama ? [] : ['BIRTH_DATE_DIFFERS' as const])];
    return { outcome: 'CONFLICT', personKey: holder.personKey, kinds, score: holder.score };
  }
  const like = best(compared);
  if (like === undefined || like.score < maybeSame) return { outcome: 'CREATED' };
  const { personKey, score } = like;
  return score >= surelySame
    ? { outcome: 'CONFLICT', personKey, kinds: ['SECOND_NIK'], score }
    : { outcome: 'LEFT', personKey, score };
}
