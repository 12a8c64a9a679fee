/** People and addresses, all invented: names drawn from lists, numbers made up, over real villages. */
import names from './data/names.json' with { type: 'json' };
import type { Random } from './random.ts';
import type { Story } from './story.ts';

/** One line of the import file, by column. */
export interface Row {
  readonly id_sumber: string;
  readonly nik: string;
  readonly no_kk: string;
  readonly nama: string;
  readonly tempat_lahir: string;
  readonly tanggal_lahir: string;
  readonly jenis_kelamin: 'L' | 'P';
  readonly ibu_kandung: string;
  readonly hp: string;
  readonly alamat: string;
  readonly rt: string;
  readonly rw: string;
  readonly penanda: string;
  readonly lat: string;
  readonly lon: string;
  readonly kode_desa: string;
  readonly jumlah_anggota: string;
  readonly pekerjaan: string;
  readonly program_diterima: string;
  readonly program_usulan: string;
  readonly kanal: string;
  readonly profil_tenggat: 'peragaan' | 'singkat';
}
export type Person = Pick<
  Row,
  'nik' | 'no_kk' | 'nama' | 'tempat_lahir' | 'tanggal_lahir' | 'jenis_kelamin' | 'ibu_kandung'
>;
export type Place = Pick<Row, 'alamat' | 'rt' | 'rw' | 'penanda' | 'lat' | 'lon'>;

const two = (number: number): string => String(number).padStart(2, '0');

/** Hands out what must not occur twice by accident: numbers, birth dates within a village, house numbers. */
export class Registry {
  readonly #random: Random;
  readonly #used = new Set<string>();
  #houses = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  #unique(draw: () => string, scope = ''): string {
    for (let attempt = 0; attempt < 10_000; attempt += 1) {
      const text = draw();
      if (this.#used.has(scope + text)) continue;
      this.#used.add(scope + text);
      return text;
    }
    throw new RangeError('no unused number left');
  }

  /** A head of family of 19 to 80 years. */
  birthDate(village: string): string {
    const draw = (): string =>
      `${String(2026 - this.#random.int(20, 79))}-${two(this.#random.int(1, 12))}-${two(this.#random.int(1, 28))}`;
    return this.#unique(draw, `${village}|`);
  }
  nik(district: string, birthDate: string, sex: 'L' | 'P'): string {
    const day = Number(birthDate.slice(8)) + (sex === 'P' ? 40 : 0);
    const head = district + two(day) + birthDate.slice(5, 7) + birthDate.slice(2, 4);
    return this.#unique(() => head + String(this.#random.int(1, 9999)).padStart(4, '0'));
  }
  familyCard(district: string): string {
    const draw = (): string =>
      district +
      two(this.#random.int(1, 28)) +
      two(this.#random.int(1, 12)) +
      two(this.#random.int(8, 25)) +
      String(this.#random.int(1, 9999)).padStart(4, '0');
    return this.#unique(draw, 'kk|');
  }
  phone(): string {
    return this.#unique(() => `08${String(this.#random.int(1_000_000_000, 9_999_999_999))}`);
  }
  house(): number {
    this.#houses += 1;
    return this.#houses;
  }
}

/** Given and family name, none of whose words is in `avoid`. */
export function drawName(random: Random, sex: 'L' | 'P', avoid: readonly string[] = []): string {
  const free = (list: readonly string[]): string[] =>
    list.filter((name) => avoid.every((word) => word.charAt(0) !== name.charAt(0)));
  const given = random.pick(free(sex === 'L' ? names.male : names.female));
  const family = random.pick(free(sex === 'L' ? names.family : names.familyFemale));
  // One-word names are common.
  return avoid.length === 0 && random.chance(0.08) ? given : `${given} ${family}`;
}

export function drawPerson(random: Random, registry: Registry, village: string): Person {
  const sex = random.chance(0.75) ? 'L' : 'P';
  const home = village.replaceAll('.', '').slice(0, 6);
  // The number keeps the place of first registration when people move.
  const district = random.chance(0.9) ? home : random.pick(['321301', '321402', '321605', '320410', '321708']);
  const birthDate = registry.birthDate(village);
  return {
    nik: registry.nik(district, birthDate, sex),
    no_kk: registry.familyCard(home),
    nama: drawName(random, sex),
    tempat_lahir: random.pick(names.town),
    tanggal_lahir: birthDate,
    jenis_kelamin: sex,
    ibu_kandung: drawName(random, 'P'),
  };
}

export function drawPlace(random: Random, registry: Registry): Place {
  const located = random.chance(0.4);
  return {
    alamat: `KP. ${random.pick(names.hamlet)} NO. ${String(registry.house())}`,
    rt: String(random.int(1, 20)).padStart(3, '0'),
    rw: String(random.int(1, 12)).padStart(3, '0'),
    penanda: random.chance(0.7) || !located ? random.pick(names.landmark) : '',
    lat: located ? (-6.3 + (random.next() - 0.5) * 0.5).toFixed(5) : '',
    lon: located ? (107.35 + (random.next() - 0.5) * 0.4).toFixed(5) : '',
  };
}

/** What the village wrote of a place, as the story has it: an incomplete one lacks the point on the map as well. */
export function writtenPlace(place: Place, address: Story['address']): Place {
  switch (address) {
    case 'LENGKAP':
      return place;
    case 'TANPA_RT_RW':
      return { ...place, rt: '', rw: '', lat: '', lon: '' };
    case 'HANYA_DESA':
      return { ...place, alamat: '', rt: '', rw: '', penanda: '', lat: '', lon: '' };
  }
}

export const occupationMix: readonly (readonly [number, string])[] = [
  [30, 'BURUH'],
  [25, 'PETANI'],
  [12, 'PEDAGANG'],
  [10, 'TIDAK_BEKERJA'],
  [8, 'IRT'],
  [6, 'NELAYAN'],
  [8, 'LAIN'],
  [0.4, 'PNS'],
  [0.2, 'TNI'],
  [0.2, 'POLRI'],
  [0.2, 'BUMN'],
];
