/**
 * Rules of the IANA time zones, bundled (docs/adr/0009): every worker of a fleet, every replay and every browser reads a model alike,
 * whatever the host's own zone database says. Times are whole seconds; instants since 1970-01-01T00:00Z.
 */
import { civilOfDays, daysOfCivil, weekdayOf } from './civil.ts';
import data from './zone-data.json' with { type: 'json' };

const daySeconds = 86_400;

/** Offsets are seconds east of UTC. */
interface ZoneRules {
  readonly first: number;
  readonly times: readonly number[];
  /** In force from the transition of the same index on. */
  readonly offsets: readonly number[];
  readonly closing: ClosingRule;
}

/** What holds after the last transition: RFC 9636 §3.3.1, a POSIX TZ text. */
interface ClosingRule {
  readonly standard: number;
  /** null: no daylight saving. */
  readonly daylight: { readonly offset: number; readonly start: YearDay; readonly end: YearDay } | null;
}
/** A moment of every year, in local time. */
interface YearDay {
  readonly kind: 'month' | 'julian' | 'zeroBased';
  readonly month: number;
  readonly week: number;
  readonly day: number;
  readonly seconds: number;
}

const packedByName = new Map<string, string>();
for (const [names, packed] of Object.entries(data.zones))
  for (const name of names.split(' ')) packedByName.set(name, packed);
const unpacked = new Map<string, ZoneRules>();

/** Whether a name stands for a zone of the IANA database. */
export const isZoneName = (name: string): boolean => packedByName.has(name);

function rulesOf(name: string): ZoneRules | null {
  const packed = packedByName.get(name);
  if (packed === undefined) return null;
  const known = unpacked.get(packed);
  if (known !== undefined) return known;
  const rules = unpack(packed);
  unpacked.set(packed, rules);
  return rules;
}

/** Format: test/support/zone-data.ts. */
function unpack(packed: string): ZoneRules {
  const [first = '0', indexes = '', distinct = '', distances = '', closing = ''] = packed.split(';');
  const values = distinct.split(' ').map(Number);
  let at = 0;
  return {
    first: Number(first),
    times: distances === '' ? [] : distances.split(' ').map((distance) => (at += Number.parseInt(distance, 36))),
    offsets: Array.from(indexes, (index) => values[Number.parseInt(index, 36)] ?? 0),
    closing: parseClosingRule(closing),
  };
}

export function parseClosingRule(text: string): ClosingRule {
  const name = '(?:<[^>]+>|[A-Za-z]+)';
  const shift = '([+-]?\\d{1,3}(?::\\d\\d){0,2})';
  const match = new RegExp(`^${name}${shift}(?:${name}${shift}?,([^,]+),([^,]+))?$`).exec(text);
  if (match === null) return { standard: 0, daylight: null };
  const standard = -clockSeconds(match[1] ?? '0') || 0;
  if (match[3] === undefined || match[4] === undefined) return { standard, daylight: null };
  const offset = match[2] === undefined ? standard + 3600 : -clockSeconds(match[2]) || 0;
  return { standard, daylight: { offset, start: parseYearDay(match[3]), end: parseYearDay(match[4]) } };
}
function parseYearDay(text: string): YearDay {
  const [day = '', clock = '2'] = text.split('/');
  const seconds = clockSeconds(clock);
  const numbers = day.replace(/^[MJ]/, '').split('.').map(Number);
  if (day.startsWith('M'))
    return { kind: 'month', month: numbers[0] ?? 1, week: numbers[1] ?? 1, day: numbers[2] ?? 0, seconds };
  return { kind: day.startsWith('J') ? 'julian' : 'zeroBased', month: 0, week: 0, day: numbers[0] ?? 0, seconds };
}
/** `-2`, `5:30`, `26`: signed hours, minutes, seconds. */
function clockSeconds(text: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.replace(/^[+-]/, '').split(':').map(Number);
  const total = hours * 3600 + minutes * 60 + seconds;
  return text.startsWith('-') ? -total : total;
}

