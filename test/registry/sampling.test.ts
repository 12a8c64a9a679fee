import { expect, test } from '@jest/globals';
import { sampleSize } from '#registry/sampling.ts';

test.each([
  [0, 0],
  [1, 1],
  [10, 10],
  [100, 50],
  [300, 73],
  [10_000, 96],
  [240_000, 97],
])('of %d families %d are visited', (population, size) => {
  expect(sampleSize(population)).toBe(size);
});
test('more families never need fewer visits, and nobody is visited twice', () => {
  const sizes = Array.from({ length: 2_000 }, (_, population) => sampleSize(population));
  expect(sizes.filter((size, population) => size > population || size < (sizes[population - 1] ?? 0))).toEqual([]);
});
