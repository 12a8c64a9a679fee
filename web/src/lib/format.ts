/** Dates, spans and numbers in the reader's language; clock times always name their zone. */
import { zoneOfRegion, type Zone } from './zone.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

let zone: Zone = zoneOfRegion(null);

/** The zone of the signed-in account's region holds for every time on the page. */
export function setZoneOfRegion(region: string | null): void {
  zone = zoneOfRegion(region);
}

function localeTag(language: string): string {
  return language === 'en' ? 'en-GB' : 'id-ID';
}

/** The day on the clocks of that zone: `2026-11-23`. */
export const today = (): string => new Intl.DateTimeFormat('sv-SE', { timeZone: zone.name }).format(new Date());

export function formatDate(iso: string, language: string): string {
  return new Intl.DateTimeFormat(localeTag(language), {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: zone.name,
  }).format(new Date(iso));
}

export function formatDateTime(iso: string, language: string): string {
  const text = new Intl.DateTimeFormat(localeTag(language), {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: zone.name,
  }).format(new Date(iso));
  return `${text} ${zone.label}`;
}

export function formatTime(iso: string, language: string): string {
  const text = new Intl.DateTimeFormat(localeTag(language), {
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: zone.name,
  }).format(new Date(iso));
  return `${text} ${zone.label}`;
}

/** "3 hari lagi", "kemarin", "2 jam yang lalu": the largest fitting unit. */
export function formatRelative(iso: string, language: string, nowMs: number): string {
  const words = new Intl.RelativeTimeFormat(localeTag(language), { numeric: 'auto' });
  const distance = new Date(iso).getTime() - nowMs;
  const size = Math.abs(distance);
  if (size < minuteMs) return words.format(0, 'minute');
  if (size < hourMs) return words.format(Math.round(distance / minuteMs), 'minute');
  if (size < dayMs) return words.format(Math.round(distance / hourMs), 'hour');
  if (size < 45 * dayMs) return words.format(Math.round(distance / dayMs), 'day');
  return words.format(Math.round(distance / (30 * dayMs)), 'month');
}

export function formatNumber(value: number, language: string): string {
  return new Intl.NumberFormat(localeTag(language)).format(value);
}

/** Whole rupiah. */
export function formatRupiah(amount: number, language: string): string {
  const style = { style: 'currency', currency: 'IDR', maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat(localeTag(language), style).format(amount);
}
