/**
 * Rules of the Indonesian population number (NIK) and the family-card number (KK): 16 digits PPKKCC DDMMYY SSSS. The first six name
 * the district of first registration and never change; a woman's day of birth carries +40; the serial starts at 0001. A number is
 * never reissued, so a birth date that differs from it is a warning and not an error.
 */

export type NikErrorCode = 'LENGTH' | 'SAME_DIGITS' | 'PROVINCE' | 'DAY' | 'MONTH' | 'DATE' | 'SERIAL';
export type NikWarningCode = 'DISTRICT_UNKNOWN' | 'BIRTH_DATE' | 'SEX' | 'DOMICILE' | 'HEAD_UNDER_17' | 'AGE_OVER_110';
export type Sex = 'L' | 'P';

/** What is known of the person beside the number; every part is optional and only checked when given. */
export interface NikContext {
  /** Today as YYYY-MM-DD: decides the century. */
  readonly today: string;
  /** Stated birth date, YYYY-MM-DD. */
  readonly birthDate?: string | undefined;
  readonly sex?: Sex | undefined;
  /** Village or district code of the domicile, dotted (`32.15.01.2001`). */
  readonly domicile?: string | undefined;
  readonly headOfFamily?: boolean | undefined;
  /** Whether a district code (`321501`) is in the current list. */
  readonly knowsDistrict?: ((code: string) => boolean) | undefined;
}
export interface NikCheck {
  /** No error; warnings may remain. */
  readonly valid: boolean;
  readonly errors: readonly NikErrorCode[];
  readonly warnings: readonly NikWarningCode[];
  /** Six digits of the district of first registration; null when the number has an error. */
  readonly district: string | null;
  readonly sex: Sex | null;
  /** Birth date read from the number, YYYY-MM-DD, in the likeliest century. */
  readonly birthDate: string | null;
}

/** Province prefixes in use (Kemendagri). */
export const provinceCodes: readonly string[] = [
  ...range(11, 19),
  '21',
  ...range(31, 36),
  ...range(51, 53),
  ...range(61, 65),
  ...range(71, 76),
  '81',
  '82',
  ...range(91, 96),
];
const oldestAge = 110;
const femaleOffset = 40;

