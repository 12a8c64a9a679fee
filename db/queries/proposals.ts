/** Proposals and their imports. */
import type { ClientBase } from 'pg';
import type { JsonObject } from '#engine/json.ts';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, Found, SearchRequest } from './search.ts';
import { iso } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;

export interface ProposalRow {
  readonly proposalNumber: string;
  readonly sourceId: string;
  readonly processInstanceKey: string;
  readonly subjectKey: string;
  readonly region: string;
  readonly started: boolean;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly state: 'ACTIVE' | 'COMPLETED' | 'TERMINATED' | 'ERRORED' | null;
  readonly endElements: string[];
}
const columns: Columns = {
  proposalNumber: { sql: 'p.number', type: 'text' },
  sourceId: { sql: 'p.source_id', type: 'text' },
  processInstanceKey: { sql: 'p.instance_key', type: 'bigint' },
  subjectKey: { sql: 'p.subject_key', type: 'bigint' },
  createdAt: { sql: 'p.created_at', type: 'timestamptz' },
};
const selected = `p.number as "proposalNumber", p.source_id as "sourceId", p.instance_key::text as "processInstanceKey", p.subject_key::text as "subjectKey",
  p.region, p.started, p.created_by as "createdBy", ${iso('p.created_at')} as "createdAt", i.state, coalesce(i.end_elements, '{}') as "endElements"`;
const tables = 'proposal p left join instance i on i.key = p.instance_key';

