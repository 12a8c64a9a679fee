import { expect, test } from '@jest/globals';
import { isHeld, mayBecome, participationStates } from '#registry/participation.ts';
import { isProgramme, isRupiah, isSource, programmes, sources } from '#registry/programmes.ts';

test('what is over never begins again, and money that was paid can only come back', () => {
  for (const from of participationStates.filter((state) => !isHeld(state)))
    for (const to of participationStates) expect(mayBecome(from, to)).toBe(false);
  expect(participationStates.filter((to) => mayBecome('PAID', to))).toEqual(['RETURNED']);
  expect(participationStates.filter((to) => mayBecome('RESERVED', to))).toEqual(['PAID', 'RETURNED', 'CANCELLED']);
});
test('every programme draws on known funds, in whole rupiah', () => {
  for (const { source, amount } of Object.values(programmes)) {
    expect(sources).toContain(source);
    expect(isRupiah(amount)).toBe(true);
  }
});
test.each([-1, 0.5, Number.MAX_SAFE_INTEGER + 1, Number.NaN, '300000', null])('%p is no amount', (amount) => {
  expect(isRupiah(amount)).toBe(false);
});
test('codes are those of the lists, not members of objects', () => {
  expect(isProgramme('PKH')).toBe(true);
  expect(isProgramme('toString')).toBe(false);
  expect(isSource('APBDES')).toBe(true);
  expect(isSource('apbn')).toBe(false);
});
