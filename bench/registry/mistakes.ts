/** How one person comes to be written twice: one mistake each, and the address as another clerk writes it. */
import type { Random } from '#cli/generate/random.ts';
import type { Citizen } from '#db/vault.ts';

export type DuplicateKind =
  | 'same NIK'
  | 'NIK mistyped'
  | 'name spelt otherwise'
  | 'day and month swapped'
  | "mother's name otherwise"
  | 'moved';

interface Means {
  readonly random: Random;
  /** Another number of the same person: issued twice, or made up by a clerk. */
  readonly otherNik: () => string;
  readonly home: () => Pick<Citizen, 'noKk' | 'alamat' | 'rt' | 'rw' | 'kodeDesa'>;
}
interface Mistake {
  readonly kind: DuplicateKind;
  readonly suits: (citizen: Citizen) => boolean;
  readonly write: (citizen: Citizen, means: Means) => Citizen;
}

const always = (): boolean => true;

/** The same house: KP. or KAMPUNG, RT 003 or 3. Nobody has the same telephone for long. */
const retyped = (citizen: Citizen): Citizen => ({
  ...citizen,
  hp: null,
  alamat: citizen.alamat?.replace('KP. ', 'KAMPUNG ').replace('NO. ', 'NO ') ?? null,
  rt: String(Number(citizen.rt)),
  rw: String(Number(citizen.rw)),
});

/** A digit replaced, or two exchanged. */
function mistypedNumber(number: string, random: Random): string {
  const place = random.int(0, number.length - 2);
  const [a = '', b = ''] = [number[place], number[place + 1]];
  if (a !== b && random.chance(0.4)) return number.slice(0, place) + b + a + number.slice(place + 2);
  return number.slice(0, place) + String((Number(a) + random.int(1, 9)) % 10) + number.slice(place + 1);
}

const abbreviations: Readonly<Record<string, readonly string[]>> = {
  MUHAMAD: ['MOH.', 'MUH.', 'M.', 'MOCHAMAD', 'MUHAMMAD'],
  ABDUL: ['ABD.'],
  AHMAD: ['ACHMAD', 'AKHMAD', 'ACH.'],
  SITI: ['ST.'],
};
/** Each changes a name that it suits, at its first opportunity. */
const spellings: readonly ((name: string, random: Random) => string)[] = [
  (name, random) =>
    name.replace(/^(MUHAMAD|ABDUL|AHMAD|SITI)(?= )/, (word) => random.pick(abbreviations[word] ?? [word])),
  (name) => name.replace('U', 'OE'),
  (name) => name.replace('J', 'DJ'),
  (name) => name.replace(/I?Y/, (text) => (text === 'IY' ? 'I' : text)),
  (name) => name.replace(/[ZFV]/, (letter) => (letter === 'Z' ? 'J' : 'P')),
  (name) => name.replace(/([LNMRT])(?=[AIU])/, '$1$1'),
  // A lost letter, in a word long enough to be still that word.
  (name, random) =>
    name.replace(/[A-Z]{6,}/, (word) => {
      const place = random.int(2, word.length - 2);
      return word.slice(0, place) + word.slice(place + 1);
    }),
  (name) => name.split(' ').toReversed().join(' '),
  (name) => name.replace(/ ([A-Z])[A-Z]{3,}$/, ' $1.'),
  (name) => `H. ${name}`,
];
function spelt(name: string, random: Random): string {
  const changed = spellings.map((change) => change(name, random)).filter((spelling) => spelling !== name);
  return random.pick(changed);
}

const swapDate = (date: string): string => `${date.slice(0, 5)}${date.slice(8)}-${date.slice(5, 7)}`;
const canSwap = ({ tanggalLahir }: Citizen): boolean =>
  Number(tanggalLahir.slice(8)) <= 12 && swapDate(tanggalLahir) !== tanggalLahir;

/** Only the first has the NIK to be known by; each leaves of the rest what one mistake leaves. */
export const mistakes: readonly Mistake[] = [
  {
    kind: 'same NIK',
    suits: always,
    write: (citizen, { random, home }) => ({ ...retyped(citizen), ...home(), nama: spelt(citizen.nama, random) }),
  },
  {
    kind: 'NIK mistyped',
    suits: always,
    write: (citizen, { random }) => ({ ...retyped(citizen), nik: mistypedNumber(citizen.nik, random) }),
  },
  {
    kind: 'name spelt otherwise',
    suits: always,
    write: (citizen, { random, otherNik }) => ({
      ...retyped(citizen),
      nik: otherNik(),
      nama: spelt(citizen.nama, random),
    }),
  },
  {
    kind: 'day and month swapped',
    suits: canSwap,
    write: (citizen, { otherNik }) => ({
      ...retyped(citizen),
      nik: otherNik(),
      tanggalLahir: swapDate(citizen.tanggalLahir),
    }),
  },
  {
    kind: "mother's name otherwise",
    suits: ({ ibuKandung }) => ibuKandung !== null,
    write: (citizen, { random, otherNik }) => ({
      ...retyped(citizen),
      nik: otherNik(),
      noKk: '',
      ibuKandung: spelt(citizen.ibuKandung ?? '', random),
    }),
  },
  {
    kind: 'moved',
    suits: always,
    write: (citizen, { random, home }) => ({
      ...retyped(citizen),
      ...home(),
      nik: mistypedNumber(citizen.nik, random),
    }),
  },
];
