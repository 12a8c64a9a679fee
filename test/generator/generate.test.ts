import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { addressFacts } from '#activities/connectors/dtks.ts';
import { comparableAddress } from '#registry/addresses.ts';
import { nameSimilarity, sameName } from '#registry/names.ts';
import { Months, monthAfter, monthBefore } from '#cli/demo/months.ts';
import { canaries, csvText, monthFile, writeGenerated } from '#cli/generate/files.ts';
import { helpByMonth, helpFor, type Help } from '#cli/generate/help.ts';
import { generate, type Generated, type TruthCase } from '#cli/generate/generate.ts';
import type { Row } from '#cli/generate/household.ts';
import { ends, foretell } from '#cli/generate/oracle.ts';
import { Random } from '#cli/generate/random.ts';
import { drawStory, plainStory, turns, type Story } from '#cli/generate/story.ts';
import { checkNik } from '#contract/nik.ts';
import { parse } from 'csv-parse/sync';
import { proposalColumns, programs, channels, occupations } from '#contract/proposal.ts';
import { registerEntry } from '#simulators/dukcapil.ts';
import { paymentOutcome } from '#simulators/pos.ts';

const seeds = [7, 1, 2, 3];
const files = new Map<number, Generated>();
const fileOf = async (seed: number): Promise<Generated> => {
  const known = files.get(seed) ?? (await generate({ proposals: 300, seed }));
  files.set(seed, known);
  return known;
};

const asCitizen = (row: Row) => ({
  nik: row.nik,
  noKk: row.no_kk,
  nama: row.nama,
  tempatLahir: row.tempat_lahir,
  tanggalLahir: row.tanggal_lahir,
  jenisKelamin: row.jenis_kelamin,
  ibuKandung: row.ibu_kandung || null,
  hp: row.hp || null,
  alamat: row.alamat || null,
  rt: row.rt || null,
  rw: row.rw || null,
  penanda: row.penanda || null,
  lat: row.lat === '' ? null : Number(row.lat),
  lon: row.lon === '' ? null : Number(row.lon),
  kodeDesa: row.kode_desa,
});
/** The points of domain D4, written down again here. */
function likeness(a: Row, b: Row): number {
  const date = a.tanggal_lahir === b.tanggal_lahir;
  const nik = a.nik === b.nik;
  const phone = a.hp !== '' && a.hp === b.hp;
  // Every rule needs one of these; names are dear to compare.
  if (![date, nik, phone, a.alamat === b.alamat].includes(true)) return 0;
  const name = nameSimilarity(a.nama, b.nama);
  const same = name >= sameName;
  const kk = a.no_kk === b.no_kk;
  const mother = nameSimilarity(a.ibu_kandung, b.ibu_kandung) >= sameName;
  const address = comparableAddress(asCitizen(a));
  const sameAddress = address !== null && address === comparableAddress(asCitizen(b));
  const rules: [boolean[], number][] = [
    [[nik], 1],
    [[nik, name < 0.8], -0.3],
    [[kk, same, date], 0.95],
    [[same, date, mother], 0.9],
    [[same, date, a.kode_desa === b.kode_desa], 0.8],
    [[same, sameAddress], 0.7],
    [[phone], 0.2],
    [[kk, date, name < 0.8], -0.5],
  ];
  return rules.reduce((sum, [conditions, points]) => sum + (conditions.includes(false) ? 0 : points), 0);
}

