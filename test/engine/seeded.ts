/** Property checks with the seed in the output, so that a failure can be had again: SEED=… npx jest. */
import fc from 'fast-check';

export function check<T>(property: fc.IProperty<T>, numRuns = 200): void {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`seed ${seed}\n`);
  fc.assert(property, { seed, numRuns });
}
