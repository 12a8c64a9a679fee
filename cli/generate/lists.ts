/**
 * Draws the four old lists (DTKS, PKH, BPNT, BST) over one invented population, with what they say against each other planted, and the
 * truth about it. The lists are meant to be imported in this order. The same seed gives the same lists.
 */
import { getVillages } from 'idn-area-data';
import { drawName, drawPerson, drawPlace, Registry } from './household.ts';
import type { Person, Place } from './household.ts';
import { regency } from './generate.ts';
import { Random } from './random.ts';

export const listNames = ['dtks', 'pkh', 'bpnt', 'bst'] as const;
export type ListName = (typeof listNames)[number];

/** One line, by field of the mapping profile. */
export interface ListLine extends Person, Omit<Place, 'penanda' | 'lat' | 'lon'> {
  readonly id_sumber: string;
  readonly kode_desa: string;
  readonly keberadaan: 'HIDUP' | 'MENINGGAL';
  /** Empty in the list of DTKS. */
  readonly periode: string;
  readonly jumlah: string;
}
export type PlantedKind =
  | 'NAME_DIFFERS'
  | 'NAME_AND_BIRTH_DATE_DIFFER'
  | 'BIRTH_DATE_DIFFERS'
  | 'SECOND_NIK'
  | 'ALIKE'
  | 'FAMILY_CARD_DIFFERS'
  | 'DECEASED'
  | 'FORBIDDEN_OVERLAP'
  | 'FORBIDDEN_OVERLAP_IN_FAMILY'
  | 'AMOUNT_DIFFERS'
  | 'HELP_TWICE'
  | 'NIK_SPOILT_BY_EXCEL'
  | 'NOT_A_DATE';
type Outcome = 'CREATED' | 'MATCHED' | 'CONFLICT' | 'LEFT';
export interface ListTruth {
  readonly outcomes: Readonly<Record<Outcome, number>>;
  /** Kinds of conflict by line of the file. */
  readonly conflicts: Readonly<Record<number, readonly string[]>>;
  /** Lines left for people. */
  readonly left: readonly number[];
  /** Code of the fault by line that cannot be read. */
  readonly failed: Readonly<Record<number, string>>;
}
export interface GeneratedList {
  readonly lines: readonly ListLine[];
  readonly truth: ListTruth;
}

/** What a planted kind comes to: worked out from the rules of the merging, not by its code. */
const meaning: Readonly<
  Record<
    PlantedKind,
    { readonly outcome: Outcome | null; readonly conflicts: readonly string[]; readonly fault?: string }
  >
> = {
  NAME_DIFFERS: { outcome: 'CONFLICT', conflicts: ['NAME_DIFFERS'] },
  NAME_AND_BIRTH_DATE_DIFFER: { outcome: 'CONFLICT', conflicts: ['BIRTH_DATE_DIFFERS', 'NAME_DIFFERS'] },
  BIRTH_DATE_DIFFERS: { outcome: 'MATCHED', conflicts: ['BIRTH_DATE_DIFFERS'] },
  SECOND_NIK: { outcome: 'CONFLICT', conflicts: ['SECOND_NIK'] },
  ALIKE: { outcome: 'LEFT', conflicts: [] },
  FAMILY_CARD_DIFFERS: { outcome: 'MATCHED', conflicts: ['FAMILY_CARD_DIFFERS'] },
  DECEASED: { outcome: 'MATCHED', conflicts: ['DECEASED'] },
  FORBIDDEN_OVERLAP: { outcome: 'MATCHED', conflicts: ['FORBIDDEN_OVERLAP'] },
  FORBIDDEN_OVERLAP_IN_FAMILY: { outcome: 'CREATED', conflicts: ['FORBIDDEN_OVERLAP'] },
  AMOUNT_DIFFERS: { outcome: 'MATCHED', conflicts: ['AMOUNT_DIFFERS'] },
  HELP_TWICE: { outcome: 'MATCHED', conflicts: ['HELP_TWICE'] },
  NIK_SPOILT_BY_EXCEL: { outcome: null, conflicts: [], fault: 'scientificNumber' },
  NOT_A_DATE: { outcome: null, conflicts: [], fault: 'notADate' },
};
/** Rows that a row about somebody else of the same list may stand beside. */
const besides: readonly PlantedKind[] = ['NAME_DIFFERS', 'NAME_AND_BIRTH_DATE_DIFFER', 'SECOND_NIK', 'ALIKE'];
const unreadable: readonly PlantedKind[] = ['NIK_SPOILT_BY_EXCEL', 'NOT_A_DATE'];
const ofKnown: readonly PlantedKind[] = ['BIRTH_DATE_DIFFERS', 'FAMILY_CARD_DIFFERS', 'DECEASED'];
const ofHelp: readonly PlantedKind[] = ['AMOUNT_DIFFERS', 'HELP_TWICE'];
const ofOverlap: readonly PlantedKind[] = ['FORBIDDEN_OVERLAP', 'FORBIDDEN_OVERLAP_IN_FAMILY'];
const plantedKinds: Readonly<Record<ListName, readonly PlantedKind[]>> = {
  // The first list: what is known stands further up in it.
  dtks: [...besides, ...ofKnown, ...unreadable],
  pkh: [...besides, ...ofKnown, ...ofHelp, ...unreadable],
  bpnt: [...besides, ...ofKnown, ...ofHelp, ...unreadable],
  bst: [...besides, ...ofKnown, ...ofHelp, ...ofOverlap, ...unreadable],
};
const plantedShare = 0.004;
const knownShare = 0.6;
const misspeltShare = 0.03;

