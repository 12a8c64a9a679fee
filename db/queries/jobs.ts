/** Jobs, and those parked for outside workers. */
import type { ClientBase } from 'pg';
import type { JsonObject } from '#engine/json.ts';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, Found, SearchRequest } from './search.ts';
import { iso, newestFormKey } from './sql.ts';

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
  readonly kind: JobKind;
  readonly listenerEventType: ListenerEvent;
  readonly userTask: ListenedUserTask | null;
}
export type JobKind = 'BPMN_ELEMENT' | 'EXECUTION_LISTENER' | 'TASK_LISTENER';
export type ListenerEvent =
  | 'UNSPECIFIED'
  | 'START'
  | 'END'
  | 'CREATING'
  | 'ASSIGNING'
  | 'UPDATING'
  | 'COMPLETING'
  | 'CANCELING';
/** The user task that a task listener is asked about, as it is in the read model. */
export interface ListenedUserTask {
  readonly userTaskKey: string;
  readonly assignee: string | null;
  readonly candidateGroups: string[];
  readonly candidateUsers: string[];
  readonly dueDate: string | null;
  readonly followUpDate: string | null;
  readonly formKey: string | null;
  readonly priority: number;
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
           where w.type = $1 and not w.own and not exists (select from suspended_job_type s where s.type = w.type) and (w.deadline is null or w.deadline < now())
           order by w.parked_at limit $2 for update skip locked)
       returning p.*)
     select j.key::text as "jobKey", j.type, i.process_id as "processDefinitionId", i.version as "processDefinitionVersion",
            i.definition_key::text as "processDefinitionKey", i.key::text as "processInstanceKey", i.root_key::text as "rootProcessInstanceKey",
            j.element_id as "elementId", j.element_key::text as "elementInstanceKey", j.headers as "customHeaders", t.worker, j.retries,
            (extract(epoch from t.deadline) * 1000)::float8 as deadline, t.variables, j.kind, j.listener_event as "listenerEventType",
            case when u.key is not null then json_build_object('userTaskKey', u.key::text, 'assignee', u.assignee, 'candidateGroups', u.candidate_groups,
              'candidateUsers', u.candidate_users, 'dueDate', ${iso('u.due_at')}, 'followUpDate', ${iso('u.follow_up_at')},
              'formKey', ${newestFormKey('u.form_id')}, 'priority', u.priority) end as "userTask"
       from taken t join job j on j.key = t.job_key join instance i on i.key = j.instance_key
       left join user_task u on j.kind = 'TASK_LISTENER' and u.key = j.element_key
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
  readonly elementKey: string;
}
export async function findJobStatus(db: Database, jobKey: string): Promise<JobStatus | null> {
  const { rows } = await db.query<JobStatus>(
    `select j.state, i.process_id as "processId", j.instance_key::text as "instanceKey", j.element_key::text as "elementKey"
       from job j join instance i on i.key = j.instance_key where j.key = $1`,
    [jobKey],
  );
  return rows[0] ?? null;
}

/** The ad-hoc sub-process that an element instance is, or is in; null: none. */
export async function adHocAround(db: Database, elementKey: string): Promise<string | null> {
  const { rows } = await db.query<{ key: string }>(
    `with recursive around as (
       select key, scope_key, type, 1 as level from element_instance where key = $1
       union all
       select e.key, e.scope_key, e.type, a.level + 1 from around a join element_instance e on e.key = a.scope_key and e.key <> a.key)
     select key::text from around where type = 'adHocSubProcess' order by level limit 1`,
    [elementKey],
  );
  return rows[0]?.key ?? null;
}

export interface JobRow {
  readonly jobKey: string;
  readonly type: string;
  readonly kind: JobKind;
  readonly listenerEventType: ListenerEvent;
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
  kind: { sql: 'j.kind', type: 'text' },
  listenerEventType: { sql: 'j.listener_event', type: 'text' },
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
/** Which jobs a filter means; over `jobTables`. The same for lists and for batch operations. */
export const jobConditions = (filter: Filter): Conditions => new Conditions().filters(columns, filter);
export const jobTables = 'job j join instance i on i.key = j.instance_key left join parked_job p on p.job_key = j.key';

export function searchJobs(db: Database, filter: Filter, request: SearchRequest): Promise<Found<JobRow>> {
  return search<JobRow>(
    db,
    {
      select: `j.key::text as "jobKey", j.type, j.kind, j.listener_event as "listenerEventType", coalesce(p.worker, '') as worker, (case j.state when 'RETRY' then 'FAILED' else j.state end) as state,
        j.retries, j.state = 'RETRY' as "hasFailedWithRetriesLeft", j.error_message as "errorMessage", j.headers as "customHeaders",
        ${iso('p.deadline')} as deadline, ${iso('j.created_at')} as "creationTime", ${iso('j.ended_at')} as "endTime",
        i.process_id as "processDefinitionId", i.definition_key::text as "processDefinitionKey", j.instance_key::text as "processInstanceKey",
        i.root_key::text as "rootProcessInstanceKey", j.element_id as "elementId", j.element_key::text as "elementInstanceKey"`,
      from: jobTables,
      where: jobConditions(filter),
      key: { sql: 'j.key', type: 'bigint' },
      sortable: columns,
      defaultSort: [{ field: 'jobKey', order: 'ASC' }],
    },
    request,
  );
}
