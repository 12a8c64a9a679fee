/**
 * A synthetic register: invented people in families and villages, and among what comes in later, the same people again with the mistakes
 * clerks make, and other people who look alike. The same seed gives the same people.
 */
import { Random } from '#cli/generate/random.ts';
import type { Citizen } from '#db/vault.ts';
import { mistakes } from './mistakes.ts';
import type { DuplicateKind } from './mistakes.ts';
import names from './names.json' with { type: 'json' };

/** What a record asked about is: somebody who is in the register already, or somebody else. */
export type Kind = DuplicateKind | 'twin' | 'namesake' | 'anybody';
export interface Probe {
  readonly kind: Kind;
  readonly citizen: Citizen;
  /** Its place in the register. */
  readonly place: number;
  /** Place of the same person's first record; null: there is none. */
  readonly original: number | null;
}

/** Shares of people. One birth in 110 is of twins. */
const share = { duplicates: 0.05, namesakes: 0.01, twinBirths: 0.009, rhymingTwins: 0.3 } as const;
/** Of the rest of the people, so many are asked about. */
const anybodyAsked = 5_000;
const familiesPerVillage = 2_700;
const peoplePerFamily = 3.2;
/** Also a small register has people who live elsewhere. */
const villagesLeast = 10;
const villagesPerDistrict = 10;

const two = (number: number): string => String(number).padStart(2, '0');
/** Common names are common: the first of a list are drawn far oftener than the last. */
const common = (random: Random, list: readonly string[]): string =>
  list[Math.floor(random.next() ** 1.6 * list.length)] ?? '';

function drawName(random: Random, sex: 'L' | 'P'): string {
  const given = common(random, sex === 'L' ? names.male : names.female);
  if (random.chance(0.12)) return given;
  const second = common(random, sex === 'L' ? names.maleSecond : names.femaleSecond);
  return random.chance(0.2)
    ? `${given} ${common(random, sex === 'L' ? names.male : names.female)} ${second}`
    : `${given} ${second}`;
}

interface Home {
  readonly noKk: string;
  readonly alamat: string;
  readonly rt: string;
  readonly rw: string;
  readonly kodeDesa: string;
}

export class Population {
  /** Records that come after the people: the same again, and others like them. */
  readonly later: Omit<Probe, 'place'>[] = [];
  /** People of the register who are asked about themselves. */
  readonly probes: Probe[] = [];
  readonly #random: Random;
  readonly #people: number;
  readonly #villages: number;
  readonly #serials = new Map<string, number>();
  #place = 0;

  constructor(seed: string, people: number) {
    this.#random = new Random(seed);
    this.#people = people;
    this.#villages = Math.max(villagesLeast, Math.round(people / peoplePerFamily / familiesPerVillage));
  }

