import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { jaroWinkler, nameSimilarity, sameName, similarName } from '#registry/names.ts';

const seed = Number(process.env['ALUR_TEST_SEED'] ?? 20261122);
const word = fc.stringMatching(/^[A-Z]{2,9}$/);
const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join(' '));

describe(`name similarity (seed ${seed})`, () => {
  test('is between 0 and 1, symmetric, and 1 for a name and itself in any order and case', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        const score = nameSimilarity(a, b);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(nameSimilarity(b, a)).toBe(score);
        expect(nameSimilarity(a, a.toLowerCase().split(' ').toReversed().join('  '))).toBe(1);
      }),
      { seed, numRuns: 500 },
    );
  });
  test('Jaro-Winkler of the textbook pairs', () => {
    expect(jaroWinkler('MARTHA', 'MARHTA')).toBeCloseTo(0.961, 3);
    expect(jaroWinkler('DWAYNE', 'DUANE')).toBeCloseTo(0.84, 2);
    expect(jaroWinkler('DIXON', 'DICKSONX')).toBeCloseTo(0.813, 3);
    expect(jaroWinkler('ABC', 'XYZ')).toBe(0);
  });
  test.each([
    ['Muh. Saepudin', 'MOCHAMMAD SAEPUDIN'],
    ['SOEHARTI', 'Suharti'],
    ['Djuju Tjarsih', 'JUJU CARSIH'],
    ['H. Abd. Rahman', 'ABDUL RAHMAN'],
    ['Drs. H. Abdul Rahman, S.H.', 'ABDUL RAHMAN'],
    ['OMAN H.', 'OMAN HAMDANI'],
    ['ROHMAN M.', 'ROHMAN MAULANA'],
    ['ANI LESTARI', 'YANI LESTARI'],
    ['DAANG RUSTANDI', 'DADANG RUSTANDI'],
    ['SITI N AMINAH', 'SITI NUR AMINAH'],
    ['ZAENAL', 'JAENAL'],
    ['EPI FATIMAH', 'EVI PATIMAH'],
    ['IMAS ROHAENI', 'EMAS ROHAENI'],
    ['SUPARTINI', 'SUPARTINA'],
  ])('%s is the same as %s', (a, b) => {
    expect(nameSimilarity(a, b)).toBeGreaterThanOrEqual(sameName);
  });
  test.each([
    ['RINA SUMARNI', 'RINI SUMARNI'],
    ['YUNI LESTARI', 'YANI LESTARI'],
    ['PUTRA', 'PUTRI'],
    ['SANTI SUPARTINI', 'SINTA SUPARTINI'],
  ])('%s may be %s, for a person to judge: twins are called so', (a, b) => {
    expect(nameSimilarity(a, b)).toBeLessThan(sameName);
    expect(nameSimilarity(a, b)).toBeGreaterThanOrEqual(similarName);
  });
  test.each([
    ['ENTIN SUPARTINI', 'DADANG KURNIAWAN'],
    ['RINA', 'UJANG SOLIHIN'],
    ['', 'ENTIN'],
  ])('%s is another than %s', (a, b) => {
    expect(nameSimilarity(a, b)).toBeLessThan(similarName);
  });
});