/** Local seconds since 1970 at which a yearly moment falls. */
function localMoment(of: YearDay, year: number): number {
  const newYear = daysOfCivil({ year, month: 1, day: 1 });
  if (of.kind === 'month') {
    const firstDay = daysOfCivil({ year, month: of.month, day: 1 });
    const nextMonth = of.month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: of.month + 1, day: 1 };
    let day = firstDay + ((of.day - weekdayOf(firstDay) + 7) % 7) + (of.week - 1) * 7;
    if (day >= daysOfCivil(nextMonth)) day -= 7;
    return day * daySeconds + of.seconds;
  }
  // Julian days 1..365 never count 29 February
  const leap = daysOfCivil({ year: year + 1, month: 1, day: 1 }) - newYear === 366;
  const day = of.kind === 'julian' ? of.day - 1 + (leap && of.day >= 60 ? 1 : 0) : of.day;
  return (newYear + day) * daySeconds + of.seconds;
}

export function closingOffset(rule: ClosingRule, instant: number): number {
  const { standard, daylight } = rule;
  if (daylight === null) return standard;
  const { year } = civilOfDays(Math.floor((instant + standard) / daySeconds));
  const start = localMoment(daylight.start, year) - standard;
  const end = localMoment(daylight.end, year) - daylight.offset;
  const inDaylight = start < end ? instant >= start && instant < end : instant >= start || instant < end;
  return inDaylight ? daylight.offset : standard;
}

function offsetIn(rules: ZoneRules, instant: number): number {
  const { times, offsets } = rules;
  const last = times.at(-1);
  if (last === undefined || instant >= last) return closingOffset(rules.closing, instant);
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= instant) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? rules.first : (offsets[low - 1] ?? rules.first);
}

/** Seconds east of UTC at an instant; null: no such zone. */
export function offsetAtInstant(zone: string, instant: number): number | null {
  const rules = rulesOf(zone);
  return rules === null ? null : offsetIn(rules, instant);
}

/** The first instant after the given one at which the clocks of a zone are turned; null: never again, or no such zone. */
export function nextChange(zone: string, instant: number): number | null {
  const rules = rulesOf(zone);
  if (rules === null) return null;
  const offset = offsetIn(rules, instant);
  const listed = rules.times.find((time) => time > instant && offsetIn(rules, time) !== offset);
  return listed ?? nextClosingChange(rules.closing, instant);
}

function nextClosingChange({ standard, daylight }: ClosingRule, instant: number): number | null {
  if (daylight === null) return null;
  const { year } = civilOfDays(Math.floor(instant / daySeconds));
  const changes = [year - 1, year, year + 1].flatMap((each) => [
    localMoment(daylight.start, each) - standard,
    localMoment(daylight.end, each) - daylight.offset,
  ]);
  return Math.min(...changes.filter((change) => change > instant));
}

/**
 * Seconds east of UTC at a local time (seconds since 1970-01-01T00:00 local); null: no such zone. Where clocks were turned back the
 * earlier of the two instants counts; a time the clocks skipped is read with the offset before the change.
 */
export function offsetAtLocal(zone: string, local: number): number | null {
  const rules = rulesOf(zone);
  if (rules === null) return null;
  const before = offsetIn(rules, local - daySeconds - daySeconds / 2);
  const after = offsetIn(rules, local + daySeconds + daySeconds / 2);
  // also where two changes fell within three days: the offset in force just there
  if (before === after) return offsetIn(rules, local - before);
  if (offsetIn(rules, local - before) === before) return before;
  return offsetIn(rules, local - after) === after ? after : before;
}

/** The offset a zone has outside daylight saving by its present rules; null: no such zone. */
export function standardOffset(zone: string): number | null {
  return rulesOf(zone)?.closing.standard ?? null;
}
