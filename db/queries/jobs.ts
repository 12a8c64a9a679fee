/** Jobs, and those parked for outside workers. */
import type { ClientBase } from 'pg';
import type { JsonObject } from '#engine/json.ts';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, Found, SearchRequest } from './search.ts';
import { iso } from './sql.ts';

type Database = Pick<ClientBase, 'query'>;

export interface ActivatedJobRow {
  readonly jobKey: string;
  readonly type: string;
  readonly processDefinitionId: string;
  readonly processDefinitionVersion: number;
  readonly processDefinitionKey: string;
  readonly processInstanceKey: string;
  readonly rootProcessInstanceKey: string;
  readonly elementId: string;
  readonly elementInstanceKey: string;
  readonly customHeaders: Record<string, string>;
  readonly worker: string;
  readonly retries: number;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly variables: JsonObject;
}
/** Takes up to `most` parked jobs of a type that nobody holds; they are offered to others again after `timeoutMs`. */
export async function activateJobs(
  db: Database,
  request: { readonly type: string; readonly most: number; readonly worker: string; readonly timeoutMs: number },
): Promise<readonly ActivatedJobRow[]> {
  const { rows } = await db.query<ActivatedJobRow>(
    `with taken as (
       update parked_job p set worker = $3, deadline = now() + make_interval(secs => $4::float8 / 1000)
        where p.job_key in (select w.job_key from parked_job w
           where w.type = $1 and (w.deadline is null or w.deadline < now())
           order by w.parked_at limit $2 for update skip locked)
       returning p.*)
     select j.key::text as "jobKey", j.type, i.process_id as "processDefinitionId", i.version as "processDefinitionVersion",
            i.definition_key::text as "processDefinitionKey", i.key::text as "processInstanceKey", i.root_key::text as "rootProcessInstanceKey",
            j.element_id as "elementId", j.element_key::text as "elementInstanceKey", j.headers as "customHeaders", t.worker, j.retries,
            (extract(epoch from t.deadline) * 1000)::float8 as deadline, t.variables
       from taken t join job j on j.key = t.job_key join instance i on i.key = j.instance_key
      order by t.parked_at`,
    [request.type, request.most, request.worker, request.timeoutMs],
  );
  return rows.map((row) => ({ ...row, deadline: Math.round(row.deadline) }));
}

export type JobState = 'CREATED' | 'RETRY' | 'FAILED' | 'COMPLETED' | 'ERROR_THROWN' | 'CANCELED';
export interface JobStatus {
  readonly state: JobState;
  readonly processId: string;
  readonly instanceKey: string;
}
export async function findJobStatus(db: Database, jobKey: string): Promise<JobStatus | null> {
  const { rows } = await db.query<JobStatus>(
    `select j.state, i.process_id as "processId", j.instance_key::text as "instanceKey"
       from job j join instance i on i.key = j.instance_key where j.key = $1`,
    [jobKey],
  );
  return rows[0] ?? null;
}

export interface JobRow {
  readonly jobKey: string;
  readonly type: string;
  readonly worker: string;
  readonly state: 'CREATED' | 'RETRIES_UPDATED' | 'FAILED' | 'COMPLETED' | 'ERROR_THROWN' | 'CANCELED';
  readonly retries: number;
  readonly hasFailedWithRetriesLeft: boolean;
  readonly errorMessage: string | null;
  readonly customHeaders: Record<string, string>;
  readonly deadline: string | null;
  readonly creationTime: string;
  readonly endTime: string | null;
  readonly processDefinitionId: string;
  readonly processDefinitionKey: string;
  readonly processInstanceKey: string;
  readonly rootProcessInstanceKey: string;
  readonly elementId: string;
  readonly elementInstanceKey: string;
}
const columns: Columns = {
  jobKey: { sql: 'j.key', type: 'bigint' },
  type: { sql: 'j.type', type: 'text' },
  worker: { sql: "coalesce(p.worker, '')", type: 'text' },
  // Camunda shows a failed job that will be tried again as FAILED too.
  state: { sql: "(case j.state when 'RETRY' then 'FAILED' else j.state end)", type: 'text' },
  retries: { sql: 'j.retries', type: 'integer' },
  errorMessage: { sql: 'j.error_message', type: 'text' },
  deadline: { sql: 'p.deadline', type: 'timestamptz' },
  endTime: { sql: 'j.ended_at', type: 'timestamptz' },
  processDefinitionId: { sql: 'i.process_id', type: 'text' },
  processDefinitionKey: { sql: 'i.definition_key', type: 'bigint' },
  processInstanceKey: { sql: 'j.instance_key', type: 'bigint' },
  elementId: { sql: 'j.element_id', type: 'text' },
  elementInstanceKey: { sql: 'j.element_key', type: 'bigint' },
};
export function searchJobs(db: Database, filter: Filter, request: SearchRequest): Promise<Found<JobRow>> {
  return search<JobRow>(
    db,
    {
      select: `j.key::text as "jobKey", j.type, coalesce(p.worker, '') as worker, (case j.state when 'RETRY' then 'FAILED' else j.state end) as state,
        j.retries, j.state = 'RETRY' as "hasFailedWithRetriesLeft", j.error_message as "errorMessage", j.headers as "customHeaders",
        ${iso('p.deadline')} as deadline, ${iso('j.created_at')} as "creationTime", ${iso('j.ended_at')} as "endTime",
        i.process_id as "processDefinitionId", i.definition_key::text as "processDefinitionKey", j.instance_key::text as "processInstanceKey",
        i.root_key::text as "rootProcessInstanceKey", j.element_id as "elementId", j.element_key::text as "elementInstanceKey"`,
      from: 'job j join instance i on i.key = j.instance_key left join parked_job p on p.job_key = j.key',
      where: new Conditions().filters(columns, filter),
      key: { sql: 'j.key', type: 'bigint' },
      sortable: columns,
      defaultSort: [{ field: 'jobKey', order: 'ASC' }],
    },
    request,
  );
}
