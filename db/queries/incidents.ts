/** Incidents of the reader's region. */
import type { ClientBase } from 'pg';
import { Conditions, search } from './search.ts';
import type { Columns, Filter, Found, SearchRequest } from './search.ts';
import { iso } from './sql.ts';

export interface IncidentRow {
  readonly incidentKey: string;
  readonly processDefinitionId: string;
  readonly processDefinitionKey: string;
  readonly processInstanceKey: string;
  readonly rootProcessInstanceKey: string;
  readonly elementId: string;
  readonly elementInstanceKey: string;
  readonly jobKey: string | null;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly creationTime: string;
  readonly state: 'ACTIVE' | 'RESOLVED';
  readonly businessKey: string | null;
  readonly region: string;
  readonly resolvedAt: string | null;
  /** Of a case that stands still: values of its text, and `since` when; its message is made of them. */
  readonly stuck: Readonly<Record<string, string | number>> | null;
}
const columns: Columns = {
  incidentKey: { sql: 'n.key', type: 'bigint' },
  processDefinitionId: { sql: 'n.process_id', type: 'text' },
  processDefinitionKey: { sql: 'n.definition_key', type: 'bigint' },
  processInstanceKey: { sql: 'n.instance_key', type: 'bigint' },
  elementId: { sql: 'n.element_id', type: 'text' },
  elementInstanceKey: { sql: 'coalesce(n.element_key, n.instance_key)', type: 'bigint' },
  jobKey: { sql: 'n.job_key', type: 'bigint' },
  errorType: { sql: 'n.code', type: 'text' },
  errorMessage: { sql: 'n.message', type: 'text' },
  state: { sql: 'n.state', type: 'text' },
  creationTime: { sql: 'n.created_at', type: 'timestamptz' },
  businessKey: { sql: 'n.business_key', type: 'text' },
};
export function searchIncidents(
  db: Pick<ClientBase, 'query'>,
  filter: Filter,
  region: string | undefined,
  request: SearchRequest,
): Promise<Found<IncidentRow>> {
  return search<IncidentRow>(
    db,
    {
      select: `n.key::text as "incidentKey", n.process_id as "processDefinitionId", n.definition_key::text as "processDefinitionKey",
        n.instance_key::text as "processInstanceKey", n.root_key::text as "rootProcessInstanceKey", n.element_id as "elementId",
        coalesce(n.element_key, n.instance_key)::text as "elementInstanceKey", n.job_key::text as "jobKey", n.code as "errorType",
        n.message as "errorMessage", ${iso('n.created_at')} as "creationTime", n.state, n.business_key as "businessKey", n.region,
        ${iso('n.resolved_at')} as "resolvedAt", n.stuck`,
      from: 'visible_incident n',
      where: new Conditions().filters(columns, filter).region('n.region', region),
      key: { sql: 'n.key', type: 'bigint' },
      sortable: columns,
      defaultSort: [{ field: 'creationTime', order: 'DESC' }],
    },
    request,
  );
}
