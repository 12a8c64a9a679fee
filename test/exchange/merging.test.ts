/** Who a row is about, and what its help stands against: rule by rule. */
import { describe, expect, it } from '@jest/globals';
import { findHelpConflicts } from '#exchange/list-help.ts';
import type { ForbiddenBy, Help } from '#exchange/list-help.ts';
import { findPerson } from '#exchange/list-person.ts';
import type { PersonRecord } from '#registry/comparison.ts';
import { monthsOf } from '#registry/period.ts';

const ani: PersonRecord = {
  nik: '3215015505850007',
  noKk: '3215010101100002',
  nama: 'ANI LESTARI',
  tanggalLahir: '1985-05-15',
  ibuKandung: 'ENTIN',
  hp: null,
  alamat: 'KP. SUKAMAJU NO. 1',
  rt: '001',
  rw: '002',
  kodeDesa: '32.15.01.1001',
};
const others = { nik: '3215011203700001', noKk: '3215010101100003' };

describe('who a row is about', () => {
  const find = (row: Partial<PersonRecord>, score = 0) =>
    findPerson({ ...ani, ...row }, [{ personKey: '7', record: ani }], () => score);
  it('the same NIK and a like name: the person', () => {
    expect(find({ nama: 'ANI LESTRI' })).toEqual({ outcome: 'MATCHED', personKey: '7', birthDateDiffers: false });
  });
  it('another birth date is told', () => {
    expect(find({ tanggalLahir: '1986-05-15' })).toMatchObject({ outcome: 'MATCHED', birthDateDiffers: true });
  });
  it('the same NIK and another name: a conflict, nobody is merged', () => {
    expect(find({ nama: 'UDIN SOLIHIN', tanggalLahir: '1970-01-01' })).toMatchObject({
      outcome: 'CONFLICT',
      kinds: ['NAME_DIFFERS', 'BIRTH_DATE_DIFFERS'],
    });
  });
  it.each([
    [0.9, 'CONFLICT'],
    [0.89, 'LEFT'],
    [0.7, 'LEFT'],
    [0.69, 'CREATED'],
  ])('another NIK, score %d: %s', (score, outcome) => {
    expect(find(others, score).outcome).toBe(outcome);
  });
});

describe('what help stands against', () => {
  const help = (change: Partial<Help> = {}): Help => {
    const period = change.period ?? '2020-01';
    return {
      programme: 'PKH',
      source: 'APBN',
      amount: 750_000,
      unit: 'KK',
      personKey: '7',
      familyKey: '70',
      region: '32.15.01.1001',
      ...change,
      period,
      months: monthsOf(period) ?? { first: 0, last: 0 },
    };
  };
  const never: ForbiddenBy = () => null;
  const kinds = (mine: Help, other: Help, forbiddenBy: ForbiddenBy = never) =>
    findHelpConflicts(mine, [other], forbiddenBy).map(({ kind }) => kind);
  it('the same help of the family in a month that both cover', () => {
    expect(kinds(help(), help({ period: '2020-T1', personKey: '8' }))).toEqual(['HELP_TWICE']);
    expect(kinds(help(), help())).toEqual(['HELP_TWICE']);
    expect(kinds(help(), help({ amount: 600_000 }))).toEqual(['AMOUNT_DIFFERS']);
  });
  it('not in other months, of another family, or of another programme that is allowed', () => {
    expect(kinds(help(), help({ period: '2020-02' }))).toEqual([]);
    expect(kinds(help(), help({ familyKey: '71', personKey: '8' }))).toEqual([]);
    expect(kinds(help(), help({ programme: 'SEMBAKO' }))).toEqual([]);
  });
  it('of a person: only that person', () => {
    const premium = help({ programme: 'PBI_JK', unit: 'NIK' });
    expect(kinds(premium, help({ programme: 'PBI_JK', unit: 'NIK', personKey: '8' }))).toEqual([]);
    expect(kinds(premium, help({ programme: 'PBI_JK', unit: 'NIK' }))).toEqual(['HELP_TWICE']);
  });
  it('another programme that the matrix forbids, asked with family and district', () => {
    const asked: unknown[] = [];
    const forbiddenBy: ForbiddenBy = (pair) => (asked.push(pair), 'bst_dan_pusat');
    const bst = help({ programme: 'BST' });
    expect(findHelpConflicts(bst, [help({ region: '32.16.01.1001' })], forbiddenBy)).toMatchObject([
      { kind: 'FORBIDDEN_OVERLAP', reason: 'bst_dan_pusat', other: { programme: 'PKH' } },
    ]);
    expect(asked).toEqual([{ programme: 'BST', other: 'PKH', isSameFamily: true, isOtherDistrict: true }]);
  });
});