/** PKH and BPNT may come together; BST of May meets neither, BST of February meets the first quarter of PKH. */
const help: Readonly<Record<ListName, { readonly periode: string; readonly jumlah: string }>> = {
  dtks: { periode: '', jumlah: '' },
  pkh: { periode: '2020-T1', jumlah: '750000' },
  bpnt: { periode: '2020-01', jumlah: '200000' },
  bst: { periode: '2020-05', jumlah: '600000' },
};
const forbiddenPeriod = '2020-02';

interface Citizen {
  readonly person: Person;
  readonly place: Place;
  readonly village: string;
  readonly lists: ListName[];
  /** Something is planted about this one: nothing else is. */
  isTaken: boolean;
}
/** A line before the file's order is drawn; a line that refers to another of the same list comes later. */
interface Draft {
  readonly citizen: Citizen;
  readonly change: Partial<ListLine>;
  readonly planted: PlantedKind | null;
  readonly isNew: boolean;
  readonly order: number;
}

/** A long word without its last letter but one; nobody takes it for another name. */
const misspelt = (name: string): string => name.replace(/\b(\w{5,})\w(\w)\b/, '$1$2');

/** Share of the shorter name's letters that the other has as well. */
function lettersShared(a: string, b: string): number {
  const free = b.split('');
  const shared = a.split('').filter((letter) => {
    const place = free.indexOf(letter);
    if (place >= 0) free.splice(place, 1);
    return place >= 0;
  });
  return shared.length / Math.min(a.length, b.length);
}

class ListGenerator {
  readonly #random: Random;
  readonly #registry: Registry;
  readonly #villages: readonly string[];
  /** `date|word of a name`: two people never share both by accident. */
  readonly #births = new Set<string>();
  readonly #citizens: Citizen[] = [];

  constructor(seed: number, rows: number, villages: readonly string[]) {
    this.#random = new Random(`lists ${String(seed)} ${String(rows)}`);
    this.#registry = new Registry(this.#random);
    this.#villages = villages;
  }

