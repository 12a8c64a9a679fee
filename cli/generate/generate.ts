/** Draws a file of proposals with its truth and what the simulated outside systems must know. The same seed gives the same files. */
import { getVillages } from 'idn-area-data';
import {
  drawName,
  drawPerson,
  drawPlace,
  occupationMix,
  Registry,
  writtenPlace,
  type Person,
  type Place,
  type Row,
} from './household.ts';
import { makeMistakes, type Mistakes, type Written } from './mistakes.ts';
import { helpFor } from './help.ts';
import { foretell, type Outlook } from './oracle.ts';
import { Random } from './random.ts';
import {
  drawLater,
  drawReview,
  drawStory,
  reviews,
  plainStory,
  turns,
  type DeliveryResult,
  type Story,
} from './story.ts';

/** Kab. Karawang, Jawa Barat. */
export const regency = '32.15';
const proposalsPerVillage = 12;
const programsReceived = ['PKH', 'SEMBAKO', 'PBI_JK', 'BST'];

/** An entry of the population register, as the Dukcapil simulator takes it. */
export interface RegisterEntry {
  readonly nik: string;
  readonly noKk: string;
  readonly nama: string;
  readonly tanggalLahir: string;
  readonly jenisKelamin: 'L' | 'P';
  readonly status: 'AKTIF' | 'MENINGGAL' | 'GANDA' | 'NONAKTIF';
  readonly skorNama: Readonly<Record<string, number>>;
  readonly gangguan: number;
}
/** What is known of one case: how it must end, and what its people will say. */
export interface TruthCase extends Outlook {
  readonly story: Story;
  /** In which month it is submitted, from 0. */
  readonly month: number;
  /** The person's data as first written and after each repair. */
  readonly versions: readonly Written[];
  /** The complete address. */
  readonly place: Place;
  /** What the civil registry enters when it corrects its register. */
  readonly corrected: RegisterEntry;
}
export interface VillageTruth {
  readonly invited: number;
  /** The first meeting lacks a quorum. */
  readonly adjourned: boolean;
  /** The head of the district office wants its list checked again, once. */
  readonly checkedTwice: boolean;
}
export interface Truth {
  readonly seed: number;
  readonly proposals: number;
  readonly months: number;
  readonly villages: Readonly<Record<string, VillageTruth>>;
  /** By id_sumber. */
  readonly cases: Readonly<Record<string, TruthCase>>;
}
export interface Population {
  readonly dukcapil: readonly RegisterEntry[];
  /** By id_sumber: the proposal's number is known only after the import. */
  readonly pos: Readonly<
    Record<
      string,
      { readonly pemetaan: Story['mappings']; readonly penyaluran: readonly (readonly DeliveryResult[])[] }
    >
  >;
}
export interface Generated {
  readonly rows: readonly Row[];
  readonly truth: Truth;
  readonly population: Population;
}

interface Made {
  readonly row: Row;
  readonly story: Story;
  readonly person: Person;
  readonly place: Place;
  readonly mistakes: Mistakes;
  used: boolean;
}

/** Rows that resemble another stand in the later part of the file, where earlier ones are. */
function orderedStories(random: Random, proposals: number): Story[] {
  const must = proposals >= turns.length ? turns : random.shuffled(turns).slice(0, Math.floor(proposals / 2));
  const stories: Story[] = must.map((turn) => ({ ...plainStory, ...turn }));
  while (stories.length < proposals) stories.push(drawStory(random));
  const later = stories.filter((story) => story.likeness !== null);
  const ordered = random.shuffled(stories.filter((story) => story.likeness === null));
  for (const story of later) ordered.splice(random.int(Math.ceil(ordered.length / 2), ordered.length), 0, story);
  return ordered;
}

class Generator {
  readonly #random: Random;
  readonly #registry: Registry;
  readonly #villages: readonly string[];
  readonly #prefix: string;
  readonly #made: Made[] = [];
  readonly #register = new Map<string, RegisterEntry>();

  constructor(random: Random, villages: readonly string[], prefix: string) {
    this.#random = random;
    this.#registry = new Registry(random);
    this.#villages = villages;
    this.#prefix = prefix;
  }

