/**
 * How alike two Indonesian names are, 0 to 1: normalised (capitals, no titles, old spelling made new), words sorted, Jaro-Winkler,
 * with initials and abbreviations read as the word they stand for. From 0.92 the same, from 0.80 for a person to judge.
 */

export const sameName = 0.92;
export const similarName = 0.8;

const titles = new Set([
  'H',
  'HJ',
  'DR',
  'DRA',
  'DRS',
  'IR',
  'PROF',
  'SH',
  'SE',
  'SPD',
  'SKOM',
  'ST',
  'MSI',
  'MM',
  'ALM',
  'BPK',
  'IBU',
  'SDR',
  'KH',
  'UST',
]);
const abbreviations: Readonly<Record<string, string>> = {
  M: 'MUHAMAD',
  MOCH: 'MUHAMAD',
  MOH: 'MUHAMAD',
  MUH: 'MUHAMAD',
  MUHD: 'MUHAMAD',
  MHD: 'MUHAMAD',
  MOCHAMAD: 'MUHAMAD',
  MOHAMAD: 'MUHAMAD',
  ABD: 'ABDUL',
  ABDL: 'ABDUL',
  ACH: 'AHMAD',
  ACHMAD: 'AHMAD',
  AKHMAD: 'AHMAD',
  ST: 'SITI',
};
/** Spelling before 1972 and free variants, in this order. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/OE/g, 'U'],
  [/DJ/g, 'J'],
  [/TJ/g, 'C'],
  [/SJ/g, 'SY'],
  [/NJ/g, 'NY'],
  [/CH/g, 'KH'],
];
/** A doubled letter is heard as one: MUHAMMAD, SUPPRIYATI. */
const doubled = /([A-Z])\1+/g;

/** Sorted words of a name in one spelling, titles left out. */
export function nameWords(name: string): string[] {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toUpperCase()
    .replaceAll(/['’`]/g, '')
    .split(/[^A-Z]+/);
  const words = plain.filter((word) => word !== '');
  const untitled = words.filter(
    (word, index) => words.length === 1 || !titles.has(word) || (word === 'ST' && index === 0),
  );
  return (untitled.length === 0 ? words : untitled).map(oneSpelling).sort();
}

function oneSpelling(word: string): string {
  const single = (text: string): string => text.replaceAll(doubled, '$1');
  const known = abbreviations[single(word)];
  if (known !== undefined) return known;
  return single(spellings.reduce((text, [pattern, replacement]) => text.replaceAll(pattern, replacement), word));
}

/** Winkler's prefix bonus on Jaro's measure; symmetric, 1 only for equal texts. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1;
  if (a === '' || b === '') return 0;
  const window = Math.max(0, Math.floor(Math.max(a.length, b.length) / 2) - 1);
  const taken = Array.from<boolean>({ length: b.length }).fill(false);
  const matchedA: string[] = [];
  for (let i = 0; i < a.length; i += 1) {
    for (let j = Math.max(0, i - window); j <= Math.min(b.length - 1, i + window); j += 1) {
      if (taken[j] === true || a[i] !== b[j]) continue;
      taken[j] = true;
      matchedA.push(a.charAt(i));
      break;
    }
  }
  const matches = matchedA.length;
  if (matches === 0) return 0;
  const matchedB = Array.from(b).filter((_, index) => taken[index] === true);
  const transposed = matchedA.filter((letter, index) => letter !== matchedB[index]).length / 2;
  const jaro = (matches / a.length + matches / b.length + (matches - transposed) / matches) / 3;
  let prefix = 0;
  while (prefix < 4 && a[prefix] !== undefined && a[prefix] === b[prefix]) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Replaces an initial of one name by the word of the other that it may stand for; each word is used once. */
function expandInitials(words: readonly string[], other: readonly string[]): string[] {
  const free = other.filter((word) => !words.includes(word));
  return words.map((word) => {
    if (word.length > 1) return word;
    const index = free.findIndex((candidate) => candidate.length > 1 && candidate.startsWith(word));
    return index < 0 ? word : (free.splice(index, 1)[0] ?? word);
  });
}

/** 0 to 1, symmetric. An empty name is like nothing. A name that agrees only through an initial stays just below 1. */
export function nameSimilarity(a: string, b: string): number {
  const wordsA = nameWords(a);
  const wordsB = nameWords(b);
  if (wordsA.length === 0 || wordsB.length === 0) return 0;
  const plain = jaroWinkler(wordsA.join(' '), wordsB.join(' '));
  const expanded = jaroWinkler(
    expandInitials(wordsA, wordsB).sort().join(' '),
    expandInitials(wordsB, wordsA).sort().join(' '),
  );
  const score = Math.max(plain, Math.min(expanded, plain === 1 ? 1 : 0.95));
  return Math.round(score * 1000) / 1000;
}

/** Letters that clerks exchange by ear, in this order; X stands for a word's leading vowel, its H is often not heard. */
const soundsAlike: readonly (readonly [RegExp, string])[] = [
  [/^H?[AEIOUY]+/g, 'X'],
  [/[AEIOUYHW]/g, ''],
  [/[FV]/g, 'P'],
  [/[QG]/g, 'K'],
  [/[ZC]/g, 'J'],
];
/** What is left of a word (of `nameWords`) when vowels and letters that sound alike are taken out: equal for most misspellings of it. */
export const wordSound = (word: string): string =>
  soundsAlike
    .reduce((text, [pattern, replacement]) => text.replaceAll(pattern, replacement), word)
    .replaceAll(doubled, '$1');
