/** How written data comes to differ from the truth, and what the register says of each spelling. */
import type { Person } from './household.ts';
import { drawName } from './household.ts';
import type { Random } from './random.ts';
import type { Story } from './story.ts';

/** Fields of a person that repairs change. */
export type Written = Pick<Person, 'nik' | 'no_kk' | 'nama' | 'tanggal_lahir' | 'jenis_kelamin'>;

export interface Mistakes {
  /** As first written, then after each repair; the last one stays. */
  readonly versions: readonly Written[];
  /** Scores the register gives to spellings of the name. */
  readonly scores: Readonly<Record<string, number>>;
}

const written = ({ nik, no_kk, nama, tanggal_lahir, jenis_kelamin }: Person): Written => ({
  nik,
  no_kk,
  nama,
  tanggal_lahir,
  jenis_kelamin,
});
const two = (number: number): string => String(number).padStart(2, '0');

/** A spelling that a clerk may write for the name: an abbreviation, a lost or doubled letter. */
function similarSpelling(name: string, random: Random): string {
  const [given = '', ...rest] = name.split(' ');
  if (rest.length > 0 && random.chance(0.5)) return `${given} ${rest.map((word) => word.charAt(0)).join(' ')}`;
  const position = random.int(1, Math.max(1, given.length - 2));
  return [given.slice(0, position) + given.slice(position + 1), ...rest].join(' ');
}

/** Numbers that are no NIK: a digit too few (only when first written: the repair's form wants 16), month 13, serial 0000, all digits alike. */
function malformed(nik: string, index: number, random: Random): string {
  if (index === 0 && random.chance(0.4)) return nik.slice(0, 15);
  const forms = [
    `${nik.slice(0, 8)}13${nik.slice(10)}`,
    `${nik.slice(0, 12)}0000`,
    '1'.repeat(16),
    `${nik.slice(0, 8)}00${nik.slice(10)}`,
  ];
  return forms[index % forms.length] ?? '1'.repeat(16);
}
function otherDate(date: string, index: number): string {
  const day = (Number(date.slice(8)) + index) % 28;
  return `${date.slice(0, 8)}${two(day + 1)}`;
}

/** The version with mistake number `index` of the story's kind. */
function mistaken(person: Person, story: Story, other: Person | null, random: Random): (index: number) => Written {
  const right = written(person);
  switch (story.identity) {
    // A first try at the name is close, a further one is anybody's.
    case 'NAMA_MIRIP':
      return (index) => ({
        ...right,
        nama:
          index === 0
            ? similarSpelling(person.nama, random)
            : drawName(random, person.jenis_kelamin, person.nama.split(' ')),
      });
    case 'NAMA_BEDA':
      return () => ({ ...right, nama: drawName(random, person.jenis_kelamin, person.nama.split(' ')) });
    case 'TANGGAL_BEDA':
      return (index) => ({ ...right, tanggal_lahir: otherDate(person.tanggal_lahir, index) });
    case 'KELAMIN_BEDA':
      return () => ({ ...right, jenis_kelamin: person.jenis_kelamin === 'L' ? 'P' : 'L' });
    case 'FORMAT_SALAH':
      return (index) => ({ ...right, nik: malformed(person.nik, index, random) });
    case 'NIK_KELIRU':
      return () => ({ ...right, nik: other?.nik ?? person.nik });
    case 'COCOK':
    case 'KK_BEDA':
    case 'TIDAK_DITEMUKAN':
    case 'GANDA':
    case 'NONAKTIF':
    case 'MENINGGAL':
      return () => right;
  }
}

const repairsByVillage = 3;

/** @param other whose number was typed by mistake (NIK_KELIRU). */
export function makeMistakes(person: Person, story: Story, other: Person | null, random: Random): Mistakes {
  const make = mistaken(person, story, other, random);
  const wrongVersions = Math.min(story.repairs, repairsByVillage + 1);
  const repairable = !['COCOK', 'KK_BEDA', 'TIDAK_DITEMUKAN', 'GANDA', 'NONAKTIF', 'MENINGGAL'].includes(
    story.identity,
  );
  const wrong = repairable ? Array.from({ length: wrongVersions }, (_, index) => make(index)) : [];
  const neverRight = repairable && story.repairs > repairsByVillage;
  const versions = neverRight ? wrong : [...wrong, written(person)];
  const scores: Record<string, number> = {};
  wrong.forEach((version, index) => {
    if (version.nama === person.nama) return;
    scores[version.nama] = story.identity === 'NAMA_MIRIP' && index === 0 ? random.int(81, 91) : random.int(30, 60);
  });
  return { versions, scores };
}
