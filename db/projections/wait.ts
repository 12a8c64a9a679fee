/** Rows of what a case waits for: opened, then ended by what was waited for or withdrawn. A row may stay open after it has occurred. */
import type { Seq } from '#engine/command.ts';
import type { Fact, WaitKind } from '#engine/fact.ts';
import type { JsonObject } from '#engine/json.ts';
import { insertion, movedTo } from './projection.ts';
import type { Change, FactContext, RowFold } from './projection.ts';

interface WaitTable {
  readonly kind: WaitKind;
  readonly table: string;
  /** Own columns, each as in a column definition list. */
  readonly columns: readonly string[];
  /** Column that says whether the row ends when it has occurred. */
  readonly closes: string;
  /** State of a row that has ended by occurring. */
  readonly occurred: string;
}
interface Opened {
  readonly element: Seq;
  readonly elementId: string;
}

const common = ['key bigint', 'instance_key bigint', 'region text', 'element_key bigint', 'element_id text'];
const ending = ['state text', 'created_at timestamptz', 'ended_at timestamptz'];

interface WaitRows {
  /** `own`: values of the own columns and of `closes`. */
  readonly open: (seq: Seq, fact: Opened, own: JsonObject, context: FactContext) => void;
  readonly occur: (seq: Seq, context: FactContext) => void;
  readonly close: (seq: Seq, context: FactContext) => void;
  readonly migrate: (fact: Extract<Fact, { readonly type: 'waitMigrated' }>, context: FactContext) => void;
  readonly changes: (fold: RowFold) => readonly Change[];
}

export function waitRows({ kind, table, columns, closes, occurred }: WaitTable): WaitRows {
  return {
    open: (seq, { element, elementId }, own, { header, fold, key, at }) => {
      fold.make(key(seq), {
        instance_key: header.instanceKey,
        region: header.region,
        element_key: key(element),
        element_id: elementId,
        ...own,
        state: 'OPEN',
        created_at: at,
      });
    },
    occur: (seq, { fold, key, at }) => {
      if (fold.madeRow(key(seq))?.[closes] !== false) fold.change(key(seq), { state: occurred, ended_at: at });
    },
    close: (seq, { fold, key, at }) => {
      fold.change(key(seq), { state: 'CLOSED', ended_at: at });
    },
    migrate: (fact, { fold, key }) => {
      if (fact.kind === kind) fold.change(key(fact.wait), movedTo(fact, key));
    },
    changes: (fold) => [
      insertion(table, fold, [...common, ...columns, `${closes} boolean`, ...ending].join(', ')),
      {
        columns: 'key bigint, state text, ended_at timestamptz, element_key bigint, element_id text',
        // a row that does not end by occurring is only told where it hangs
        sql: (
          source,
        ) => `update ${table} t set state = case when r.state = '${occurred}' and not t.${closes} then t.state else coalesce(r.state, t.state) end,
          ended_at = case when r.state = '${occurred}' and not t.${closes} then t.ended_at else r.ended_at end,
          element_key = coalesce(r.element_key, t.element_key), element_id = coalesce(r.element_id, t.element_id) from ${source} where t.key = r.key`,
        rows: fold.changed,
      },
    ],
  };
}
