/** Addresses as clerks write them, made comparable. */

export interface WrittenAddress {
  readonly alamat: string | null;
  readonly rt: string | null;
  readonly rw: string | null;
  /** kode wilayah of the village. */
  readonly kodeDesa: string;
}

const abbreviations: readonly (readonly [RegExp, string])[] = [
  [/\b(KAMPUNG|KP)\b/g, 'KP'],
  [/\b(JALAN|JLN|JL)\b/g, 'JL'],
  [/\b(DUSUN|DSN|DUS)\b/g, 'DSN'],
  [/\b(GANG|GG)\b/g, 'GG'],
  [/\b(NOMOR|NO|NMR)\b/g, ''],
];
/** Digits without leading zeros: RT "003" and "3" are the same. */
export const plainNumber = (text: string | null): string => (text ?? '').replaceAll(/\D/g, '').replace(/^0+/, '');

/** Street words in one spelling, RT and RW without leading zeros; null when there is no street. */
export function comparableAddress({ alamat, rt, rw, kodeDesa }: WrittenAddress): string | null {
  const street = abbreviations
    .reduce(
      (text, [pattern, replacement]) => text.replaceAll(pattern, replacement),
      (alamat ?? '').toUpperCase().replaceAll(/[^A-Z0-9]+/g, ' '),
    )
    .replaceAll(/ +/g, ' ')
    .trim();
  return street === '' ? null : `${street}|${plainNumber(rt)}|${plainNumber(rw)}|${kodeDesa}`;
}