  #draw(): Citizen {
    for (;;) {
      const village = this.#random.pick(this.#villages);
      const person = drawPerson(this.#random, this.#registry, village);
      const births = person.nama.split(' ').map((word) => `${person.tanggal_lahir}|${word}`);
      if (births.some((birth) => this.#births.has(birth))) continue;
      for (const birth of births) this.#births.add(birth);
      return { person, place: drawPlace(this.#random, this.#registry), village, lists: [], isTaken: false };
    }
  }

  list(name: ListName, rows: number): GeneratedList {
    const kinds = plantedKinds[name];
    const each = Math.max(1, Math.floor(rows * plantedShare));
    const extra = kinds.filter((kind) => !this.#isChange(kind, name)).length * each;
    const drafts = this.#base(name, rows - extra);
    for (const kind of kinds) this.#plant(kind, name, each, drafts);
    for (const { citizen, planted } of drafts) if (planted === null) citizen.lists.push(name);
    const ordered = drafts.toSorted((a, b) => a.order - b.order);
    return {
      lines: ordered.map((draft, index) => this.#line(name, draft, index)),
      truth: truthOf(ordered),
    };
  }

  #base(name: ListName, count: number): Draft[] {
    const earlier = this.#random.shuffled(this.#citizens.filter(({ isTaken }) => !isTaken));
    const known = name === 'dtks' ? [] : earlier.slice(0, Math.floor(count * knownShare));
    const fresh = Array.from({ length: count - known.length }, () => this.#draw());
    this.#citizens.push(...fresh);
    const draft = (citizen: Citizen, isNew: boolean): Draft => {
      const isMisspelt = !isNew && this.#random.chance(misspeltShare);
      const change = isMisspelt ? { nama: misspelt(citizen.person.nama) } : {};
      return { citizen, change, planted: null, isNew, order: this.#random.next() };
    };
    return [...known.map((citizen) => draft(citizen, false)), ...fresh.map((citizen) => draft(citizen, true))];
  }

  /** Whether the kind changes a row about somebody known from an earlier list, instead of adding one. */
  #isChange(kind: PlantedKind, name: ListName): boolean {
    return kind === 'FORBIDDEN_OVERLAP' || (ofKnown.includes(kind) && name !== 'dtks');
  }
  #plant(kind: PlantedKind, name: ListName, count: number, drafts: Draft[]): void {
    const changes = this.#isChange(kind, name);
    const wantsHelp = kind === 'FORBIDDEN_OVERLAP' || kind === 'FORBIDDEN_OVERLAP_IN_FAMILY';
    const fits = ({ citizen, planted, isNew, change }: Draft): boolean =>
      planted === null &&
      !citizen.isTaken &&
      change.nama === undefined &&
      (!changes || !isNew) &&
      (!wantsHelp || citizen.lists.includes('pkh'));
    const free = this.#random.shuffled(drafts.flatMap((draft, index) => (fits(draft) ? [index] : [])));
    if (free.length < count) throw new RangeError(`too few rows to plant ${kind} in: ask for more`);
    for (const index of free.slice(0, count)) {
      const origin = drafts[index];
      if (origin === undefined) continue;
      const { citizen, order } = origin;
      citizen.isTaken = true;
      const change = this.#change(kind, citizen);
      if (changes) drafts[index] = { ...origin, change, planted: kind };
      else
        drafts.push({ citizen, change, planted: kind, isNew: false, order: order + (1 - order) * this.#random.next() });
    }
  }

  /** A name that nobody takes for the person's: of some drawn, the one with the fewest letters in common. */
  #otherName({ nama, jenis_kelamin }: Person): string {
    const drawn = Array.from({ length: 30 }, () => drawName(this.#random, jenis_kelamin, nama.split(' ')));
    return drawn.reduce((best, name) => (lettersShared(name, nama) < lettersShared(best, nama) ? name : best));
  }
  #change(kind: PlantedKind, { person, village }: Citizen): Partial<ListLine> {
    const other = this.#draw();
    const otherName = this.#otherName(person);
    const otherDate = this.#registry.birthDate(`other ${village}`);
    switch (kind) {
      case 'NAME_DIFFERS':
        return { nama: otherName };
      case 'NAME_AND_BIRTH_DATE_DIFFER':
        return { nama: otherName, tanggal_lahir: otherDate };
      case 'BIRTH_DATE_DIFFERS':
        return { tanggal_lahir: otherDate };
      case 'SECOND_NIK':
        return { nik: other.person.nik };
      case 'ALIKE':
        return {
          ...other.place,
          nik: other.person.nik,
          no_kk: other.person.no_kk,
          ibu_kandung: drawName(this.#random, 'P', person.ibu_kandung.split(' ')),
        };
      case 'FAMILY_CARD_DIFFERS':
        return { no_kk: other.person.no_kk };
      case 'DECEASED':
        return { keberadaan: 'MENINGGAL' };
      case 'FORBIDDEN_OVERLAP':
        return { periode: forbiddenPeriod };
      case 'FORBIDDEN_OVERLAP_IN_FAMILY':
        return { ...other.person, no_kk: person.no_kk, periode: forbiddenPeriod };
      case 'AMOUNT_DIFFERS':
        return { jumlah: '450000' };
      case 'HELP_TWICE':
        return {};
      case 'NIK_SPOILT_BY_EXCEL':
        return { nik: `${person.nik.charAt(0)},${person.nik.slice(1, 6)}E+15` };
      case 'NOT_A_DATE':
        return { tanggal_lahir: '31-02-1970' };
    }
  }

  #line(name: ListName, { citizen, change }: Draft, index: number): ListLine {
    const { alamat, rt, rw } = citizen.place;
    const { alamat: otherStreet = alamat, rt: otherRt = rt, rw: otherRw = rw } = change;
    return {
      ...citizen.person,
      ...help[name],
      kode_desa: citizen.village,
      keberadaan: 'HIDUP',
      ...change,
      alamat: otherStreet,
      rt: otherRt,
      rw: otherRw,
      id_sumber: `${name.toUpperCase()}-${String(index + 1).padStart(7, '0')}`,
    };
  }
}

function truthOf(ordered: readonly Draft[]): ListTruth {
  const outcomes = { CREATED: 0, MATCHED: 0, CONFLICT: 0, LEFT: 0 };
  const conflicts: Record<number, readonly string[]> = {};
  const left: number[] = [];
  const failed: Record<number, string> = {};
  ordered.forEach(({ planted, isNew }, index) => {
    // The header is line 1.
    const line = index + 2;
    const {
      outcome,
      conflicts: kinds,
      fault,
    } = planted === null
      ? { outcome: isNew ? ('CREATED' as const) : ('MATCHED' as const), conflicts: [], fault: undefined }
      : meaning[planted];
    if (outcome !== null) outcomes[outcome] += 1;
    if (kinds.length > 0) conflicts[line] = kinds;
    if (outcome === 'LEFT') left.push(line);
    if (fault !== undefined) failed[line] = fault;
  });
  return { outcomes, conflicts, left, failed };
}

/** Lists of `rows` lines each, in the order of import; one at a time, so that only one is in memory. Throws RangeError for too few rows. */
export async function* generateLists(options: {
  readonly rows: number;
  readonly seed: number;
}): AsyncGenerator<GeneratedList & { readonly name: ListName }> {
  const villages = (await getVillages()).map(({ code }) => code).filter((code) => code.startsWith(`${regency}.`));
  const generator = new ListGenerator(options.seed, options.rows, villages);
  for (const name of listNames) yield { name, ...generator.list(name, options.rows) };
}
