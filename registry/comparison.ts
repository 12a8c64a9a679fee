/** Two records of people beside each other: the facts that decision `skor_duplikat` weighs, without any of the text they come from. */
import { comparableAddress, plainNumber } from './addresses.ts';
import type { WrittenAddress } from './addresses.ts';
import { nameSimilarity, sameName, similarName } from './names.ts';

/** What is compared of a person. Dates are YYYY-MM-DD. */
export interface PersonRecord extends WrittenAddress {
  readonly nik: string;
  readonly noKk: string;
  readonly nama: string;
  readonly tanggalLahir: string;
  readonly ibuKandung: string | null;
  readonly hp: string | null;
}

/** Input `kandidat` of the decision. */
export interface Likeness {
  readonly nikSama: boolean;
  readonly kkSama: boolean;
  readonly tanggalSama: boolean;
  readonly ibuSama: boolean;
  readonly desaSama: boolean;
  readonly alamatSama: boolean;
  readonly hpSama: boolean;
  /** 0 to 1. */
  readonly skorNama: number;
}

/** What is not known is equal to nothing. */
const same = (a: string | null, b: string | null): boolean => a !== null && a !== '' && a === b;
/** 0812…, 62812… and +62 812… are one number. */
const plainPhone = (text: string | null): string => plainNumber(text).replace(/^62/, '');

export const likenessOf = (a: PersonRecord, b: PersonRecord): Likeness => ({
  nikSama: same(a.nik, b.nik),
  kkSama: same(a.noKk, b.noKk),
  tanggalSama: same(a.tanggalLahir, b.tanggalLahir),
  ibuSama: nameSimilarity(a.ibuKandung ?? '', b.ibuKandung ?? '') >= sameName,
  desaSama: same(a.kodeDesa, b.kodeDesa),
  alamatSama: same(comparableAddress(a), comparableAddress(b)),
  hpSama: same(plainPhone(a.hp), plainPhone(b.hp)),
  skorNama: nameSimilarity(a.nama, b.nama),
});

/**
 * Beyond doubt, so that nobody needs to be asked: the same NIK and a name that may be the same. Of equal numbers with quite different names,
 * one was mistyped (a relative's, often).
 */
export const provesSamePerson = ({ nikSama, skorNama }: Likeness): boolean => nikSama && skorNama >= similarName;

/** Order among candidates of whom only some are told; the score that counts is the decision's. */
const closeness = (likeness: Likeness): number =>
  (likeness.nikSama ? 4 : 0) +
  (likeness.kkSama ? 1 : 0) +
  (likeness.skorNama >= sameName ? 2 : 0) +
  (likeness.tanggalSama ? 1 : 0) +
  (likeness.ibuSama ? 0.5 : 0) +
  (likeness.alamatSama ? 0.5 : 0) +
  (likeness.hpSama ? 0.2 : 0);
const strangers = 1;

/** Those most like the record, at most so many, the closest first; of equals the one that came first. */
export const closest = <T>(
  self: PersonRecord,
  others: readonly T[],
  recordOf: (other: T) => PersonRecord,
  most: number,
): readonly { readonly other: T; readonly likeness: Likeness }[] =>
  others
    .map((other) => ({ other, likeness: likenessOf(self, recordOf(other)) }))
    .filter(({ likeness }) => closeness(likeness) >= strangers)
    .sort((a, b) => closeness(b.likeness) - closeness(a.likeness))
    .slice(0, most);
