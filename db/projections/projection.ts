/**
 * What a projection is: per type of fact, what it does to the rows of one table. Facts are folded in memory first, so a batch costs one
 * statement per touched table however many facts it has, and all statements run as one (record-facts.ts).
 */
import type { Seq } from '#engine/command.ts';
import type { Fact, FactType, RecordedFact } from '#engine/fact.ts';
import type { Json, JsonObject } from '#engine/json.ts';
import { keyWithin } from '#engine/keys.ts';

/** What every row of an instance repeats. `region` is '' when the instance has none. */
export interface InstanceHeader {
  readonly instanceKey: string;
  readonly processId: string;
  readonly definitionKey: string;
  readonly businessKey: string | null;
  readonly region: string;
}
/** A fact with the idempotency key of the command that caused it; null: the shell itself (start, alarm). */
export interface FactOfCommand extends RecordedFact {
  readonly commandKey: string | null;
}

export interface Change {
  /** Columns of a row of `rows`, as in a column definition list. */
  readonly columns: string;
  /** The statement; `source` stands for the rows as a table expression named `r`. */
  readonly sql: (source: string) => string;
  readonly rows: readonly JsonObject[];
}

/**
 * The source of a change: rows of the JSON array in parameter `$n`. PostgreSQL takes a hundred of them for granted and reads a table of a few
 * thousand rows whole rather than look up a hundred keys; the limit says that there are few.
 */
export const rowsOf = (parameter: number, columns: string): string =>
  `(select * from jsonb_to_recordset($${parameter}::jsonb) as given(${columns}) limit jsonb_array_length($${parameter}::jsonb)) as r`;

export interface FactContext {
  readonly header: InstanceHeader;
  readonly fold: RowFold;
  readonly number: number;
  /** When it happened, ISO 8601. */
  readonly at: string;
  /** Public key of something within the instance. */
  readonly key: (seq: Seq) => string;
}
export type FactHandlers = {
  readonly [T in FactType]?: (fact: Extract<Fact, { readonly type: T }>, context: FactContext) => void;
};
export interface Projection {
  readonly handlers: FactHandlers;
  /** Of every fact, before its handler. */
  readonly each?: (context: FactContext) => void;
  readonly changes: (fold: RowFold) => readonly Change[];
}

/** Rows made by this batch and changes of rows made earlier, by key; a change of a row of this batch is merged into it. */
export class RowFold {
  readonly #made = new Map<string, JsonObject>();
  readonly #changed = new Map<string, JsonObject>();

  make(key: string, row: JsonObject): void {
    const earlier = this.#changed.get(key);
    this.#changed.delete(key);
    this.#made.set(key, { ...earlier, key, ...row });
  }
  change(key: string, change: JsonObject): void {
    const made = this.#made.get(key);
    if (made === undefined) this.#changed.set(key, { ...this.#changed.get(key), key, ...change });
    else this.#made.set(key, { ...made, ...change });
  }
  add(key: string, column: string, delta: number): void {
    const before: Json | undefined = (this.#made.get(key) ?? this.#changed.get(key))?.[column];
    this.change(key, { [column]: (typeof before === 'number' ? before : 0) + delta });
  }
  madeRow(key: string): JsonObject | undefined {
    return this.#made.get(key);
  }
  get made(): readonly JsonObject[] {
    return [...this.#made.values()];
  }
  get changed(): readonly JsonObject[] {
    return [...this.#changed.values()];
  }
}

/** The changes of one table that `facts`, in order, come to. */
export function project(
  projection: Projection,
  header: InstanceHeader,
  facts: readonly FactOfCommand[],
): readonly Change[] {
  const fold = new RowFold();
  const key = (seq: Seq): string => keyWithin(header.instanceKey, seq);
  let definitionKey = definitionBefore(header, facts);
  for (const { fact, number, atMs } of facts) {
    if (fact.type === 'instanceMigrated') definitionKey = fact.definitionKey;
    const context: FactContext = { header: { ...header, definitionKey }, fold, number, at: timestamp(atMs), key };
    projection.each?.(context);
    // The table's type ties each handler to its own fact; the compiler cannot follow that through an index.
    const handler = projection.handlers[fact.type] as ((fact: Fact, context: FactContext) => void) | undefined;
    handler?.(fact, context);
  }
  return projection.changes(fold).filter(({ rows }) => rows.length > 0);
}

/** The header says where the instance is now; a migration among the facts, where it was before. */
function definitionBefore(header: InstanceHeader, facts: readonly FactOfCommand[]): string {
  for (const { fact } of facts) if (fact.type === 'instanceMigrated') return fact.fromDefinitionKey;
  return header.definitionKey;
}

const latestMs = Date.UTC(9999, 11, 31);
/** ISO 8601 text of a time; models can compute dates that neither Date nor PostgreSQL can hold. */
export const timestamp = (ms: number): string => new Date(Math.min(Math.max(ms, 0), latestMs)).toISOString();
export const timestampOrNull = (ms: number | null): string | null => (ms === null ? null : timestamp(ms));

/** Inserts the rows made by a batch; `columns` is a column definition list. Facts are new, so a row that exists is left alone. */
export function insertion(
  table: string,
  fold: RowFold,
  columns: string,
  onConflict = 'on conflict do nothing',
): Change {
  const names = columns.split(', ').map((column) => column.split(' ', 1)[0]);
  return {
    columns,
    sql: (source) =>
      `insert into ${table} (${names.join(', ')}) select ${names.map((name) => `r.${name}`).join(', ')} from ${source} ${onConflict}`,
    rows: fold.made,
  };
}

/** Columns of a row that hangs on another element from now on. */
export const movedTo = (
  { element, elementId }: { readonly element: Seq; readonly elementId: string },
  key: FactContext['key'],
): JsonObject => ({ element_key: key(element), element_id: elementId });
