/** Relations between points and ranges (Allen's interval algebra), and `range()`. DMN 1.5 §10.3.4.9. */
import { parseNumber } from '../number.ts';
import { parseTemporal } from '../temporal.ts';
import { Range, compareValues, rangeContains } from '../value.ts';
import { builtin, signature } from './signature.ts';
import type { Builtin, Environment, Signature, Value } from '../value.ts';

/** -1, 0, 1 as a bound lies before, at, after another; undefined: not comparable. Open ends lie beyond every value. */
function order(left: Value, right: Value): number | undefined {
  const result = compareValues(left, right);
  return result === null ? undefined : Math.sign(result);
}

type PointRange = (point: Value, range: Range) => boolean | undefined;
type RangePair = (left: Range, right: Range) => boolean | undefined;
type Points = (left: Value, right: Value) => boolean | undefined;

const answer = (name: string, verdict: boolean | undefined, env: Environment): Value =>
  verdict ?? env.warn(`'${name}' of values that are not comparable`);
const ofPoints = (name: string, run: Points): Signature =>
  signature('point1: some, point2: some', ([a, b], env) =>
    a instanceof Range || b instanceof Range
      ? env.warn(`'${name}' does not take these ranges`)
      : answer(name, run(a ?? null, b ?? null), env),
  );
const ofRanges = (name: string, run: RangePair): Signature =>
  signature('range1: range, range2: range', ([a, b], env) => answer(name, run(a as Range, b as Range), env));
const pointThenRange = (name: string, run: PointRange): Signature =>
  signature('point: some, range: range', ([a, b], env) => answer(name, run(a ?? null, b as Range), env));
const rangeThenPoint = (name: string, run: PointRange): Signature =>
  signature('range: range, point: some', ([a, b], env) => answer(name, run(b ?? null, a as Range), env));

const pointBefore: PointRange = (point, range) =>
  bound(order(point, range.low), (at) => at < 0 || (at === 0 && !range.lowClosed));
const pointAfter: PointRange = (point, range) =>
  bound(order(point, range.high), (at) => at > 0 || (at === 0 && !range.highClosed));
const rangeBefore: RangePair = (left, right) =>
  bound(order(left.high, right.low), (at) => at < 0 || (at === 0 && !(left.highClosed && right.lowClosed)));
const bound = (at: number | undefined, test: (at: number) => boolean): boolean | undefined =>
  at === undefined ? undefined : test(at);

const meets: RangePair = (left, right) =>
  bound(order(left.high, right.low), (at) => at === 0 && left.highClosed && right.lowClosed);

/** Order of two low ends: at the same value a closed end begins first. */
const lows = (left: Range, right: Range): number | undefined => {
  const at = order(left.low, right.low);
  return at === 0 ? Number(right.lowClosed) - Number(left.lowClosed) : at;
};
const highs = (left: Range, right: Range): number | undefined => {
  const at = order(left.high, right.high);
  return at === 0 ? Number(left.highClosed) - Number(right.highClosed) : at;
};
const touching: RangePair = (left, right) => {
  const [before, after] = [rangeBefore(left, right), rangeBefore(right, left)];
  return before === undefined || after === undefined ? undefined : !before && !after;
};
function every(...verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  return verdicts.includes(undefined) ? undefined : !verdicts.includes(false);
}
const compared = (at: number | undefined, test: (at: number) => boolean): boolean | undefined => bound(at, test);

const overlapsBefore: RangePair = (left, right) =>
  every(
    compared(lows(left, right), (at) => at < 0),
    touching(left, right),
    compared(highs(left, right), (at) => at <= 0),
  );
const includesRange: RangePair = (left, right) =>
  every(
    compared(lows(left, right), (at) => at <= 0),
    compared(highs(left, right), (at) => at >= 0),
  );
const startsRange: RangePair = (left, right) =>
  every(
    compared(lows(left, right), (at) => at === 0),
    compared(highs(left, right), (at) => at <= 0),
  );
const finishesRange: RangePair = (left, right) =>
  every(
    compared(highs(left, right), (at) => at === 0),
    compared(lows(left, right), (at) => at >= 0),
  );
