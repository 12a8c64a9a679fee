import { expect, test } from '@jest/globals';
import { policyInForce } from '#registry/policy.ts';

const dtsen = { berlakuSejak: '2025-02-05', rezim: 'DTSEN' };
const dtks = { berlakuSejak: '2021-05-27', rezim: 'DTKS' };

test.each([
  ['2021-05-26', null],
  ['2021-05-27', 'DTKS'],
  ['2025-02-04', 'DTKS'],
  ['2025-02-05', 'DTSEN'],
  ['2026-11-23', 'DTSEN'],
])('on %s: %s', (day, rezim) => {
  expect(policyInForce([dtsen, dtks], day)?.rezim ?? null).toBe(rezim);
});
