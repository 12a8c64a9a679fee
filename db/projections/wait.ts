/** Rows of what a case waits for: opened, then ended by what was waited for or withdrawn. A row may stay open after it has occurred. */
import type { Seq } from '#engine/command.ts';
import type { JsonObject } from '#engine/json.ts';
import { insertion } from './projection.ts';
import type { Change, FactContext, RowFold } from './projection.ts';

interface WaitTable {
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
  readonly changes: (fold: RowFold) => readonly Change[];
}

export function waitRows({ table, columns, closes, occurred }: WaitTable): WaitRows {
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
    changes: (fold) => [
      insertion(table, fold, [...common, ...columns, `${closes} boolean`, ...ending].join(', ')),
      {
        columns: 'key bigint, state text, ended_at timestamptz',
        sql: (
          source,
        ) => `update ${table} t set state = r.state, ended_at = r.ended_at from ${source} where t.key = r.key
        and (t.${closes} or r.state <> '${occurred}')`,
        rows: fold.changed,
      },
    ],
  };
}
