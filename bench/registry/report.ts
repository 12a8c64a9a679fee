/** The figures, as a table and as JSON. */
import type { Detection, Tally } from './detect.ts';

export interface Result {
  readonly people: number;
  readonly records: number;
  readonly seed: string;
  readonly loadSeconds: number;
  readonly detection: Detection;
  /** How many of each kind there are; of some only a part was asked about, which counts for the rest. */
  readonly totals: ReadonlyMap<string, number>;
}

/** Of sorted or unsorted values; nearest rank. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

const others = ['twin', 'namesake', 'anybody'];
const isDuplicate = ({ kind }: Tally): boolean => !others.includes(kind);

interface Quality {
  readonly recall: number;
  readonly precision: number;
  /** With those of the same NIK counted as wrong. */
  readonly precisionWithClaims: number;
}
/** Over the whole register. */
function quality(
  { detection: { tallies }, totals }: Result,
  rightOf: (tally: Tally) => number,
  wrongOf: (tally: Tally) => number,
): Quality {
  const whole = (of: (tally: Tally) => number, which: readonly Tally[] = tallies): number =>
    which.reduce((sum, tally) => sum + (of(tally) * (totals.get(tally.kind) ?? 0)) / tally.asked, 0);
  const [right, wrong, claims] = [whole(rightOf), whole(wrongOf), whole((tally) => tally.claims)];
  return {
    recall: right / whole(({ asked }) => asked, tallies.filter(isDuplicate)),
    precision: right / (right + wrong),
    precisionWithClaims: right / (right + wrong + claims),
  };
}
const timesOf = (values: readonly number[]) => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });

export function jsonOf(result: Result) {
  const { people, records, seed, loadSeconds, detection } = result;
  const [search, lookUp] = [timesOf(detection.searchMs), timesOf(detection.lookUpMs)];
  return {
    people,
    records,
    seed,
    loadSeconds,
    review: quality(
      result,
      ({ reviewed }) => reviewed,
      ({ wrong }) => wrong,
    ),
    merge: quality(
      result,
      ({ merged }) => merged,
      ({ wrongMerges }) => wrongMerges,
    ),
    kinds: detection.tallies,
    searchMs: search,
    lookUpMs: lookUp,
    ratio: { p50: search.p50 / lookUp.p50, p99: search.p99 / lookUp.p99 },
  };
}

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
export function textOf(result: Result): string {
  const { people, records, loadSeconds, kinds, review, merge, searchMs, lookUpMs, ratio } = jsonOf(result);
  const line = (...cells: readonly string[]): string =>
    cells.map((cell, column) => (column === 0 ? cell.padEnd(25) : cell.padStart(11))).join('');
  const found = (tally: Tally, number: number): string => (isDuplicate(tally) ? percent(number / tally.asked) : '–');
  return [
    `${people} people, ${records} records, written in ${loadSeconds.toFixed(0)} s`,
    '',
    line('record', 'asked', 'found', 'to merge', 'wrong', 'to merge', 'same NIK', 'candidates'),
    ...kinds.map((tally) =>
      line(
        tally.kind,
        String(tally.asked),
        found(tally, tally.reviewed),
        found(tally, tally.merged),
        String(tally.wrong),
        String(tally.wrongMerges),
        String(tally.claims),
        (tally.candidates / tally.asked).toFixed(1),
      ),
    ),
    '',
    `from 0.70 (a person looks): recall ${percent(review.recall)}, precision ${percent(review.precision)}; ${percent(review.precisionWithClaims)} if records of others with the same NIK were wrong`,
    `from 0.90 (to the merge):   recall ${percent(merge.recall)}, precision ${percent(merge.precision)}`,
    line('', 'p50', 'p99'),
    line('candidate search', ...[searchMs.p50, searchMs.p99].map((ms) => `${ms.toFixed(2)} ms`)),
    line('primary key', ...[lookUpMs.p50, lookUpMs.p99].map((ms) => `${ms.toFixed(2)} ms`)),
    line('ratio', ratio.p50.toFixed(1), ratio.p99.toFixed(1)),
  ].join('\n');
}
