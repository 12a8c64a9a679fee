/** Finished cases and the facts of cases, for looking back. */
import type { ClientBase } from 'pg';
import { iso } from './sql.ts';

export interface FinishedInstance {
  readonly key: string;
  readonly businessKey: string | null;
}
/** The instances of a process that ended last, newest first. */
export async function findFinished(
  db: Pick<ClientBase, 'query'>,
  processId: string,
  most: number,
): Promise<readonly FinishedInstance[]> {
  const { rows } = await db.query<FinishedInstance>(
    `select key::text, business_key as "businessKey" from instance
      where process_id = $1 and state <> 'ACTIVE' order by ended_at desc, key desc limit $2`,
    [processId, most],
  );
  return rows;
}

/** 0: there is no such instance. */
export async function lastFactNumberOf(db: Pick<ClientBase, 'query'>, instanceKey: string): Promise<number> {
  const { rows } = await db.query<{ last_fact: number }>('select last_fact from instance where key = $1', [
    instanceKey,
  ]);
  return rows[0]?.last_fact ?? 0;
}

/** One time that a task asked a decision. */
export interface RecordedEvaluation {
  readonly instanceKey: string;
  readonly businessKey: string | null;
  readonly processId: string;
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED';
  readonly elementId: string;
  readonly factNumber: number;
  readonly at: string;
}
/** The last evaluations of a decision that the reader's region shows, newest first, and how many there are. */
export async function findEvaluations(
  db: Pick<ClientBase, 'query'>,
  decisionId: string,
  most: number,
): Promise<{ readonly total: number; readonly evaluations: readonly RecordedEvaluation[] }> {
  const { rows } = await db.query<RecordedEvaluation & { readonly total: number }>(
    `select e.instance_key::text as "instanceKey", i.business_key as "businessKey", i.process_id as "processId",
            case i.state when 'ERRORED' then 'TERMINATED' else i.state end as state, e.element_id as "elementId",
            e.fact_number as "factNumber", ${iso('e.at')} as at, count(*) over ()::int as total
       from decision_evaluation e join instance i on i.key = e.instance_key
      where e.decision_id = $1 order by e.at desc, e.instance_key desc, e.fact_number desc limit $2`,
    [decisionId, most],
  );
  return { total: rows[0]?.total ?? 0, evaluations: rows.map(({ total: _, ...evaluation }) => evaluation) };
}