describe('alur generate', () => {
  test('the same seed gives the same files, another seed others', async () => {
    const again = await generate({ proposals: 300, seed: 7 });
    expect(again).toEqual(await fileOf(7));
    expect((await fileOf(1)).rows).not.toEqual(again.rows);
  });
  test.each(seeds)('seed %i: every end state and every turn of a case occurs', async (seed) => {
    const { truth } = await fileOf(seed);
    const cases = Object.values(truth.cases);
    expect(cases).toHaveLength(300);
    expect(new Set(cases.map(({ end }) => end))).toEqual(new Set(ends));
    for (const turn of turns)
      expect(
        cases.some(({ story }) =>
          Object.entries(turn).every(
            ([name, value]) => JSON.stringify(story[name as keyof Story]) === JSON.stringify(value),
          ),
        ),
      ).toBe(true);
  });
  test.each(seeds)('seed %i: a row resembles an earlier one exactly when its story says so', async (seed) => {
    const { rows, truth } = await fileOf(seed);
    for (const [index, row] of rows.entries()) {
      const best = Math.max(0, ...rows.slice(0, index).map((earlier) => likeness(row, earlier)));
      const { story } = truth.cases[row.id_sumber]!;
      switch (story.likeness) {
        case null:
        case 'KEMBAR':
          expect(best).toBeLessThan(0.7);
          break;
        case 'NAMA_TANGGAL_DESA_SAMA':
        case 'SALAH_KETIK_NIK':
          expect(best).toBeGreaterThanOrEqual(0.7);
          expect(best).toBeLessThan(0.9);
          break;
        default:
          expect(best).toBeGreaterThanOrEqual(0.9);
      }
    }
  });
  test.each(seeds)('seed %i: no repair makes a person resemble somebody else', async (seed) => {
    const { rows, truth } = await fileOf(seed);
    for (const [index, row] of rows.entries()) {
      const { versions, story } = truth.cases[row.id_sumber]!;
      if (story.likeness !== null && story.likeness !== 'SALAH_KETIK_NIK') continue;
      for (const version of versions.slice(1)) {
        const best = Math.max(0, ...rows.slice(0, index).map((earlier) => likeness({ ...row, ...version }, earlier)));
        expect(best).toBeLessThan(0.7);
      }
    }
  });
  test.each(seeds)(
    'seed %i: the rows keep the rules of the import, over real villages of the regency',
    async (seed) => {
      const { rows, truth } = await fileOf(seed);
      expect(new Set(rows.map((row) => row.id_sumber)).size).toBe(rows.length);
      for (const row of rows) {
        expect(row.kode_desa).toMatch(/^32\.15\.\d{2}\.\d{4}$/);
        expect(row.nik).toMatch(/^\d{1,32}$/);
        expect(row.nama).toMatch(/^[A-Z]+( [A-Z]+)*$/);
        expect(programs).toContain(row.program_usulan);
        expect(channels).toContain(row.kanal);
        expect(occupations).toContain(row.pekerjaan);
        const { story, versions, end } = truth.cases[row.id_sumber]!;
        expect(row.profil_tenggat === 'singkat').toBe(end === 'kedaluwarsa');
        expect(checkNik(row.nik, { today: '2026-11-22' }).valid).toBe(story.identity !== 'FORMAT_SALAH');
        // What the repair's form takes.
        for (const version of versions.slice(1)) expect(version.nik).toMatch(/^\d{16}$/);
        expect(addressFacts(asCitizen(row)).adaRt).toBe(story.address === 'LENGKAP');
      }
    },
  );
  test.each(seeds)('seed %i: the population is what the simulators take', async (seed) => {
    const { population } = await fileOf(seed);
    for (const entry of population.dukcapil) expect(registerEntry.parse(entry)).toEqual(entry);
    for (const outcome of Object.values(population.pos)) paymentOutcome.parse({ idBayar: 'x', ...outcome });
    expect(new Set(population.dukcapil.map(({ nik }) => nik)).size).toBe(population.dukcapil.length);
  });
  test('the CSV has the columns of the import', async () => {
    const { rows } = await fileOf(7);
    const [header, ...lines] = parse(csvText(rows));
    expect(header).toEqual([...proposalColumns]);
    expect(lines).toHaveLength(300);
  });
  test('canaries are NIKs of the file, all different', async () => {
    const { rows } = await fileOf(7);
    const found = canaries(rows, 30);
    expect(new Set(found).size).toBe(30);
    expect(found.every((nik) => rows.some((row) => row.nik === nik))).toBe(true);
  });
  test.each([1, 2, 10, 25, 60])('a file of %i rows works as well', async (proposals) => {
    const { rows, truth } = await generate({ proposals, seed: 3 });
    expect(rows).toHaveLength(proposals);
    expect(Object.keys(truth.cases)).toHaveLength(proposals);
  });
});

describe('months', () => {
  const months = 3;
  const size = { proposals: 300, seed: 7 } as const;
  test('spread the same households, the first ones first', async () => {
    const { rows, truth } = await generate({ ...size, months });
    const withoutId = (row: Row) => ({ ...row, id_sumber: '' });
    expect(rows.map(withoutId)).toEqual((await fileOf(7)).rows.map(withoutId));
    const monthsOfRows = rows.map(({ id_sumber: id }) => truth.cases[id]!.month);
    expect(monthsOfRows).toEqual(monthsOfRows.toSorted((a, b) => a - b));
    expect([0, 1, 2].map((month) => monthsOfRows.filter((one) => one === month).length)).toEqual([100, 100, 100]);
  });
  test('have a file each, which a demo of one month would not take for its own', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'alur-generate-'));
    const csv = join(folder, 'usulan.csv');
    const generated = await generate({ ...size, months });
    const written = await writeGenerated(csv, generated, 2);
    expect(written.map((file) => basename(file))).toEqual([
      'usulan.csv',
      'usulan.csv.2.csv',
      'usulan.csv.3.csv',
      'usulan.csv.canaries.json',
      'usulan.csv.population.json',
      'usulan.csv.truth.json',
    ]);
    const ids = [0, 1, 2].flatMap((month) =>
      parse<Row>(readFileSync(monthFile(csv, month), 'utf8'), { columns: true }).map(({ id_sumber: id }) => id),
    );
    expect(ids).toEqual(generated.rows.map(({ id_sumber: id }) => id));
    expect((await fileOf(7)).rows.some(({ id_sumber: id }) => ids.includes(id))).toBe(false);
    rmSync(folder, { recursive: true });
  });
  test('lie behind the present one on the clocks of the region', () => {
    // Already December there.
    const months = new Months(3, new Date('2026-11-30T18:00:00Z'));
    const played = [months.period];
    while (months.turn()) played.push(months.period);
    expect(played).toEqual(['2026-10', '2026-11', '2026-12']);
    expect(monthBefore(new Date('2027-01-15T00:00:00Z'), 2)).toBe('2026-11');
    expect(monthAfter('2026-11', 2)).toBe('2027-01');
  });
  test('name their batches apart', () => {
    const months = new Months(2, new Date('2026-12-15T00:00:00Z'));
    const names = [months.batch('a'), months.batch('a'), months.batch('b')];
    months.turn();
    expect([...names, months.batch('a')]).toEqual(['2026-11', '2026-11-2', '2026-11', '2026-12']);
  });
});

