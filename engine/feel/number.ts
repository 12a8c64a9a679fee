/**
 * FEEL numbers: decimals of 34 digits, rounding half to even (DMN 1.5 §10.3.2.3.1). A plain `number` stands for the decimal it
 * prints as; a Big is used only when a double would not keep every digit, so most arithmetic never allocates.
 */
import BigBase from 'big.js';
import type { Big } from 'big.js';

export type FeelNumber = number | Big;

const digits = 34;
/** Largest decimal exponent, as in decimal128. */
const maxExponent = 6144;
const halfEven = 2;

const Decimal = BigBase();
Decimal.DP = digits + 6;
Decimal.RM = halfEven;

export const isNumber = (value: unknown): value is FeelNumber => typeof value === 'number' || value instanceof Decimal;
export const isBig = (value: unknown): value is Big => value instanceof Decimal;
export const toBig = (value: FeelNumber): Big => (typeof value === 'number' ? new Decimal(value) : value);

/** The shortest representation of a decimal; null: out of range. */
function normalize(value: Big): FeelNumber | null {
  const rounded = value.c.length > digits ? value.prec(digits, halfEven) : value;
  if (rounded.e > maxExponent) return null;
  if (rounded.e < -maxExponent) return 0;
  if (rounded.c.length <= 15 && rounded.e < 300 && rounded.e > -300) {
    const plain = Number(rounded.toString());
    return plain === 0 ? 0 : plain;
  }
  const isWhole = rounded.c.length <= rounded.e + 1;
  const plain = isWhole && rounded.e < 16 ? Number(rounded.toString()) : Number.NaN;
  return Number.isSafeInteger(plain) ? plain : rounded;
}

/** A decimal literal (`12`, `-.5`, `1e3`); null: not a number. */
export function parseNumber(text: string): FeelNumber | null {
  if (text.length > 1000 || !/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,5})?$/.test(text)) return null;
  const unsigned = text.startsWith('+') ? text.slice(1) : text;
  const padded = unsigned.startsWith('.')
    ? `0${unsigned}`
    : unsigned.replace(/^-\./, '-0.').replace(/\.(?=$|[eE])/, '');
  return normalize(new Decimal(padded));
}

/** DMN's canonical text: no exponent within the range people write. */
export function numberText(value: FeelNumber): string {
  const big = toBig(value);
  return Math.abs(big.e) <= 40 ? big.toFixed() : big.toString();
}

/** JSON keeps doubles only; null: too large for one. */
export function numberToJson(value: FeelNumber): number | null {
  const plain = typeof value === 'number' ? value : Number(value.toString());
  return Number.isFinite(plain) ? plain : null;
}

export function compareNumbers(left: FeelNumber, right: FeelNumber): number {
  if (typeof left === 'number' && typeof right === 'number') return left < right ? -1 : left > right ? 1 : 0;
  return toBig(left).cmp(toBig(right));
}

const bothSafe = (left: FeelNumber, right: FeelNumber): boolean =>
  Number.isSafeInteger(left) && Number.isSafeInteger(right);

/** Powers of ten tried as a common denominator of short decimals: tenths to millionths. */
const denominators = [10, 100, 1_000, 10_000, 100_000, 1_000_000] as const;
/** Below this, integers over a denominator have at most 15 digits: each is the one decimal its double prints as. */
const shortDecimal = 1e15;

/** `value` as an integer over a denominator; NaN: it is none of a few digits. */
function numerator(value: number, denominator: number): number {
  const whole = Math.round(value * denominator);
  return whole / denominator === value && Math.abs(whole) < shortDecimal ? whole : Number.NaN;
}

/** Sum of two short decimals, exactly, without a Big; undefined: they are longer. */
function addShort(left: number, right: number): number | undefined {
  for (const denominator of denominators) {
    const sum = numerator(left, denominator) + numerator(right, denominator);
    if (Math.abs(sum) < shortDecimal) return sum / denominator + 0;
  }
  return undefined;
}
/** Product of two short decimals, likewise. */
function multiplyShort(left: number, right: number): number | undefined {
  for (const denominator of denominators) {
    const product = numerator(left, denominator) * numerator(right, denominator);
    if (Math.abs(product) < shortDecimal) return product / (denominator * denominator) + 0;
  }
  return undefined;
}

export function add(left: FeelNumber, right: FeelNumber): FeelNumber | null {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = bothSafe(left, right) ? left + right : addShort(left, right);
    if (sum !== undefined && (Math.abs(sum) < shortDecimal || Number.isSafeInteger(sum))) return sum;
  }
  return farApart(left, right) ?? normalize(toBig(left).plus(toBig(right)));
}
export const subtract = (left: FeelNumber, right: FeelNumber): FeelNumber | null => add(left, negate(right));
export const negate = (value: FeelNumber): FeelNumber => (typeof value === 'number' ? 0 - value : value.times(-1));

/** A summand too small to change 34 digits: adding it exactly could need thousands of digits. */
function farApart(left: FeelNumber, right: FeelNumber): FeelNumber | null {
  const [l, r] = [toBig(left), toBig(right)];
  if (l.c[0] === 0 || r.c[0] === 0 || Math.abs(l.e - r.e) <= 2 * digits + 4) return null;
  return l.e > r.e ? left : right;
}

export function multiply(left: FeelNumber, right: FeelNumber): FeelNumber | null {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = bothSafe(left, right) ? left * right : multiplyShort(left, right);
    if (product !== undefined && (Math.abs(product) < shortDecimal || Number.isSafeInteger(product)))
      return product === 0 ? 0 : product;
  }
  return normalize(toBig(left).times(toBig(right)));
}

