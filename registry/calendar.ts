/**
 * The month of a tenant: the gates that its work has to pass, on the clocks of its region, and the days on which offices work.
 * Dates of gates differ from region to region and from year to year (domain §1.4), so all of them are data.
 */

export const gates = [
  'buka_input',
  'tutup_input',
  'tutup_musdes',
  'tutup_verifikasi',
  'tutup_pengesahan',
  'tarik_data',
  'penetapan',
] as const;
export type Gate = (typeof gates)[number];

export interface GateTime {
  /** Day of the month, the month's last day where it has fewer; or the last day on which offices work. */
  readonly day: number | 'lastWorkingDay';
  /** Minutes since the day began on local clocks; 1440: its end. */
  readonly minute: number;
}
export interface Calendar {
  readonly gates: Readonly<Record<Gate, GateTime>>;
  /** Days on which offices are closed beside Saturday and Sunday: `2026-03-19`, or `08-17` for every year. */
  readonly holidays: ReadonlySet<string>;
  /** For demonstrations: each month passes in so many minutes, its gates where they are in the month that clocks show; null: months are months. */
  readonly minutesPerMonth: number | null;
}

export type Zone = 'WIB' | 'WITA' | 'WIT';
const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Ahead of UTC; Indonesia never changes its clocks. */
const offsetMs: Readonly<Record<Zone, number>> = {
  WIB: 7 * 60 * minuteMs,
  WITA: 8 * 60 * minuteMs,
  WIT: 9 * 60 * minuteMs,
};

/** By the province a kode wilayah begins with (Keppres 41/1987 and its successors); the capital's zone where it begins with none. */
export function zoneOf(region: string): Zone {
  const province = /^(\d\d)(\.|$)/.exec(region)?.[1] ?? '';
  if (/^(5[1-3]|6[345]|7[1-6])$/.test(province)) return 'WITA';
  return /^(8[12]|9[1-6])$/.test(province) ? 'WIT' : 'WIB';
}

/** The instant as people of the zone write it: `2026-11-11T23:59:00+07:00`. */
export function localText(atMs: number, zone: Zone): string {
  const local = new Date(atMs + offsetMs[zone]).toISOString().slice(0, 19);
  return `${local}+${String(offsetMs[zone] / (60 * minuteMs)).padStart(2, '0')}:00`;
}

/** When a month, counted from January of year 0, begins on clocks of the zone. */
export const monthBegins = (month: number, zone: Zone): string =>
  localText(Date.UTC(Math.floor(month / 12), month % 12) - offsetMs[zone], zone);

/** @param date `2026-11-11` */
export function isWorkingDay(date: string, holidays: ReadonlySet<string>): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.has(date) && !holidays.has(date.slice(5));
}

/** Whole days since 1970-01-01, as a date. */
const dateOfDay = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

/** The end of the n-th working day after the day of an instant. */
export function workingDaysLater(
  { holidays }: Pick<Calendar, 'holidays'>,
  { afterMs, zone, days }: { readonly afterMs: number; readonly zone: Zone; readonly days: number },
): number {
  let day = Math.floor((afterMs + offsetMs[zone]) / dayMs);
  for (let left = days; left > 0;) {
    day += 1;
    if (isWorkingDay(dateOfDay(day), holidays)) left -= 1;
  }
  return (day + 1) * dayMs - offsetMs[zone];
}

/** Local days since 1970-01-01 of a month's first day and of the one after its last. `month` counts from year 0: 12 × year + (0..11). */
const monthOf = (month: number): { readonly first: number; readonly next: number } => {
  const firstDay = (index: number): number => Date.UTC(Math.floor(index / 12), index % 12, 1) / dayMs;
  return { first: firstDay(month), next: firstDay(month + 1) };
};

/** Of the days from `first` to before `next`; a month without any working day keeps its first. */
function lastWorkingDay(first: number, next: number, holidays: ReadonlySet<string>): number {
  let day = next - 1;
  while (day > first && !isWorkingDay(dateOfDay(day), holidays)) day -= 1;
  return day;
}

/** Milliseconds from the beginning of the month to its gate. */
function positionOf({ gates: times, holidays }: Calendar, gate: Gate, month: number): number {
  const { day, minute } = times[gate];
  const { first, next } = monthOf(month);
  const found = day === 'lastWorkingDay' ? lastWorkingDay(first, next, holidays) : Math.min(first + day - 1, next - 1);
  return (found - first) * dayMs + minute * minuteMs;
}

/** The first time after an instant at which the gate is reached. */
export function nextGate(
  calendar: Calendar,
  gate: Gate,
  { afterMs, zone }: { readonly afterMs: number; readonly zone: Zone },
): number {
  const local = new Date(afterMs + offsetMs[zone]);
  const month = local.getUTCFullYear() * 12 + local.getUTCMonth();
  if (calendar.minutesPerMonth !== null)
    return nextInShortMonths(calendar, gate, { afterMs, month, lengthMs: calendar.minutesPerMonth * minuteMs });
  const gateOf = (index: number): number =>
    monthOf(index).first * dayMs + positionOf(calendar, gate, index) - offsetMs[zone];
  const thisMonth = gateOf(month);
  return thisMonth > afterMs ? thisMonth : gateOf(month + 1);
}

function nextInShortMonths(
  calendar: Calendar,
  gate: Gate,
  { afterMs, month, lengthMs }: { readonly afterMs: number; readonly month: number; readonly lengthMs: number },
): number {
  const { first, next } = monthOf(month);
  const position = Math.floor((positionOf(calendar, gate, month) * lengthMs) / ((next - first) * dayMs));
  const atMs = Math.floor(afterMs / lengthMs) * lengthMs + position;
  return atMs > afterMs ? atMs : atMs + lengthMs;
}
