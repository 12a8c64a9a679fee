/** User tasks as their readers may see them. */
import type { ClientBase } from 'pg';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, FilterValue, Found, SearchRequest } from './search.ts';
import { iso, newestFormKey } from './sql.ts';

/** Who asks. `everything`: supervisors and administrators see all tasks of their region, others those they are concerned with. */
export interface Viewer {
  readonly name: string;
  readonly groups: readonly string[];
  readonly everything: boolean;
}
export interface UserTaskRow {
  readonly userTaskKey: string;
  readonly name: string | null;
  readonly state: 'CREATED' | 'COMPLETED' | 'CANCELED';
  readonly assignee: string | null;
  readonly elementId: string;
  readonly elementInstanceKey: string;
  readonly candidateGroups: string[];
  readonly candidateUsers: string[];
  readonly excludedUsers: string[];
  readonly processDefinitionId: string;
  readonly processDefinitionKey: string;
  readonly processDefinitionVersion: number;
  readonly processName: string | null;
  readonly processInstanceKey: string;
  readonly rootProcessInstanceKey: string;
  readonly creationDate: string;
  readonly completionDate: string | null;
  readonly followUpDate: string | null;
  readonly dueDate: string | null;
  readonly customHeaders: Record<string, string>;
  readonly priority: number;
  readonly formId: string | null;
  readonly formKey: string | null;
  readonly businessKey: string | null;
  readonly region: string;
  readonly overdue: boolean;
  readonly claimable: boolean;
  readonly completedBy: string | null;
  readonly suspendedAt: string | null;
  /** A listener's job is open. */
  readonly changing: boolean;
}
export interface UserTaskFilter {
  readonly columns: Filter;
  readonly candidateGroup?: FilterValue | undefined;
  readonly candidateUser?: FilterValue | undefined;
  readonly region?: string | undefined;
  readonly overdue?: boolean | undefined;
  readonly mine?: boolean | undefined;
}

const columns: Columns = {
  state: { sql: 't.state', type: 'text' },
  assignee: { sql: 't.assignee', type: 'text' },
  elementId: { sql: 't.element_id', type: 'text' },
  name: { sql: 't.name', type: 'text' },
  userTaskKey: { sql: 't.key', type: 'bigint' },
  elementInstanceKey: { sql: 't.key', type: 'bigint' },
  processDefinitionId: { sql: 't.process_id', type: 'text' },
  processDefinitionKey: { sql: 't.definition_key', type: 'bigint' },
  processInstanceKey: { sql: 't.instance_key', type: 'bigint' },
  priority: { sql: 't.priority', type: 'integer' },
  creationDate: { sql: 't.created_at', type: 'timestamptz' },
  completionDate: { sql: 't.ended_at', type: 'timestamptz' },
  dueDate: { sql: 't.due_at', type: 'timestamptz' },
  followUpDate: { sql: 't.follow_up_at', type: 'timestamptz' },
  businessKey: { sql: 't.business_key', type: 'text' },
};
const overdue = "(t.state = 'CREATED' and t.due_at < now())";

/** Candidate, or nobody is named at all. */
function candidate(where: Conditions, viewer: Viewer): string {
  const name = where.bind(viewer.name);
  const groups = where.bind(viewer.groups);
  return `(t.candidate_groups && ${groups}::text[] or ${name}::text = any(t.candidate_users)
    or (cardinality(t.candidate_groups) = 0 and cardinality(t.candidate_users) = 0))`;
}
function claimable(where: Conditions, viewer: Viewer): string {
  const may = candidate(where, viewer);
  return `(t.state = 'CREATED' and t.assignee is null and ${may} and not ${where.bind(viewer.name)}::text = any(t.excluded_users))`;
}
function visible(where: Conditions, viewer: Viewer): void {
  if (viewer.everything) return;
  const may = candidate(where, viewer);
  const name = where.bind(viewer.name);
  where.add(`(t.assignee = ${name} or t.completed_by = ${name} or ${may})`);
}

export function searchUserTasks(
  db: Pick<ClientBase, 'query'>,
  viewer: Viewer,
  filter: UserTaskFilter,
  request: SearchRequest,
): Promise<Found<UserTaskRow>> {
  const where = new Conditions().filters(columns, filter.columns);
  where
    .member('t.candidate_groups', filter.candidateGroup)
    .member('t.candidate_users', filter.candidateUser)
    .region('t.region', filter.region);
  if (filter.overdue !== undefined) where.add(filter.overdue ? overdue : `not ${overdue}`);
  visible(where, viewer);
  const may = claimable(where, viewer);
  if (filter.mine === true) where.add(`((t.assignee = ${where.bind(viewer.name)} and t.state = 'CREATED') or ${may})`);
  if (filter.mine === false)
    where.add(`not ((t.assignee is not distinct from ${where.bind(viewer.name)} and t.state = 'CREATED') or ${may})`);
  // Every placeholder must be used by the count as well, which does not select `claimable`.
  where.add(`(${may} or true)`);
  return search<UserTaskRow>(
    db,
    {
      select: `t.key::text as "userTaskKey", t.name, t.state, t.assignee, t.element_id as "elementId", t.key::text as "elementInstanceKey",
        t.candidate_groups as "candidateGroups", t.candidate_users as "candidateUsers", t.excluded_users as "excludedUsers",
        t.process_id as "processDefinitionId", t.definition_key::text as "processDefinitionKey", i.version as "processDefinitionVersion",
        d.name as "processName", t.instance_key::text as "processInstanceKey", i.root_key::text as "rootProcessInstanceKey",
        ${iso('t.created_at')} as "creationDate", ${iso('t.ended_at')} as "completionDate", ${iso('t.follow_up_at')} as "followUpDate",
        ${iso('t.due_at')} as "dueDate", t.headers as "customHeaders", t.priority, t.form_id as "formId", ${newestFormKey('t.form_id')} as "formKey",
        t.business_key as "businessKey", t.region, coalesce(${overdue}, false) as overdue, ${may} as claimable, t.completed_by as "completedBy", ${iso('i.suspended_at')} as "suspendedAt",
        exists (select from job l where l.instance_key = t.instance_key and l.element_key = t.key and l.kind = 'TASK_LISTENER'
          and l.state in ('CREATED', 'RETRY', 'FAILED')) as changing`,
      from: 'user_task t join instance i on i.key = t.instance_key left join process_definition d on d.key = t.definition_key',
      where,
      key: { sql: 't.key', type: 'bigint' },
      sortable: columns,
      defaultSort: [{ field: 'creationDate', order: 'ASC' }],
    },
    request,
  );
}
/** null: no such task, or not this viewer's business. */
export async function findUserTask(
  db: Pick<ClientBase, 'query'>,
  viewer: Viewer,
  userTaskKey: string,
): Promise<UserTaskRow | null> {
  const { rows } = await searchUserTasks(db, viewer, { columns: { userTaskKey } }, { page: { limit: 1 } });
  return rows[0] ?? null;
}
