/** Numeric functions. DMN 1.5 §10.3.4.5. */
import {
  add,
  compareNumbers,
  divide,
  exponential,
  integerOf,
  multiply,
  naturalLog,
  negate,
  round,
  squareRoot,
  subtract,
} from '../number.ts';
import type { FeelNumber, Rounding } from '../number.ts';
import { DaysDuration, MonthsDuration } from '../temporal.ts';
import { builtin, signature } from './signature.ts';
import type { Builtin, Environment, Value } from '../value.ts';

/** decimal128's range of scales. */
const [minScale, maxScale] = [-6111, 6176];

function rounding(name: string, mode: Rounding, scaleOptional: boolean): Builtin {
  return builtin(
    name,
    signature(`n: number, scale${scaleOptional ? '?' : ''}: number`, ([n, scale], env) => {
      const places = scale === undefined ? 0 : integerOf(round(scale as FeelNumber, 0, 'down') ?? 0);
      if (places === null || places < minScale || places > maxScale) return env.warn(`'${name}' takes no such scale`);
      return round(n as FeelNumber, places, mode) ?? env.warn(`'${name}' is out of range`);
    }),
  );
}

const unary = (name: string, run: (n: FeelNumber, env: Environment) => Value): Builtin =>
  builtin(
    name,
    signature('number: number', ([n], env) => run(n as FeelNumber, env)),
  );

function modulo(dividend: FeelNumber, divisor: FeelNumber): FeelNumber | null {
  const quotient = divide(dividend, divisor);
  const whole = quotient === null ? null : round(quotient, 0, 'floor');
  const product = whole === null ? null : multiply(divisor, whole);
  return product === null ? null : subtract(dividend, product);
}

function parity(name: string, rest: number): Builtin {
  return unary(name, (n) => {
    const left = modulo(n, 2);
    return left !== null && compareNumbers(left, rest) === 0;
  });
}

export const numericFunctions: readonly Builtin[] = [
  rounding('decimal', 'halfEven', false),
  rounding('floor', 'floor', true),
  rounding('ceiling', 'ceiling', true),
  rounding('round up', 'up', false),
  rounding('round down', 'down', false),
  rounding('round half up', 'halfUp', false),
  rounding('round half down', 'halfDown', false),
  builtin(
    'abs',
    signature('n: number', ([n]) =>
      compareNumbers(n as FeelNumber, 0) < 0 ? negate(n as FeelNumber) : (n as FeelNumber),
    ),
    signature('n: days duration', ([n]) => {
      const { nanos } = n as DaysDuration;
      return new DaysDuration(nanos < 0n ? -nanos : nanos);
    }),
    signature('n: months duration', ([n]) => new MonthsDuration(Math.abs((n as MonthsDuration).months))),
  ),
  builtin(
    'modulo',
    signature(
      'dividend: number, divisor: number',
      ([a, b], env) => modulo(a as FeelNumber, b as FeelNumber) ?? env.warn('modulo by zero'),
    ),
  ),
  unary('sqrt', (n, env) => squareRoot(n) ?? env.warn('sqrt of a negative number')),
  unary('log', (n, env) => naturalLog(n) ?? env.warn('log of a number that is not positive')),
  unary('exp', (n, env) => exponential(n) ?? env.warn('exp is out of range')),
  parity('odd', 1),
  parity('even', 0),
];

export const sumOf = (numbers: readonly FeelNumber[]): FeelNumber | null =>
  numbers.reduce<FeelNumber | null>((sum, n) => (sum === null ? null : add(sum, n)), 0);
