import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ageOn, checkKk, checkNik, maskNik, provinceCodes } from '#contract/nik.ts';

const seed = Number(process.env['ALUR_TEST_SEED'] ?? 20261122);
const today = '2026-11-22';
const check = (property: fc.IProperty<unknown[]>): void => {
  fc.assert(property as fc.IProperty<unknown>, { seed, numRuns: 500 });
};

/** A well-formed number and what it says. */
const person = fc
  .record({
    province: fc.constantFrom(...provinceCodes),
    rest: fc.integer({ min: 101, max: 7930 }),
    born: fc.date({
      min: new Date('1918-01-01T00:00:00Z'),
      max: new Date('2026-11-21T00:00:00Z'),
      noInvalidDate: true,
    }),
    female: fc.boolean(),
    serial: fc.integer({ min: 1, max: 9999 }),
  })
  .map(({ province, rest, born, female, serial }) => {
    const birthDate = born.toISOString().slice(0, 10);
    const day = Number(birthDate.slice(8)) + (female ? 40 : 0);
    const district = province + String(rest).padStart(4, '0');
    const nik =
      district +
      String(day).padStart(2, '0') +
      birthDate.slice(5, 7) +
      birthDate.slice(2, 4) +
      String(serial).padStart(4, '0');
    return { nik, birthDate, sex: female ? ('P' as const) : ('L' as const), district };
  });

describe(`NIK rules (seed ${seed})`, () => {
  test('a well-formed number is valid and says its sex, district and, beside the stated date, its birth date', () => {
    check(
      fc.property(person, ({ nik, birthDate, sex, district }) => {
        const result = checkNik(nik, { today, birthDate, sex });
        expect(result).toMatchObject({ valid: true, errors: [], sex, birthDate, district });
        expect(result.warnings).not.toContain('BIRTH_DATE');
        expect(result.warnings).not.toContain('SEX');
      }),
    );
  });
  test('the other sex and another birth date are warnings, never errors', () => {
    check(
      fc.property(person, ({ nik, birthDate, sex }) => {
        const otherDate = birthDate.endsWith('-15') ? `${birthDate.slice(0, 8)}16` : `${birthDate.slice(0, 8)}15`;
        const result = checkNik(nik, { today, birthDate: otherDate, sex: sex === 'L' ? 'P' : 'L' });
        expect(result.valid).toBe(true);
        expect(result.warnings).toEqual(expect.arrayContaining(['BIRTH_DATE', 'SEX']));
      }),
    );
  });
  test('without a stated date the century gives an age of 0 to 110', () => {
    check(
      fc.property(person, ({ nik }) => {
        const age = ageOn(today, checkNik(nik, { today }).birthDate ?? '');
        expect(age).toBeGreaterThanOrEqual(0);
        expect(age).toBeLessThanOrEqual(110);
      }),
    );
  });
  test('any text is answered without throwing, and only 16 digits can be valid', () => {
    check(
      fc.property(fc.oneof(fc.string({ maxLength: 20 }), fc.stringMatching(/^[0-9]{14,18}$/)), (text) => {
        const result = checkNik(text, { today });
        expect(result.valid).toBe(result.errors.length === 0);
        if (!/^[0-9]{16}$/.test(text)) expect(result.errors).toEqual(['LENGTH']);
      }),
    );
  });
  test('the mask keeps six digits and shows nothing of the rest', () => {
    check(
      fc.property(person, ({ nik }) => {
        expect(maskNik(nik)).toBe(`${nik.slice(0, 6)}${'*'.repeat(10)}`);
      }),
    );
  });

  test.each([
    ['321501123456', 'LENGTH'],
    ['32150112O1900001', 'LENGTH'],
    ['1111111111111111', 'SAME_DIGITS'],
    ['2015011201900001', 'PROVINCE'],
    ['3215013201900001', 'DAY'],
    ['3215010001900001', 'DAY'],
    ['3215014001900001', 'DAY'],
    ['3215017201900001', 'DAY'],
    ['3215011213900001', 'MONTH'],
    ['3215011200900001', 'MONTH'],
    ['3215013002900001', 'DATE'],
    ['3215012902010001', 'DATE'],
    ['3215011201900000', 'SERIAL'],
  ])('%s has the error %s', (nik, code) => {
    const result = checkNik(nik, { today });
    expect(result.valid).toBe(false);
    expect(result.errors).toContain(code);
  });
  test('29 February counts only in a leap year of one of the centuries', () => {
    expect(checkNik('3215012902960001', { today }).birthDate).toBe('1996-02-29');
    expect(checkNik('3215012902000001', { today }).birthDate).toBe('2000-02-29');
  });
  test('warnings of place and age', () => {
    const knowsDistrict = (code: string): boolean => code === '321501';
    expect(checkNik('3273011201900001', { today, domicile: '32.15.01.2001', knowsDistrict }).warnings).toEqual([
      'DISTRICT_UNKNOWN',
      'DOMICILE',
    ]);
    expect(checkNik('3215011201150001', { today, headOfFamily: true }).warnings).toEqual(['HEAD_UNDER_17']);
    expect(checkNik('3215011201150001', { today, birthDate: '1915-01-12' })).toMatchObject({
      birthDate: '2015-01-12',
      warnings: ['BIRTH_DATE', 'AGE_OVER_110'],
    });
  });
  test('family-card numbers', () => {
    expect(checkKk('3215011201150001').valid).toBe(true);
    expect(checkKk('3215014101150001').errors).toEqual(['DAY']);
    expect(checkKk('3215013002150001').errors).toEqual(['DATE']);
    expect(checkKk('32150112011500').errors).toEqual(['LENGTH']);
    expect(checkKk('3215011213150000').errors).toEqual(['MONTH', 'SERIAL']);
  });
});
