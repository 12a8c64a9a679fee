/** Dates, times and durations of FEEL (DMN 1.5 §10.3.2.3.4-8). No clock, no Intl. */
import { civilOfDays, daysInMonth, daysOfCivil, type CivilDate } from '../civil.ts';
import { isZoneName, offsetAtInstant, offsetAtLocal, standardOffset } from '../zones.ts';

const maxYear = 999_999_999;
export const nanosPerSecond = 1_000_000_000n;
export const secondsPerDay = 86_400;

/** Zone of a time: its offset, and its name when it was given by name. A time without a date has its zone's standard offset. */
export interface Zone {
  readonly offsetSeconds: number;
  readonly id: string | null;
}

/** `Z`, `+07:00`, `Asia/Jakarta`; null: malformed, or no zone of the IANA database. */
export function parseZone(text: string): Zone | null {
  if (text === 'Z') return { offsetSeconds: 0, id: null };
  const standard = standardOffset(text);
  if (standard !== null) return { offsetSeconds: standard, id: text };
  const match = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text);
  if (match === null) return null;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4] ?? 0)];
  if (hours > 18 || minutes > 59 || seconds > 59) return null;
  const total = hours * 3600 + minutes * 60 + seconds;
  return { offsetSeconds: match[1] === '-' ? 0 - total : total, id: null };
}
/** Whether text looks like a zone name, but of no zone. */
export const isUnknownZone = (text: string): boolean =>
  /^[A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*$/.test(text) && !isZoneName(text);

const sameZone = (left: Zone | null, right: Zone | null): boolean =>
  left?.offsetSeconds === right?.offsetSeconds && left?.id === right?.id;

const two = (value: number): string => String(value).padStart(2, '0');

export class FeelDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  private constructor(date: CivilDate) {
    this.year = date.year;
    this.month = date.month;
    this.day = date.day;
  }
  static of(year: number, month: number, day: number): FeelDate | null {
    const whole = Number.isInteger(year) && Number.isInteger(month) && Number.isInteger(day);
    if (!whole || Math.abs(year) > maxYear || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
      return null;
    return new FeelDate({ year, month, day });
  }
  static ofDays(days: number): FeelDate | null {
    const date = civilOfDays(days);
    return Math.abs(date.year) > maxYear ? null : new FeelDate(date);
  }
  get epochDays(): number {
    return daysOfCivil(this);
  }
  /** 1 Monday … 7 Sunday. */
  get weekday(): number {
    return ((((this.epochDays + 3) % 7) + 7) % 7) + 1;
  }
  plusMonths(months: number): FeelDate | null {
    const index = this.year * 12 + (this.month - 1) + months;
    const year = Math.floor(index / 12);
    const month = index - year * 12 + 1;
    return FeelDate.of(year, month, Math.min(this.day, daysInMonth(year, month)));
  }
  toString(): string {
    const digits = String(Math.abs(this.year)).padStart(4, '0');
    return `${this.year < 0 ? '-' : ''}${digits}-${two(this.month)}-${two(this.day)}`;
  }
}

export class FeelTime {
  /** Nanoseconds since midnight, local. */
  readonly nanos: bigint;
  readonly zone: Zone | null;
  constructor(nanos: bigint, zone: Zone | null) {
    this.nanos = nanos;
    this.zone = zone;
  }
  static of(hour: number, minute: number, secondNanos: bigint, zone: Zone | null): FeelTime | null {
    const whole = Number.isInteger(hour) && Number.isInteger(minute);
    if (
      !whole ||
      hour < 0 ||
      hour > 23 ||
      minute < 0 ||
      minute > 59 ||
      secondNanos < 0n ||
      secondNanos >= 60n * nanosPerSecond
    )
      return null;
    return new FeelTime(BigInt(hour * 3600 + minute * 60) * nanosPerSecond + secondNanos, zone);
  }
  get seconds(): number {
    return Number(this.nanos / nanosPerSecond);
  }
  get hour(): number {
    return Math.floor(this.seconds / 3600);
  }
  get minute(): number {
    return Math.floor(this.seconds / 60) % 60;
  }
  /** Whole second; `fraction` has the rest. */
  get second(): number {
    return this.seconds % 60;
  }
  /** Nanoseconds of the second. */
  get fraction(): bigint {
    return this.nanos % nanosPerSecond;
  }
  sameAs(other: FeelTime): boolean {
    return this.nanos === other.nanos && sameZone(this.zone, other.zone);
  }
  toString(): string {
    return `${two(this.hour)}:${two(this.minute)}:${two(this.second)}${fractionText(this.fraction)}${zoneText(this.zone)}`;
  }
}

export class FeelDateTime {
  readonly date: FeelDate;
  readonly time: FeelTime;
  /** The time's zone name, if any, is read on this date. */
  constructor(date: FeelDate, time: FeelTime) {
    this.date = date;
    this.time = onDate(date, time);
  }
  /** Nanoseconds since 1970-01-01T00:00:00, in UTC when there is a zone, else local. */
  get epochNanos(): bigint {
    const offset = BigInt(this.time.zone?.offsetSeconds ?? 0);
    return (BigInt(this.date.epochDays) * BigInt(secondsPerDay) - offset) * nanosPerSecond + this.time.nanos;
  }
  static ofEpochNanos(nanos: bigint, zone: Zone | null): FeelDateTime | null {
    const id = zone?.id ?? null;
    const offset = id === null ? null : offsetAtInstant(id, Number(nanos / nanosPerSecond));
    const local = nanos + BigInt(offset ?? zone?.offsetSeconds ?? 0) * nanosPerSecond;
    const perDay = BigInt(secondsPerDay) * nanosPerSecond;
    const ofDay = ((local % perDay) + perDay) % perDay;
    const date = FeelDate.ofDays(Number((local - ofDay) / perDay));
    return date === null ? null : new FeelDateTime(date, new FeelTime(ofDay, zone));
  }
  toString(): string {
    return `${this.date.toString()}T${this.time.toString()}`;
  }
}

function onDate(date: FeelDate, time: FeelTime): FeelTime {
  const id = time.zone?.id ?? null;
  if (id === null) return time;
  const offset = offsetAtLocal(id, date.epochDays * secondsPerDay + time.seconds);
  return offset === null || offset === time.zone?.offsetSeconds
    ? time
    : new FeelTime(time.nanos, { offsetSeconds: offset, id });
}

/** Days and time duration. */
export class DaysDuration {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
  static ofSeconds(seconds: number): DaysDuration {
    return new DaysDuration(BigInt(seconds) * nanosPerSecond);
  }
  /** Signed parts: days, hours, minutes, seconds, nanoseconds of the second. */
  get parts(): { days: number; hours: number; minutes: number; seconds: number; fraction: bigint } {
    const total = this.nanos / nanosPerSecond;
    return {
      days: Number(total / 86_400n),
      hours: Number((total / 3600n) % 24n),
      minutes: Number((total / 60n) % 60n),
      seconds: Number(total % 60n),
      fraction: this.nanos % nanosPerSecond,
    };
  }
  toString(): string {
    if (this.nanos === 0n) return 'PT0S';
    const { days, hours, minutes, seconds, fraction } = new DaysDuration(this.nanos < 0n ? -this.nanos : this.nanos)
      .parts;
    const hasSeconds = seconds !== 0 || fraction !== 0n;
    const time = `${part(hours, 'H')}${part(minutes, 'M')}${hasSeconds ? `${seconds}${fractionText(fraction)}S` : ''}`;
    return `${this.nanos < 0n ? '-' : ''}P${part(days, 'D')}${time === '' ? '' : `T${time}`}`;
  }
}

/** Years and months duration. */
export class MonthsDuration {
  readonly months: number;
  constructor(months: number) {
    this.months = months;
  }
  toString(): string {
    if (this.months === 0) return 'P0M';
    const total = Math.abs(this.months);
    return `${this.months < 0 ? '-' : ''}P${part(Math.floor(total / 12), 'Y')}${part(total % 12, 'M')}`;
  }
}

/** ISO 8601: a zone's name gives way to its offset, which other programs can read. */
export function isoText(value: Temporal): string {
  if (value instanceof FeelTime) return withoutZoneName(value).toString();
  if (value instanceof FeelDateTime) return new FeelDateTime(value.date, withoutZoneName(value.time)).toString();
  return value.toString();
}
function withoutZoneName(time: FeelTime): FeelTime {
  const id = time.zone?.id ?? null;
  return id === null || time.zone === null
    ? time
    : new FeelTime(time.nanos, { offsetSeconds: time.zone.offsetSeconds, id: null });
}

export type Temporal = FeelDate | FeelTime | FeelDateTime | DaysDuration | MonthsDuration;

const part = (value: number, unit: string): string => (value === 0 ? '' : `${value}${unit}`);
function fractionText(nanos: bigint): string {
  return nanos === 0n ? '' : `.${String(nanos).padStart(9, '0').replace(/0+$/, '')}`;
}
function zoneText(zone: Zone | null): string {
  if (zone === null) return '';
  if (zone.id !== null) return `@${zone.id}`;
  if (zone.offsetSeconds === 0) return 'Z';
  const total = Math.abs(zone.offsetSeconds);
  const seconds = total % 60 === 0 ? '' : `:${two(total % 60)}`;
  return `${zone.offsetSeconds < 0 ? '-' : '+'}${two(Math.floor(total / 3600))}:${two(Math.floor(total / 60) % 60)}${seconds}`;
}

const fractionNanos = (text: string | undefined): bigint => BigInt((text ?? '').slice(0, 9).padEnd(9, '0'));

export function parseDate(text: string): FeelDate | null {
  const match = /^(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)$/.exec(text);
  return match === null ? null : FeelDate.of(Number(match[1]), Number(match[2]), Number(match[3]));
}

export function parseTime(text: string): FeelTime | null {
  const match =
    /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,30}))?)?(?:(Z|[+-]\d\d:\d\d(?::\d\d)?)|@([A-Za-z0-9_+/-]{1,60}))?$/.exec(text);
  if (match === null || (match[3] === undefined && (match[5] ?? match[6]) !== undefined)) return null;
  const zoneName = match[5] ?? match[6];
  const zone = zoneName === undefined ? null : parseZone(zoneName);
  if (zoneName !== undefined && zone === null) return null;
  return FeelTime.of(
    Number(match[1]),
    Number(match[2]),
    BigInt(match[3] ?? 0) * nanosPerSecond + fractionNanos(match[4]),
    zone,
  );
}