describe('the oracle', () => {
  test.each<[Partial<Story>, Help | null]>([
    [{ program: 'PKH' }, { state: 'PAID', amount: 750_000 }],
    [{ program: 'REGISTER_SAJA' }, null],
    [
      { program: 'BANPROV', deliveries: ['PINDAH'] },
      { state: 'RETURNED', amount: 500_000 },
    ],
    [
      { deliveries: ['MENINGGAL'], heirs: true },
      { state: 'PAID', amount: 600_000 },
    ],
    [{ mappings: ['DITOLAK'] }, null],
  ])('%j leaves %j in the ledger', (story, help) => {
    const whole = { ...plainStory, ...story };
    expect(helpFor({ story: whole, ...foretell(whole) })).toEqual(help);
  });
  test.each<[Partial<Story>, number, readonly (readonly [number, Help['state']])[]]>([
    [
      {},
      0,
      [
        [0, 'PAID'],
        [1, 'PAID'],
        [2, 'PAID'],
      ],
    ],
    [{}, 2, [[2, 'PAID']]],
    [
      { later: 'PINDAH' },
      0,
      [
        [0, 'PAID'],
        [1, 'RETURNED'],
      ],
    ],
    [{ deliveries: ['MENOLAK'] }, 0, [[0, 'RETURNED']]],
    [{ meetings: ['TOLAK'] }, 0, []],
  ])('%j from month %i on goes on as %j', (story, month, expected) => {
    const whole = { ...plainStory, ...story };
    const truth = { ...foretell(whole), story: whole, month } as TruthCase;
    expect([...helpByMonth(truth, 3)].map(([at, { state }]) => [at, state])).toEqual(expected);
  });
  test('tells an end for any story that can be drawn', () => {
    const random = new Random('oracle');
    for (let i = 0; i < 5_000; i += 1) expect(ends).toContain(foretell(drawStory(random)).end);
  });
  test.each<[Partial<Story>, string, number]>([
    [{}, 'penerima-aktif', 1],
    [{ abandoned: true }, 'kedaluwarsa', 0],
    [{ program: 'REGISTER_SAJA' }, 'terdaftar', 0],
    [{ identity: 'TANGGAL_BEDA', repairs: 4, registryCorrects: false }, 'tunda-adminduk', 0],
    [
      { program: 'PBI_JK', grants: { pusat: 'DITOLAK', provinsi: 'DITETAPKAN', daerah: 'DITOLAK' } },
      'penerima-aktif',
      1,
    ],
    [{ program: 'PKH', grants: { pusat: 'DITOLAK', provinsi: 'DITETAPKAN', daerah: 'DITETAPKAN' } }, 'ditolak', 0],
    [{ deliveries: ['ALAMAT_TIDAK_LENGKAP', 'TERBAYAR'] }, 'penerima-aktif', 1],
    [{ hasty: true }, 'penerima-aktif', 1],
    [
      { visits: ['TIDAK_DITEMUKAN', 'TIDAK_DITEMUKAN', 'TIDAK_DITEMUKAN', 'ADA'], fieldDecisions: ['ULANG'] },
      'penerima-aktif',
      1,
    ],
    [{ mappings: ['TERPETA', 'LUAR_WILAYAH'], deliveries: ['ALAMAT_TIDAK_LENGKAP', 'TERBAYAR'] }, 'terdaftar', 1],
    [{ meetings: ['TUNDA', 'TOLAK'] }, 'ditolak', 0],
    [{ deliveries: ['GANDA'], paidTwice: true }, 'ganda-digabung', 1],
  ])('%j ends as %s after %i payment orders', (story, end, paymentOrders) => {
    expect(foretell({ ...plainStory, ...story })).toMatchObject({ end, paymentOrders });
  });
});