  /** The people, family by family; fills `later` and `probes`. */
  *people(): Generator<Citizen> {
    while (this.#place < this.#people) {
      for (const member of this.#family()) {
        const place = this.#place;
        yield member.citizen;
        this.#place += 1;
        if (member.isSecondTwin) this.probes.push({ kind: 'twin', citizen: member.citizen, place, original: null });
        else if (this.#random.chance(anybodyAsked / this.#people))
          this.probes.push({ kind: 'anybody', citizen: member.citizen, place, original: null });
        this.#plant(member.citizen, place);
      }
    }
  }

  #plant(citizen: Citizen, place: number): void {
    const random = this.#random;
    if (random.chance(share.duplicates)) {
      const usable = mistakes.filter(({ suits }) => suits(citizen));
      const { kind, write } = random.pick(usable);
      const written = write(citizen, { random, otherNik: () => this.#nik(citizen), home: () => this.#home() });
      this.later.push({ kind, citizen: written, original: place });
    }
    if (random.chance(share.namesakes))
      this.later.push({ kind: 'namesake', citizen: this.#namesake(citizen), original: null });
  }

  /** The same name: in the same village of another age, or of the same day in another. */
  #namesake(citizen: Citizen): Citizen {
    const home = this.#home();
    const isNeighbour = this.#random.chance(0.5) || home.kodeDesa === citizen.kodeDesa;
    const stranger = {
      ...citizen,
      ...home,
      kodeDesa: isNeighbour ? citizen.kodeDesa : home.kodeDesa,
      tanggalLahir: isNeighbour ? this.#birthDate(1940, 2006) : citizen.tanggalLahir,
      ibuKandung: drawName(this.#random, 'P'),
      hp: null,
    };
    return { ...stranger, nik: this.#nik(stranger) };
  }

  #family(): { readonly citizen: Citizen; readonly isSecondTwin: boolean }[] {
    const random = this.#random;
    const home = this.#home(Math.floor((this.#place / this.#people) * this.#villages));
    const parents = [this.#person(home, 'L', this.#birthDate(1940, 2002))];
    if (random.chance(0.9)) parents.push(this.#person(home, 'P', this.#birthDate(1942, 2004)));
    const mother = parents[1]?.nama ?? drawName(random, 'P');
    const children = Array.from({ length: random.int(0, 3) }).flatMap(() => this.#birth(home, mother));
    return [...parents.map((citizen) => ({ citizen, isSecondTwin: false })), ...children];
  }

  #birth(home: Home, mother: string): { readonly citizen: Citizen; readonly isSecondTwin: boolean }[] {
    const random = this.#random;
    const born = this.#birthDate(1990, 2025);
    const first = { ...this.#person(home, random.chance(0.5) ? 'L' : 'P', born), ibuKandung: mother };
    if (!random.chance(share.twinBirths)) return [{ citizen: first, isSecondTwin: false }];
    const second = { ...this.#person(home, first.jenisKelamin, born), ibuKandung: mother };
    if (!random.chance(share.rhymingTwins))
      return [
        { citizen: first, isSecondTwin: false },
        { citizen: second, isSecondTwin: true },
      ];
    const [one, other] = random.pick(names.twins[first.jenisKelamin]);
    const rest = common(random, first.jenisKelamin === 'L' ? names.maleSecond : names.femaleSecond);
    return [
      { citizen: { ...first, nama: `${one} ${rest}` }, isSecondTwin: false },
      { citizen: { ...second, nama: `${other} ${rest}` }, isSecondTwin: true },
    ];
  }

  #person(home: Home, sex: 'L' | 'P', born: string): Citizen {
    const random = this.#random;
    const person = {
      ...home,
      nama: drawName(random, sex),
      tempatLahir: 'KARAWANG',
      tanggalLahir: born,
      jenisKelamin: sex,
      ibuKandung: drawName(random, 'P'),
      hp: random.chance(0.6) ? `08${String(random.int(1_000_000_000, 9_999_999_999))}` : null,
      penanda: null,
      lat: null,
      lon: null,
    };
    return { ...person, nik: this.#nik(person) };
  }

  /** In the given village, or anywhere. One house in ten has no number. */
  #home(village = this.#random.int(0, this.#villages - 1)): Home {
    const random = this.#random;
    const district = 1 + (Math.floor(village / villagesPerDistrict) % 30);
    const card = `3215${two(district)}${two(random.int(1, 28))}${two(random.int(1, 12))}${two(random.int(8, 25))}`;
    const hamlet = random.pick(names.hamlets);
    return {
      noKk: card + this.#serial(card),
      alamat: random.chance(0.1) ? `KP. ${hamlet}` : `KP. ${hamlet} NO. ${String(random.int(1, 9_999))}`,
      rt: String(random.int(1, 12)).padStart(3, '0'),
      rw: String(random.int(1, 12)).padStart(3, '0'),
      kodeDesa: `32.15.${two(district)}.${String(2001 + village)}`,
    };
  }

  /** Some old people do not know the day: the registrar wrote the year's first of July or last day. */
  #birthDate(from: number, to: number): string {
    const random = this.#random;
    const year = random.int(from, to);
    if (year < 1965 && random.chance(0.15)) return `${year}-${random.pick(['07-01', '12-31'])}`;
    return `${year}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
  }

  #nik({ tanggalLahir, jenisKelamin, kodeDesa }: Pick<Citizen, 'tanggalLahir' | 'jenisKelamin' | 'kodeDesa'>): string {
    const day = Number(tanggalLahir.slice(8)) + (jenisKelamin === 'P' ? 40 : 0);
    const head =
      kodeDesa.replaceAll('.', '').slice(0, 6) + two(day) + tanggalLahir.slice(5, 7) + tanggalLahir.slice(2, 4);
    return head + this.#serial(head);
  }
  #serial(head: string): string {
    const serial = (this.#serials.get(head) ?? 0) + 1;
    this.#serials.set(head, serial);
    return String(serial).padStart(4, '0');
  }
}
