/**
 * What a report is: a statement that lists what it counts, and figures over that list. A figure and the cases behind it come from the same
 * list by the same condition, so they cannot tell different things.
 */
import type { Months } from '#registry/period.ts';
import { periodsMeeting } from '#registry/period.ts';
import { wholeCountry } from '../region-scope.ts';

/** An element of a process and the public status of a case that stands there (property `alur.status`). */
export interface Stage {
  readonly processId: string;
  readonly elementId: string;
  readonly status: string;
  /** Of the status, in the order in which a case goes through them. */
  readonly position: number;
}
export interface Scope {
  /** kode wilayah, or `*`. */
  readonly region: string;
  readonly months: Months;
  /** ISO 8601: the months begin, and are over, on the clocks of the region. */
  readonly from: string;
  readonly to: string;
  readonly stages: readonly Stage[];
}

/** `percent` 0 to 100; `amount` whole rupiah, for those who may see amounts. */
export type Unit = 'count' | 'days' | 'percent' | 'amount';
export interface Figure {
  readonly name: string;
  readonly unit: Unit;
  /** Aggregate over entries. */
  readonly sql: string;
  /** Condition on an entry: whether it lies behind the figure. */
  readonly of: string;
  /** Whether it means something over all rows together. */
  readonly inTotal: boolean;
}

/**
 * Columns of an entry: `ref` (names what is counted, once), `case_key` (null: no case), `number` (as people know it; null: none), `person_key`
 * (in the register; null: none), `region`, the dimensions, and what the figures are about. Nothing that names a person.
 */
export interface Report {
  /** Columns of an entry that make a row; texts without null. */
  readonly dimensions: readonly string[];
  readonly figures: readonly Figure[];
  /** Figure of the chart. */
  readonly chart: string;
  /** `order by` of the rows, over dimensions and aggregates. */
  readonly order: string;
  readonly entries: (query: ReportQuery) => string;
}

/** Counts what is named, each once. */
export const count = (name: string, of = 'true'): Figure => ({
  name,
  unit: 'count',
  sql: `(count(distinct ref) filter (where ${of}))::float8`,
  of,
  inTotal: true,
});
/** Sum of a column in whole rupiah. */
export const amount = (name: string, column: string, of = 'true'): Figure => ({
  name,
  unit: 'amount',
  sql: `coalesce(sum(${column}) filter (where ${of}), 0)::float8`,
  of,
  inTotal: true,
});
/** The span that so many percent of the entries do not exceed. */
export const span = (name: string, column: string, percent: number, of = 'true'): Figure => ({
  name,
  unit: 'days',
  sql: `round((percentile_cont(${percent / 100}) within group (order by ${column}) filter (where ${of}))::numeric, 1)::float8`,
  of,
  inTotal: false,
});
/** Of so many, in percent to one decimal; null: of none. */
export const share = (name: string, of: string, among: string): Figure => ({
  name,
  unit: 'percent',
  sql: `round(100.0 * count(distinct ref) filter (where ${of}) / nullif(count(distinct ref) filter (where ${among}), 0), 1)::float8`,
  of,
  inTotal: true,
});

/** Conditions of a report's statement; each binds what it needs. */
export class ReportQuery {
  readonly scope: Scope;
  readonly #values: unknown[] = [];

  constructor(scope: Scope) {
    this.scope = scope;
  }
  get values(): readonly unknown[] {
    return this.#values;
  }
  /** Placeholder of a value, such as `$3`. */
  bind(value: unknown): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }
  /** Lies in the region. */
  below(column: string): string {
    const { region } = this.scope;
    if (region === wholeCountry) return 'true';
    return `(${column} = ${this.bind(region)} or starts_with(${column}, ${this.bind(`${region}.`)}))`;
  }
  /** Happened in the months. */
  during(column: string): string {
    const { from, to } = this.scope;
    return `${column} >= ${this.bind(from)}::timestamptz and ${column} < ${this.bind(to)}::timestamptz`;
  }
  /** A range of months meets these. */
  meets(column: string): string {
    const { first, last } = this.scope.months;
    return `${column} && int4range(${this.bind(first)}, ${this.bind(last)}, '[]')`;
  }
  /** A period as text, `2026-11` or `2026-T4`, meets these months. */
  isPeriod(column: string): string {
    return `${column} = any(${this.bind(periodsMeeting(this.scope.months))}::text[])`;
  }
  /** The stages as a table s (process_id, element_id, status, position). */
  stages(): string {
    const { stages } = this.scope;
    const columns = [
      `${this.bind(stages.map(({ processId }) => processId))}::text[]`,
      `${this.bind(stages.map(({ elementId }) => elementId))}::text[]`,
      `${this.bind(stages.map(({ status }) => status))}::text[]`,
      `${this.bind(stages.map(({ position }) => position))}::integer[]`,
    ];
    return `unnest(${columns.join(', ')}) as s (process_id, element_id, status, position)`;
  }
}
