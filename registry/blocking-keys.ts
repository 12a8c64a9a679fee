/**
 * What a record is filed under, so that another record of the same person is found without reading the whole register. Two records are
 * compared when they share one key. Every rule of decision `skor_duplikat` that alone reaches the threshold (0.70) needs an equal NIK, or
 * a like name with an equal birth date or an equal address: the keys are these, with the name as words reduced to their sound, so that
 * one misspelt word of several, or a vowel, hides nothing. The vault stores keyed hashes of them only.
 */
import { comparableAddress } from './addresses.ts';
import type { PersonRecord } from './comparison.ts';
import { nameWords, wordSound } from './names.ts';

/** Raised whenever the keys change: the vault then makes its tokens anew. */
export const blockingVersion = 1;

const digits = (text: string): string => text.replaceAll(/\D/g, '');
const soundsOf = (name: string | null): string[] => [...new Set(nameWords(name ?? '').map(wordSound))];

/** Each once, the NIK's first. Parts that are not known make no key. */
export function blockingKeys(person: PersonRecord): string[] {
  const { tanggalLahir: born, kodeDesa } = person;
  const [nik, card, address] = [digits(person.nik), digits(person.noKk), comparableAddress(person)];
  const sounds = soundsOf(person.nama);
  return [
    ...(nik === '' ? [] : [`nik|${nik}`]),
    ...(card === '' ? [] : [`kk|${card}`]),
    ...(born === '' ? [] : birthKeys(born, { sounds, mothers: soundsOf(person.ibuKandung), kodeDesa })),
    ...(address === null ? [] : sounds.map((sound) => `name-address|${sound}|${address}`)),
  ];
}

function birthKeys(
  born: string,
  known: { readonly sounds: readonly string[]; readonly mothers: readonly string[]; readonly kodeDesa: string },
): string[] {
  return [
    `birth-village|${born}|${known.kodeDesa}`,
    ...known.sounds.map((sound) => `birth-name|${born}|${sound}`),
    ...known.mothers.map((sound) => `birth-mother|${born}|${sound}`),
  ];
}
