/** Short decimals take a way of their own: it must give what decimals of 34 digits give. */
import { describe, expect, test } from '@jest/globals';
import BigBase from 'big.js';
import fc from 'fast-check';
import { add, multiply, numberText, parseNumber, subtract, type FeelNumber } from '#engine/feel/number.ts';

const Decimal = BigBase();
const decimals = fc
  .tuple(fc.integer({ min: -2_000_000_000, max: 2_000_000_000 }), fc.integer({ min: -3, max: 12 }))
  .map(([digits, scale]) => new Decimal(digits).times(new Decimal(10).pow(-scale)).toFixed());
const read = (text: string): FeelNumber => parseNumber(text) ?? 0;

describe('arithmetic of short decimals is exact', () => {
  test.each([
    ['+', add, (a: BigBase.Big, b: BigBase.Big) => a.plus(b)],
    ['-', subtract, (a: BigBase.Big, b: BigBase.Big) => a.minus(b)],
    ['*', multiply, (a: BigBase.Big, b: BigBase.Big) => a.times(b)],
  ] as const)('%s', (_, run, exact) => {
    fc.assert(
      fc.property(decimals, decimals, (left, right) => {
        const result = run(read(left), read(right));
        const wanted = exact(new Decimal(left), new Decimal(right));
        expect(result === null ? null : new Decimal(numberText(result)).eq(wanted)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
  test('zero has no sign', () => {
    for (const zero of [subtract(0.1, 0.1), multiply(-0.1, 0), add(-0.1, 0.1)]) expect(Object.is(zero, 0)).toBe(true);
  });
});
