/** Amounts in words (terbilang), as receipts must carry them. In Indonesian only: the words are what makes the figure hard to forge. */

const units = [
  'nol',
  'satu',
  'dua',
  'tiga',
  'empat',
  'lima',
  'enam',
  'tujuh',
  'delapan',
  'sembilan',
  'sepuluh',
  'sebelas',
] as const;
/** Largest first; below a million, one of a thing is `se-`: seribu, seratus. */
const scales = [
  [1_000_000_000_000, 'triliun'],
  [1_000_000_000, 'miliar'],
  [1_000_000, 'juta'],
  [1_000, 'ribu'],
  [100, 'ratus'],
] as const;
const largest = 999_999_999_999_999;

function inWords(number: number): string {
  if (number < units.length) return units[number] ?? '';
  if (number < 20) return `${inWords(number - 10)} belas`;
  if (number < 100) return joined(`${inWords(Math.floor(number / 10))} puluh`, number % 10);
  for (const [scale, name] of scales) {
    const count = Math.floor(number / scale);
    if (count === 0) continue;
    return joined(count === 1 && scale <= 1_000 ? `se${name}` : `${inWords(count)} ${name}`, number % scale);
  }
  return '';
}
const joined = (head: string, rest: number): string => (rest === 0 ? head : `${head} ${inWords(rest)}`);

/** `enam ratus ribu rupiah`. @throws RangeError unless whole, not negative and below 10^15 */
export function rupiahInWords(rupiah: number): string {
  if (!Number.isInteger(rupiah) || rupiah < 0 || rupiah > largest)
    throw new RangeError(`an amount must be a whole number of rupiah from 0 to ${largest}`);
  return `${inWords(rupiah)} rupiah`;
}