  add(wanted: Story): void {
    const original = wanted.likeness === null ? null : this.#original();
    // Nobody to resemble in a tiny file: an ordinary household then.
    const story: Story =
      wanted.likeness !== null && original === null ? { ...plainStory, program: wanted.program } : wanted;
    const village = this.#villageFor(story, original);
    const person = this.#personFor(story, original, village);
    const samePlace = original !== null && story.likeness === 'KEMBAR';
    const place = samePlace ? original.place : drawPlace(this.#random, this.#registry);
    const mistakes = makeMistakes(person, story, original?.person ?? null, this.#random);
    const phone = samePlace ? original.row.hp : this.#random.chance(0.9) ? this.#registry.phone() : '';
    const row = this.#rowOf(story, { person, place, village, phone, mistakes });
    this.#made.push({ row, story, person, place, mistakes, used: false });
    this.#enter(story, person, mistakes);
  }

  /** An earlier, clean row that none resembles yet. */
  #original(): Made | null {
    const free = this.#made.filter(
      ({ story, used }) =>
        !used && story.likeness === null && story.identity === 'COCOK' && story.address === 'LENGKAP',
    );
    if (free.length === 0) return null;
    const original = this.#random.pick(free);
    original.used = true;
    return original;
  }
  #villageFor(story: Story, original: Made | null): string {
    const near = story.likeness === 'NAMA_TANGGAL_DESA_SAMA' || story.likeness === 'KEMBAR';
    if (original !== null && (near || this.#random.chance(0.5))) return original.row.kode_desa;
    return this.#random.pick(this.#villages);
  }
  #personFor(story: Story, original: Made | null, village: string): Person {
    const fresh = drawPerson(this.#random, this.#registry, village);
    if (original === null) return fresh;
    const { person } = original;
    const { tanggal_lahir, jenis_kelamin } = person;
    const nik = (sex: 'L' | 'P'): string => this.#registry.nik(person.nik.slice(0, 6), tanggal_lahir, sex);
    const words = person.nama.split(' ');
    switch (story.likeness) {
      case 'NIK_SAMA':
        return person;
      case 'KK_NAMA_SAMA':
        return { ...person, nik: nik(jenis_kelamin) };
      case 'NAMA_TANGGAL_DESA_SAMA':
        return {
          ...fresh,
          nik: nik(jenis_kelamin),
          nama: person.nama,
          tanggal_lahir,
          jenis_kelamin,
          ibu_kandung: drawName(this.#random, 'P', person.ibu_kandung.split(' ')),
        };
      case 'KEMBAR':
        return {
          ...person,
          nik: nik(fresh.jenis_kelamin),
          jenis_kelamin: fresh.jenis_kelamin,
          nama: drawName(this.#random, fresh.jenis_kelamin, words),
        };
      case 'SALAH_KETIK_NIK':
        return { ...fresh, nama: drawName(this.#random, fresh.jenis_kelamin, words) };
      case null:
        return fresh;
    }
  }
  #rowOf(
    story: Story,
    made: { person: Person; place: Place; village: string; phone: string; mistakes: Mistakes },
  ): Row {
    const { person, place, village, phone, mistakes } = made;
    const received = this.#random.chance(0.08)
      ? this.#random.shuffled(programsReceived).slice(0, this.#random.int(1, 2))
      : [];
    return {
      ...person,
      ...mistakes.versions[0],
      ...writtenPlace(place, story.address),
      id_sumber: `${this.#prefix}-${String(this.#made.length + 1).padStart(6, '0')}`,
      hp: phone,
      kode_desa: village,
      jumlah_anggota: String(this.#random.int(1, 8)),
      pekerjaan: this.#random.weighted(occupationMix),
      program_diterima: received.join(';'),
      program_usulan: story.program,
      kanal: this.#random.weighted([
        [55, 'MUSDES'],
        [30, 'RT_RW'],
        [10, 'MANDIRI'],
        [5, 'IMPOR'],
      ]),
      profil_tenggat: story.abandoned ? 'singkat' : 'peragaan',
    };
  }

  #entry(story: Story, person: Written, scores: Mistakes['scores']): RegisterEntry {
    const { identity } = story;
    const status = identity === 'MENINGGAL' || identity === 'GANDA' || identity === 'NONAKTIF' ? identity : 'AKTIF';
    return {
      nik: person.nik,
      // A family that has split has another card in the register than at home.
      noKk: identity === 'KK_BEDA' ? `${person.no_kk.slice(0, 12)}9999` : person.no_kk,
      nama: person.nama,
      tanggalLahir: person.tanggal_lahir,
      jenisKelamin: person.jenis_kelamin,
      status,
      skorNama: scores,
      gangguan: story.registerFault ? 1 : 0,
    };
  }
  #enter(story: Story, person: Person, mistakes: Mistakes): void {
    const unknown = story.identity === 'TIDAK_DITEMUKAN' || story.likeness === 'KK_NAMA_SAMA';
    if (!unknown && !this.#register.has(person.nik))
      this.#register.set(person.nik, this.#entry(story, person, mistakes.scores));
  }

  /** What becomes of help after its first month, and what is said of it then. `paid`: how many before it were paid. */
  #laterOf({ row, person }: Made, paid: number): Pick<Story, 'later' | 'change' | 'objection'> {
    const review = reviews[paid] ?? drawReview(new Random(`review ${row.id_sumber}`));
    // Where others are on the same card, the death of one leaves the help to another.
    const isAlone = this.#made.filter((other) => other.person.no_kk === person.no_kk).length === 1;
    return {
      ...review,
      change: review.change === 'MENINGGAL' && !isAlone ? 'MAMPU' : review.change,
      later: drawLater(new Random(`later ${row.id_sumber}`)),
    };
  }

  /** The rows come in the order of the file, as many in each month. */
  finish(months: number): Pick<Generated, 'rows' | 'population'> & { readonly cases: Record<string, TruthCase> } {
    const cases: Record<string, TruthCase> = {};
    const pos: Record<string, Population['pos'][string]> = {};
    let paid = 0;
    for (const [index, made] of this.#made.entries()) {
      const { row, place, mistakes } = made;
      const outlook = foretell(made.story);
      const isPaid = helpFor({ ...outlook, story: made.story })?.state === 'PAID';
      const story = { ...made.story, ...this.#laterOf(made, isPaid ? paid : reviews.length) };
      if (isPaid) paid += 1;
      const month = Math.floor((index * months) / this.#made.length);
      const last = mistakes.versions.at(-1);
      if (last === undefined) throw new Error('a person nobody wrote down');
      const corrected = this.#entry({ ...story, identity: 'COCOK' }, last, {});
      cases[row.id_sumber] = { ...outlook, story, month, versions: mistakes.versions, place, corrected };
      pos[row.id_sumber] = { pemetaan: story.mappings, penyaluran: [story.deliveries, [story.later]] };
    }
    return {
      rows: this.#made.map(({ row }) => row),
      population: { dukcapil: [...this.#register.values()], pos },
      cases,
    };
  }
}

async function someVillages(random: Random, proposals: number): Promise<string[]> {
  const all = (await getVillages()).map(({ code }) => code).filter((code) => code.startsWith(`${regency}.`));
  const wanted = Math.min(all.length, Math.max(2, Math.round(proposals / proposalsPerVillage)));
  return random.shuffled(all).slice(0, wanted).sort();
}

/** Households and stories depend on seed and number alone; `months` spreads the same ones. */
export async function generate(options: {
  readonly proposals: number;
  readonly seed: number;
  readonly months?: number;
}): Promise<Generated> {
  const { proposals, seed, months = 1 } = options;
  const random = new Random(`alur ${String(seed)} ${String(proposals)}`);
  const villages = await someVillages(random, proposals);
  const generator = new Generator(
    random,
    villages,
    `s${String(seed)}n${String(proposals)}${months === 1 ? '' : `m${String(months)}`}`,
  );
  for (const story of orderedStories(random, proposals)) generator.add(story);
  const { rows, population, cases } = generator.finish(months);
  const meetings = villages.map((code): [string, VillageTruth] => [
    code,
    { invited: random.int(12, 40), adjourned: random.chance(0.2), checkedTwice: random.chance(0.1) },
  ]);
  return { rows, population, truth: { seed, proposals, months, villages: Object.fromEntries(meetings), cases } };
}
