/** Periods of help as programmes write them: a month `2026-11`, a quarter `2026-T4` (tahap), or from one to another, `2020-04/2020-T3`. */

/** Months counted from January of year 0, both inclusive. */
export interface Months {
  readonly first: number;
  readonly last: number;
}

const form = /^(\d{4})-(?:(0[1-9]|1[0-2])|T([1-4]))$/;

function oneOf(text: string): Months | null {
  const [, year = '', month, quarter] = form.exec(text) ?? [];
  const january = Number(year) * 12;
  if (month !== undefined) return { first: january + Number(month) - 1, last: january + Number(month) - 1 };
  if (quarter !== undefined)
    return { first: january + Number(quarter) * 3 - 3, last: january + Number(quarter) * 3 - 1 };
  return null;
}

/** null: not a period, or one that ends before it begins. */
export function monthsOf(period: string): Months | null {
  const parts = period.split('/').map(oneOf);
  const [from, to = from] = parts;
  if (parts.length > 2 || from === null || from === undefined || to === null || to === undefined) return null;
  return from.first <= to.last ? { first: from.first, last: to.last } : null;
}

/** Months counted from January of year 0; null: not one month, such as `2026-11`. */
export function parseMonth(period: string): number | null {
  const months = monthsOf(period);
  return months === null || months.first !== months.last || period.includes('/') ? null : months.first;
}
/** `2026-11` for 12 × 2026 + 10. */
export const monthText = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

export const monthsMeet = (a: Months, b: Months): boolean => a.first <= b.last && b.first <= a.last;

/** Every month and quarter that has a month in common with these: `2026-11` → 2026-11 and 2026-T4. */
export function periodsMeeting({ first, last }: Months): readonly string[] {
  const months = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  const written = months.flatMap((month) => {
    const text = monthText(month);
    return [text, `${text.slice(0, 4)}-T${Math.floor((month % 12) / 3) + 1}`];
  });
  return [...new Set(written)];
}