const coincide: RangePair = (left, right) =>
  every(
    compared(lows(left, right), (at) => at === 0),
    compared(highs(left, right), (at) => at === 0),
  );
const contains: PointRange = (point, range) => rangeContains(range, point) ?? undefined;
const flip =
  (run: RangePair): RangePair =>
  (left, right) =>
    run(right, left);

/** `range("[1..10)")`: both ends literals. */
function parseRange(text: string, env: Environment): Value {
  const match = /^\s*([[\](])\s*(.*?)\s*\.\.\s*(.*?)\s*([\])[])\s*$/s.exec(text.length > 500 ? '' : text);
  const ends = match === null ? [] : [parseEnd(match[2] ?? ''), parseEnd(match[3] ?? '')];
  const [low, high] = ends;
  if (low === undefined || high === undefined || (low === null && high === null))
    return env.warn('the text is no range');
  const [lowClosed, highClosed] = [match?.[1] === '[', match?.[4] === ']'];
  return rangeOf(low, high, lowClosed, highClosed) ?? env.warn('the ends of the range do not fit');
}
function rangeOf(low: Value, high: Value, lowClosed: boolean, highClosed: boolean): Range | null {
  if ((low === null && lowClosed) || (high === null && highClosed)) return null;
  if (low !== null && high !== null && (order(low, high) ?? 1) > 0) return null;
  return new Range(low, high, lowClosed, highClosed);
}
/** undefined: no literal. */
function parseEnd(text: string): Value | undefined {
  if (text === '' || text === 'null') return null;
  const temporal = /^(?:@|(?:date and time|date|time|duration)\s*\(\s*)"([^"]{1,80})"\s*\)?$/.exec(text)?.[1];
  if (temporal !== undefined) return parseTemporal(temporal) ?? undefined;
  const literal = /^"([^"\\]*)"$/.exec(text)?.[1];
  return literal ?? parseNumber(text) ?? undefined;
}

export const rangeFunctions: readonly Builtin[] = [
  builtin(
    'before',
    ofRanges('before', rangeBefore),
    pointThenRange('before', pointBefore),
    rangeThenPoint('before', pointAfter),
    ofPoints('before', (a, b) => bound(order(a, b), (at) => at < 0)),
  ),
  builtin(
    'after',
    ofRanges('after', flip(rangeBefore)),
    pointThenRange('after', pointAfter),
    rangeThenPoint('after', pointBefore),
    ofPoints('after', (a, b) => bound(order(a, b), (at) => at > 0)),
  ),
  builtin('meets', ofRanges('meets', meets)),
  builtin('met by', ofRanges('met by', flip(meets))),
  builtin('overlaps', ofRanges('overlaps', touching)),
  builtin('overlaps before', ofRanges('overlaps before', overlapsBefore)),
  builtin('overlaps after', ofRanges('overlaps after', flip(overlapsBefore))),
  builtin(
    'finishes',
    ofRanges('finishes', finishesRange),
    pointThenRange('finishes', (point, range) => bound(order(point, range.high), (at) => at === 0 && range.highClosed)),
  ),
  builtin(
    'finished by',
    ofRanges('finished by', flip(finishesRange)),
    rangeThenPoint('finished by', (point, range) =>
      bound(order(point, range.high), (at) => at === 0 && range.highClosed),
    ),
  ),
  builtin('includes', ofRanges('includes', includesRange), rangeThenPoint('includes', contains)),
  builtin('during', ofRanges('during', flip(includesRange)), pointThenRange('during', contains)),
  builtin(
    'starts',
    ofRanges('starts', startsRange),
    pointThenRange('starts', (point, range) => bound(order(point, range.low), (at) => at === 0 && range.lowClosed)),
  ),
  builtin(
    'started by',
    ofRanges('started by', flip(startsRange)),
    rangeThenPoint('started by', (point, range) => bound(order(point, range.low), (at) => at === 0 && range.lowClosed)),
  ),
  builtin(
    'coincides',
    ofRanges('coincides', coincide),
    ofPoints('coincides', (a, b) => bound(order(a, b), (at) => at === 0)),
  ),
  builtin(
    'range',
    signature('from: string', ([from], env) => parseRange(from as string, env)),
  ),
];
