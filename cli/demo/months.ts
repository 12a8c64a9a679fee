/** The months that the demo plays, one after the other; the last is this one, those before it are work that an office catches up on. */

const thisMonth = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Jakarta', year: 'numeric', month: '2-digit' });

/** `2026-12` for one month after `2026-11`; before it with a negative number. */
export function monthAfter(period: string, months: number): string {
  const [year = 0, month = 0] = period.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months)).toISOString().slice(0, 7);
}

/** `2026-11`, so many months before that of an instant on clocks of western Indonesia. */
export const monthBefore = (at: Date, months: number): string => monthAfter(thisMonth.format(at), -months);

export class Months {
  readonly #periods: readonly string[];
  readonly #batches = new Map<string, number>();
  #at = 0;

  constructor(count: number, today: Date) {
    this.#periods = Array.from({ length: count }, (_, index) => monthBefore(today, count - 1 - index));
  }
  get count(): number {
    return this.#periods.length;
  }
  /** From 0. */
  get index(): number {
    return this.#at;
  }
  /** `2026-11` */
  get period(): string {
    return this.#periods[this.#at] ?? '';
  }
  get hasNext(): boolean {
    return this.#at + 1 < this.#periods.length;
  }
  /** The next month begins; false: there is none. */
  turn(): boolean {
    if (!this.hasNext) return false;
    this.#at += 1;
    return true;
  }
  /** Names a new batch among those of the month, so that the papers of a second one do not pass for the first's: `2026-11`, `2026-11-2`. */
  batch(of: string): string {
    const name = `${of} ${this.period}`;
    const count = (this.#batches.get(name) ?? 0) + 1;
    this.#batches.set(name, count);
    return count === 1 ? this.period : `${this.period}-${String(count)}`;
  }
}
