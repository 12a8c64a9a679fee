/**
 * How alike two Indonesian names are, 0 to 1: normalised (capitals, no titles, old spelling made new), word beside word, Jaro-Winkler,
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
/** Spelling before 1972, and letters that many say and write alike, in this order. */
const spellings: readonly (readonly [RegExp, string])[] = [
  [/OE/g, 'U'],
  [/DJ/g, 'J'],
  [/TJ/g, 'C'],
  [/SJ/g, 'SY'],
  [/NJ/g, 'NY'],
  [/CH/g, 'KH'],
  [/[FV]/g, 'P'],
  [/Z/g, 'J'],
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
  const untitled = words.filter((word, index) => words.length === 1 || !isTitle(word, index, words));
  return (untitled.length === 0 ? words : untitled).map(oneSpelling).sort();
}

/** ST is a degree, but Siti at the beginning; H is Haji, but an initial at the end. */
const isTitle = (word: string, index: number, words: readonly string[]): boolean =>
  titles.has(word) && !(word === 'ST' && index === 0) && !(word === 'H' && index === words.length - 1);

function oneSpelling(word: string, index: number, words: readonly string[]): string {
  const single = (text: string): string => text.replaceAll(doubled, '$1');
  const known = abbreviations[single(word)];
  // M. before another name is Muhammad, after it an initial.
  if (known !== undefined && (word !== 'M' || (index === 0 && words.length > 1))) return known;
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

/** Vowels that stand for each other in speech; those of two groups do not. */
const vowelGroups = ['A', 'EIY', 'OU'];
const vowelGroup = (letter: string): number => vowelGroups.findIndex((group) => group.includes(letter));
const shortWord = 6;

/** RINA and RINI, YUNI and YANI: one vowel for another in a short word makes another name, and twins are often called so. */
function isOtherName(a: string, b: string): boolean {
  if (a.length !== b.length || a.length > shortWord) return false;
  const places = Array.from(a, (_, place) => place).filter((place) => a[place] !== b[place]);
  const groups = [a, b].map((word) => vowelGroup(word.charAt(places[0] ?? 0)));
  return places.length === 1 && !groups.includes(-1) && groups[0] !== groups[1];
}

/** Just below the same. */
const mostOfOtherNames = 0.91;
const mostByInitials = 0.95;

/** Words of two names beside each other, those most alike first; what is left of the longer name stands beside nothing. */
function pairedWords(a: readonly string[], b: readonly string[]): [string, string][] {
  const [restA, restB] = [[...a], [...b]];
  const pairs: [string, string][] = [];
  while (restA.length > 0 && restB.length > 0) {
    const all = restA.flatMap((one) => restB.map((other) => ({ one, other, likeness: jaroWinkler(one, other) })));
    const best = all.reduce((found, pair) => (pair.likeness > found.likeness ? pair : found));
    pairs.push([best.one, best.other]);
    restA.splice(restA.indexOf(best.one), 1);
    restB.splice(restB.indexOf(best.other), 1);
  }
  // By the letters of either: the order must not depend on which name comes first.
  const least = ([one, other]: readonly [string, string]): string => (one < other ? one : other);
  pairs.sort((x, y) => (least(x) < least(y) ? -1 : 1));
  return [
    ...pairs,
    ...restA.map((word): [string, string] => [word, '']),
    ...restB.map((word): [string, string] => ['', word]),
  ];
}

/** As one text, and, of names with equally many words, word by word: a letter lost in one must not count against all. */
function likenessOfPairs(pairs: readonly (readonly [string, string])[]): number {
  const [a, b] = [0, 1].map((side) => pairs.map((pair) => pair[side]).filter((word) => word !== ''));
  const whole = jaroWinkler((a ?? []).join(' '), (b ?? []).join(' '));
  const lengths = pairs.map(([one, other]) => Math.min(one.length, other.length));
  if (lengths.includes(0)) return whole;
  const weighted = pairs.reduce((sum, [one, other], place) => sum + (lengths[place] ?? 0) * jaroWinkler(one, other), 0);
  return Math.max(whole, weighted / lengths.reduce((sum, length) => sum + length, 0));
}

/** Two words that are not even similar are two names, however long the rest is that agrees. An initial says nothing. */
const areOtherWords = ([one, other]: readonly [string, string]): boolean =>
  one.length > 1 && other.length > 1 && (jaroWinkler(one, other) < similarName || isOtherName(one, other));

/** 0 to 1, symmetric. An empty name is like nothing. A name that agrees only through an initial stays just below 1. */
export function nameSimilarity(a: string, b: string): number {
  const wordsA = nameWords(a);
  const wordsB = nameWords(b);
  if (wordsA.length === 0 || wordsB.length === 0) return 0;
  const plain = likenessOfPairs(pairedWords(wordsA, wordsB));
  if (plain === 1) return 1;
  const expanded = pairedWords(expandInitials(wordsA, wordsB), expandInitials(wordsB, wordsA));
  const score = Math.max(plain, Math.min(likenessOfPairs(expanded), mostByInitials));
  return Math.round(Math.min(score, expanded.some(areOtherWords) ? mostOfOtherNames : 1) * 1000) / 1000;
}

/** Letters that clerks exchange by ear, in this order; X stands for a word's leading vowel, its H is often not heard. */
const soundsAlike: readonly (readonly [RegExp, string])[] = [
  [/^H?[AEIOUY]+/g, 'X'],
  [/[AEIOUYHW]/g, ''],
  [/[QG]/g, 'K'],
  [/C/g, 'J'],
];
/** What is left of a word (of `nameWords`) when vowels and letters that sound alike are taken out: equal for most misspellings of it. */
export const wordSound = (word: string): string =>
  soundsAlike
    .reduce((text, [pattern, replacement]) => text.replaceAll(pattern, replacement), word)
    .replaceAll(doubled, '$1');
