/** Medians and their spread: one sample says little on a machine that others use too. */
import type { Speed } from './measure.ts';
import type { Sample } from './protocol.ts';

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Of at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    most: at(sorted.length - 1),
  };
}

export type Clock = 'cpuMs' | 'wallMs';

/** Elements per second of each sample. */
export const ratesOf = ({ elements, instancesPerSample, samples }: Speed, clock: Clock): readonly number[] =>
  samples.map((sample: Sample) => (elements * instancesPerSample * 1000) / sample[clock]);

/** How many times as fast: the ratio of the medians, with the least and the most of the ratios round by round. */
export function ratioOf(faster: Speed, slower: Speed, clock: Clock): Spread {
  const [above, below] = [ratesOf(faster, clock), ratesOf(slower, clock)];
  const { least, most } = spreadOf(above.map((rate, round) => rate / (below[round] ?? NaN)));
  return { median: spreadOf(above).median / spreadOf(below).median, least, most };
}