export function searchProposals(
  db: Database,
  filter: Filter,
  region: string | undefined,
  request: SearchRequest,
): Promise<Found<ProposalRow>> {
  return search<ProposalRow>(
    db,
    {
      select: selected,
      from: tables,
      where: new Conditions().filters(columns, filter).region('p.region', region),
      key: { sql: 'p.instance_key', type: 'bigint' },
      sortable: columns,
      defaultSort: [{ field: 'createdAt', order: 'ASC' }],
    },
    request,
  );
}
export async function findProposalBySource(db: Database, sourceId: string): Promise<ProposalRow | null> {
  const { rows } = await db.query<ProposalRow>(`select ${selected} from ${tables} where p.source_id = $1`, [sourceId]);
  return rows[0] ?? null;
}
/** null: there is none, or not in the reader's region. */
export async function findProposalByNumber(db: Database, number: string): Promise<ProposalRow | null> {
  const { rows } = await db.query<ProposalRow>(`select ${selected} from ${tables} where p.number = $1`, [number]);
  return rows[0] ?? null;
}
export interface NewProposal {
  readonly number: string;
  readonly sourceId: string;
  readonly subjectKey: string;
  readonly instanceKey: string;
  readonly region: string;
  readonly createdBy: string;
  /** What its case starts with; no citizen data. */
  readonly variables: JsonObject;
  /** The import it came with, null: none. */
  readonly importKey: string | null;
}
/** false: the source id is taken by a proposal that the reader cannot see. */
export async function insertProposal(db: Database, proposal: NewProposal): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into proposal (number, source_id, subject_key, instance_key, region, created_by, variables, import_key)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (source_id) do nothing`,
    [
      proposal.number,
      proposal.sourceId,
      proposal.subjectKey,
      proposal.instanceKey,
      proposal.region,
      proposal.createdBy,
      JSON.stringify(proposal.variables),
      proposal.importKey,
    ],
  );
  return rowCount === 1;
}
/** Holds a source id, or a village's numbering in a month, until the transaction ends. */
export async function holdFor(db: Database, what: string): Promise<void> {
  await db.query("select pg_advisory_xact_lock(hashtextextended('proposal ' || $1, 0))", [what]);
}
/** Next number `<prefix><6 digits>`; the caller holds the prefix. */
export async function nextProposalNumber(db: Database, prefix: string): Promise<string> {
  const { rows } = await db.query<{ last: string | null }>(
    'select max(number) as last from proposal where starts_with(number, $1)',
    [prefix],
  );
  const last = rows[0]?.last ?? null;
  const next = last === null ? 1 : Number(last.slice(prefix.length)) + 1;
  return prefix + String(next).padStart(6, '0');
}
export interface UnstartedProposal {
  readonly number: string;
  readonly instanceKey: string;
  readonly region: string;
  readonly createdBy: string;
  readonly variables: JsonObject;
}
const unstarted = 'number, instance_key::text as "instanceKey", region, created_by as "createdBy", variables';
/** Proposals whose cases are still to be started, oldest first; needs a reader of the whole country. */
export async function findUnstarted(db: Database, most: number): Promise<readonly UnstartedProposal[]> {
  const { rows } = await db.query<UnstartedProposal>(
    `select ${unstarted} from proposal where not started order by instance_key limit $1`,
    [most],
  );
  return rows;
}
export async function findUnstartedByNumber(db: Database, number: string): Promise<UnstartedProposal | null> {
  const { rows } = await db.query<UnstartedProposal>(`select ${unstarted} from proposal where number = $1`, [number]);
  return rows[0] ?? null;
}
export async function markStarted(db: Database, numbers: readonly string[]): Promise<void> {
  await db.query('update proposal set started = true where number = any($1)', [numbers]);
}

export interface ImportRow {
  readonly importKey: string;
  readonly fileName: string;
  readonly state: 'RUNNING' | 'COMPLETED' | 'FAILED';
  readonly rowsRead: number;
  readonly rowsImported: number;
  readonly rowsRepeated: number;
  readonly rowsRejected: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly endedAt: string | null;
}
/** Imported are rows whose cases run; an import is running until all of them do. */
const importSelected = `r.key::text as "importKey", r.file_name as "fileName",
  case when r.state = 'COMPLETED' and exists (select from proposal p where p.import_key = r.key and not p.started) then 'RUNNING' else r.state end as state,
  r.rows_read as "rowsRead", (select count(*)::int from proposal p where p.import_key = r.key and p.started) as "rowsImported",
  r.rows_repeated as "rowsRepeated", r.rows_rejected as "rowsRejected", r.created_by as "createdBy", ${iso('r.created_at')} as "createdAt",
  ${iso('r.ended_at')} as "endedAt"`;

export async function insertImport(
  db: Database,
  run: { key: string; fileName: string; region: string; createdBy: string },
): Promise<void> {
  // The same file sent again goes on where a crash ended the first try.
  await db.query(
    "update import_run set state = 'FAILED', ended_at = now() where state = 'RUNNING' and file_name = $1 and created_by = $2",
    [run.fileName, run.createdBy],
  );
  await db.query(
    "insert into import_run (key, file_name, region, state, created_by) values ($1, $2, $3, 'RUNNING', $4)",
    [run.key, run.fileName, run.region, run.createdBy],
  );
}
export interface ImportCounts {
  readonly rowsRead: number;
  readonly rowsRepeated: number;
  readonly rowsRejected: number;
}
export async function updateImport(
  db: Database,
  key: string,
  counts: ImportCounts,
  state: ImportRow['state'],
): Promise<void> {
  await db.query(
    `update import_run set rows_read = $2, rows_repeated = $3, rows_rejected = $4, state = $5,
       ended_at = case when $5 = 'RUNNING' then null else now() end where key = $1`,
    [key, counts.rowsRead, counts.rowsRepeated, counts.rowsRejected, state],
  );
}
export interface ImportProblemRow {
  readonly line: number;
  readonly field: string;
  readonly message: string;
}
export async function insertImportProblem(db: Database, key: string, problem: ImportProblemRow): Promise<void> {
  await db.query(
    'insert into import_problem (import_key, line, field, message) values ($1, $2, $3, $4) on conflict do nothing',
    [key, problem.line, problem.field, problem.message],
  );
}
export async function findImports(db: Database, limit: number): Promise<readonly ImportRow[]> {
  const { rows } = await db.query<ImportRow>(
    `select ${importSelected} from import_run r order by r.key desc limit $1`,
    [limit],
  );
  return rows;
}
export async function findImport(db: Database, key: string): Promise<ImportRow | null> {
  const { rows } = await db.query<ImportRow>(`select ${importSelected} from import_run r where r.key = $1`, [key]);
  return rows[0] ?? null;
}
export async function findImportProblems(
  db: Database,
  key: string,
  limit: number,
): Promise<readonly ImportProblemRow[]> {
  const { rows } = await db.query<ImportProblemRow>(
    'select line, field, message from import_problem where import_key = $1 order by line, field limit $2',
    [key, limit],
  );
  return rows;
}
