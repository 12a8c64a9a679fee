/** Issued papers, and what they are drawn up from. */
import type { ClientBase, Pool } from 'pg';
import { inFamily, iso } from './queries/sql.ts';

type Database = Pick<ClientBase | Pool, 'query'>;

export interface DocumentRow {
  readonly documentKey: string;
  readonly kind: string;
  readonly number: string;
  readonly region: string;
  readonly caseKey: string | null;
  readonly period: string | null;
  /** SHA-256 of the PDF, lowercase hex. */
  readonly hash: string;
  readonly fileKey: string;
  readonly issuedBy: string;
  readonly issuedAt: string;
}
const selected = `key::text as "documentKey", kind, number, region, instance_key::text as "caseKey", period, encode(hash, 'hex') as hash,
  file_key::text as "fileKey", issued_by as "issuedBy", ${iso('issued_at')} as "issuedAt"`;

/** false: the office has given this number to a paper of this kind before, or the job has issued its paper. @param jobKey null: a person asked for it */
export async function insertDocument(db: Database, document: DocumentRow, jobKey: string | null): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into document (key, kind, number, region, instance_key, period, hash, file_key, issued_by, issued_at, job_key)
     values ($1, $2, $3, $4, $5, $6, decode($7, 'hex'), $8, $9, $10, $11) on conflict do nothing`,
    [
      document.documentKey,
      document.kind,
      document.number,
      document.region,
      document.caseKey,
      document.period,
      document.hash,
      document.fileKey,
      document.issuedBy,
      document.issuedAt,
      jobKey,
    ],
  );
  return rowCount === 1;
}
/** What a job has issued for a region; null: nothing yet. */
export async function findDocumentOfJob(db: Database, jobKey: string, region: string): Promise<DocumentRow | null> {
  const { rows } = await db.query<DocumentRow>(`select ${selected} from document where job_key = $1 and region = $2`, [
    jobKey,
    region,
  ]);
  return rows[0] ?? null;
}
export async function isIssued(db: Database, region: string, kind: string, number: string): Promise<boolean> {
  const { rowCount } = await db.query('select from document where region = $1 and kind = $2 and number = $3', [
    region,
    kind,
    number,
  ]);
  return rowCount !== 0;
}
/** null: none, or not in the reader's region. */
export async function findDocument(db: Database, documentKey: string): Promise<DocumentRow | null> {
  const { rows } = await db.query<DocumentRow>(`select ${selected} from document where key = $1`, [documentKey]);
  return rows[0] ?? null;
}
export interface DocumentFilter {
  readonly caseKey: string | null;
  readonly region: string | null;
}
/** Newest first; by case with those it called, by region and below, or both. */
export async function findDocuments(
  db: Database,
  filter: DocumentFilter,
  most: number,
): Promise<readonly DocumentRow[]> {
  const { rows } = await db.query<DocumentRow>(
    `select ${selected} from document
      where ($1::bigint is null or ${inFamily('instance_key', '$1')}) and ($2::text is null or region = $2 or starts_with(region, $2 || '.'))
      order by key desc limit $3`,
    [filter.caseKey, filter.region, most],
  );
  return rows;
}

/** A proposal with the process variables that papers print: of its case, or of a case that this one called. */
export interface ProposalOnPaper {
  readonly number: string;
  readonly subjectKey: string;
  readonly caseKey: string;
  readonly region: string;
  readonly startedAt: string;
  /** Only those asked for, and those that are set. */
  readonly variables: Readonly<Record<string, unknown>>;
}
const onPaper = (
  where: string,
): string => `select p.number, p.subject_key::text as "subjectKey", p.instance_key::text as "caseKey", p.region,
    ${iso('p.created_at')} as "startedAt", coalesce(v.variables, '{}') as variables
  from proposal p
  left join lateral (
    -- The case's own before that of the case called last; of the outermost scope: where results of decisions and start variables are.
    select jsonb_object_agg(name, value) as variables
      from (select distinct on (name) name, value from variable
             where name = any($1)
               and ${inFamily('instance_key', 'p.instance_key')}
             order by name, instance_key <> p.instance_key, instance_key desc, scope_key) o) v on true
  where ${where}
  order by p.number`;

/** Those of the numbers that the reader may see, by number. */
export async function findProposalsByNumber(
  db: Database,
  numbers: readonly string[],
  variables: readonly string[],
): Promise<readonly ProposalOnPaper[]> {
  const { rows } = await db.query<ProposalOnPaper>(onPaper('p.number = any($2)'), [variables, numbers]);
  return rows;
}
/** Proposals of a region and below for a period, by number. */
export async function findProposalsOfPeriod(
  db: Database,
  scope: { readonly region: string; readonly period: string; readonly most: number },
  variables: readonly string[],
): Promise<readonly ProposalOnPaper[]> {
  const { rows } = await db.query<ProposalOnPaper>(
    `${onPaper("(p.region = $2 or starts_with(p.region, $2 || '.')) and p.variables -> 'usulan' ->> 'periode' = $3")} limit $4`,
    [variables, scope.region, scope.period, scope.most],
  );
  return rows;
}

/** Numbers accepted by a meeting of a village and period whose minutes are signed, but whose results are still to be sent. */
export async function findPostedNumbers(db: Database, village: string, period: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ number: string }>(
    `select decided ->> 'nomor' as number
       from instance i
       join variable v on v.instance_key = i.key and v.scope_key = i.key and v.name = 'keputusan'
       join variable signed on signed.instance_key = i.key and signed.scope_key = i.key and signed.name = 'nomorBa'
      cross join jsonb_array_elements(v.value) decided
      where i.process_id = 'musyawarah-desa' and i.state = 'ACTIVE' and i.business_key = $1 || '/' || $2 and decided ->> 'hasil' = 'TERIMA'`,
    [village, period],
  );
  return rows.map(({ number }) => number);
}

/** Of its case, or of one that this called; null: the case is no proposal's, or not in the reader's region. */
export async function findProposalOfCase(
  db: Database,
  caseKey: string,
  variables: readonly string[],
): Promise<ProposalOnPaper | null> {
  const { rows } = await db.query<ProposalOnPaper>(
    onPaper('p.instance_key = (select root_key from instance where key = $2)'),
    [variables, caseKey],
  );
  return rows[0] ?? null;
}
const confirmed = "instance_key = $1 and result ->> 'hasil' = 'SAH'";
/** Numbers of a region and below that a district's sign-off has confirmed. */
export async function findConfirmedNumbers(
  db: Database,
  batchKey: string,
  region: string,
  most: number,
): Promise<readonly string[]> {
  const { rows } = await db.query<{ number: string }>(
    `select number from collected_item where ${confirmed} and (region = $2 or starts_with(region, $2 || '.')) order by number limit $3`,
    [batchKey, region, most],
  );
  return rows.map(({ number }) => number);
}
/** How many a district's sign-off has confirmed, by region. */
export async function countConfirmed(db: Database, batchKey: string): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ region: string; count: number }>(
    `select region, count(*)::int as count from collected_item where ${confirmed} group by region order by region`,
    [batchKey],
  );
  return new Map(rows.map(({ region, count }) => [region, count]));
}