/** `2026-01-31T08:00:00+07:00`; a date alone is its midnight. */
export function parseDateTime(text: string): FeelDateTime | null {
  const split = text.indexOf('T');
  if (split < 0) {
    const date = parseDate(text);
    return date === null ? null : new FeelDateTime(date, new FeelTime(0n, null));
  }
  const date = parseDate(text.slice(0, split));
  const time = parseTime(text.slice(split + 1));
  return date === null || time === null ? null : new FeelDateTime(date, time);
}

export function parseDuration(text: string): DaysDuration | MonthsDuration | null {
  const match =
    /^(-)?P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?(?:(\d{1,12})W)?(?:(\d{1,12})D)?(T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{0,30}))?S)?)?$/.exec(
      text,
    );
  if (match === null || match[6] === 'T') return null;
  const sign = match[1] === '-' ? -1 : 1;
  const hasMonths = (match[2] ?? match[3]) !== undefined;
  const hasDays = (match[4] ?? match[5] ?? match[6]) !== undefined;
  if (hasMonths === hasDays) return null;
  if (hasMonths) {
    const months = Number(match[2] ?? 0) * 12 + Number(match[3] ?? 0);
    return new MonthsDuration(months === 0 ? 0 : sign * months);
  }
  const days = BigInt(match[4] ?? 0) * 7n + BigInt(match[5] ?? 0);
  const seconds = days * 86_400n + BigInt(match[7] ?? 0) * 3600n + BigInt(match[8] ?? 0) * 60n + BigInt(match[9] ?? 0);
  return new DaysDuration(BigInt(sign) * (seconds * nanosPerSecond + fractionNanos(match[10])));
}

/** Any temporal text, as in `@"…"`. */
export function parseTemporal(text: string): Temporal | null {
  if (/^-?P/.test(text)) return parseDuration(text);
  if (text.includes('T')) return parseDateTime(text);
  return parseDate(text) ?? parseTime(text);
}
