/** Which cases a verification looks at, and what the read model says of them. */
import type { Pool } from 'pg';
import { projectedTables } from '../projections/all.ts';
import type { VerificationOptions } from './store.ts';

export interface CaseRow {
  readonly instanceKey: string;
  /** null: there is no row of the instance, only others of it. */
  readonly processId: string | null;
  readonly state: string | null;
  readonly suspended: boolean;
  /** Of a called instance: whether it is one. */
  readonly lastFact: number;
}
interface Row {
  readonly key: string;
  readonly process_id: string | null;
  readonly state: string | null;
  readonly suspended: boolean | null;
  readonly last_fact: number | null;
}
const caseOf = (row: Row): CaseRow => ({
  instanceKey: row.key,
  processId: row.process_id,
  state: row.state,
  suspended: row.suspended === true,
  lastFact: row.last_fact ?? 0,
});
const columns = 'i.key::text, i.process_id, i.state, i.suspended_at is not null as suspended, i.last_fact';
/** Ended cases that are looked at beside the open ones. */
const endedDefault = 500;
/** Keys drawn by lot: the same for every attempt of a verification. */
const byLot = 'order by md5(i.key::text || $1)';

/** Cases of a verification, some hundred at a time. */
export async function* casesOf(
  pool: Pool,
  key: string,
  { scope, sample }: VerificationOptions,
  pageSize: number,
): AsyncGenerator<readonly CaseRow[]> {
  if (sample !== null || scope === 'open') {
    if (sample === null) yield* paged(pool, "i.state = 'ACTIVE'", pageSize);
    else yield* drawn(pool, key, "i.state = 'ACTIVE'", sample, pageSize);
    yield* drawn(pool, key, "i.state <> 'ACTIVE'", sample ?? endedDefault, pageSize);
  } else yield* paged(pool, 'true', pageSize);
  yield* inPages(await withoutRow(pool), pageSize);
}

async function* paged(pool: Pool, condition: string, pageSize: number): AsyncGenerator<readonly CaseRow[]> {
  for (let after = '0'; ;) {
    const { rows } = await pool.query<Row>(
      `select ${columns} from instance i where ${condition} and i.key > $1 order by i.key limit $2`,
      [after, pageSize],
    );
    if (rows.length > 0) yield rows.map(caseOf);
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.key ?? after;
  }
}
async function* drawn(
  pool: Pool,
  key: string,
  condition: string,
  count: number,
  pageSize: number,
): AsyncGenerator<readonly CaseRow[]> {
  const { rows } = await pool.query<Row>(`select ${columns} from instance i where ${condition} ${byLot} limit $2`, [
    key,
    count,
  ]);
  yield* inPages(rows.map(caseOf), pageSize);
}
function* inPages(cases: readonly CaseRow[], pageSize: number): Generator<readonly CaseRow[]> {
  for (let from = 0; from < cases.length; from += pageSize) yield cases.slice(from, from + pageSize);
}

const owned = ['fact', ...projectedTables];
/** Instances of which there are rows, but none in `instance`. */
async function withoutRow(pool: Pool): Promise<readonly CaseRow[]> {
  const { rows } = await pool.query<{ key: string; process_id: string | null }>(
    `select o.key::text, min(f.body ->> 'processId') as process_id from (${owned
      .map(
        (table) =>
          `select instance_key as key from ${table} t where not exists (select from instance i where i.key = t.instance_key)`,
      )
      .join(
        ' union ',
      )}) o left join fact f on f.instance_key = o.key and f.number = 1 group by o.key order by o.key limit 10000`,
  );
  return rows.map((row) => caseOf({ ...row, state: null, suspended: null, last_fact: null }));
}

/** The read model's word on some instances, which may not be there. */
export async function findCases(pool: Pool, instanceKeys: readonly string[]): Promise<ReadonlyMap<string, CaseRow>> {
  const { rows } = await pool.query<Row>(`select ${columns} from instance i where i.key = any($1::bigint[])`, [
    instanceKeys,
  ]);
  return new Map(rows.map((row) => [row.key, caseOf(row)]));
}

/** Keys of jobs of some instances that are offered to outside workers. */
export async function parkedJobsOf(pool: Pool, instanceKeys: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ key: string }>(
    'select job_key::text as key from parked_job where instance_key = any($1::bigint[])',
    [instanceKeys],
  );
  return new Set(rows.map(({ key }) => key));
}

/** Open cases that were started `seconds` ago or earlier, after a key, in order of keys. */
export async function openCasesAfter(
  pool: Pool,
  after: string,
  limit: number,
  seconds: number,
): Promise<readonly { readonly instanceKey: string; readonly processId: string }[]> {
  const { rows } = await pool.query<{ key: string; process_id: string }>(
    `select key::text, process_id from instance
      where state = 'ACTIVE' and key > $1 and started_at < now() - $3 * interval '1 second' order by instance.key limit $2`,
    [after, limit, seconds],
  );
  return rows.map((row) => ({ instanceKey: row.key, processId: row.process_id }));
}
