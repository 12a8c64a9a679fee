/** Searches of the API as SQL: filter tree → conditions, sort → order, opaque cursors over the sort values, totals counted up to a cap. */
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';

export type ColumnType = 'text' | 'bigint' | 'numeric' | 'integer' | 'timestamptz' | 'boolean';
export interface Column {
  /** Expression over the plan's tables. */
  readonly sql: string;
  readonly type: ColumnType;
}
export type Columns = Readonly<Record<string, Column>>;

type Scalar = string | number | boolean;
interface Operators {
  readonly $eq?: Scalar | undefined;
  readonly $neq?: Scalar | undefined;
  readonly $exists?: boolean | undefined;
  readonly $in?: readonly Scalar[] | undefined;
  readonly $notIn?: readonly Scalar[] | undefined;
  readonly $like?: string | undefined;
  readonly $gt?: Scalar | undefined;
  readonly $gte?: Scalar | undefined;
  readonly $lt?: Scalar | undefined;
  readonly $lte?: Scalar | undefined;
}
/** A value to equal, or operators that must all hold. */
export type FilterValue = Scalar | Operators;
export type Filter = Readonly<Record<string, FilterValue | undefined>>;

/** The pattern of a `$like`: `*` any text, `?` one character, `\` makes the next one literal. */
export function likePattern(text: string): string {
  return text.replaceAll(/\\([*?\\])|([*?%_\\])/g, (_, literal: string | undefined, sign: string | undefined) => {
    if (literal !== undefined) return literal === '\\' ? '\\\\' : literal;
    if (sign === '*') return '%';
    return sign === '?' ? '_' : `\\${sign ?? ''}`;
  });
}

const comparisons = { $gt: '>', $gte: '>=', $lt: '<', $lte: '<=' } as const;

/** Conditions joined by `and`, and the values they refer to. */
export class Conditions {
  readonly #conditions: string[] = [];
  readonly #values: unknown[] = [];

  /** Placeholder of a value, such as `$3`. */
  bind(value: unknown): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }
  add(condition: string): this {
    this.#conditions.push(condition);
    return this;
  }
  get values(): readonly unknown[] {
    return this.#values;
  }
  get sql(): string {
    return this.#conditions.length === 0 ? 'true' : this.#conditions.join(' and ');
  }
  copy(): Conditions {
    const copy = new Conditions();
    copy.#conditions.push(...this.#conditions);
    copy.#values.push(...this.#values);
    return copy;
  }

  /** Adds one filter over a column; undefined asks nothing. */
  filter(column: Column, filter: FilterValue | undefined): this {
    if (filter === undefined) return this;
    if (typeof filter !== 'object') return this.add(`${column.sql} = ${this.bind(filter)}::${column.type}`);
    const { $eq, $neq, $exists, $in, $notIn, $like } = filter;
    if ($eq !== undefined) this.add(`${column.sql} = ${this.bind($eq)}::${column.type}`);
    if ($neq !== undefined) this.add(`${column.sql} is distinct from ${this.bind($neq)}::${column.type}`);
    if ($exists !== undefined) this.add(`${column.sql} is ${$exists ? 'not null' : 'null'}`);
    if ($in !== undefined) this.add(`${column.sql} = any(${this.bind($in)}::${column.type}[])`);
    if ($notIn !== undefined) this.add(`(${column.sql} = any(${this.bind($notIn)}::${column.type}[])) is not true`);
    if ($like !== undefined) this.add(`${column.sql}::text like ${this.bind(likePattern($like))}`);
    for (const [operator, sign] of Object.entries(comparisons)) {
      const value = filter[operator as keyof typeof comparisons];
      if (value !== undefined) this.add(`${column.sql} ${sign} ${this.bind(value)}::${column.type}`);
    }
    return this;
  }
  /** Adds the filters whose names are columns; other names are the caller's to handle. */
  filters(columns: Columns, filter: Filter): this {
    for (const [name, column] of Object.entries(columns)) this.filter(column, filter[name]);
    return this;
  }
  /** Some member of a text array passes the filter. */
  member(array: string, filter: FilterValue | undefined): this {
    if (filter === undefined) return this;
    const before = this.#conditions.length;
    this.filter({ sql: 'member', type: 'text' }, filter);
    const inner = this.#conditions.splice(before);
    return this.add(
      `exists (select from unnest(${array}) as member where ${inner.length === 0 ? 'true' : inner.join(' and ')})`,
    );
  }
  /** Everything at or below a region. */
  region(column: string, region: string | undefined): this {
    if (region === undefined || region === '*') return this;
    return this.add(`(${column} = ${this.bind(region)} or starts_with(${column}, ${this.bind(`${region}.`)}))`);
  }
}

export interface SortKey {
  readonly field: string;
  readonly order: 'ASC' | 'DESC';
}
export interface PageRequest {
  readonly limit?: number | undefined;
  readonly from?: number | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}
