import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { monthText, monthsMeet, monthsOf, parseMonth } from '#registry/period.ts';
import type { Months } from '#registry/period.ts';

const seed = Number(process.env['ALUR_TEST_SEED'] ?? 20261122);
const year = fc.integer({ min: 1990, max: 2099 });
const two = (number: number): string => String(number).padStart(2, '0');
const months = (period: string): Months => {
  const found = monthsOf(period);
  if (found === null) throw new Error(`${period} is a period`);
  return found;
};
const january2026 = 2026 * 12;

describe(`periods (seed ${seed})`, () => {
  test('a month is counted from January of year 0, and written back', () => {
    fc.assert(
      fc.property(year, fc.integer({ min: 1, max: 12 }), (y, month) => {
        const text = `${y}-${two(month)}`;
        expect(parseMonth(text)).toBe(y * 12 + month - 1);
        expect(monthText(y * 12 + month - 1)).toBe(text);
      }),
      { seed, numRuns: 200 },
    );
  });
  test.each(['2026-T4', '2026-13', '2026-11/2026-12', '2026-11/2026-11', ''])('%s is no month', (text) => {
    expect(parseMonth(text)).toBeNull();
  });
  test('a quarter meets its three months and no other', () => {
    fc.assert(
      fc.property(
        year,
        fc.integer({ min: 1, max: 4 }),
        year,
        fc.integer({ min: 1, max: 12 }),
        (y, quarter, other, month) => {
          const isWithin = y === other && Math.ceil(month / 3) === quarter;
          expect(monthsMeet(months(`${y}-T${quarter}`), months(`${other}-${two(month)}`))).toBe(isWithin);
        },
      ),
      { seed, numRuns: 500 },
    );
  });
  test('meeting is mutual, and a period meets itself', () => {
    const period = fc
      .tuple(year, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 30 }))
      .map(([y, month, length]) => ({ first: y * 12 + month, last: y * 12 + month + length }));
    fc.assert(
      fc.property(period, period, (a, b) => {
        expect(monthsMeet(a, a)).toBe(true);
        expect(monthsMeet(a, b)).toBe(monthsMeet(b, a));
      }),
      { seed, numRuns: 500 },
    );
  });
  test.each([
    ['2026-01', 0, 0],
    ['2026-12', 11, 11],
    ['2026-T1', 0, 2],
    ['2026-T4', 9, 11],
    ['2026-02/2026-05', 1, 4],
    ['2026-T1/2026-07', 0, 6],
  ])('%s', (period, first, last) => {
    expect(monthsOf(period)).toEqual({ first: january2026 + first, last: january2026 + last });
  });
  test.each([
    '',
    '2026',
    '2026-00',
    '2026-13',
    '2026-T0',
    '2026-T5',
    '2026-1',
    '2026-05/2026-02',
    '2026-01/',
    '2026-01/2026-02/2026-03',
    ' 2026-01',
  ])('"%s" is none', (text) => {
    expect(monthsOf(text)).toBeNull();
  });
});