function range(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (month: number, year: number): number =>
  month === 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
const two = (number: number): string => String(number).padStart(2, '0');
const isoDate = (year: number, month: number, day: number): string =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
const parts = (date: string): [year: number, month: number, day: number] => [
  Number(date.slice(0, 4)),
  Number(date.slice(5, 7)),
  Number(date.slice(8, 10)),
];

/** Full years between two dates (YYYY-MM-DD); negative when born after `today`. */
export function ageOn(today: string, birthDate: string): number {
  return Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (today.slice(5) < birthDate.slice(5) ? 1 : 0);
}

/** Years of both centuries in which day and month exist, the likeliest first. */
function likelyDates(day: number, month: number, shortYear: number, context: NikContext): string[] {
  const thisCentury = Math.floor(Number(context.today.slice(0, 4)) / 100) * 100;
  const dates = [thisCentury + shortYear, thisCentury - 100 + shortYear]
    .filter((year) => day <= daysIn(month, year))
    .map((year) => isoDate(year, month, day));
  const plausible = (date: string): boolean => date <= context.today && ageOn(context.today, date) <= oldestAge;
  const stated = context.birthDate === undefined ? null : parts(context.birthDate)[0];
  // Without a stated date the younger plausible reading wins: a person over 100 is rarer than a child.
  const distance = (date: string): number => (stated === null ? 0 : Math.abs(parts(date)[0] - stated));
  return dates.sort(
    (a, b) => Number(plausible(b)) - Number(plausible(a)) || distance(a) - distance(b) || (a < b ? 1 : -1),
  );
}

interface BirthPart {
  readonly errors: readonly NikErrorCode[];
  readonly sex: Sex | null;
  readonly birthDate: string | null;
}
function readBirth(nik: string, context: NikContext): BirthPart {
  const rawDay = Number(nik.slice(6, 8));
  const month = Number(nik.slice(8, 10));
  const sex: Sex = rawDay > femaleOffset ? 'P' : 'L';
  const day = sex === 'P' ? rawDay - femaleOffset : rawDay;
  const errors: NikErrorCode[] = [];
  if (day < 1 || day > 31) errors.push('DAY');
  if (month < 1 || month > 12) errors.push('MONTH');
  if (errors.length > 0) return { errors, sex: null, birthDate: null };
  const birthDate = likelyDates(day, month, Number(nik.slice(10, 12)), context)[0];
  return birthDate === undefined ? { errors: ['DATE'], sex: null, birthDate: null } : { errors: [], sex, birthDate };
}

function warningsOf(nik: string, birth: BirthPart, context: NikContext): NikWarningCode[] {
  const warnings: NikWarningCode[] = [];
  const district = nik.slice(0, 6);
  if (context.knowsDistrict?.(district) === false) warnings.push('DISTRICT_UNKNOWN');
  if (context.birthDate !== undefined && birth.birthDate !== context.birthDate) warnings.push('BIRTH_DATE');
  if (context.sex !== undefined && birth.sex !== context.sex) warnings.push('SEX');
  if (context.domicile !== undefined && !context.domicile.replaceAll('.', '').startsWith(district))
    warnings.push('DOMICILE');
  const age = ageOn(context.today, context.birthDate ?? birth.birthDate ?? context.today);
  if (context.headOfFamily === true && age < 17) warnings.push('HEAD_UNDER_17');
  if (age > oldestAge) warnings.push('AGE_OVER_110');
  return warnings;
}

/** Checks a NIK: errors make it unusable, warnings are for a person to look at. Never throws; anything but 16 digits is `LENGTH`. */
export function checkNik(nik: string, context: NikContext): NikCheck {
  if (!/^[0-9]{16}$/.test(nik))
    return { valid: false, errors: ['LENGTH'], warnings: [], district: null, sex: null, birthDate: null };
  const errors: NikErrorCode[] = [];
  if (/^([0-9])\1{15}$/.test(nik)) errors.push('SAME_DIGITS');
  if (!provinceCodes.includes(nik.slice(0, 2))) errors.push('PROVINCE');
  const birth = readBirth(nik, context);
  errors.push(...birth.errors);
  if (nik.endsWith('0000')) errors.push('SERIAL');
  if (errors.length > 0) return { valid: false, errors, warnings: [], district: null, sex: null, birthDate: null };
  return {
    valid: true,
    errors,
    warnings: warningsOf(nik, birth, context),
    district: nik.slice(0, 6),
    sex: birth.sex,
    birthDate: birth.birthDate,
  };
}

/** Checks a family-card number: 6 digits region, date of issue DDMMYY (no +40), 4 digits serial. */
export function checkKk(kk: string): { readonly valid: boolean; readonly errors: readonly NikErrorCode[] } {
  if (!/^[0-9]{16}$/.test(kk)) return { valid: false, errors: ['LENGTH'] };
  const errors: NikErrorCode[] = [];
  if (/^([0-9])\1{15}$/.test(kk)) errors.push('SAME_DIGITS');
  if (!provinceCodes.includes(kk.slice(0, 2))) errors.push('PROVINCE');
  const day = Number(kk.slice(6, 8));
  const month = Number(kk.slice(8, 10));
  if (day < 1 || day > 31) errors.push('DAY');
  if (month < 1 || month > 12) errors.push('MONTH');
  // Family cards are of this century or the last; 29 February is possible in one of them.
  else if (
    errors.length === 0 &&
    day > daysIn(month, 2000 + Number(kk.slice(10, 12))) &&
    day > daysIn(month, 1900 + Number(kk.slice(10, 12)))
  )
    errors.push('DATE');
  if (kk.endsWith('0000')) errors.push('SERIAL');
  return { valid: errors.length === 0, errors };
}

/** As people may see it: the first six digits (the region is public anyway), never the serial. */
export const maskNik = (nik: string): string => nik.slice(0, 6).padEnd(6, '*') + '**********';