export interface SearchRequest {
  readonly sort?: readonly SortKey[] | undefined;
  readonly page?: PageRequest | undefined;
}
export interface SearchPlan {
  readonly select: string;
  readonly from: string;
  readonly where: Conditions;
  /** Unique; the last sort key. */
  readonly key: Column;
  readonly sortable: Columns;
  readonly defaultSort: readonly SortKey[];
}
export interface PageInfo {
  readonly totalItems: number;
  readonly hasMoreTotalItems: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}
export interface Found<Row> {
  readonly rows: readonly Row[];
  readonly page: PageInfo;
}
/** The cursor is not one of ours, or belongs to another sort order. */
export class BadCursor extends Error {}

const pageDefault = 100;
const totalMost = 10_000;

interface Order {
  readonly column: Column;
  readonly descending: boolean;
}
const signatureOf = (orders: readonly Order[]): string =>
  createHash('sha256')
    .update(orders.map(({ column, descending }) => `${column.sql} ${descending ? 'desc' : 'asc'}`).join(','))
    .digest('base64url')
    .slice(0, 8);

const encodeCursor = (orders: readonly Order[], values: readonly (string | null)[]): string =>
  Buffer.from(JSON.stringify([signatureOf(orders), ...values])).toString('base64url');
function decodeCursor(orders: readonly Order[], cursor: string): readonly (string | null)[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw new BadCursor();
  }
  if (!Array.isArray(parsed) || parsed.length !== orders.length + 1 || parsed[0] !== signatureOf(orders))
    throw new BadCursor();
  return parsed.slice(1).map((value: unknown) => (typeof value === 'string' ? value : null));
}

/** Rows beyond the cursor in reading direction; empty values come last in the given order. */
function beyond(
  where: Conditions,
  orders: readonly Order[],
  values: readonly (string | null)[],
  backwards: boolean,
): void {
  const alternatives = orders.map((order, index) => {
    const equal = orders
      .slice(0, index)
      .map(({ column }, at) => `${column.sql} is not distinct from ${where.bind(values[at])}::${column.type}`);
    return [...equal, pastOne(where, order, values[index] ?? null, backwards)].join(' and ');
  });
  where.add(`(${alternatives.map((alternative) => `(${alternative})`).join(' or ')})`);
}
function pastOne(where: Conditions, { column, descending }: Order, value: string | null, backwards: boolean): string {
  if (value === null) return backwards ? `${column.sql} is not null` : 'false';
  const compared = `${column.sql} ${descending === backwards ? '>' : '<'} ${where.bind(value)}::${column.type}`;
  return backwards ? compared : `(${compared} or ${column.sql} is null)`;
}

/** Runs a search. @throws BadCursor */
export async function search<Row extends object>(
  db: Pick<ClientBase, 'query'>,
  plan: SearchPlan,
  request: SearchRequest,
): Promise<Found<Row>> {
  const { limit = pageDefault, from = 0, after, before } = request.page ?? {};
  const wanted = request.sort === undefined || request.sort.length === 0 ? plan.defaultSort : request.sort;
  const orders: Order[] = [];
  for (const { field, order } of wanted) {
    const column = plan.sortable[field];
    if (column !== undefined) orders.push({ column, descending: order === 'DESC' });
  }
  orders.push({ column: plan.key, descending: orders[0]?.descending ?? false });
  const backwards = before !== undefined;
  const where = plan.where.copy();
  const cursor = after ?? before;
  if (cursor !== undefined) beyond(where, orders, decodeCursor(orders, cursor), backwards);
  const orderSql = orders
    .map(
      ({ column, descending }) =>
        `${column.sql} ${descending === backwards ? 'asc' : 'desc'} nulls ${backwards ? 'first' : 'last'}`,
    )
    .join(', ');
  const cursorSql = `array[${orders.map(({ column }) => `(${column.sql})::text`).join(', ')}]`;
  const { rows } = await db.query<Row & { cursor_values: (string | null)[] }>(
    `select ${plan.select}, ${cursorSql} as cursor_values from ${plan.from} where ${where.sql} order by ${orderSql} limit ${where.bind(limit)} offset ${where.bind(from)}`,
    [...where.values],
  );
  if (backwards) rows.reverse();
  const total = await countUpTo(db, plan.from, plan.where);
  const cursorOf = (row: { cursor_values: (string | null)[] } | undefined): string | null =>
    row === undefined ? null : encodeCursor(orders, row.cursor_values);
  return {
    // The cursor's values are not the caller's business.
    rows: rows.map(({ cursor_values: _, ...row }) => row as unknown as Row),
    page: {
      totalItems: Math.min(total, totalMost),
      hasMoreTotalItems: total > totalMost,
      startCursor: cursorOf(rows[0]),
      endCursor: cursorOf(rows.at(-1)),
    },
  };
}
async function countUpTo(db: Pick<ClientBase, 'query'>, from: string, where: Conditions): Promise<number> {
  const { rows } = await db.query<{ total: number }>(
    `select count(*)::int as total from (select 1 from ${from} where ${where.sql} limit ${totalMost + 1}) as found`,
    [...where.values],
  );
  return rows[0]?.total ?? 0;
}