/** null: division by zero. */
export function divide(left: FeelNumber, right: FeelNumber): FeelNumber | null {
  if (bothSafe(left, right) && right !== 0 && (left as number) % (right as number) === 0) {
    const quotient = (left as number) / (right as number);
    return quotient === 0 ? 0 : quotient;
  }
  const [dividend, divisor] = [toBig(left), toBig(right)];
  if (divisor.c[0] === 0) return null;
  if (dividend.c[0] === 0) return 0;
  const quotient = withExponent(dividend, 0).div(withExponent(divisor, 0));
  return normalize(withExponent(quotient, quotient.e + dividend.e - divisor.e));
}
function withExponent(value: Big, exponent: number): Big {
  const copy = new Decimal(value);
  copy.e = exponent;
  return copy;
}

/** Whole exponents exactly (to 34 digits), others through the exponential. null: undefined or out of range. */
export function power(base: FeelNumber, exponent: FeelNumber): FeelNumber | null {
  const whole = integerOf(exponent);
  if (whole === null) {
    const logarithm = compareNumbers(base, 0) > 0 ? naturalLog(base) : null;
    const product = logarithm === null ? null : multiply(logarithm, exponent);
    return product === null ? null : exponential(product);
  }
  if (compareNumbers(base, 0) === 0) return whole < 0 ? null : whole === 0 ? 1 : 0;
  if (Math.abs(whole) > 1_000_000) return compareNumbers(base, 1) === 0 ? 1 : null;
  let result: FeelNumber | null = 1;
  let factor: FeelNumber | null = base;
  for (let rest = Math.abs(whole); rest > 0 && result !== null; rest = Math.floor(rest / 2)) {
    if (factor === null) return null;
    if (rest % 2 === 1) result = multiply(result, factor);
    if (rest > 1) factor = multiply(factor, factor);
  }
  return whole < 0 && result !== null ? divide(1, result) : result;
}

/** The integer a number is; null: it has a fraction or is beyond the safe integers. */
export function integerOf(value: FeelNumber): number | null {
  const plain = typeof value === 'number' ? value : Number(value.toString());
  return Number.isSafeInteger(plain) && (typeof value === 'number' || value.eq(plain)) ? plain : null;
}

export function squareRoot(value: FeelNumber): FeelNumber | null {
  if (compareNumbers(value, 0) < 0) return null;
  const big = toBig(value);
  const shift = Math.floor(big.e / 2);
  const root = withExponent(big, big.e - 2 * shift).sqrt();
  return normalize(root.c[0] === 0 ? root : withExponent(root, root.e + shift));
}

const one = new Decimal(1);
const ln10 = new Decimal('2.302585092994045684017991454684364207601101488628772976033');

/** e**x by its series, after reducing x by powers of two. */
export function exponential(value: FeelNumber): FeelNumber | null {
  const x = toBig(value);
  if (compareNumbers(value, 14_200) > 0) return null;
  if (compareNumbers(value, -14_200) < 0) return 0;
  const halvings = Math.max(0, x.e + 2) * 4;
  const reduced = x.div(new Decimal(2 ** halvings));
  let term = one;
  let sum = one;
  for (let n = 1; n < 60 && term.c[0] !== 0; n++) {
    term = term
      .times(reduced)
      .div(n)
      .round(digits + 20, halfEven);
    sum = sum.plus(term);
  }
  for (let n = 0; n < halvings; n++) sum = sum.times(sum).prec(digits + 16, halfEven);
  return normalize(sum);
}

/** Natural logarithm of a positive number: mantissa by the series of artanh, exponent by ln 10. */
export function naturalLog(value: FeelNumber): FeelNumber | null {
  if (compareNumbers(value, 0) <= 0) return null;
  const big = toBig(value);
  let mantissa = withExponent(big, 0);
  let roots = 0;
  while (mantissa.minus(one).abs().gt('0.05')) {
    mantissa = mantissa.sqrt();
    roots++;
  }
  const ratio = mantissa.minus(one).div(mantissa.plus(one));
  const square = ratio.times(ratio).round(digits + 10, halfEven);
  let term = ratio;
  let sum = new Decimal(0);
  for (let n = 1; n < 80 && term.c[0] !== 0; n += 2) {
    sum = sum.plus(term.div(n));
    term = term.times(square).round(digits + 10, halfEven);
  }
  return normalize(sum.times(2 ** (roots + 1)).plus(ln10.times(big.e)));
}

export type Rounding = 'up' | 'down' | 'halfUp' | 'halfDown' | 'halfEven' | 'floor' | 'ceiling';

/** Rounds to `scale` decimal places (negative: to tens, hundreds …). */
export function round(value: FeelNumber, scale: number, mode: Rounding): FeelNumber | null {
  const big = toBig(value);
  if (scale >= big.c.length - 1 - big.e) return value;
  const negative = big.s < 0;
  const up = mode === 'up' || (mode === 'ceiling' && !negative) || (mode === 'floor' && negative);
  if (up) return normalize(big.round(scale, 3));
  if (mode === 'halfUp') return normalize(big.round(scale, 1));
  if (mode === 'halfEven') return normalize(big.round(scale, halfEven));
  if (mode === 'halfDown') {
    const down = big.round(scale, 0);
    const half = new Decimal(`5e${-scale - 1}`);
    return normalize(big.minus(down).abs().gt(half) ? big.round(scale, 3) : down);
  }
  return normalize(big.round(scale, 0));
}
