/** What the product owes the load at any moment: an answer to a command, or the next step of a case. Faults are measured by it. */
import type { Fault } from '../faults.ts';

export interface Debt {
  readonly fromMs: number;
  readonly toMs: number;
}

export class Owed {
  readonly settled: Debt[] = [];

  /** The product owes something from now on; the result says that it has come. */
  begin(): () => void {
    const fromMs = Date.now();
    return () => void this.settled.push({ fromMs, toMs: Date.now() });
  }
  async during<T>(work: () => Promise<T>): Promise<T> {
    const end = this.begin();
    const result = await work();
    end();
    return result;
  }
}

/** Milliseconds from the last fault within each debt to its settlement; debts without a fault are no recovery. */
export function recoveries(debts: readonly Debt[], faults: readonly Fault[]): number[] {
  const times = faults.map(({ atMs }) => atMs).sort((a, b) => a - b);
  return debts.flatMap(({ fromMs, toMs }) => {
    const last = times.findLast((atMs) => atMs >= fromMs && atMs <= toMs);
    return last === undefined ? [] : [toMs - last];
  });
}

/** The value below which this share of the values lies; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
