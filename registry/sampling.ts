/** How many families to visit so that a share is known well enough. */

/** Normal deviate of a confidence of 95 percent. */
const deviate = 1.96;
/** Half the width of the interval around a share of one half. */
const margin = 0.1;

/**
 * Size of a simple random sample (Cochran, with the correction for finite populations): a share is then known to ±10 points at 95 percent.
 * Never more than there are.
 */
export function sampleSize(population: number): number {
  const unlimited = (deviate ** 2 * 0.25) / margin ** 2;
  return population <= 0 ? 0 : Math.min(population, Math.ceil(unlimited / (1 + (unlimited - 1) / population)));
}
